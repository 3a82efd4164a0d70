"""Remarks at places of a text under review: made by who reads it, settled by who writes it."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins import places
from bulletins.decisions import PlaceInput
from bulletins.models import Bulletin, PlaceRemark
from bulletins.queries import joint
from bulletins.services.steps import record
from bulletins.states import State
from config import clock
from config.database import db, found, writing
from config.errors import Conflict, Invalid

AT_MOST = 200


def remark_on(actor: Actor, bulletin_id: int, data: PlaceInput) -> PlaceRemark:
    """Note what is to change at a paragraph, or at words quoted from the text.

    An organ that issues the paper beside its host does so while it waits for signatures. Raises
    Invalid for a place that is not in the text, NotFound, Forbidden, and Conflict for a
    paper that is not under review or has too many remarks.
    """
    with writing():
        bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
        organ_id = _organ(actor, bulletin)
        if bulletin.state != State.SUBMITTED and (organ_id or bulletin.state != State.REVIEW):
            raise Conflict(_("此稿现在不在审核或签发中，不能批注。"))
        mine = select(func.count(PlaceRemark.id)).where(PlaceRemark.bulletin_id == bulletin_id)
        if (db.session.scalar(mine) or 0) >= AT_MOST:
            raise Conflict(_("一件文稿最多 %(most)s 条批注。", most=AT_MOST))
        remark = PlaceRemark(
            bulletin_id=bulletin_id,
            paragraph=_place(bulletin.body, data),
            quote=data.quote,
            text=data.text,
            made_at=clock.now(),
            made_by=actor.person_id,
            agency_id=organ_id,
        )
        db.session.add(remark)
        db.session.flush()
        of_organ = {"agency": organ_id} if organ_id else {}
        record(
            "bulletin.remarked",
            bulletin,
            actor,
            remark=remark.id,
            paragraph=remark.paragraph,
            **of_organ,
        )
    return remark


def _organ(actor: Actor, bulletin: Bulletin) -> int | None:
    """The organ beside the host for which the actor may remark; none for the host itself."""
    if bulletin.issuer_id == actor.agency_id or not bulletin.joint_names:
        require(actor, "remark.make", bulletin)
        return None
    own = joint.own(bulletin.id, actor.agency_id)
    require(actor, "joint.remark", own)
    return own.agency_id


def _place(body: str, data: PlaceInput) -> int:
    texts = places.paragraphs(body)
    number = data.paragraph
    if number is not None and number > len(texts):
        raise Invalid(errors={"paragraph": _("正文没有第 %(number)s 段。", number=number)})
    if not data.quote:
        if number is None:
            raise Invalid(errors={"paragraph": _("请选择段落，或引用原文。")})
        return number
    if number is not None and places.holds(texts[number - 1], data.quote):
        return number
    place = places.where(body, data.quote)
    if place is None:
        raise Invalid(errors={"quote": _("正文里没有这些字，请照原文引用。")})
    return place


def settle_remark(actor: Actor, remark_id: int) -> PlaceRemark:
    """Note that a remark is dealt with; the first note stands. Raises NotFound, Forbidden."""
    with writing():
        remark = found(select(PlaceRemark).where(PlaceRemark.id == remark_id), lock=True)
        bulletin = found(select(Bulletin).where(Bulletin.id == remark.bulletin_id))
        require(actor, "remark.settle", bulletin)
        if remark.settled_at is None:
            remark.settled_at = clock.now()
            remark.settled_by = actor.person_id
            record("bulletin.remark_settled", bulletin, actor, remark=remark_id)
    return remark
