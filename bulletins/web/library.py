"""The library: browsed, read, marked; offers made, selected, declined."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import labels, ports
from bulletins.library.inputs import (
    DeclineInput,
    LibraryFilter,
    OfferInput,
    SelectInput,
    UsefulInput,
)
from bulletins.library.permissions import Shelved
from bulletins.library.states import TYPES, OfferState
from bulletins.models import Bulletin
from bulletins.queries import attachments, papers, tags
from bulletins.queries import library as queries
from bulletins.queries.endings import ending_of
from bulletins.queries.stated import stated
from bulletins.services import library as service
from bulletins.states import State
from bulletins.web import library_panel, question_panel
from bulletins.web.blueprint import bp
from bulletins.web.ways import place_of
from config.errors import Invalid
from config.forms import Form, validated
from config.pages import keyset


@bp.get("/library")
@permission("library.browse")
def library() -> ResponseReturnValue:
    """What was selected, the latest first, by type, topic, sector and issuer."""
    form = Form.read(LibraryFilter, request.args)
    narrowed = form.data or LibraryFilter()
    actor = acting()
    page = keyset(queries.library(actor.agency_id, narrowed), queries.KEY, queries.mark_of)
    html = render_template(
        "bulletins/library.html",
        form=form,
        page=page,
        place_of=place_of,
        useful=queries.useful_counts([row.bulletin_id for row in page.items]),
        types=[(one, labels.kind(one)) for one in TYPES],
        issuers=queries.issuers(),
        tags=tags.offered(),
    )
    return html, Invalid.status if form.errors else 200


@bp.get("/library/<int:bulletin_id>")
@permission("library.read")
def library_paper(bulletin_id: int) -> ResponseReturnValue:
    """A paper as the library opens it, with what an upper level may do with it."""
    return _page(_shelved(bulletin_id))


def _shelved(bulletin_id: int) -> Shelved:
    actor = acting()
    paper = queries.shelved(actor.agency_id, bulletin_id)
    require(actor, "library.read", paper)
    return paper


def _page(
    paper: Shelved,
    selecting: Form[SelectInput] | None = None,
    declining: Form[DeclineInput] | None = None,
) -> str:
    actor, bulletin = acting(), paper.bulletin
    offers = queries.offers_of(bulletin.id, actor.agency_id or 0)
    waiting = [
        one
        for one in offers
        if one.to_agency_id == actor.agency_id and one.state == OfferState.OFFERED
    ]
    return render_template(
        "bulletins/library_paper.html",
        paper=paper,
        is_own=bulletin.issuer_id == actor.agency_id,
        stated=stated(bulletin.id, bulletin.version),
        attachments=attachments.of_version(bulletin.id, bulletin.version),
        ending=ending_of(bulletin, actor.agency_id),
        waiting=waiting[0] if waiting else None,
        may_select=_may_select(paper),
        selecting=selecting or Form.blank(),
        declining=declining or Form.blank(),
        panels=ports.drawn(actor, bulletin, (question_panel.PANEL, library_panel.PANEL)),
    )


def _may_select(paper: Shelved) -> bool:
    fits = paper.version.type in TYPES and paper.bulletin.state != State.VOID
    return fits and paper.selection is None and can(acting(), "library.select", paper)


@bp.post("/library/<int:bulletin_id>/useful")
@permission("library.mark")
def mark_useful(bulletin_id: int) -> ResponseReturnValue:
    """Mark a paper as useful, or no more."""
    data = validated(UsefulInput, request.form.to_dict())
    service.mark_useful(acting(), bulletin_id, data.useful)
    flash(_("已标为有用。") if data.useful else _("已取消标记。"), "success")
    return redirect(_place(bulletin_id), 303)


def _place(bulletin_id: int) -> str:
    """Where this agency reads the paper."""
    paper = queries.shelved(acting().agency_id, bulletin_id)
    if paper.bulletin.issuer_id == acting().agency_id:
        return url_for("bulletins.show", bulletin_id=bulletin_id)
    if paper.receipt_id:
        return url_for("bulletins.read", receipt_id=paper.receipt_id)
    return url_for("bulletins.library_paper", bulletin_id=bulletin_id)


@bp.post("/library/<int:bulletin_id>/select")
@permission("library.select")
def choose(bulletin_id: int) -> ResponseReturnValue:
    """Select a paper into the library."""
    form = Form[SelectInput].posted(SelectInput)
    if form.data is None:
        return _page(_shelved(bulletin_id), selecting=form), Invalid.status
    service.choose(acting(), bulletin_id, form.data)
    flash(_("已选入经验库，所有人都能看到。"), "success")
    return redirect(url_for("bulletins.library_paper", bulletin_id=bulletin_id), 303)


@bp.post("/library/<int:bulletin_id>/remove")
@permission("library.remove")
def remove_from_library(bulletin_id: int) -> ResponseReturnValue:
    """Take a paper out of the library."""
    service.remove_from_library(acting(), bulletin_id)
    flash(_("已移出经验库。"), "success")
    return redirect(url_for("bulletins.library"), 303)


@bp.get("/library/offers")
@permission("offer.list")
def offers() -> ResponseReturnValue:
    """What is offered to the agency, and what it has offered."""
    agency_id = acting().agency_id or 0
    chosen = "made" if request.args.get("show") == "made" else "to_decide"
    query = queries.made_by(agency_id) if chosen == "made" else queries.to_decide(agency_id)
    page = keyset(query, queries.OFFER_KEY, queries.offer_mark)
    return render_template("bulletins/offers.html", page=page, chosen=chosen)


def _own(bulletin_id: int) -> Bulletin:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "offer.make", bulletin)
    return bulletin


@bp.get("/bulletins/<int:bulletin_id>/offer")
@permission("offer.make")
def offer(bulletin_id: int) -> ResponseReturnValue:
    """The form by which a paper is offered upward."""
    return _offer_page(_own(bulletin_id), Form.blank())


def _offer_page(bulletin: Bulletin, form: Form[Any]) -> str:
    uppers = queries.uppers(bulletin.issuer_id)
    return render_template("bulletins/offer.html", bulletin=bulletin, form=form, uppers=uppers)


@bp.post("/bulletins/<int:bulletin_id>/offer")
@permission("offer.make")
def make_offer(bulletin_id: int) -> ResponseReturnValue:
    """Offer a paper upward."""
    bulletin = _own(bulletin_id)
    form = Form[OfferInput].posted(OfferInput)
    if form.data is not None:
        try:
            service.offer(acting(), bulletin_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已推荐，结果会列入本机构的摘要。"), "success")
            return redirect(url_for("bulletins.offers", show="made"), 303)
    return _offer_page(bulletin, form), Invalid.status


@bp.post("/offers/<int:offer_id>/decline")
@permission("offer.decline")
def decline_offer(offer_id: int) -> ResponseReturnValue:
    """Say why an offered paper is not selected."""
    form = Form[DeclineInput].posted(DeclineInput)
    if form.data is None:
        made = queries.offer(offer_id)
        require(acting(), "offer.decline", made)
        return _page(_shelved(made.bulletin_id), declining=form), Invalid.status
    service.decline(acting(), offer_id, form.data)
    flash(_("已告知推荐机构。"), "success")
    return redirect(url_for("bulletins.offers"), 303)


@bp.post("/offers/<int:offer_id>/withdraw")
@permission("offer.withdraw")
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    """Take an offer back."""
    service.withdraw_offer(acting(), offer_id)
    flash(_("推荐已撤回。"), "success")
    return redirect(url_for("bulletins.offers", show="made"), 303)
