"""Remarks at places of a paper's text, and where these places are now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, true

from agencies.models import Agency, Person
from bulletins import places
from bulletins.models import Bulletin, PlaceRemark
from config.database import db


@dataclass(frozen=True)
class Placed:
    """A remark with who made it, and of which organ where that is one beside the host.

    ``now`` is the number of the paragraph that holds the quote now; None: the words quoted stand
    nowhere any more.
    """

    remark: PlaceRemark
    organ: str
    who: str
    now: int | None


def of(bulletin: Bulletin, organ_id: int | None = None) -> Sequence[Placed]:
    """The remarks on a paper, those still open first, in the order of the text (at most 200).

    ``organ_id``: those of that organ beside its host alone.
    """
    is_meant = PlaceRemark.agency_id == organ_id if organ_id else true()
    rows = db.session.execute(
        select(PlaceRemark, Agency.name, Person.name)
        .join(Person, Person.id == PlaceRemark.made_by)
        .outerjoin(Agency, Agency.id == PlaceRemark.agency_id)
        .where(PlaceRemark.bulletin_id == bulletin.id, is_meant)
        .order_by(PlaceRemark.settled_at.is_not(None), PlaceRemark.paragraph, PlaceRemark.id)
        .limit(200)
    )
    return [
        Placed(remark, organ or "", name, _now(bulletin.body, remark))
        for remark, organ, name in rows
    ]


def _now(body: str, remark: PlaceRemark) -> int | None:
    if not remark.quote:
        return remark.paragraph
    there = places.paragraphs(body)[remark.paragraph - 1 : remark.paragraph]
    if there and places.holds(there[0], remark.quote):
        return remark.paragraph
    return places.where(body, remark.quote)
