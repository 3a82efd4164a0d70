"""The digest hour of a province, against pushing the same mails ready-made into the same server."""

import smtplib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from agencies.actors import Actor
from agencies.states import Level, SeatKind
from benchmarks.figures import Figure, in_turn, seconds
from benchmarks.installation import installed
from benchmarks.people import Somebody, actor, know_the_tables, plant, settle_in
from bulletins.inputs import DraftInput
from bulletins.services import create_draft, sign, submit
from config import clock
from config.database import db, writing
from config.journal import Entry
from notifications.models import Subscription
from notifications.services.enrolment import enrol
from parts.mailbox import Mail, Mailbox
from parts.postgresql import PostgreSQL
from parts.processes import wait_until

PEOPLE = 2000
BELOW = {Level.CITY: 11, Level.COUNTY: 167}
PAPERS = 6
REPEATS = 3
BOUND = 25
_SOON = timedelta(seconds=1)
TITLE = "关于开展第{}批产品质量监督抽查和风险监测工作的通知"


def figures() -> Iterator[Figure]:
    """One figure for each engine."""
    yield _on("sqlite", None)
    with PostgreSQL(durable=True) as server:
        yield _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Figure:
    with Mailbox() as mailbox, installed(server, smtp_url=mailbox.url) as place:
        morning = Morning.begun(mailbox)
        with place.worker() as worker:
            wait_until(lambda: worker.says('"leader_began"'), 60, "the worker at work")
            ours, bare = in_turn(morning.digests, morning.pushed, REPEATS)
    return Figure(
        f"{PEOPLE:,} mail digests of {len(morning.agencies)} agencies ({engine})",
        "the same mails, ready-made, over one connection",
        bare / ours * 100,
        BOUND,
        " %",
        at_least=True,
        details=f"{PEOPLE / ours:.0f} and {PEOPLE / bare:.0f} mails/s, from due to arrived",
    )


@dataclass
class Morning:
    """A province whose people wait for their digests, and the mails of the last ones."""

    mailbox: Mailbox
    agencies: Sequence[int]
    clerk: Actor
    approver: Actor
    mails: Sequence[Mail] = ()

    @classmethod
    def begun(cls, mailbox: Mailbox) -> "Morning":
        """Write 179 agencies with 2,000 recipients, all of them below the one that publishes."""
        with writing():
            top, *below = plant(Level.PROVINCE, BELOW)
            readers = [
                Somebody(f"reader-{number}", below[number % len(below)], SeatKind.READER)
                for number in range(PEOPLE)
            ]
            kinds = {"clerk": SeatKind.CLERK, "approver": SeatKind.APPROVER}
            signing = [Somebody(name, top, kind) for name, kind in kinds.items()]
            people = settle_in([*signing, *readers])
            enrol(people[len(signing) :], position=0)
        know_the_tables()
        clerk, approver = (actor(person_id) for person_id in people[: len(signing)])
        return cls(mailbox, [top, *below], clerk, approver)

    def digests(self) -> float:
        """How long it takes the worker from the hour to the arrival of the last mail."""
        self._publish()
        self.mailbox.clear()
        hour = _next_hour()
        with writing():
            db.session.execute(update(Subscription).values(next_due_at=hour))
        self.mails = self.mailbox.wait_for(PEOPLE, timeout=120)
        return max(mail.at for mail in self.mails) - hour.timestamp()

    def pushed(self) -> float:
        """How long it takes to push the mails of the last digests over one connection."""
        if not self.mails:
            self.digests()
        self.mailbox.clear()

        def push() -> None:
            with smtplib.SMTP("127.0.0.1", self.mailbox.port) as client:
                for mail in self.mails:
                    client.sendmail(mail.sender, mail.recipients, mail.content)

        taken = seconds(push)
        self.mailbox.wait_for(PEOPLE, timeout=120)
        return taken

    def _publish(self) -> None:
        """Give them something new to be told of."""
        for number in range(PAPERS):
            draft = DraftInput(
                title=TITLE.format(number),
                body="请各地认真组织实施。",
                to_all=True,
                needs_acknowledgement=number < 2,
            )
            bulletin_id = create_draft(self.clerk, draft).id
            submit(self.clerk, bulletin_id, ["similar"])
            sign(self.approver, bulletin_id, looked_at=["similar"])
        wait_until(_all_settled, 60, "the journal settled")


def _next_hour() -> datetime:
    """A moment soon that is as full on the clock as hours are: the schedule's turns are too."""
    soon = clock.now() + _SOON
    return soon.replace(microsecond=0) + timedelta(seconds=-soon.second % 10)


def _all_settled() -> bool:
    db.session.rollback()
    unsettled = select(func.count()).select_from(Entry).where(Entry.position.is_(None))
    return not db.session.scalar(unsettled)
