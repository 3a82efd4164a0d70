"""A storm: everything breaks in turn while the digests of one hour go out."""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from sqlalchemy import String, cast, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError

from agencies.models import Contact
from agencies.states import Channel
from benchmarks.installation import installed
from config import clock
from config.database import db, writing
from notifications.models import Delivery, Digest, Recipient, Subscription
from notifications.states import State, WorkState
from parts.kannel import Kannel
from parts.mailbox import Mailbox
from parts.phone import Phone
from parts.postgresql import PostgreSQL
from parts.processes import wait_until
from parts.rabbitmq import RabbitMQ
from soak.blows import Striker, misbehave
from soak.crew import Crew
from soak.faults import Blow, Fault, blows
from soak.province import Province
from soak.reckoning import Reckoning, reckoned
from soak.stage import let_pauses_end

LEASE_SECONDS = 5
_PATIENCE = 600.0
_GOING = (State.QUEUED, State.CLAIMED, State.CALLING)
_BY_SMS = 10  # every so many-th recipient gets a digest by SMS too


@dataclass(frozen=True)
class Size:
    """How large a storm is: each fault ``rounds`` times, for about ``seconds``.

    ``rate`` mails a second at most, so that there is time for it; 0: as many as can be.
    ``killing``: workers die each second throughout. ``impatience``: seconds after which a blow
    comes though not its share of all has arrived.
    """

    recipients: int
    rounds: int
    seconds: float
    rate: int = 0
    killing: bool = False
    impatience: float = 15.0


@dataclass
class Storm:
    """One storm, and what has to be looked at after it."""

    striker: Striker
    phone: Phone
    recipients: list[int]
    impatience: float
    say: Callable[[str], object]
    struck: list[Fault] = field(default_factory=list)

    def blow(self, planned: list[Blow]) -> None:
        """Have the hour come, and everything break in turn."""
        total = len(self.recipients) + len(self.recipients[::_BY_SMS])
        with writing():
            db.session.execute(update(Subscription).values(next_due_at=clock.now()))
        db.session.remove()
        for blow in planned:
            self._await(blow.share * total)
            began = time.monotonic()
            self.striker.strike(blow)
            self.struck.append(blow.fault)
            took = time.monotonic() - began
            self.say(f"{blow.fault} for {took:.1f} s at {self.arrived()} of {total}")

    def calm(self) -> None:
        """Wait until nothing is left to do."""
        wait_until(lambda: _answered(self._is_over), _PATIENCE, "all digests dealt with")

    def arrived(self) -> int:
        """How many messages have arrived."""
        return len(self.striker.mailbox.messages()) + len(self.phone.messages())

    def _await(self, goal: float) -> None:
        until = time.monotonic() + self.impatience
        wait_until(
            lambda: self.arrived() >= goal or time.monotonic() > until, _PATIENCE, "arrivals"
        )

    def _is_over(self) -> bool:
        let_pauses_end()
        due = select(Digest.id).where(Digest.state == WorkState.DUE).limit(1)
        # An unknown mail is sent once more after its lease.
        again = (Delivery.state == State.UNKNOWN) & Delivery.possibly_doubled.is_(False)
        again &= Delivery.channel == Channel.MAIL
        going = select(Delivery.id).where(Delivery.state.in_(_GOING) | again).limit(1)
        made = db.session.scalar(select(func.count()).select_from(Digest)) or 0
        return (
            made == len(self.recipients) + len(self.recipients[::_BY_SMS])
            and db.session.scalar(due) is None
            and db.session.scalar(going) is None
        )


def storm(seed: int, size: Size, say: Callable[[str], object] = lambda _line: None) -> Reckoning:
    """Let a storm of ``size`` rage over parts of its own; the same seed breaks the same."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgreSQL(durable=True))
        rabbitmq = stack.enter_context(RabbitMQ())
        mailbox = stack.enter_context(Mailbox())
        kannel = stack.enter_context(Kannel())
        phone = stack.enter_context(Phone(kannel.phone_port))
        place = stack.enter_context(
            installed(
                server,
                broker_url=rabbitmq.url,
                smtp_url=f"{mailbox.url}?timeout=3",
                sms_url=f"{kannel.url}&timeout=3",
                lease_seconds=LEASE_SECONDS,
                worker_threads=1,
                mail_rate=size.rate,
                log_level="INFO",
            )
        )
        province = _province(size.recipients, mailbox)
        crew = stack.enter_context(Crew(place, random.Random(seed)))
        wait_until(crew.leads, 60, "a scheduler that leads")
        if size.killing:
            crew.killing.set()
        raging = Storm(
            Striker(crew, server, rabbitmq, mailbox, kannel, province.refused),
            phone,
            sorted(province.recipients),
            size.impatience,
            say,
        )
        raging.blow(blows(seed, size.rounds, size.seconds))
        crew.killing.clear()
        raging.calm()
        return reckoned(
            raging.recipients, _BY_SMS, mailbox.messages(), phone.messages(), raging.struck
        )


def _province(recipients: int, mailbox: Mailbox) -> Province:
    """A province with something to tell; some are refused, some deferred at first, some have SMS.

    It is noon where its people are: nobody sleeps.
    """
    province = Province.built(recipients)
    province.published("关于开展专项检查的通知")
    misbehave(mailbox, province.refused)
    ahead = 12 - clock.now().hour
    with writing():
        db.session.execute(update(Subscription).values(zone=f"Etc/GMT{-ahead:+d}"))
        some = sorted(province.recipients)[::_BY_SMS]
        phones = select(
            Recipient.person_id,
            literal(Channel.SMS.value),
            literal("+86138") + func.lpad(cast(Recipient.id, String), 8, "0"),
            literal(clock.now(), Contact.verified_at.type),
            literal(clock.now(), Contact.created_at.type),
        ).where(Recipient.id.in_(some))
        columns = ["person_id", "channel", "address", "verified_at", "created_at"]
        db.session.execute(insert(Contact).from_select(columns, phones))
        _copy_wishes(some)
    db.session.remove()
    return province


def _copy_wishes(recipient_ids: list[int]) -> None:
    """Let these wish for SMS whatever they wish for mail."""
    table = Subscription.__table__
    names = [column.name for column in table.columns if column.name != "id"]
    values = [
        literal(Channel.SMS.value) if name == "channel" else table.columns[name] for name in names
    ]
    wishes = select(*values).where(table.columns["recipient_id"].in_(recipient_ids))
    db.session.execute(insert(Subscription).from_select(names, wishes))


def _answered(ask: Callable[[], bool]) -> bool:
    """Whether it is so; not while the database is away."""
    try:
        return ask()
    except DBAPIError:
        db.session.remove()
        return False
