"""Choosing how digests come, ending them by one click, and recipients from outside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Contact
from agencies.states import Channel
from config.database import db, writing
from config.errors import Invalid
from config.journal import Entry
from notifications.inputs import WishInput
from notifications.services.subscriptions import choose
from notifications.states import Rhythm
from tests.notifications import news
from tests.notifications.hours import MONDAY, TUESDAY, subscription_of, texts_to, told_to, work
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]


def daily(*times: str, **others: object) -> WishInput:
    return WishInput.model_validate(
        {"rhythm": "daily", "times": times or ["08:00"], "weekdays": list(range(7)), **others}
    )


def test_switching_on_begins_with_what_comes_from_then_on(
    enrolled: World, clock: Traveller
) -> None:
    clerk = enrolled.actor("county-clerk")
    choose(clerk, Channel.MAIL, WishInput(rhythm=Rhythm.OFF))
    news.tell(enrolled.agencies["county"])
    choose(clerk, Channel.MAIL, daily())
    later = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert told_to(clerk.person_id) == [[later]]


def test_changing_the_hour_loses_nothing(enrolled: World, clock: Traveller) -> None:
    clerk = enrolled.actor("county-clerk")
    first = news.tell(enrolled.agencies["county"])
    choose(clerk, Channel.MAIL, daily("17:00"))
    assert subscription_of(clerk.person_id).next_due_at == datetime(2018, 5, 4, 9, tzinfo=UTC)
    clock.move_to(datetime(2018, 5, 4, 9, tzinfo=UTC))
    work()
    assert told_to(clerk.person_id) == [[first]]


def test_each_channel_has_its_own_cursor(enrolled: World, clock: Traveller, told: Told) -> None:
    clerk = enrolled.actor("county-clerk")
    first = news.tell(enrolled.agencies["county"])
    choose(clerk, Channel.SMS, daily("09:00"))
    second = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert told_to(clerk.person_id) == [[first, second]]
    assert texts_to(clerk.person_id, "sms") == [
        f"【畅通】1 件新公文，其中：news-{second}.。http://127.0.0.1:8000"
    ]


def test_off_means_off(enrolled: World, clock: Traveller) -> None:
    clerk = enrolled.actor("county-clerk")
    choose(clerk, Channel.MAIL, WishInput(rhythm=Rhythm.OFF))
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert texts_to(clerk.person_id) == []
    assert subscription_of(clerk.person_id).next_due_at is None


def test_a_channel_without_a_verified_address_can_not_be_switched_on(enrolled: World) -> None:
    clerk = enrolled.actor("county-clerk")
    with writing():
        for contact in db.session.scalars(
            select(Contact).where(Contact.person_id == clerk.person_id)
        ):
            contact.verified_at = None
    for wish in (daily(), WishInput(urgent_at_once=True)):
        with pytest.raises(Invalid) as refused:
            choose(enrolled.actor("county-clerk"), Channel.SMS, wish)
        assert set(refused.value.errors) == {"rhythm"}
    choose(enrolled.actor("county-clerk"), Channel.SMS, WishInput())


def test_changes_are_kept_in_the_journal(enrolled: World) -> None:
    choose(enrolled.actor("county-clerk"), Channel.MAIL, daily())
    entry = db.session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert entry is not None
    assert (entry.kind, entry.person_id) == (
        "subscription.changed",
        enrolled.people["county-clerk"],
    )


# ---- the page --------------------------------------------------------------------------------


def test_the_page_shows_and_saves(enrolled: World, browser_of: Browsers) -> None:
    browser = browser_of(enrolled.people["county-clerk"])
    page = browser.get("/settings/digests").text
    assert "county-clerk@changtong.example" in page
    saved = browser.post(
        "/settings/digests/mail",
        data={
            "csrf_token": csrf_of(page),
            "rhythm": "weekly",
            "weekday": "4",
            "times": ["17:00", "", ""],
            "urgent_at_once": "1",
        },
    )
    assert saved.status_code == 303
    wish = subscription_of(enrolled.people["county-clerk"])
    assert (wish.rhythm, wish.weekdays, wish.times) == ("weekly", 0b10000, "17:00")
    assert wish.next_due_at == datetime(2018, 5, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"rhythm": "daily"}, "请至少选一个星期几。"),
        ({"rhythm": "weekly", "weekdays": ["1", "2"]}, "每周一次的，请只选一个星期几。"),
        ({"rhythm": "hourly"}, "请从列出的选项中选择。"),
        ({"rhythm": "workdays", "times": ["24:00"]}, "时间请写成 08:30 这样。"),
        ({"rhythm": "workdays", "times": ["", ""]}, "请至少填一个时间。"),
        ({"rhythm": "workdays", "times": ["08:00"] * 7}, "最多选择 6 项。"),
        ({"rhythm": "monthly", "month_day": "32"}, "请填写不大于 31 的数。"),
        ({"rhythm": "workdays", "zone": "Asia/Nowhere"}, "没有这个时区"),
        ({"rhythm": "workdays", "quiet_from": "22:00"}, "把开始和结束都填上"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "开始和结束不能相同"),
        (
            {"rhythm": "workdays", "quiet_from": "22:00", "quiet_until": "8:01"},
            "08:00 在免打扰时段内",
        ),
        ({"rhythm": "daily", "weekdays": ["7"]}, "请填写不大于 6 的数。"),
    ],
)
def test_a_wrong_wish_comes_back_with_a_message(
    enrolled: World, browser_of: Browsers, sent: dict[str, object], message: str
) -> None:
    browser = browser_of(enrolled.people["county-clerk"])
    token = csrf_of(browser.get("/settings/digests").text)
    answer = browser.post("/settings/digests/mail", data={"csrf_token": token, **sent})
    assert answer.status_code == 422
    assert message in answer.text
    assert subscription_of(enrolled.people["county-clerk"]).rhythm == "workdays"


@pytest.mark.parametrize("path", ["/settings/digests/fax", "/settings/digests/sms/preview"])
def test_what_is_not_there(enrolled: World, browser_of: Browsers, path: str) -> None:
    assert browser_of(enrolled.people["county-clerk"]).get(path).status_code == 404


def test_the_preview_shows_what_would_come_and_changes_nothing(
    enrolled: World, browser_of: Browsers, clock: Traveller
) -> None:
    clerk = enrolled.people["county-clerk"]
    browser = browser_of(clerk)
    assert "没有内容" in browser.get("/settings/digests/mail/preview").text
    told = news.tell(enrolled.agencies["county"])
    choose(enrolled.actor("county-clerk"), Channel.SMS, daily())
    assert f"news-{told}." in browser.get("/settings/digests/mail/preview").text
    news.tell(enrolled.agencies["county"])
    assert "按 1 条短信计费" in browser.get("/settings/digests/sms/preview").text
    clock.move_to(MONDAY)
    work()
    assert told in told_to(clerk)[0]


def test_changing_the_hour_while_a_digest_is_overdue_skips_none(
    enrolled: World, clock: Traveller
) -> None:
    one = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY + timedelta(hours=1))  # nobody has worked since eight o'clock
    wish = WishInput(rhythm=Rhythm.WORKDAYS)
    choose(enrolled.actor("county-clerk"), Channel.MAIL, wish)
    work()
    assert told_to(enrolled.people["county-clerk"]) == [[one]]
    clock.move_to(TUESDAY)
    work()
    assert told_to(enrolled.people["county-clerk"]) == [[one]]
