"""The relay chain as statements: who gets a paper by a relay, or straight by its rule.

A relay goes down only. Nobody gets a version twice, and its issuer never gets it back, however
relays run together or in a loop: each statement leaves out who has a receipt, and whoever sends one
holds the paper's row (``FOR UPDATE``) meanwhile, so that one sees what another has sent.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Insert,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from agencies.models import Agency, Lineage
from agencies.states import AgencyKind, Level
from bulletins import audience
from bulletins.audience import Rule
from bulletins.models import Bulletin, JointIssuer, Receipt, Relay
from bulletins.states import Part, RuleKind
from config.database import WIDE, UTCDateTime

GETS_STRAIGHT = (Level.CITY, Level.COUNTY)
"""The levels whose bureaus a paper's rule serves when the one above them is late."""

LIKELY_RULES = 8
"""Statements of relays with more rules than this are not kept: hardly two are alike."""

_Shape = tuple[Part, RuleKind, Level | None, AgencyKind | None]
_HAS = aliased(Receipt)
_SENT = (
    "bulletin_id",
    "version",
    "agency_id",
    "part",
    "through_receipt_id",
    "relay_id",
    "needs_acknowledgement",
    "sent_at",
)


def _without(bulletin: Bulletin, agency_id: Any) -> ColumnElement[bool]:
    """Whether an agency has no receipt of the paper's version in force, and did not issue it."""
    receipt = exists().where(
        _HAS.bulletin_id == bulletin.id,
        _HAS.version == bulletin.version,
        _HAS.agency_id == agency_id,
    )
    together = exists().where(
        JointIssuer.bulletin_id == bulletin.id, JointIssuer.agency_id == agency_id
    )
    return and_(agency_id != bulletin.issuer_id, ~together, ~receipt)


def newcomers(
    bulletin: Bulletin, agency_id: int, rules: Sequence[Rule], today: date
) -> Select[int, str]:
    """Pairs of agency id and part for those whom a relay by ``agency_id`` would newly reach."""
    below = select(Lineage.descendant_id).where(Lineage.ancestor_id == agency_id, Lineage.depth > 0)
    return audience.named(rules, today).where(Agency.id.in_(below), _without(bulletin, Agency.id))


def has_newcomers(bulletin: Bulletin, agency_id: int, today: date) -> Select[bool]:
    """Whether anybody is left below ``agency_id`` who has not got the paper."""
    everybody = [Rule(Part.TO, RuleKind.SUBTREE, agency_id)]
    return select(newcomers(bulletin, agency_id, everybody, today).exists())


def counting(
    bulletin: Bulletin, agency_id: int, rules: Sequence[Rule], today: date
) -> Select[str, int]:
    """How many a relay would newly reach, by part."""
    reached = newcomers(bulletin, agency_id, rules, today).subquery()
    return select(reached.c.part, func.count()).group_by(reached.c.part)


def _sending(relay: Relay, receipt: Receipt, to: Select[int, str], at: datetime) -> Insert:
    reached = to.subquery()
    return insert(Receipt).from_select(
        _SENT,
        select(
            literal(receipt.bulletin_id),
            literal(receipt.version),
            reached.c.agency_id,
            reached.c.part,
            literal(receipt.id),
            literal(relay.id),
            literal(receipt.needs_acknowledgement or relay.needs_acknowledgement),
            literal(at, UTCDateTime()),
        ),
    )


def handing_down(
    relay: Relay, receipt: Receipt, rules: Sequence[Rule], today: date, at: datetime
) -> tuple[Insert, dict[str, Any]]:
    """The one statement that gives everybody a relay newly reaches their receipt, under its own.

    It is built once for all relays whose rules are alike but for the agencies named; with it come
    the values of this one.
    """
    values = {
        "paper": receipt.bulletin_id,
        "version": receipt.version,
        "issuer": relay.bulletin.issuer_id,
        "relaying": relay.agency_id,
        "through": receipt.id,
        "relay": relay.id,
        "needs": receipt.needs_acknowledgement or relay.needs_acknowledgement,
        "today": today,
        "at": at,
    }
    values |= {f"named_{number}": rule.agency_id for number, rule in enumerate(rules)}
    shape = tuple((rule.part, rule.kind, rule.level, rule.agency_kind) for rule in rules)
    build = _handing_down if len(shape) <= LIKELY_RULES else _handing_down.__wrapped__
    return build(shape), values


