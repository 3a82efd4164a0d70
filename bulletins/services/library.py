"""Marking what was useful, offering upward, selecting into the library, declining."""

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.library import labels
from bulletins.library.inputs import DeclineInput, OfferInput, SelectInput
from bulletins.library.permissions import Shelved
from bulletins.library.states import TYPES, OfferAction, OfferState, after
from bulletins.models import Bulletin, BulletinVersion, Offer, Selection, UsefulMark
from bulletins.queries import library as queries
from bulletins.queries.inbox import current_version
from bulletins.states import State
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid, NotFound


def mark_useful(actor: Actor, bulletin_id: int, useful: bool) -> None:
    """Note that a paper was useful to the actor, or no more; each person counts once.

    Raises NotFound for what may not be read, Conflict for a paper that is no case or experience.
    """
    with writing():
        paper = _locked(actor, bulletin_id)
        require(actor, "library.mark", paper)
        _check_type(paper.version)
        mark = db.session.get(UsefulMark, (bulletin_id, actor.person_id))
        if useful and mark is None:
            db.session.add(
                UsefulMark(
                    bulletin_id=bulletin_id, person_id=actor.person_id, marked_at=clock.now()
                )
            )
            _record("library.marked", bulletin_id, actor)
        elif not useful and mark is not None:
            db.session.delete(mark)
            _record("library.unmarked", bulletin_id, actor)


def offer(actor: Actor, bulletin_id: int, data: OfferInput) -> Offer:
    """Offer an own published case or experience to an agency above; it may read the paper then.

    Raises NotFound, Forbidden, Invalid for an agency that isn't above, Conflict where the paper
    can't stand in the library, stands there, or is offered to that agency already.
    """
    with writing():
        bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
        require(actor, "offer.make", bulletin)
        if data.to not in dict(queries.uppers(bulletin.issuer_id)):
            raise Invalid(errors={"to": _("请从列出的选项中选择。")})
        _check_offerable(bulletin, data.to)
        made = Offer(
            bulletin_id=bulletin_id,
            agency_id=bulletin.issuer_id,
            to_agency_id=data.to,
            reason=data.reason,
            state=OfferState.OFFERED,
            offered_at=clock.now(),
            offered_by=actor.person_id,
            remark="",
        )
        db.session.add(made)
        db.session.flush()
        _record_offer("offer.made", made, actor)
    return made


def _check_offerable(bulletin: Bulletin, to_agency_id: int) -> None:
    version = db.session.scalars(
        select(BulletinVersion).join(Bulletin, current_version()).where(Bulletin.id == bulletin.id)
    ).one_or_none()
    if version is None:
        raise Conflict(_("此件还没有发布，发布后才能推荐。"))
    _check_type(version)
    _check_in_force(bulletin)
    if _selection(bulletin.id) is not None:
        raise Conflict(_("此件已在经验库中，不必再推荐。"))
    waiting = select(Offer.id).where(
        Offer.bulletin_id == bulletin.id,
        Offer.to_agency_id == to_agency_id,
        Offer.state == OfferState.OFFERED,
    )
    if db.session.scalar(waiting) is not None:
        raise Conflict(_("此件已推荐给该机构，正在等待遴选。"))


def withdraw_offer(actor: Actor, offer_id: int) -> Offer:
    """Take back an offer that nobody decided on yet. Raises NotFound, Forbidden, Conflict."""
    with writing():
        made = found(select(Offer).where(Offer.id == offer_id), lock=True)
        require(actor, "offer.withdraw", made)
        _end(actor, made, OfferAction.WITHDRAW)
        _record_offer("offer.withdrawn", made, actor)
    return made


def decline(actor: Actor, offer_id: int, data: DeclineInput) -> Offer:
    """Say why an offered paper is not selected. Raises NotFound, Forbidden, Conflict."""
    with writing():
        made = found(select(Offer).where(Offer.id == offer_id), lock=True)
        require(actor, "offer.decline", made)
        _end(actor, made, OfferAction.DECLINE)
        made.remark = data.remark
        made.decided_entry_id = _record_offer("offer.declined", made, actor)
    return made


