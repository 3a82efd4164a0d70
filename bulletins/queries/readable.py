"""What an agency may read: what it issued, received, follows or was offered, and the library."""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    exists,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bulletins.library.states import OfferState
from bulletins.models import (
    Bulletin,
    FollowedPaper,
    JointIssuer,
    Offer,
    Receipt,
    Selection,
)

Id = InstrumentedAttribute[int]


def readable_by(
    agency_id: int | BindParameter[int],
    *,
    issuer: Id,
    bulletin: Id,
    version: Id,
    one_by_one: bool = False,
) -> ColumnElement[bool]:
    """Whether people of the agency may read that version of a paper, by the columns that name it.

    For what it issued or received the same as ``permissions.is_issuer`` and ``is_receiver``, said
    to the database. What the library opened is for everybody, what is offered for whom it is
    offered to: both as published last. ``one_by_one``: for at most some thousand papers; PostgreSQL
    would else gather all that the agency ever received before it looks at the first.
    """
    any_row = select(literal(1))
    received = any_row.where(
        Receipt.bulletin_id == bulletin,
        Receipt.version == version,
        Receipt.agency_id == agency_id,
    )
    latest = aliased(Bulletin)
    is_latest = (latest.id == bulletin, latest.version == version)
    selected = any_row.where(
        Selection.bulletin_id == bulletin, Selection.ended_at.is_(None), *is_latest
    )
    offered = any_row.where(
        Offer.bulletin_id == bulletin,
        Offer.to_agency_id == agency_id,
        Offer.state == OfferState.OFFERED,
        *is_latest,
    )
    followed = any_row.where(
        FollowedPaper.bulletin_id == bulletin, FollowedPaper.agency_id == agency_id
    )
    together = any_row.where(
        JointIssuer.bulletin_id == bulletin, JointIssuer.agency_id == agency_id
    )
    ways = (received, selected, offered, followed, together)
    if one_by_one:
        return or_(
            issuer == agency_id, *(way.limit(1).scalar_subquery().is_not(None) for way in ways)
        )
    return or_(issuer == agency_id, *(way.exists() for way in ways))


def concerning(agency_id: BindParameter[int]) -> CompoundSelect[int]:
    """The ids of all papers that the agency may read in some version, and of some others."""
    return union_all(
        select(Bulletin.id).where(Bulletin.issuer_id == agency_id),
        select(Receipt.bulletin_id).where(Receipt.agency_id == agency_id),
        select(Selection.bulletin_id).where(Selection.ended_at.is_(None)),
        select(Offer.bulletin_id).where(
            Offer.to_agency_id == agency_id, Offer.state == OfferState.OFFERED
        ),
        select(FollowedPaper.bulletin_id).where(FollowedPaper.agency_id == agency_id),
        select(JointIssuer.bulletin_id).where(JointIssuer.agency_id == agency_id),
    )


def ways(
    agency_id: int | BindParameter[int] | None, bulletin: Id
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The columns by which a list finds the page of a paper that the agency has no receipt of."""
    together = exists().where(
        JointIssuer.bulletin_id == bulletin, JointIssuer.agency_id == agency_id
    )
    followed = exists().where(
        FollowedPaper.bulletin_id == bulletin, FollowedPaper.agency_id == agency_id
    )
    return together.label("is_joint"), followed.label("is_followed")