@lru_cache(maxsize=100)
def _handing_down(shape: Sequence[_Shape]) -> Insert:
    """The statement for rules of that shape, with slots for all values."""
    slot: Any = partial(bindparam, type_=WIDE)
    paper: Any = SimpleNamespace(
        id=slot("paper"), version=slot("version"), issuer_id=slot("issuer")
    )
    rules = [
        Rule(part, kind, slot(f"named_{number}"), level, agency_kind)
        for number, (part, kind, level, agency_kind) in enumerate(shape)
    ]
    today: Any = bindparam("today", type_=Date)
    reached = newcomers(paper, slot("relaying"), rules, today).subquery()
    return insert(Receipt).from_select(
        _SENT,
        select(
            paper.id,
            paper.version,
            reached.c.agency_id,
            reached.c.part,
            slot("through"),
            slot("relay"),
            bindparam("needs", type_=Boolean),
            bindparam("at", type_=UTCDateTime()),
        ),
    )


def served_by_rule(
    receipt: Receipt, rules: Sequence[Rule], today: date
) -> tuple[ColumnElement[bool], ...]:
    """The receipts that a paper's rule has handed down in the agency's place, of those reached."""
    by_rule = select(Relay.id).where(
        Relay.bulletin_id == receipt.bulletin_id,
        Relay.agency_id == receipt.agency_id,
        Relay.by_rule,
    )
    reached = audience.recipients(receipt.agency_id, rules, today).subquery()
    return (
        Receipt.through_receipt_id == receipt.id,
        Receipt.relay_id.in_(by_rule),
        Receipt.agency_id.in_(select(reached.c.agency_id)),
    )


def adopting(relay: Relay, receipt: Receipt, rules: Sequence[Rule], today: date) -> Update:
    """Put the relay's words beside what its paper's rule handed down in the agency's place.

    These got the paper already and get it no second time.
    """
    return (
        update(Receipt)
        .where(*served_by_rule(receipt, rules, today))
        .values(relay_id=relay.id)
        .execution_options(synchronize_session=False)
    )


def _bureaus_under(agency_id: Any, today: date) -> ColumnElement[bool]:
    return and_(
        Agency.parent_id == agency_id,
        Agency.kind.in_((AgencyKind.BUREAU, AgencyKind.GOVERNMENT)),
        Agency.level.in_(GETS_STRAIGHT),
        or_(Agency.ended_on.is_(None), Agency.ended_on > today),
    )


def _left_out(
    bulletin: Bulletin, rules: Sequence[Rule], agency_id: Any, today: date
) -> ColumnElement[bool]:
    """Whether ``Agency`` is one whom the rule serves: right below, not served, nor excepted."""
    return and_(
        _bureaus_under(agency_id, today),
        _without(bulletin, Agency.id),
        not_(audience.matches(rules, Part.EXCEPT)),
    )


def giving_time(
    bulletin: Bulletin, rules: Sequence[Rule], relay_id: int | None, relay_by: date, today: date
) -> Update:
    """Set the day for relaying on the receipts just sent whose agencies have bureaus to serve.

    ``rules`` are the paper's own, ``relay_id`` the relay that sent them (None: the issuer did).
    """
    served = select(Agency.id).where(_left_out(bulletin, rules, Receipt.agency_id, today))
    return (
        update(Receipt)
        .where(
            Receipt.bulletin_id == bulletin.id,
            Receipt.version == bulletin.version,
            Receipt.part == Part.TO,
            Receipt.relay_id.is_(None) if relay_id is None else Receipt.relay_id == relay_id,
            served.correlate(Receipt).exists(),
        )
        .values(relay_by=relay_by)
        .execution_options(synchronize_session=False)
    )


def serving_straight(
    relay: Relay, receipt: Receipt, rules: Sequence[Rule], today: date, at: datetime
) -> Insert:
    """The one statement by which the paper's rule serves the bureaus right below a late agency."""
    to = select(Agency.id.label("agency_id"), literal(Part.TO.value).label("part")).where(
        _left_out(relay.bulletin, rules, receipt.agency_id, today)
    )
    return _sending(relay, receipt, to, at)
