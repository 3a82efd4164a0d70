"""Quiet hours: what falls into them waits for their end, once, and 特急 does not."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Contact
from agencies.states import Channel
from bulletins.states import Urgency
from config.database import db, writing
from config.errors import Invalid
from notifications.inputs import WishInput
from notifications.models import Subscription
from notifications.quiet import SMS_NIGHT, Quiet, are_endless, awake
from notifications.services.subscriptions import choose
from notifications.states import Rhythm, State
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import deliveries, subscription_of, texts_to, work
from tests.notifications.outsiders import joined
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2018, 5, 4, 21, tzinfo=SHANGHAI)
MORNING = datetime(2018, 5, 5, 8, tzinfo=SHANGHAI)
ALL_WEEK = list(range(7))


def by_sms(world: World, **given: object) -> Subscription:
    wish = {"rhythm": "daily", "times": ["20:59"], "weekdays": ALL_WEEK, **given}
    return choose(world.actor("county-clerk"), Channel.SMS, WishInput.model_validate(wish))


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("Asia/Shanghai", "2018-05-04T20:59:59+08:00", "2018-05-04T20:59:59+08:00"),
        ("Asia/Shanghai", "2018-05-04T21:00+08:00", "2018-05-05T08:00+08:00"),
        ("Asia/Shanghai", "2018-05-05T00:00+08:00", "2018-05-05T08:00+08:00"),
        ("Asia/Shanghai", "2018-05-05T08:00+08:00", "2018-05-05T08:00+08:00"),
        # The night in New York on which 02:00 becomes 03:00 is an hour shorter.
        ("America/New_York", "2018-03-10T21:00-05:00", "2018-03-11T08:00-04:00"),
    ],
)
def test_the_night_of_text_messages(zone: str, at: str, until: str) -> None:
    moved = awake(datetime.fromisoformat(at), ZoneInfo(zone), [SMS_NIGHT])
    assert moved == datetime.fromisoformat(until)


def test_an_end_that_is_left_out_is_the_end_of_the_gap_and_one_that_comes_twice_ends_both() -> None:
    zone, night = ZoneInfo("America/New_York"), Quiet(time(1), time(2, 30))
    sleeping = datetime(2018, 3, 11, 1, 15, tzinfo=zone).astimezone(UTC)
    assert (
        awake(sleeping, zone, [night]).astimezone(zone).isoformat() == "2018-03-11T03:00:00-04:00"
    )
    twice = Quiet(time(0), time(1, 30))
    again = datetime(2018, 11, 4, 1, 10, tzinfo=zone, fold=1).astimezone(UTC)
    assert awake(again, zone, [twice]) == datetime(2018, 11, 4, 6, 30, tzinfo=UTC)


_minutes = st.integers(0, 24 * 60 - 1).map(lambda all_: time(all_ // 60, all_ % 60))


@given(
    st.integers(1262304000, 1893456000).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.lists(st.tuples(_minutes, _minutes).filter(lambda pair: pair[0] != pair[1]), max_size=2),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_whoever_sleeps_at_all_wakes(
    at: datetime, pairs: list[tuple[time, time]], name: str
) -> None:
    zone, spans = ZoneInfo(name), [Quiet(*pair) for pair in pairs]
    if are_endless(spans):
        return
    until = awake(at, zone, spans)
    assert until >= at
    assert until - at <= timedelta(days=2, hours=2)
    assert not any(span.holds(until.astimezone(zone).time()) for span in spans)


def test_what_leaves_no_minute_of_the_day_is_endless() -> None:
    assert are_endless([SMS_NIGHT, Quiet(time(8), time(21))])
    assert not are_endless([SMS_NIGHT, Quiet(time(8), time(20, 59))])
    assert not are_endless([])


# ---- choosing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["21:00", "23:30", "07:59"])
def test_a_time_at_night_is_refused_for_text_messages(enrolled: World, at: str) -> None:
    with pytest.raises(Invalid) as refused:
        by_sms(enrolled, times=["09:00", at])
    assert refused.value.errors == {"times": "短信夜间不发送，请选 08:00 至 20:59 之间的时间。"}


def test_a_time_in_ones_own_quiet_hours_is_refused(enrolled: World) -> None:
    with pytest.raises(Invalid) as refused:
        by_sms(enrolled, times=["12:30"], quiet_from="12:00", quiet_until="14:00")
    assert set(refused.value.errors) == {"times"}
    with pytest.raises(Invalid) as refused:
        by_sms(enrolled, rhythm="at_once", quiet_from="08:00", quiet_until="21:00")
    assert set(refused.value.errors) == {"quiet_from"}


def test_an_outsider_gets_no_text_messages_at_night_either(enrolled: World) -> None:
    given = {"name": "李四", "agency": "130102", "phone": "13800138000", "times": ["22:00"]}
    with pytest.raises(Invalid) as refused:
        joined(enrolled, given)
    assert set(refused.value.errors) == {"times"}


# ---- waiting ----------------------------------------------------------------------------------


def test_a_text_message_that_was_held_up_until_night_waits_for_the_morning(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    clerk = enrolled.people["county-clerk"]
    clock.move_to(EVENING - timedelta(minutes=1))
    [waiting] = posted([clerk], Channel.SMS)
    clock.move_to(EVENING)
    work()
    [waiting] = [one for one in deliveries() if one.id == waiting.id]
    assert (waiting.state, waiting.outcome, waiting.attempts) == (State.QUEUED, "quiet", 0)
    assert waiting.next_try_at == MORNING
    assert told.parcels == []
    clock.move_to(MORNING)
    work()
    assert len(told.parcels) == 1
    work()
    assert len(told.parcels) == 1


def test_a_digest_that_was_held_up_until_night_tells_in_the_morning_what_came_since(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    by_sms(enrolled)
    clerk, county = enrolled.people["county-clerk"], enrolled.agencies["county"]
    news.tell(county)
    clock.move_to(EVENING)  # nobody worked at 20:59
    work()
    assert subscription_of(clerk, "sms").next_due_at == MORNING
    news.tell(county)
    clock.move_to(MORNING)
    work()
    [text] = texts_to(clerk, "sms")
    assert "2 件新公文" in text
    assert subscription_of(clerk, "sms").next_due_at == datetime(
        2018, 5, 5, 20, 59, tzinfo=SHANGHAI
    )


def test_a_flash_paper_wakes_people_and_an_urgent_one_does_not(
    world: World, told: Told, clock: Traveller
) -> None:
    work()
    choose(world.actor("county-clerk"), Channel.SMS, WishInput(urgent_at_once=True))
    phone = db.session.scalars(
        select(Contact.address).where(
            Contact.person_id == world.people["county-clerk"], Contact.channel == Channel.SMS
        )
    ).one()
    clock.move_to(EVENING)
    published(world, urgency=Urgency.URGENT, title="加急通知")
    work()
    mine = [one for one in told.parcels if one.address == phone]
    assert mine == []
    published(world, urgency=Urgency.FLASH, title="特急通知")
    work()
    [flash] = [one for one in told.parcels if one.address == phone]
    assert "特急通知" in flash.body.decode()
    clock.move_to(MORNING)
    work()
    texts = [one.body.decode() for one in told.parcels if one.address == phone]
    assert len(texts) == 2
    assert "加急通知" in texts[1]


def test_quiet_hours_of_ones_own_hold_mails_back_too(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    clerk = enrolled.actor("county-clerk")
    wish = {"rhythm": "at_once", "quiet_from": "12:00", "quiet_until": "14:00"}
    choose(clerk, Channel.MAIL, WishInput.model_validate(wish))
    news.tell(enrolled.agencies["county"])
    clock.move_to(datetime(2018, 5, 4, 12, 30, tzinfo=SHANGHAI))
    work()
    afternoon = datetime(2018, 5, 4, 14, tzinfo=SHANGHAI)
    assert subscription_of(clerk.person_id).next_due_at == afternoon
    clock.move_to(afternoon)
    work()
    assert len(texts_to(clerk.person_id)) == 1


def test_the_night_is_the_recipients_own(enrolled: World, told: Told, clock: Traveller) -> None:
    clerk = enrolled.people["county-clerk"]
    by_sms(enrolled, rhythm=Rhythm.OFF, urgent_at_once=True, zone="Asia/Urumqi")
    with writing():
        wish = db.session.scalars(select(Subscription).where(Subscription.channel == "sms")).one()
        assert wish.zone == "Asia/Urumqi"
        wish.rhythm = Rhythm.DAILY
    clock.move_to(datetime(2018, 5, 4, 22, 30, tzinfo=SHANGHAI))  # half past eight in the west
    posted([clerk], Channel.SMS)
    work()
    assert len(told.parcels) == 1
