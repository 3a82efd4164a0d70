"""Questions about templates, replies and what went over which way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, exists, func, or_, select

from agencies.models import Agency, Person, Seat
from agencies.states import SeatKind
from config import clock
from config.database import among, db, found
from config.pages import Page, keyset
from config.settings import Settings
from notifications import channels
from notifications.models import Recipient
from notifications.services import health
from notifications.states import Kind
from notifications.texting.models import RouteTrouble, SmsReply, SmsStop, SmsTemplate
from notifications.texting.states import NEEDED, Became, TemplateState

WARN_AT = 0.8
"""The part of a budget from which the operator is warned."""


@dataclass(frozen=True)
class Way:
    """One way out this month: what went over it and what that costs; ``price`` None: not set."""

    name: str
    attempts: int
    failures: int
    parts: int
    price: float | None
    is_set: bool
    trouble: RouteTrouble | None

    @property
    def cost(self) -> float | None:
        """What its parts cost, in yuan."""
        return None if self.price is None else self.parts * self.price


@dataclass(frozen=True)
class Usage:
    """This month's text messages, by way out, beside the budget (0: none)."""

    since: datetime
    ways: Sequence[Way]
    budget: float

    @property
    def parts(self) -> int:
        """The parts of all ways."""
        return sum(way.parts for way in self.ways)

    @property
    def cost(self) -> float:
        """What they cost in yuan, as far as prices are set."""
        return sum(way.cost or 0.0 for way in self.ways)

    @property
    def share(self) -> float:
        """Which part of the budget is used; 0 without one."""
        return self.cost / self.budget if self.budget else 0.0


def usage() -> Usage:
    """What went out this month, in a fixed number of queries."""
    settings: Settings = current_app.extensions["settings"]
    since = health.month(clock.now())
    counts = {row.route: row for row in health.month_counts(since)}
    troubles = health.troubles()
    names = channels.route_names()
    ways = []
    for name in [*names, *(one for one in counts if one not in names)]:
        row = counts.get(name)
        ways.append(
            Way(
                name,
                row.attempts if row else 0,
                row.failures if row else 0,
                row.parts if row else 0,
                health.price(name),
                name in names,
                troubles.get(name),
            )
        )
    return Usage(since, ways, settings.sms_budget)


def templates(size: int = 25) -> Page[SmsTemplate]:
    """The templates, newest first."""
    return keyset(select(SmsTemplate), (SmsTemplate.id,), lambda row: (row.id,), size=size)


def without_template() -> list[tuple[str, list[Kind]]]:
    """The clouds in use, each with the kinds of messages that it has no approved template for."""
    vendors = dict.fromkeys(
        name.partition("-")[0] for name in channels.route_names() if channels.is_cloud(name)
    )
    rows = db.session.execute(
        select(SmsTemplate.vendor, SmsTemplate.kind).where(
            SmsTemplate.state == TemplateState.APPROVED, SmsTemplate.language == "zh"
        )
    )
    approved = {(row.vendor, row.kind) for row in rows}
    missing = {one: [kind for kind in NEEDED if (one, kind) not in approved] for one in vendors}
    return [(one, kinds) for one, kinds in missing.items() if kinds]


def template(template_id: int) -> SmsTemplate:
    """One template; raises NotFound."""
    return found(select(SmsTemplate).where(SmsTemplate.id == template_id))


def replies_for(agency_id: int, size: int = 25) -> Page[Any]:
    """What people of an agency answered, newest first."""
    return _page(_rows().where(SmsReply.agency_id == agency_id), size)


def strays(size: int = 25) -> Page[Any]:
    """Replies that no duty seat reads: from strangers, or of agencies that have none."""
    read = exists().where(
        Seat.agency_id == SmsReply.agency_id, Seat.kind == SeatKind.DUTY, Seat.ended_at.is_(None)
    )
    stray = or_(SmsReply.agency_id.is_(None), ~read)
    return _page(_rows().where(stray, SmsReply.became.in_([Became.STRANGER, Became.PASSED])), size)


def unread(agency_id: int) -> Select[int]:
    """The replies that somebody on duty in the agency has to look at."""
    return select(SmsReply.id).where(
        SmsReply.agency_id == agency_id,
        SmsReply.became == Became.PASSED,
        SmsReply.read_at.is_(None),
    )


def stopped(phone: str | None) -> bool:
    """Whether nothing goes to this number, since it said so."""
    return phone is not None and db.session.get(SmsStop, phone) is not None


def all_stopped(phones: Collection[str]) -> dict[str, datetime]:
    """Those of these numbers to which nothing goes, and since when they said so."""
    query = select(SmsStop.phone, SmsStop.at).where(among(SmsStop.phone, phones))
    return {row.phone: row.at for row in db.session.execute(query)}


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(SmsReply.id, SmsReply.phone, SmsReply.text, SmsReply.became, SmsReply.why),
            *(SmsReply.received_at, SmsReply.read_at, SmsReply.receipt_id, SmsReply.provider),
            func.coalesce(Person.name, Recipient.name).label("name"),
            Agency.name.label("agency"),
        )
        .outerjoin(Recipient, Recipient.id == SmsReply.recipient_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .outerjoin(Agency, Agency.id == SmsReply.agency_id)
    )


def _page(query: Select[*tuple[Any, ...]], size: int) -> Page[Any]:
    return keyset(query, (SmsReply.id,), lambda row: (row.id,), size=size)
