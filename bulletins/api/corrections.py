"""Corrections of published papers, and what they changed."""

from typing import Self

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import BulletinOut, FromRow
from bulletins.api.standing import StandingOut
from bulletins.comparison import Row, compared, compared_html
from bulletins.models import Bulletin
from bulletins.queries import inbox, papers
from bulletins.services.addressing import stored_rules
from config.errors import NotFound


class PieceOut(FromRow):
    """Some words of a paragraph, and whether the other text lacks them."""

    text: str
    is_changed: bool


class RowOut(FromRow):
    """A paragraph before and after; the side that lacks it is empty."""

    old: list[PieceOut]
    new: list[PieceOut]
    is_changed: bool


class ChangesOut(BaseModel):
    """What a version changed in the one before it, and why; and whether the paper still holds."""

    standing: StandingOut
    version: int
    note: str
    title: list[RowOut]
    body: list[RowOut]

    @classmethod
    def of(cls, bulletin: Bulletin, number: int) -> Self:
        """The changes of a version; raises NotFound for one that corrected nothing."""
        if number < 2:
            raise NotFound
        old, new = (papers.version(bulletin.id, one) for one in (number - 1, number))
        body = compared_html((old.body, old.html), (new.body, new.html))
        return cls(
            standing=StandingOut.model_validate(bulletin),
            version=number,
            note=new.note,
            title=_rows(compared(old.title, new.title)),
            body=_rows(body),
        )


def _rows(rows: list[Row]) -> list[RowOut]:
    return [RowOut.model_validate(row) for row in rows]


@bp.post("/bulletins/<int:bulletin_id>/correct")
@permission("bulletin.correct")
@bp.output(BulletinOut)
@bp.doc(summary="Begin a correction: the paper is a draft again, readers keep what was published")
def correct(bulletin_id: int) -> BulletinOut:
    bulletin = services.correct(acting(), bulletin_id)
    return BulletinOut.of(bulletin, stored_rules(bulletin.id))


@bp.post("/bulletins/<int:bulletin_id>/abandon")
@permission("bulletin.abandon")
@bp.output(BulletinOut)
@bp.doc(summary="Drop a correction; what was published stays")
def abandon(bulletin_id: int) -> BulletinOut:
    bulletin = services.abandon(acting(), bulletin_id)
    return BulletinOut.of(bulletin, stored_rules(bulletin.id))


@bp.get("/bulletins/<int:bulletin_id>/changes")
@permission("bulletin.show")
@bp.output(ChangesOut)
@bp.doc(summary="What the last version of my agency's paper corrected")
def changes(bulletin_id: int) -> ChangesOut:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.show", bulletin)
    return ChangesOut.of(bulletin, bulletin.version)


@bp.get("/inbox/<int:receipt_id>/changes")
@permission("bulletin.read")
@bp.output(ChangesOut)
@bp.doc(summary="What the version received corrected; asking is not noted as opening it")
def received_changes(receipt_id: int) -> ChangesOut:
    receipt = inbox.receipt(receipt_id)
    require(acting(), "bulletin.read", receipt)
    return ChangesOut.of(receipt.bulletin, receipt.version)
