"""Some of the deliveries, for a decision on all of them: a channel, an outcome, a batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from coordination.models import Assignment
from notifications.models import Delivery, Digest, NamedPart, Notice
from notifications.states import OF_PAPERS


@dataclass(frozen=True)
class Which:
    """Some of the deliveries: on a channel, with an outcome, of a digest hour, about a paper.

    What tells of a task are digests that name it; they tell of other things too.

    What is left out narrows nothing.
    """

    channel: str = ""
    outcome: str = ""
    scheduled_at: datetime | None = None
    bulletin_id: int | None = None
    task_id: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions that it makes."""
        if self.channel:
            yield Delivery.channel == self.channel
        if self.outcome:
            yield Delivery.outcome == self.outcome
        if self.scheduled_at is not None:
            hour = select(Digest.id).where(Digest.scheduled_at == self.scheduled_at)
            yield Delivery.digest_id.in_(hour)
        if self.bulletin_id is not None:
            about = Notice.subject_id == self.bulletin_id
            told = select(Notice.id).where(Notice.kind.in_(OF_PAPERS), about)
            yield Delivery.notice_id.in_(told)
        if self.task_id is not None:
            naming = select(NamedPart.message_id).join(
                Assignment, Assignment.id == NamedPart.assignment_id
            )
            yield Delivery.message_id.in_(naming.where(Assignment.task_id == self.task_id))
