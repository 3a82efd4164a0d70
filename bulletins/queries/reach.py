"""What an issuer can choose from when it says whom a paper addresses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from agencies import queries as agencies
from agencies.models import Agency, Lineage
from agencies.states import AgencyKind
from bulletins.audience import ORGANS, above, below, in_reach
from bulletins.paper_types import Relation, Stand
from config.database import db

LISTED_WHOLE = 200
FOUND_AT_MOST = 50


@dataclass(frozen=True)
class Offered:
    """A single agency, and how it stands to the issuer."""

    id: int
    name: str
    stand: Stand


@dataclass(frozen=True)
class Choices:
    """What the form offers: levels and kinds that exist below, subtrees, single agencies.

    ``is_whole``: every agency in reach is listed; otherwise those already chosen and those found.
    """

    levels: Sequence[str]
    kinds: Sequence[str]
    subtrees: Sequence[tuple[int, str]]
    agencies: Sequence[Offered]
    is_whole: bool
    below: int


def choices(
    issuer_id: int,
    roots: Collection[int],
    chosen: Collection[int],
    find: str = "",
    *,
    wide: bool = False,
) -> Choices:
    """What ``issuer_id`` can choose from; ``find`` is part of a name or the start of a code.

    The subtrees of ``roots`` and the agencies ``chosen`` so far are always among it. ``wide`` lists
    all agencies above too, and finds those beside.
    """
    groups = db.session.execute(
        select(Agency.level, Agency.kind, func.count())
        .join(Lineage, Lineage.descendant_id == Agency.id)
        .where(Lineage.ancestor_id == issuer_id, Lineage.depth > 0, Agency.ended_on.is_(None))
        .group_by(Agency.level, Agency.kind)
    ).all()
    number_below = sum(number for _level, _kind, number in groups)
    return Choices(
        levels=sorted({level for level, _kind, _number in groups}),
        kinds=sorted({kind for _level, kind, _number in groups}),
        subtrees=_subtrees(issuer_id, roots, find.strip()),
        agencies=_agencies(
            issuer_id, chosen, find.strip(), whole=number_below <= LISTED_WHOLE, wide=wide
        ),
        is_whole=number_below <= LISTED_WHOLE,
        below=number_below,
    )


def _subtrees(issuer_id: int, roots: Collection[int], find: str) -> Sequence[tuple[int, str]]:
    """What stands right below the issuer and has agencies below it; others once sought."""
    child = aliased(Agency)
    lower = (
        select(Agency.id, Agency.name)
        .join(Lineage, Lineage.descendant_id == Agency.id)
        .where(Lineage.ancestor_id == issuer_id, Lineage.depth > 0, Agency.ended_on.is_(None))
        .order_by(Agency.code)
    )
    others = lower.where(exists().where(child.parent_id == Agency.id), Agency.id.not_in(roots))
    rows = list(db.session.execute(lower.where(Agency.id.in_(roots)))) if roots else []
    rows += db.session.execute(others.where(Agency.parent_id == issuer_id).limit(LISTED_WHOLE))
    if find:
        deeper = others.where(_matching(find), Agency.parent_id != issuer_id)
        rows += db.session.execute(deeper.limit(FOUND_AT_MOST))
    return [(agency_id, name) for agency_id, name in rows]


def _matching(find: str) -> ColumnElement[bool]:
    return or_(
        Agency.name.contains(find, autoescape=True), Agency.code.startswith(find, autoescape=True)
    )


def _agencies(
    issuer_id: int, chosen: Collection[int], find: str, *, whole: bool, wide: bool
) -> Sequence[Offered]:
    reach = (
        select(
            Agency.id,
            Agency.name,
            Agency.kind,
            Agency.id.in_(above(issuer_id)).label("is_above"),
            Agency.id.in_(below(issuer_id)).label("is_below"),
        )
        .where(in_reach(issuer_id, wide=wide), Agency.ended_on.is_(None))
        .order_by(Agency.code)
    )
    shown: ColumnElement[bool] = Agency.id.in_(chosen)
    if wide:
        shown = or_(shown, Agency.id.in_(above(issuer_id)))
    if whole:
        shown = or_(shown, in_reach(issuer_id))
    rows = list(db.session.execute(reach.where(shown)))
    if find:
        others = reach.where(_matching(find), not_(shown)).limit(FOUND_AT_MOST)
        rows += db.session.execute(others)
    issuer = agencies.agency(issuer_id)
    return [Offered(row.id, row.name, _stand(issuer, row)) for row in rows]


def _stand(issuer: Agency, row: Any) -> Stand:
    beside = Relation.DOWN if row.is_below else Relation.PEER
    return Stand(
        Relation.UP if row.is_above else beside,
        is_direct=row.id == issuer.parent_id,
        is_organ=issuer.kind in ORGANS and row.kind in ORGANS,
        is_congress=row.kind == AgencyKind.CONGRESS,
    )
