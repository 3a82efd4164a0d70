"""Searches that the agency keeps: saved, followed, read as a feed by whoever has the address."""

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import once
from agencies.actors import acting
from agencies.permissions import permission, public
from bulletins import atom, labels
from bulletins.models import SavedSearch
from bulletins.queries import search as queries
from bulletins.queries import searches, tags
from bulletins.search.criteria import Criteria, FollowInput, Order, SavedInput
from bulletins.search.labels import days
from bulletins.services import searches as service
from bulletins.web.blueprint import bp
from bulletins.web.found import found_page
from bulletins.web.ways import place_of
from config.errors import Invalid, NotFound
from config.forms import Form, validated

POSTS = 50


def address_of(search: SavedSearch) -> str:
    """Where a kept search is done again."""
    return url_for(
        "bulletins.search",
        q=search.q or None,
        type=search.type,
        issuer=search.issuer_id,
        topic=search.topic,
        sector=search.sector,
        since=search.since,
        until=search.until,
        sort=Order.TIME,
    )


@bp.get("/searches")
@permission("search.find")
def kept_searches() -> ResponseReturnValue:
    """The agency's searches."""
    address = once.taken(url_for("bulletins.kept_searches"))
    actor = acting()
    return render_template(
        "bulletins/searches.html",
        searches=searches.kept(actor.agency_id or 0),
        feeds=searches.feeds(actor.person_id, actor.seat_id),
        tag_names={tag.code: tags.name(tag) for tag in tags.every()},
        address_of=address_of,
        address=address,
        days=days,
    )


@bp.post("/searches")
@permission("search.keep")
def save_search() -> ResponseReturnValue:
    """Keep a search."""
    form = Form[SavedInput].posted(SavedInput)
    if form.data is not None:
        try:
            service.save(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
    if form.errors:
        return found_page(Form.read(Criteria, request.form), saving=form), Invalid.status
    flash(_("检索已保存。"), "ok")
    return redirect(url_for("bulletins.kept_searches"), 303)


@bp.post("/searches/<int:search_id>/follow")
@permission("search.keep")
def follow_search(search_id: int) -> ResponseReturnValue:
    """Follow a search, or no more."""
    data = validated(FollowInput, request.form.to_dict())
    service.follow(acting(), search_id, data.followed)
    flash(_("有新公文符合时列入本机构的摘要。") if data.followed else _("已取消关注。"), "ok")
    return redirect(url_for("bulletins.kept_searches"), 303)


@bp.post("/searches/<int:search_id>/remove")
@permission("search.keep")
def remove_search(search_id: int) -> ResponseReturnValue:
    """Keep a search no longer."""
    service.remove(acting(), search_id)
    flash(_("检索已删除。"), "ok")
    return redirect(url_for("bulletins.kept_searches"), 303)


@bp.post("/searches/<int:search_id>/feed")
@permission("search.feed")
def issue_feed(search_id: int) -> ResponseReturnValue:
    """Make a private address, which is shown once, on the page that follows."""
    secret = service.issue_feed(acting(), search_id)
    once.keep(url_for("bulletins.kept_searches"), atom.private_address(secret))
    return redirect(url_for("bulletins.kept_searches"), 303)


@bp.post("/feeds/<int:feed_id>/revoke")
@permission("feed.own")
def revoke_feed(feed_id: int) -> ResponseReturnValue:
    """End a private address."""
    service.revoke_feed(acting(), feed_id)
    flash(_("订阅地址已停用。"), "ok")
    return redirect(url_for("bulletins.kept_searches"), 303)


@bp.get("/feeds/<secret>.atom")
@public
def feed(secret: str) -> ResponseReturnValue:
    """What a kept search finds, for whoever knows its address; any other is no page."""
    reading = searches.reading(secret)
    if reading is None:
        raise NotFound
    actor, search = reading
    answer = Response(_feed(actor.agency_id or 0, search, atom.private_address(secret)))
    answer.mimetype = atom.MEDIA_TYPE
    answer.add_etag()
    return answer.make_conditional(request)


def _feed(agency_id: int, search: SavedSearch, address: str) -> bytes:
    criteria = Criteria(
        q=search.q,
        type=search.type,
        issuer=search.issuer_id,
        topic=search.topic,
        sector=search.sector,
        since=search.since,
        until=search.until,
        sort=Order.TIME,
    )
    newest = queries.hits(agency_id, criteria).rows[:POSTS]
    base = current_app.extensions["settings"].base_url.rstrip("/")
    posts = [
        atom.Post(
            name=f"{base}/bulletins/{row.bulletin_id}#{row.id}",
            title=_title(row),
            author=row.issuer,
            category=labels.kind(row.type),
            address=base + place_of(row),
            at=row.ended_at or row.sent_at or row.signed_at,
        )
        for row in queries.shown(agency_id, [row.id for row in newest])
    ]
    name = f"{base}/searches#{search.id}"
    return atom.feed(name, search.name, address, search.created_at, posts)


def _title(row: Any) -> str:
    return f"【{labels.ended(row)}】{row.title}" if row.ended_kind else row.title
