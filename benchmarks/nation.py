"""The digest hour of the nation through a broker: its rate, and urgent messages in the midst of it.

Mails go to ``smtp-sink``. ``DIGESTS`` may be set to fewer for a quick look.
"""

import os
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from threading import Event

from sqlalchemy import select

from agencies.states import Channel, Level
from benchmarks.country import Country
from benchmarks.figures import Figure, seconds
from benchmarks.installation import installed
from bulletins.states import Urgency
from config import clock
from config.database import db
from config.journal import Entry
from config.sections import Span
from notifications import words
from notifications.channels.base import Parcel
from notifications.material import Material
from notifications.mime import Copy, Frame, Mold
from notifications.models import Delivery, Digest, Notice
from notifications.packing import packed
from notifications.plans import Wanted, plans
from notifications.states import Kind
from parts.mailbox import Mailbox
from parts.postgresql import PostgreSQL
from parts.processes import wait_until
from parts.rabbitmq import RabbitMQ
from parts.sink import Sink

DIGESTS = int(os.environ.get("DIGESTS", "20000"))
AGENCIES = 3227
SAMPLE = 2000
URGENT = 40
_EVERY = 0.5  # seconds between two urgent papers
_SENDER = "changtong@localhost"
_SLOW_MAILS, _SLOW = 1600, 0.02


def figures() -> Iterator[Figure]:
    """Shared contents with urgent messages, contents of one's own, and more workers."""
    yield from _shared()
    yield _distinct()
    yield _more_workers()


