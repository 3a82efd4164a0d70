"""Very many agencies and people with something to tell them all: for the broker's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from agencies.actors import Actor
from agencies.states import Level, SeatKind
from benchmarks.people import Somebody, actor, know_the_tables, plant, settle_in
from bulletins.inputs import DraftInput
from bulletins.services import create_draft, sign, submit
from bulletins.states import Urgency
from config import clock
from config.database import db, writing
from config.journal import Entry
from notifications.models import Delivery, Subscription
from notifications.services.enrolment import enrol
from notifications.states import State
from parts.processes import wait_until

PAPERS = 3
_SOON = timedelta(seconds=1)
_AT_ONCE = 5000


@dataclass
class Country:
    """Agencies below one that publishes, with ``people`` who get digests spread over them."""

    agencies: Sequence[int]
    people: int
    clerk: Actor
    approver: Actor

    @classmethod
    def built(cls, below: dict[Level, int], people: int) -> "Country":
        """Write it to the database in hand."""
        with writing():
            top, *under = plant(Level.PROVINCE, below)
            signing = [
                Somebody("clerk", top, SeatKind.CLERK),
                Somebody("approver", top, SeatKind.APPROVER),
            ]
            two = settle_in(signing)
        for start in range(0, people, _AT_ONCE):
            with writing():
                ids = settle_in(
                    [
                        Somebody(f"reader-{number}", under[number % len(under)], SeatKind.READER)
                        for number in range(start, min(start + _AT_ONCE, people))
                    ]
                )
                enrol(ids, position=0)
        know_the_tables()
        return cls(under, people, actor(two[0]), actor(two[1]))

    def published(self, number: int, urgency: Urgency = Urgency.NORMAL, to: int = 0) -> int:
        """A paper to all below, or to one agency alone; it is signed now."""
        draft = DraftInput(
            title=f"关于开展第{number}批产品质量监督抽查工作的通知",
            body="请各地认真组织实施。",
            to_all=not to,
            to_agencies=[to] if to else [],
            urgency=urgency,
            needs_acknowledgement=True,
        )
        bulletin_id = create_draft(self.clerk, draft).id
        submit(self.clerk, bulletin_id, ["similar"])
        sign(self.approver, bulletin_id, looked_at=["similar"])
        return bulletin_id

    def strike(self) -> datetime:
        """Give everybody something new, and let the hour come in a moment; that hour."""
        for number in range(PAPERS):
            self.published(number)
        wait_until(_all_settled, 300, "the journal settled")
        soon = clock.now() + _SOON
        hour = soon.replace(microsecond=0) + timedelta(seconds=-soon.second % 5)
        with writing():
            db.session.execute(update(Subscription).values(next_due_at=hour))
        return hour

    def sent_since(self, hour: datetime) -> int:
        """How many digests made since ``hour`` have been taken by the mail server."""
        db.session.rollback()
        query = select(func.count()).select_from(Delivery)
        found = query.where(
            Delivery.digest_id.is_not(None), Delivery.state == State.SENT, Delivery.sent_at >= hour
        )
        return db.session.scalar(found) or 0

    def seconds_for(self, hour: datetime) -> float:
        """How long it takes from ``hour`` until the mail server has taken the last digest."""
        wait_until(lambda: self.sent_since(hour) >= self.people, 900, "all digests sent")
        last: datetime | None = db.session.scalar(select(func.max(Delivery.sent_at)))
        assert last is not None
        return (last - hour).total_seconds()


def _all_settled() -> bool:
    db.session.rollback()
    unsettled = select(func.count()).select_from(Entry).where(Entry.position.is_(None))
    return not db.session.scalar(unsettled)
