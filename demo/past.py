"""A past that is told in order: at an earlier time, by the people of the demo province."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from agencies.actors import Actor, actor_for
from agencies.models import Agency, Person
from agencies.states import AgencyKind, Level
from bulletins import services as papers
from bulletins.inputs import DraftInput
from bulletins.models import Bulletin, Receipt
from config import clock
from config.database import db
from config.settings import Settings
from coordination.models import Assignment, Task

CITY, COUNTY = "130100", "130102"
BUREAUS = [AgencyKind.BUREAU]


def _zone() -> ZoneInfo:
    settings: Settings = current_app.extensions["settings"]
    return settings.zone


def today() -> date:
    """The day it is there."""
    return clock.today(_zone())


@contextmanager
def days_ago(count: int, hour: int, minute: int = 0) -> Iterator[None]:
    """Let it be that time of the day, so many days ago, where the installation is."""
    moment = datetime.combine(today() - timedelta(days=count), time(hour, minute), _zone())
    with clock.shifted(moment - clock.now()):
        yield


@dataclass
class Past:
    """Tells the past in order; which agency was quick and which slow is the same each time."""

    _chance: random.Random = field(default_factory=lambda: random.Random(2018))
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """The person of that user name in their seat."""
        if username not in self._actors:
            person = db.session.scalars(select(Person).where(Person.username == username)).one()
            self._actors[username] = actor_for(person, None)
        return self._actors[username]

    def published(self, issuer: str, data: DraftInput) -> Bulletin:
        """A paper drafted, submitted and signed."""
        bulletin = papers.create_draft(self.actor(f"{issuer}-clerk"), data)
        papers.submit(self.actor(f"{issuer}-clerk"), bulletin.id)
        return papers.sign(self.actor(f"{issuer}-approver"), bulletin.id)

    def read(self, bulletin: Bulletin, opened: float, signed: float, but: str = "") -> None:
        """A share of those addressed opens a paper, a share of these acknowledges it.

        Cities do so first; the agency ``but`` hasn't looked yet.
        """
        query = (
            select(Receipt.id, Agency.code, Agency.level, Agency.kind)
            .join(Agency, Agency.id == Receipt.agency_id)
            .where(Receipt.bulletin_id == bulletin.id, Agency.code != but)
            .order_by(Receipt.id)
        )
        for receipt_id, code, level, kind in db.session.execute(query).all():
            eager = 0.25 if level == Level.CITY else 0.0
            if self._chance.random() >= opened + eager:
                continue
            seat = "clerk" if kind == AgencyKind.BUREAU else "liaison"
            reader = self.actor(f"{code.lower()}-{seat}")
            papers.mark_shown(reader, [receipt_id])
            papers.open_receipt(reader, receipt_id)
            if bulletin.needs_acknowledgement and self._chance.random() < signed + eager:
                papers.acknowledge(reader, receipt_id)

    def assignments(self, task: Task) -> dict[str, int]:
        """The assignment of each agency, by its code."""
        query = (
            select(Agency.code, Assignment.id)
            .join(Agency, Agency.id == Assignment.agency_id)
            .where(Assignment.task_id == task.id)
            .order_by(Agency.code)
        )
        return {row[0]: row[1] for row in db.session.execute(query)}
