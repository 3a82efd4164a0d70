"""Keeping a search for one's agency, following it, and reading it as a feed."""

import secrets

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from agencies.actors import Actor, token_hash
from agencies.models import Agency
from agencies.permissions import require
from bulletins.models import SavedSearch, SearchFeed
from bulletins.queries import searches as queries
from bulletins.queries import tags
from bulletins.search.criteria import SavedInput
from bulletins.search.terms import NAME_LENGTH
from bulletins.states import TagKind
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid

MOST = 50
"""Searches that one agency keeps, at most."""


def save(actor: Actor, data: SavedInput) -> SavedSearch:
    """Keep a search for the actor's agency.

    Raises Invalid where there are too many, or no such issuer or tag; Forbidden.
    """
    require(actor, "search.keep")
    with writing():
        _check(actor, data)
        search = SavedSearch(
            agency_id=actor.agency_id,
            name=data.name or _name(data),
            q=data.q,
            type=data.type,
            issuer_id=data.issuer,
            topic=data.topic,
            sector=data.sector,
            since=data.since,
            until=data.until,
            created_at=clock.now(),
            created_by=actor.person_id,
        )
        db.session.add(search)
        db.session.flush()
        _record("search.saved", search, actor)
        if data.followed:
            search.followed_entry_id = _record("search.followed", search, actor)
    return search


def follow(actor: Actor, search_id: int, followed: bool) -> SavedSearch:
    """Let digests tell what a search finds from now on, or no more. Raises NotFound, Forbidden."""
    with writing():
        search = _taken(actor, search_id)
        if followed and search.followed_entry_id is None:
            search.followed_entry_id = _record("search.followed", search, actor)
        elif not followed and search.followed_entry_id is not None:
            search.followed_entry_id = None
            _record("search.unfollowed", search, actor)
    return search


def remove(actor: Actor, search_id: int) -> None:
    """Keep a search no longer; its feeds end with it. Raises NotFound, Forbidden."""
    with writing():
        search = _taken(actor, search_id)
        search.ended_at = clock.now()
        _record("search.removed", search, actor)


def issue_feed(actor: Actor, search_id: int) -> str:
    """The secret of a new address of one's own; the one before ends. Told this once.

    Raises NotFound, Forbidden.
    """
    secret = secrets.token_urlsafe(32)
    with writing():
        search = queries.saved(search_id, lock=True)
        require(actor, "search.feed", search)
        db.session.execute(
            update(SearchFeed)
            .where(
                SearchFeed.search_id == search_id,
                SearchFeed.person_id == actor.person_id,
                SearchFeed.revoked_at.is_(None),
            )
            .values(revoked_at=clock.now())
        )
        feed = SearchFeed(
            search_id=search_id,
            person_id=actor.person_id,
            seat_id=actor.seat_id,
            token_hash=token_hash(secret),
            created_at=clock.now(),
        )
        db.session.add(feed)
        db.session.flush()
        _record_feed("feed.issued", feed, actor)
    return secret


def end_feed(actor: Actor, search_id: int) -> None:
    """End one's own address of a search, if there is one. Raises NotFound."""
    require(actor, "search.feed", queries.saved(search_id))
    feed = queries.feeds(actor.person_id, actor.seat_id).get(search_id)
    if feed is not None:
        revoke_feed(actor, feed.id)


def revoke_feed(actor: Actor, feed_id: int) -> None:
    """End an address of one's own. Raises NotFound."""
    with writing():
        feed = found(select(SearchFeed).where(SearchFeed.id == feed_id), lock=True)
        require(actor, "feed.own", feed)
        if feed.revoked_at is None:
            feed.revoked_at = clock.now()
            _record_feed("feed.revoked", feed, actor)


def _check(actor: Actor, data: SavedInput) -> None:
    count = db.session.scalar(
        select(func.count())
        .select_from(SavedSearch)
        .where(SavedSearch.agency_id == actor.agency_id, SavedSearch.ended_at.is_(None))
    )
    if (count or 0) >= MOST:
        raise Invalid(_("本机构保存的检索太多了，请先删除不再使用的。"))
    if data.issuer and db.session.get(Agency, data.issuer) is None:
        raise Invalid(errors={"issuer": _("请从列出的选项中选择。")})
    kinds = {tag.code: tag.kind for tag in tags.by_codes([data.topic or "", data.sector or ""])}
    for kind, code in ((TagKind.TOPIC, data.topic), (TagKind.SECTOR, data.sector)):
        if code and kinds.get(code) != kind:
            raise Invalid(errors={str(kind): _("请从列出的选项中选择。")})


def _name(data: SavedInput) -> str:
    return data.q[:NAME_LENGTH] or _("未命名的检索")


def _taken(actor: Actor, search_id: int) -> SavedSearch:
    search = queries.saved(search_id, lock=True)
    require(actor, "search.keep", search)
    return search


def _record(kind: str, search: SavedSearch, actor: Actor) -> int:
    subject = ("search", search.id)
    return journal.record(kind, subject=subject, agency_id=search.agency_id, by=actor).id


def _record_feed(kind: str, feed: SearchFeed, actor: Actor) -> None:
    subject = ("feed", feed.id)
    journal.record(kind, subject=subject, agency_id=actor.agency_id, by=actor, of=feed.search_id)
