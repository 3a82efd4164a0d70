"""Whom a paper reaches: rules built into one statement, never walked.

To wins over cc, exceptions subtract; the issuer never receives its own paper, ended agencies
never receive any, and nobody outside the issuer's reach does: what stands below it, and the
agency right above it. A paper of a wide type (``paper_types``) reaches further: all agencies above,
and for an authority (``BESIDE``) those of its level; an official one of another type may be copied
to these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    and_,
    case,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from agencies.models import Agency, Lineage
from agencies.states import AgencyKind, Level
from bulletins import paper_types
from bulletins.models import Bulletin, Receipt
from bulletins.paper_types import Relation
from bulletins.states import Part, RuleKind
from config.database import UTCDateTime

_ISSUER = aliased(Agency)
Issuers = int | Sequence[int]

ORGANS = (AgencyKind.BUREAU, AgencyKind.OFFICE, AgencyKind.GOVERNMENT)
"""Between them a line of the tree is one of command."""

BESIDE = (AgencyKind.BUREAU, AgencyKind.GOVERNMENT, AgencyKind.CONGRESS)
"""They write to each other where they stand at the same level."""


@dataclass(frozen=True)
class Rule:
    """One line of an audience; the table ``audience_rules`` keeps it."""

    part: Part
    kind: RuleKind
    agency_id: int
    level: Level | None = None
    agency_kind: AgencyKind | None = None


def _narrowing(rule: Rule) -> tuple[str, str]:
    return rule.level or "", rule.agency_kind or ""


def matches(rules: Iterable[Rule], part: Part) -> ColumnElement[bool]:
    """Whether an agency is named by one of the rules of ``part``."""
    mine = [rule for rule in rules if rule.part == part]
    named = [rule.agency_id for rule in mine if rule.kind == RuleKind.AGENCY]
    conditions: list[ColumnElement[bool]] = [Agency.id.in_(named)] if named else []
    trees = sorted((rule for rule in mine if rule.kind == RuleKind.SUBTREE), key=_narrowing)
    for (level, kind), group in groupby(trees, key=_narrowing):
        below = select(Lineage.descendant_id).where(
            Lineage.ancestor_id.in_([rule.agency_id for rule in group])
        )
        narrowed: list[ColumnElement[bool]] = [Agency.id.in_(below)]
        narrowed += [Agency.level == level] if level else []
        narrowed += [Agency.kind == kind] if kind else []
        conditions.append(and_(*narrowed))
    return or_(*conditions) if conditions else false()


def _ids(issuers: Issuers) -> Sequence[int]:
    return [issuers] if isinstance(issuers, int) else issuers


def in_reach(issuers: Issuers, *, wide: bool = False) -> ColumnElement[bool]:
    """Whether an issuer may address an agency: below it, or right above it; ``wide``: further.

    What several organs issue together reaches whom each of them may address, and none of them.
    """
    ids = _ids(issuers)
    if wide:
        return or_(Agency.id.in_(below(ids)), Agency.id.in_(above(ids)), beside(ids))
    parents = select(_ISSUER.parent_id).where(_ISSUER.id.in_(ids), _ISSUER.parent_id.is_not(None))
    if len(ids) == 1:
        return or_(Agency.id.in_(below(ids)), Agency.id == parents.scalar_subquery())
    return or_(Agency.id.in_(below(ids)), Agency.id.in_(parents))


def beside(issuers: Issuers) -> ColumnElement[bool]:
    """Whether an agency stands beside an issuer: both are authorities of the same level."""
    ids = _ids(issuers)
    level = select(_ISSUER.level).where(_ISSUER.id == ids[0], _ISSUER.kind.in_(BESIDE))
    return and_(
        Agency.level == level.scalar_subquery(), Agency.kind.in_(BESIDE), Agency.id.not_in(ids)
    )


def _one_of(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == ids[0] if len(ids) == 1 else column.in_(ids)
    return found


def below(issuers: Issuers) -> Select[int]:
    """The agencies under an issuer."""
    return select(Lineage.descendant_id).where(
        _one_of(Lineage.ancestor_id, _ids(issuers)), Lineage.depth > 0
    )


def above(issuers: Issuers) -> Select[int]:
    """The agencies above an issuer, up to the last."""
    return select(Lineage.ancestor_id).where(
        _one_of(Lineage.descendant_id, _ids(issuers)), Lineage.depth > 0
    )


def expanded(rules: Sequence[Rule], issuers: Sequence[int]) -> list[Rule]:
    """The rules of what several organs issue: what holds below the host holds below each."""
    found = list(rules)
    for rule in rules:
        if rule.kind == RuleKind.SUBTREE and rule.agency_id == issuers[0]:
            found += [replace(rule, agency_id=one) for one in issuers[1:]]
    return found


def standing(
    issuer_id: int, agency_ids: Iterable[int], kind: str | None = None
) -> Select[int, bool, bool]:
    """Those of the agencies that a paper of the type may go to; without a type, a relay.

    Whether they stand below the issuer, and whether they may be addressed: others get copies only.
    """
    addressed = in_reach(issuer_id, wide=_is_wide(kind))
    reached = or_(addressed, beside(issuer_id)) if _copies_beside(kind) else addressed
    return select(Agency.id, Agency.id.in_(below(issuer_id)), addressed).where(
        Agency.id.in_(agency_ids), reached
    )


def recipients(
    issuers: Issuers, rules: Sequence[Rule], today: date, kind: str | None = None
) -> Select[int, str]:
    """Pairs of agency id and part for everybody the rules of a paper of that type reach."""
    reached = in_reach(issuers, wide=_is_wide(kind))
    if _copies_beside(kind) and any(rule.part == Part.CC for rule in rules):
        copied = and_(not_(matches(rules, Part.TO)), beside(issuers))
        reached = or_(reached, copied)
    return named(rules, today).where(reached)


def _is_wide(kind: str | None) -> bool:
    return kind is not None and paper_types.of(kind).is_wide


def _copies_beside(kind: str | None) -> bool:
    return kind is not None and paper_types.of(kind).copies_beside


def named(rules: Sequence[Rule], today: date) -> Select[int, str]:
    """Pairs of agency id and part for everybody the rules name, in whoever's reach they stand."""
    to = matches(rules, Part.TO)
    part: ColumnElement[str] = literal(Part.TO.value)
    if any(rule.part == Part.CC for rule in rules):
        part = case((to, Part.TO.value), else_=Part.CC.value)
    return select(Agency.id.label("agency_id"), part.label("part")).where(
        or_(Agency.ended_on.is_(None), Agency.ended_on > today),
        or_(to, matches(rules, Part.CC)),
        not_(matches(rules, Part.EXCEPT)),
    )


