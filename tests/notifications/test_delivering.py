"""Sending: claimed once, in doubt only where it must be, retried with growing pauses."""

from datetime import timedelta

from time_machine import Traveller

from agencies.states import Channel
from config.database import db, writing
from notifications.channels.base import Parcel
from notifications.models import ChannelPause, Delivery
from notifications.services.delivering import PAUSES, deliver
from notifications.services.handing_out import hand_out
from notifications.services.ledger import decide
from notifications.states import Action, Queue, State
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


def test_everything_goes_out_once(province: World, told: Told) -> None:
    posted(some(province, 5))
    round_of_work()
    round_of_work()
    assert states() == [State.SENT] * 5
    assert sorted(told.refs()) == sorted(one.ref for one in deliveries())
    assert told.calls == 3  # two at a time
    assert {one.attempts for one in deliveries()} == {1}
    assert all(one.sent_at for one in deliveries())


def test_calling_is_committed_before_the_provider_is_called_and_outside_a_transaction(
    province: World, told: Told
) -> None:
    seen = []

    def look(parcel: Parcel) -> None:
        assert not db.session.info.get("writing")
        assert not db.session().in_transaction()
        with db.engine.connect() as other:
            seen.append(
                other.exec_driver_sql(
                    f"SELECT state FROM deliveries WHERE id = {parcel.delivery_id}"
                ).scalar()
            )

    told.before = look
    posted(some(province, 3))
    round_of_work()
    assert seen == [State.CALLING] * 3


def test_a_claim_is_made_once(province: World, told: Told) -> None:
    ids = [one.id for one in posted(some(province, 3))]
    inner: list[str] = []

    def try_too(_parcel: Parcel) -> None:
        deliver(Channel.MAIL, ids)
        inner.extend(states())

    told.before = try_too
    deliver(Channel.MAIL, ids)
    assert len(told.refs()) == len(set(told.refs())) == 3


def test_what_was_handed_out_is_not_handed_out_again_before_it_expired(
    province: World, told: Told, clock: Traveller
) -> None:
    ids = [one.id for one in posted(some(province, 3))]
    assert hand_out(Queue.MAIL) == ids
    assert hand_out(Queue.MAIL) == []
    clock.shift(LEASE)
    assert hand_out(Queue.MAIL) == ids


def test_urgent_messages_have_a_line_of_their_own(province: World, told: Told) -> None:
    slow, urgent = posted(some(province, 2)), posted(some(province, 3)[2:], urgent=True)
    assert hand_out(Queue.MAIL_URGENT) == [one.id for one in urgent]
    assert hand_out(Queue.MAIL) == [one.id for one in slow]
    assert hand_out(Queue.SMS) == []


def test_a_temporary_failure_is_tried_again_with_growing_pauses_and_in_the_end_no_more(
    province: World, told: Told, clock: Traveller
) -> None:
    one, _other = posted(some(province, 2))
    told.answers[one.address] = Action.DEFER
    round_of_work()
    assert states() == [State.QUEUED, State.SENT]
    for pause in PAUSES:
        clock.shift(pause - timedelta(seconds=1))
        calls = told.calls
        round_of_work()
        assert told.calls == calls
        clock.shift(timedelta(seconds=1))
        round_of_work()
        assert told.calls == calls + 1
    assert states() == [State.FAILED, State.SENT]
    assert deliveries()[0].outcome == "gave_up"
    assert deliveries()[0].attempts == len(PAUSES) + 1
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(hours=24) < sum(PAUSES, timedelta()) <= timedelta(hours=72)


def test_sent_again_after_giving_up_it_is_tried_as_often_as_before(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(some(province, 1))
    told.answers[one.address] = Action.DEFER
    for pause in (timedelta(), *PAUSES):
        clock.shift(pause)
        round_of_work()
    assert deliveries()[0].outcome == "gave_up"
    decide(None, one.id, Action.RETRY)
    for pause in (timedelta(), *PAUSES[:-1]):
        clock.shift(pause)
        round_of_work()
        assert states() == [State.QUEUED]
    clock.shift(PAUSES[-1])
    round_of_work()
    assert states() == [State.FAILED]
    assert deliveries()[0].attempts == 2 * (len(PAUSES) + 1)


def test_a_permanent_failure_ends_it_and_keeps_the_words(province: World, told: Told) -> None:
    one, _other = posted(some(province, 2))
    told.answers[one.address] = Action.REFUSE
    round_of_work()
    assert states() == [State.FAILED, State.SENT]
    failed = deliveries()[0]
    assert (failed.outcome, failed.detail, failed.attempts) == ("refused", "as told", 1)
    assert failed.ended_at is not None


def test_a_dead_provider_costs_no_delivery_an_attempt_and_is_asked_ever_more_seldom(
    province: World, told: Told, clock: Traveller
) -> None:
    posted(some(province, 30))
    told.down = "connection refused"
    asked = []
    for _ in range(6 * 60):
        before = told.calls
        round_of_work()
        if told.calls > before:
            asked.append(told.calls - before)
        clock.shift(timedelta(seconds=10))
    # An hour away: a handful of calls, each with one small batch.
    assert 10 < len(asked) < 25
    assert set(asked) == {1}
    assert states() == [State.QUEUED] * 30
    assert {one.attempts for one in deliveries()} == {0}
    told.down = ""
    clock.shift(timedelta(minutes=5))
    round_of_work()
    assert states() == [State.SENT] * 30
    assert db.session.get(ChannelPause, Channel.MAIL) is None


def test_a_dead_mail_server_holds_up_no_sms(province: World, told: Told) -> None:
    posted(some(province, 2))
    posted(some(province, 2), Channel.SMS)
    told.before = lambda parcel: None
    real_send = told.send

    def send(parcels: list[Parcel], seconds: float) -> object:
        told.down = "away" if b"MIME" in parcels[0].body else ""
        return real_send(parcels, seconds)

    told.send = send  # type: ignore[method-assign, assignment]
    round_of_work()
    assert sorted(states()) == [State.QUEUED, State.QUEUED, State.SENT, State.SENT]


def test_a_useless_address_fails_for_good_and_holds_up_no_other(
    province: World, told: Told
) -> None:
    first, _second = posted(some(province, 2))
    with writing():
        db.session.get_one(Delivery, first.id).address = "张三@changtong.example"
    round_of_work()
    assert states() == [State.FAILED, State.SENT]
    assert deliveries()[0].outcome == "address"


def test_a_provider_that_answers_is_not_down_whatever_it_says(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(some(province, 1))
    told.down = "away"
    round_of_work()
    assert db.session.get(ChannelPause, Channel.MAIL) is not None
    told.down = ""
    told.answers[one.address] = Action.DEFER
    clock.shift(timedelta(minutes=5))
    round_of_work()
    assert db.session.get(ChannelPause, Channel.MAIL) is None
