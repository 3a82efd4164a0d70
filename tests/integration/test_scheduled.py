"""Papers signed for a later time, and a worker that is killed before it and while it publishes."""

from collections import Counter
from datetime import datetime, timedelta

from apiflask import APIFlask
from sqlalchemy import func, select

from benchmarks.installation import Installation
from bulletins import services
from bulletins.models import Bulletin, BulletinVersion, Receipt
from config import clock
from config.database import db, end_reading
from config.journal import Entry
from config.settings import Settings
from parts.processes import Process, wait_until
from tests.bulletins.papers import submitted
from tests.worlds import World

PAPERS = 40
AT_ONCE = 30.0
"""Seconds within which a worker that was started again has published all of them."""


def _scheduled(world: World, at: datetime) -> None:
    for _number in range(PAPERS):
        paper = submitted(world)
        services.sign(world.actor("province-approver"), paper.id, publish_at=at)
    end_reading()


def _published() -> int:
    end_reading()
    done = select(func.count()).where(Bulletin.state == "published")
    return db.session.scalar(done) or 0


def _leads(worker: Process) -> bool:
    return worker.says('"leader_began"')


def test_each_is_published_once_however_the_worker_dies(
    world: World, app: APIFlask, settings: Settings
) -> None:
    place, at = Installation(settings, app), clock.now() + timedelta(seconds=20)
    _scheduled(world, at)
    with place.worker() as first:
        wait_until(lambda: _leads(first), AT_ONCE, "the first worker leads")
        assert first.kill() == -9
    wait_until(lambda: clock.now() > at, AT_ONCE, "the time has come")
    assert _published() == 0
    with place.worker() as second:
        wait_until(_published, AT_ONCE, "the second worker publishes")
        assert second.kill() == -9
    assert 0 < _published() < PAPERS, "it was killed between two papers"
    with place.worker() as third:
        wait_until(lambda: _published() == PAPERS, AT_ONCE, "all are published")
        assert third.stop() == 0
    end_reading()
    versions = Counter(db.session.scalars(select(BulletinVersion.bulletin_id)))
    told = select(Entry.subject_id).where(Entry.kind == "bulletin.published")
    receipts = Counter(db.session.scalars(select(Receipt.bulletin_id)))
    assert set(versions.values()) == {1}
    assert Counter(db.session.scalars(told)) == versions
    assert set(receipts.values()) == {6}