def relations(
    issuers: Issuers, rules: Sequence[Rule], today: date, kind: str
) -> Select[str, str, bool, bool, int]:
    """How many the rules reach, by part, by how they stand to the issuer, and by what they are.

    That is whether they are organs, and whether congresses.
    """
    reached = recipients(issuers, rules, today, kind).subquery()
    relation = case(
        (Agency.id.in_(above(issuers)), Relation.UP.value),
        (Agency.id.in_(below(issuers)), Relation.DOWN.value),
        else_=Relation.PEER.value,
    )
    each = (
        select(
            reached.c.part,
            relation.label("relation"),
            Agency.kind.in_(ORGANS).label("is_organ"),
            (Agency.kind == AgencyKind.CONGRESS).label("is_congress"),
        )
        .join(Agency, Agency.id == reached.c.agency_id)
        .subquery()
    )
    groups = (each.c.part, each.c.relation, each.c.is_organ, each.c.is_congress)
    return select(*groups, func.count()).group_by(*groups)


def counting(
    issuers: Issuers, rules: Sequence[Rule], today: date, kind: str | None = None
) -> Select[str, int]:
    """How many agencies the rules of a paper of that type reach, by part."""
    reached = recipients(issuers, rules, today, kind).subquery()
    return select(reached.c.part, func.count()).group_by(reached.c.part)


def sending(
    bulletin: Bulletin,
    issuers: Sequence[int],
    rules: Sequence[Rule],
    today: date,
    at: datetime,
) -> Insert:
    """The one statement that gives everybody reached their receipt of the paper's version."""
    reached = recipients(issuers, expanded(rules, issuers), today, bulletin.type).subquery()
    return insert(Receipt).from_select(
        ["bulletin_id", "version", "agency_id", "part", "needs_acknowledgement", "sent_at"],
        select(
            literal(bulletin.id),
            literal(bulletin.version),
            reached.c.agency_id,
            reached.c.part,
            literal(bulletin.needs_acknowledgement),
            literal(at, UTCDateTime()),
        ),
    )
