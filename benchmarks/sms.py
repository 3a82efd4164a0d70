"""Text messages through a gateway, against a bare client with eight connections to the same."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import func, select

from agencies.states import Channel, Level, SeatKind
from benchmarks.figures import Figure, in_turn, seconds
from benchmarks.installation import installed
from benchmarks.people import Somebody, plant, settle_in
from config.database import db, writing
from notifications.models import Delivery, Recipient
from notifications.posting import Letter, Sheet, post
from notifications.services.enrolment import ensure_recipients
from notifications.states import Kind, State
from notifications.words import Words
from parts.kannel import Kannel
from parts.phone import Phone
from parts.postgresql import PostgreSQL
from parts.processes import wait_until

MESSAGES = 20_000
REPEATS = 1
BOUND = 50
CONNECTIONS = 8
TEXT = "【畅通】2 件待签收，待办任务1项。"


def figures() -> Iterator[Figure]:
    """One figure, on PostgreSQL: from queued to taken by the gateway, reports off in both."""
    with (
        PostgreSQL(durable=True) as server,
        Kannel() as gateway,
        Phone(gateway.phone_port),
        installed(server, sms_url=f"{gateway.url}&reports=0") as at,
    ):
        rows = Rows.planted(gateway)
        with at.worker() as worker:
            wait_until(lambda: worker.says('"leader_began"'), 60, "the worker at work")
            ours, bare = in_turn(rows.queued, rows.pushed, REPEATS)
    yield Figure(
        f"{MESSAGES:,} SMS through Kannel, reports off",
        f"a bare client with {CONNECTIONS} connections",
        bare / ours * 100,
        BOUND,
        " %",
        at_least=True,
        details=f"{MESSAGES / ours:.0f} and {MESSAGES / bare:.0f} messages/s",
    )


@dataclass
class Rows:
    """Recipients whose messages go out, and the gateway that takes them."""

    gateway: Kannel
    recipients: Sequence[int]
    occasion: int = 0

    @classmethod
    def planted(cls, gateway: Kannel) -> "Rows":
        """Write as many recipients as there are messages."""
        with writing():
            [agency] = plant(Level.PROVINCE, {})
            people = settle_in(
                [Somebody(f"reader-{n}", agency, SeatKind.READER) for n in range(MESSAGES)]
            )
            ensure_recipients(people)
            found = db.session.scalars(select(Recipient.id).order_by(Recipient.id)).all()
        return cls(gateway, found)

    def queued(self) -> float:
        """How long it takes the worker until the gateway has taken the last of our messages."""
        self.occasion += 1
        words = Words("", TEXT)
        sheet = Sheet(Kind.DIGEST, Channel.SMS, "zh", f"hour {self.occasion}", words)
        letters = [
            Letter(sheet, one, _number(n), at_any_hour=True)
            for n, one in enumerate(self.recipients)
        ]
        with writing():
            post(letters)
        return seconds(lambda: wait_until(_all_gone, 600, "every message taken"))

    def pushed(self) -> float:
        """How long it takes a bare client."""
        address = urlsplit(self.gateway.url)
        given = {
            "username": address.username,
            "password": address.password,
            "from": parse_qs(address.query)["from"][0],
            "coding": "2",
            "charset": "UTF-8",
            "text": TEXT,
        }
        url = f"http://127.0.0.1:{self.gateway.port}/cgi-bin/sendsms"
        with requests.Session() as session, ThreadPoolExecutor(CONNECTIONS) as pool:
            session.trust_env = False
            session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))

            def send(number: int) -> None:
                answer = session.get(url, params=given | {"to": _number(number)}, timeout=60)
                answer.raise_for_status()

            return seconds(lambda: list(pool.map(send, range(MESSAGES))))


def _number(number: int) -> str:
    return f"+86138{number:08}"


def _all_gone() -> bool:
    db.session.rollback()
    waiting = select(func.count()).select_from(Delivery).where(Delivery.state != State.SENT)
    return not db.session.scalar(waiting)