@contextmanager
def _nation(agencies: int, people: int) -> Iterator[tuple[Country, int]]:
    """A country at work with two workers, and the port of the sink."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgreSQL(durable=True))
        rabbitmq = stack.enter_context(RabbitMQ())
        sink = stack.enter_context(Sink())
        place = stack.enter_context(
            installed(server, broker_url=rabbitmq.url, smtp_url=sink.url, worker_threads=1)
        )
        cities = agencies // 10
        below = {Level.CITY: cities, Level.COUNTY: agencies - cities}
        country = Country.built(below, people)
        scheduler = stack.enter_context(place.worker())
        for _ in range(2):
            stack.enter_context(place.celery())
        wait_until(lambda: scheduler.says('"leader_began"'), 120, "a leader")
        yield country, sink.port


def _shared() -> Iterator[Figure]:
    with _nation(AGENCIES, DIGESTS) as (country, port):
        ours = DIGESTS / country.seconds_for(country.strike())
        bare = _pushed(port, _parcels())
        yield Figure(
            f"{DIGESTS:,} mail digests over {AGENCIES:,} agencies, two workers",
            "the same mails, ready-made, over one connection into smtp-sink",
            ours / bare * 100,
            10,
            " %",
            at_least=True,
            details=f"{ours:.0f} and {bare:.0f} mails/s, from due to arrived",
        )
        hour = country.strike()
        wait_until(lambda: country.sent_since(hour) > 0, 300, "the first digest")
        for number in range(URGENT):
            at = country.agencies[number * 7 % len(country.agencies)]
            country.published(1000 + number, Urgency.FLASH, to=at)
            Event().wait(_EVERY)
        country.seconds_for(hour)
        took = _urgent_seconds(hour)
        within = sum(one <= 2 for one in took) / len(took) * 100
        half = sorted(took)[len(took) // 2]
        yield Figure(
            f"urgent messages while {DIGESTS:,} digests go out: within 2 s",
            "",
            within,
            95,
            " %",
            at_least=True,
            details=f"{len(took)} messages, half of them within {half:.2f} s",
        )


def _parcels() -> Sequence[Parcel]:
    """Mails of the last hour, made once more."""
    ids = db.session.scalars(
        select(Delivery.id).where(Delivery.digest_id.is_not(None)).limit(SAMPLE)
    ).all()
    ready = packed(ids).parcels
    db.session.rollback()
    return ready


def _pushed(port: int, parcels: Sequence[Parcel]) -> float:
    """How many of them a second go over one connection."""

    def push() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for one in parcels:
                client.sendmail(_SENDER, [one.address], one.body)

    push()
    return len(parcels) / seconds(push)


def _urgent_seconds(hour: datetime) -> list[float]:
    """From the signing of each urgent paper until the mail server had each message."""
    db.session.rollback()
    rows = db.session.execute(
        select(Entry.at, Delivery.sent_at)
        .join(Notice, Notice.id == Delivery.notice_id)
        .join(Entry, Entry.id == Notice.entry_id)
        .where(Notice.kind == Kind.URGENT, Entry.at > hour, Delivery.channel == Channel.MAIL)
    ).all()
    return [(sent - at).total_seconds() if sent else float("inf") for at, sent in rows] or [
        float("inf")
    ]


def _distinct() -> Figure:
    with _nation(DIGESTS, DIGESTS) as (country, port):
        ours = DIGESTS / country.seconds_for(country.strike())
        bare = _composed_and_pushed(port)
    return Figure(
        f"{DIGESTS:,} mail digests, each of its own content, two workers",
        "rendering, building and pushing them in a bare loop",
        ours / bare * 100,
        60,
        " %",
        at_least=True,
        details=f"{ours:.0f} and {bare:.0f} mails/s, from due to arrived",
    )


def _composed_and_pushed(port: int) -> float:
    """How many a second a bare loop renders, builds and pushes, whose facts were read before."""
    rows = db.session.execute(
        select(Digest.recipient_id, Digest.after, Digest.upto).limit(SAMPLE // 2)
    ).all()
    wanted = [Wanted(row.recipient_id, Channel.MAIL, Span(row.after, row.upto)) for row in rows]
    material, planned = Material(), plans(wanted, clock.now().date())
    material.gather(planned)
    db.session.rollback()

    def loop() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for number, plan in enumerate(planned):
                said = words.of_digest(material.blocks(plan), plan)
                frame = Frame(f"{number:064x}", said.subject, plan.language)
                mold = Mold.of(_SENDER, frame, said.text, said.html)
                address = f"reader-{number}@changtong.example"
                values = {
                    "name": "读者",
                    "link": "",
                    "secret": "",
                    "unsubscribe": "http://x.example",
                }
                own = Copy("读者", address, f"{number:024x}", values, values["unsubscribe"])
                client.sendmail(_SENDER, [address], mold.copy(own, clock.now()))

    loop()
    return len(planned) / seconds(loop)


def _more_workers() -> Figure:
    one, four = _slow(1), _slow(4)
    return Figure(
        "four workers, one connection each, a mail server that answers after 20 ms",
        "one worker",
        four / one,
        3,
        " ×",
        at_least=True,
        details=f"{four:.0f} and {one:.0f} mails/s",
    )


def _slow(workers: int) -> float:
    """Mails a second of so many workers, from the first that arrives to the last."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgreSQL(durable=True))
        rabbitmq = stack.enter_context(RabbitMQ())
        mailbox = stack.enter_context(Mailbox())
        mailbox.tarry(_SLOW)
        place = stack.enter_context(
            installed(server, broker_url=rabbitmq.url, smtp_url=mailbox.url, worker_threads=1)
        )
        country = Country.built({Level.CITY: 10, Level.COUNTY: 90}, _SLOW_MAILS)
        scheduler = stack.enter_context(place.worker())
        stack.enter_context(place.celery("digests"))
        for _ in range(workers):
            stack.enter_context(place.celery("bulk"))
        wait_until(lambda: scheduler.says('"leader_began"'), 120, "a leader")
        country.strike()
        mails = mailbox.wait_for(_SLOW_MAILS, timeout=300)
        took = max(mail.at for mail in mails) - min(mail.at for mail in mails)
    return _SLOW_MAILS / took