def choose(actor: Actor, bulletin_id: int, data: SelectInput) -> Selection:
    """Select a lower agency's paper into the library; all open offers of it are settled by that.

    Everybody may read it from now on. What stands there already stays as it was selected first.
    Raises NotFound, Forbidden, Conflict where the paper can't stand in the library.
    """
    with writing():
        paper = _locked(actor, bulletin_id)
        require(actor, "library.select", paper)
        _check_type(paper.version)
        _check_in_force(paper.bulletin)
        selection = paper.selection or _placed(actor, bulletin_id, data)
        _settle(actor, bulletin_id)
    return selection


def _placed(actor: Actor, bulletin_id: int, data: SelectInput) -> Selection:
    selection = db.session.get(Selection, bulletin_id) or Selection(bulletin_id=bulletin_id)
    assert actor.agency_id is not None
    selection.agency_id = actor.agency_id
    selection.note = data.note
    selection.selected_at = clock.now()
    selection.selected_by = actor.person_id
    selection.ended_at = None
    db.session.add(selection)
    db.session.flush()
    _record("library.selected", bulletin_id, actor)
    return selection


def _settle(actor: Actor, bulletin_id: int) -> None:
    """What was offered to several levels needs no further decision once one has selected it."""
    query = (
        select(Offer)
        .where(Offer.bulletin_id == bulletin_id, Offer.state == OfferState.OFFERED)
        .order_by(Offer.id)
        .with_for_update(key_share=True)
    )
    for made in db.session.scalars(query).all():
        _end(actor, made, OfferAction.SELECT)
        made.decided_entry_id = _record_offer("offer.selected", made, actor)


def remove_from_library(actor: Actor, bulletin_id: int) -> None:
    """Take a paper out that one's agency selected. Raises NotFound, Forbidden."""
    with writing():
        _locked(actor, bulletin_id)
        selection = _selection(bulletin_id)
        if selection is None:
            raise NotFound
        require(actor, "library.remove", selection)
        selection.ended_at = clock.now()
        _record("library.removed", bulletin_id, actor)


def _locked(actor: Actor, bulletin_id: int) -> Shelved:
    """The paper, which others mark, offer and select one after the other."""
    found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
    return queries.shelved(actor.agency_id, bulletin_id)


def _selection(bulletin_id: int) -> Selection | None:
    return db.session.scalars(
        select(Selection).where(Selection.bulletin_id == bulletin_id, Selection.ended_at.is_(None))
    ).one_or_none()


def _check_type(version: BulletinVersion) -> None:
    if version.type not in TYPES:
        raise Conflict(_("只有典型案例和经验做法可以进入经验库。"))


def _check_in_force(bulletin: Bulletin) -> None:
    if bulletin.state == State.VOID:
        raise Conflict(_("此件已撤销，不能进入经验库。"))


def _end(actor: Actor, made: Offer, action: OfferAction) -> None:
    state = after(made.state, action)
    if state is None:
        raise Conflict(
            _(
                "这项推荐现在是“%(state)s”，不能%(action)s。",
                state=labels.state(made.state),
                action=labels.action(action),
            )
        )
    made.state = state
    made.ended_at, made.ended_by = clock.now(), actor.person_id


def _record(kind: str, bulletin_id: int, actor: Actor) -> None:
    journal.record(kind, subject=("library", bulletin_id), agency_id=actor.agency_id, by=actor)


def _record_offer(kind: str, made: Offer, actor: Actor) -> int:
    return journal.record(
        kind,
        subject=("offer", made.id),
        agency_id=made.agency_id,
        by=actor,
        bulletin=made.bulletin_id,
        to=made.to_agency_id,
    ).id
