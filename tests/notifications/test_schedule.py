"""When a digest is due, over weekends, holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.working_days import by_library
from notifications.quiet import SMS_NIGHT, moment
from notifications.schedule import ALL_DAYS, Rule, next_due
from notifications.states import Rhythm

SHANGHAI = "Asia/Shanghai"
ZONES = sorted(
    {"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"}
    & available_timezones()
)


EIGHT = (time(8),)


def at(*times: str) -> tuple[time, ...]:
    return tuple(time.fromisoformat(one) for one in times)


def monthly(day: int) -> Rule:
    return Rule(Rhythm.MONTHLY, EIGHT, 0, SHANGHAI, month_day=day)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "after", "due"),
    [
        # 08:00 in Shanghai is midnight UTC; strictly later than the moment asked about.
        (
            Rule(Rhythm.DAILY, EIGHT, ALL_DAYS, SHANGHAI),
            "2018-05-03T23:59:59",
            "2018-05-04T00:00:00",
        ),
        (
            Rule(Rhythm.DAILY, EIGHT, ALL_DAYS, SHANGHAI),
            "2018-05-04T00:00:00",
            "2018-05-05T00:00:00",
        ),
        # Wednesdays and Fridays only: 2018-05-04 is a Friday.
        (
            Rule(Rhythm.DAILY, EIGHT, 0b0010100, SHANGHAI),
            "2018-05-04T00:00:00",
            "2018-05-09T00:00:00",
        ),
        (
            Rule(Rhythm.WEEKLY, at("17:00"), 0b0000001, SHANGHAI),
            "2018-05-04T00:00:00",
            "2018-05-07T09:00:00",
        ),
        # The first week of October 2018 is free, the Saturday before it is worked.
        (
            Rule(Rhythm.WORKDAYS, EIGHT, 0, SHANGHAI),
            "2018-09-28T01:00:00",
            "2018-09-29T00:00:00",
        ),
        (
            Rule(Rhythm.WORKDAYS, EIGHT, 0, SHANGHAI),
            "2018-09-30T01:00:00",
            "2018-10-08T00:00:00",
        ),
        # Several times a day, in any order; strictly later than the moment asked about.
        (
            Rule(Rhythm.DAILY, at("17:30", "08:00"), ALL_DAYS, SHANGHAI),
            "2018-05-04T00:00:00",
            "2018-05-04T09:30:00",
        ),
        (
            Rule(Rhythm.DAILY, at("17:30", "08:00"), ALL_DAYS, SHANGHAI),
            "2018-05-04T09:30:00",
            "2018-05-05T00:00:00",
        ),
        # Once a month; a month too short has it on its last day.
        (
            monthly(31),
            "2018-05-31T00:00:00",
            "2018-06-30T00:00:00",
        ),
        (
            monthly(30),
            "2018-02-01T00:00:00",
            "2018-02-28T00:00:00",
        ),
        (
            monthly(29),
            "2020-02-01T00:00:00",
            "2020-02-29T00:00:00",
        ),
        (monthly(1), "2018-05-02T00:00:00", "2018-06-01T00:00:00"),
        # 02:00 and 02:30 are both left out on the night the clock changes: one digest at 03:00.
        (
            Rule(Rhythm.DAILY, at("02:00", "02:30"), ALL_DAYS, "America/New_York"),
            "2018-03-11T00:00:00",
            "2018-03-11T07:00:00",
        ),
        (
            Rule(Rhythm.DAILY, at("02:00", "02:30"), ALL_DAYS, "America/New_York"),
            "2018-03-11T07:00:00",
            "2018-03-12T06:00:00",
        ),
        # Of 01:30, which comes twice when clocks are set back, the first counts.
        (
            Rule(Rhythm.DAILY, at("01:30"), ALL_DAYS, "America/New_York"),
            "2018-11-04T00:00:00",
            "2018-11-04T05:30:00",
        ),
        (
            Rule(Rhythm.DAILY, at("01:30"), ALL_DAYS, "America/New_York"),
            "2018-11-04T05:30:00",
            "2018-11-05T06:30:00",
        ),
        # What falls into quiet hours is due at their end, the evening's on the next morning.
        (
            Rule(Rhythm.DAILY, at("06:00", "22:00"), 0b0010000, SHANGHAI, quiet=(SMS_NIGHT,)),
            "2018-05-03T22:00:00",
            "2018-05-04T00:00:00",
        ),
        (
            Rule(Rhythm.DAILY, at("06:00", "22:00"), 0b0010000, SHANGHAI, quiet=(SMS_NIGHT,)),
            "2018-05-04T16:00:00",
            "2018-05-05T00:00:00",
        ),
        # In New York 02:00 does not exist on 2018-03-11; it comes twice at 01:00 on 2018-11-04.
        (
            Rule(Rhythm.DAILY, at("02:00"), ALL_DAYS, "America/New_York"),
            "2018-03-11T00:00:00",
            "2018-03-11T07:00:00",
        ),
        (
            Rule(Rhythm.DAILY, at("01:00"), ALL_DAYS, "America/New_York"),
            "2018-11-03T12:00:00",
            "2018-11-04T05:00:00",
        ),
        # Samoa left out the whole of 2011-12-30.
        (
            Rule(Rhythm.DAILY, EIGHT, ALL_DAYS, "Pacific/Apia"),
            "2011-12-29T18:00:00",
            "2011-12-30T18:00:00",
        ),
        # Half an hour is left out here: 02:00 becomes 02:30.
        (
            Rule(Rhythm.DAILY, at("02:00"), ALL_DAYS, "Australia/Lord_Howe"),
            "2018-10-06T12:00:00",
            "2018-10-06T15:30:00",
        ),
    ],
)
def test_next_due(rule: Rule, after: str, due: str) -> None:
    assert next_due(rule, utc(after), by_library) == utc(due)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Rhythm.OFF, EIGHT, ALL_DAYS, SHANGHAI),
        Rule(Rhythm.AT_ONCE, EIGHT, ALL_DAYS, SHANGHAI),
        Rule(Rhythm.DAILY, EIGHT, 0, SHANGHAI),
    ],
)
def test_never_due(rule: Rule) -> None:
    assert next_due(rule, utc("2018-05-04T00:00:00"), by_library) is None


def test_a_moment_in_a_gap_is_its_end() -> None:
    zone = ZoneInfo("America/New_York")
    due = moment(date(2018, 3, 11), time(2), zone)
    assert due.astimezone(zone).isoformat() == "2018-03-11T03:00:00-04:00"


@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(1, ALL_DAYS),
    st.integers(int(utc("2010-01-01").timestamp()), int(utc("2030-01-01").timestamp())),
)
def test_a_row_of_digests_has_one_for_each_day_that_fits(
    zone: str, hour: int, weekdays: int, start: int
) -> None:
    rule = Rule(Rhythm.DAILY, (time(hour),), weekdays, zone)
    after = datetime.fromtimestamp(start, UTC)
    days = []
    for _ in range(12):
        due = next_due(rule, after, by_library)
        assert due is not None
        assert due > after
        local = due.astimezone(ZoneInfo(zone))
        assert rule.falls_on(local.date(), by_library)
        # Only a gap moves the hour, and never by more than a day that was left out (Apia, 2011).
        assert (local.hour, local.minute) == (hour, 0) or moment_left_out(local, hour)
        days.append(local.date())
        after = due
    assert len(set(days)) == len(days)
    fitting = [
        day
        for day in (days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1))
        if rule.falls_on(day, by_library) and exists(day, ZoneInfo(zone))
    ]
    assert days == fitting


def moment_left_out(local: datetime, hour: int) -> bool:
    """Whether ``hour`` o'clock does not exist on that day."""
    wall = local.replace(hour=hour, minute=0, second=0, fold=0)
    back = wall.astimezone(UTC).astimezone(wall.tzinfo)
    return back.replace(tzinfo=None) != wall.replace(tzinfo=None)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the calendar of that zone has the day at all (Apia left one out)."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day
