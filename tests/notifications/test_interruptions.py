"""Dying anywhere: nothing is lost, and only what was in doubt may come twice."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from time_machine import Traveller

from agencies.states import Channel
from config.database import db, writing
from notifications.channels.base import Parcel
from notifications.models import Delivery
from notifications.services import delivering
from notifications.services.handing_out import pump, recover
from notifications.states import Action, State
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World

LEASE = timedelta(seconds=121)


def some(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def states() -> list[str]:
    return [one.state for one in deliveries()]


class Killed(BaseException):
    """Ends the process as kill -9 does: nothing after it is done."""


def test_a_worker_that_dies_before_calling_loses_nothing(
    province: World, told: Told, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(some(province, 3))

    def die(_ids: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "packed", die)
        with pytest.raises(Killed):
            pump()
    assert states() == [State.CLAIMED] * 3
    round_of_work()
    assert told.refs() == []
    clock.shift(LEASE)
    round_of_work()
    assert states() == [State.SENT] * 3
    assert len(told.refs()) == 3
    assert not any(one.possibly_doubled for one in deliveries())


def test_a_worker_that_dies_while_calling_leaves_the_few_in_doubt(
    province: World, told: Told, clock: Traveller
) -> None:
    posted(some(province, 5))

    def die_at_the_fourth(_parcel: Parcel) -> None:
        if len(told.parcels) == 3:
            raise Killed

    told.before = die_at_the_fourth
    with pytest.raises(Killed):
        pump()
    assert states() == [State.SENT] * 2 + [State.CALLING] * 2 + [State.CLAIMED]
    told.before = lambda _parcel: None
    clock.shift(LEASE)
    recover()
    assert states()[2:4] == [State.QUEUED] * 2
    assert [one.possibly_doubled for one in deliveries()] == [False, False, True, True, False]
    clock.shift(timedelta(minutes=2))
    round_of_work()
    assert states() == [State.SENT] * 5
    # Only what is marked came twice, and with the same id.
    twice = [ref for ref in set(told.refs()) if told.refs().count(ref) > 1]
    assert twice == [deliveries()[2].ref]


def test_a_mail_in_doubt_twice_waits_for_the_operator(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(some(province, 1))
    told.answers[one.address] = Action.LOSE
    round_of_work()
    assert states() == [State.UNKNOWN]
    for _ in range(3):
        clock.shift(timedelta(minutes=5))
        round_of_work()
    assert states() == [State.UNKNOWN]
    assert len(told.refs()) == 2
    assert deliveries()[0].possibly_doubled


def test_an_sms_in_doubt_is_never_sent_again_by_itself(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(some(province, 1), Channel.SMS)
    told.answers[one.address] = Action.LOSE
    for _ in range(3):
        round_of_work()
        clock.shift(timedelta(hours=5))
    assert states() == [State.UNKNOWN]
    assert len(told.refs()) == 1
    assert not deliveries()[0].possibly_doubled


def test_an_outcome_that_comes_after_the_lease_changes_nothing(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(some(province, 1))

    def be_slow(_parcel: Parcel) -> None:
        clock.shift(LEASE)
        recover()

    told.before = be_slow
    pump()
    assert states() == [State.QUEUED]
    assert deliveries()[0].possibly_doubled
    assert told.refs() == [one.ref]


def test_a_report_that_comes_before_the_answer_stays(province: World, told: Told) -> None:
    [one] = posted(some(province, 1), Channel.SMS)

    def report_first(_parcel: Parcel) -> None:
        with writing():
            db.session.execute(
                update(Delivery).where(Delivery.id == one.id).values(state=State.DELIVERED)
            )

    told.before = report_first
    round_of_work()
    assert states() == [State.DELIVERED]


def test_wherever_it_breaks_everything_arrives(
    province: World, told: Told, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Die at each commit and call in turn, come back after the lease, and count."""
    left = [0]

    def maybe_die() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    real_commit = db.session.commit

    def commit() -> None:
        maybe_die()
        real_commit()
        maybe_die()

    told.before = lambda _parcel: maybe_die()
    died = 0
    for step in range(1, 24):
        refs = {one.ref for one in posted(some(province, 5))}
        with monkeypatch.context() as patched:
            patched.setattr(db.session, "commit", commit)
            left[0] = step
            try:
                round_of_work()
            except Killed:
                died += 1
                db.session.rollback()
                db.session.info["writing"] = False
        for _ in range(2):
            clock.shift(LEASE + timedelta(minutes=2))
            round_of_work()
        ours = [one for one in deliveries() if one.ref in refs]
        assert {one.state for one in ours} == {State.SENT}
        for one in ours:
            times = told.refs().count(one.ref)
            assert times == 1 or (times == 2 and one.possibly_doubled), (step, times)
    assert 15 <= died < 23  # every step was reached, and there was no further one
