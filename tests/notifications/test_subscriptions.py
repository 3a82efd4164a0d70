"""Choosing how digests come, ending them by one click, and recipients from outside."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Agency, Contact
from agencies.states import Channel
from config import journal
from config.database import db, writing
from config.errors import Invalid
from config.journal import Entry
from notifications.inputs import OutsideInput, WishInput
from notifications.links import unsubscribe_url
from notifications.models import Recipient, Subscription
from notifications.services import outside
from notifications.services.subscriptions import choose
from notifications.states import Rhythm
from tests.notifications import news
from tests.notifications.hours import handle, recipient_of, subscription_of, texts_to, told_to, work
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
MONDAY = datetime(2018, 5, 7, tzinfo=UTC)


@pytest.fixture
def enrolled(province: World) -> World:
    handle()
    return province


def daily(hour: int = 8, **others: object) -> WishInput:
    return WishInput.model_validate(
        {"rhythm": "daily", "hour": hour, "weekdays": list(range(7)), **others}
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
    choose(clerk, Channel.MAIL, daily(hour=17))
    assert subscription_of(clerk.person_id).next_due_at == datetime(2018, 5, 4, 9, tzinfo=UTC)
    clock.move_to(datetime(2018, 5, 4, 9, tzinfo=UTC))
    work()
    assert told_to(clerk.person_id) == [[first]]


def test_each_channel_has_its_own_cursor(enrolled: World, clock: Traveller, told: Told) -> None:
    clerk = enrolled.actor("county-clerk")
    first = news.tell(enrolled.agencies["county"])
    choose(clerk, Channel.SMS, daily(hour=9))
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
            "weekdays": ["4"],
            "hour": "17",
            "urgent_at_once": "1",
        },
    )
    assert saved.status_code == 303
    wish = subscription_of(enrolled.people["county-clerk"])
    assert (wish.rhythm, wish.weekdays, wish.hour) == ("weekly", 0b10000, 17)
    assert wish.next_due_at == datetime(2018, 5, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"rhythm": "daily"}, "请至少选一个星期几。"),
        ({"rhythm": "weekly", "weekdays": ["1", "2"]}, "每周一次的，请只选一个星期几。"),
        ({"rhythm": "hourly"}, "请从列出的选项中选择。"),
        ({"rhythm": "workdays", "hour": "24"}, "请填写不大于 23 的数。"),
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


# ---- one click -------------------------------------------------------------------------------


def address_of(world: World, name: str = "county-clerk") -> str:
    recipient = recipient_of(world.people[name])
    return unsubscribe_url(recipient.id, recipient.created_at, Channel.MAIL).removeprefix(
        "http://127.0.0.1:8000"
    )


def test_one_click_ends_the_mails_without_signing_in(
    enrolled: World, client: FlaskClient, clock: Traveller
) -> None:
    path = address_of(enrolled)
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    wish = subscription_of(enrolled.people["county-clerk"])
    assert (wish.rhythm, wish.urgent_at_once, wish.next_due_at) == ("off", False, None)
    assert client.post(path).status_code == 200
    ended = db.session.scalars(select(Entry).where(Entry.kind == "subscription.ended")).all()
    assert len(ended) == 1
    assert subscription_of(enrolled.people["county-reader"]).rhythm == "workdays"


def test_looking_at_the_address_ends_nothing(enrolled: World, client: FlaskClient) -> None:
    answer = client.get(address_of(enrolled))
    assert answer.status_code == 200
    assert "确定退订" in answer.text
    assert subscription_of(enrolled.people["county-clerk"]).rhythm == "workdays"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_altered_address_is_no_page(enrolled: World, client: FlaskClient, method: str) -> None:
    path = address_of(enrolled)
    other = recipient_of(enrolled.people["city-clerk"]).id
    word = path.removeprefix("/unsubscribe/")
    for altered in (word[:-1], f"{other}{word[word.index('-') :]}", "x", "1-2-mail.AAAA", "é"):
        answer = getattr(client, method)(f"/unsubscribe/{altered}")
        assert answer.status_code == 404
    wishes = db.session.scalars(select(Subscription.rhythm))
    assert set(wishes) == {"workdays"}


def test_the_address_of_somebody_whose_number_was_given_away_is_no_page(
    enrolled: World, client: FlaskClient
) -> None:
    path = address_of(enrolled)
    with writing():
        recipient_of(enrolled.people["county-clerk"]).created_at = datetime(2019, 1, 1, tzinfo=UTC)
    assert client.post(path).status_code == 404


# ---- from outside ----------------------------------------------------------------------------


def outsider(world: World, **given: object) -> Recipient:
    data = {
        "name": "李四",
        "agency": "长安区市场监督管理局",
        "mail": "li@else.example",
        "rhythm": "workdays",
        "urgent_at_once": True,
    }
    return outside.add(world.actor("system"), OutsideInput.model_validate({**data, **given}))


def test_somebody_from_outside_gets_the_digests_of_an_agency(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    outsider(enrolled, phone="13800138000")
    later = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    theirs = [one for one in told.parcels if one.address in ("li@else.example", "+8613800138000")]
    assert len(theirs) == 2
    assert any(f"news-{later}." in one.body.decode() for one in theirs)


def test_once_ended_nothing_more_comes(enrolled: World, told: Told, clock: Traveller) -> None:
    recipient = outsider(enrolled)
    outside.end(enrolled.actor("system"), recipient.id)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert "li@else.example" not in {parcel.address for parcel in told.parcels}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"agency": "没有的局"}, "agency"),
        ({"mail": "keine"}, "mail"),
        ({"phone": "123"}, "phone"),
    ],
)
def test_a_wrong_outsider_is_refused(enrolled: World, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        outsider(enrolled, **given)
    assert set(refused.value.errors) == {field}
    assert db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None))).all() == []


def test_the_page_adds_lists_and_ends(enrolled: World, browser_of: Browsers) -> None:
    browser = browser_of(enrolled.people["system"])
    token = csrf_of(browser.get("/recipients/new").text)
    wrong = browser.post("/recipients/new", data={"csrf_token": token, "name": "李四"})
    assert wrong.status_code == 422
    assert "邮箱和手机号至少填一项" in wrong.text
    assert 'value="李四"' in wrong.text
    sent = {"name": "李四", "agency": "130102", "phone": "13800138000", "rhythm": "workdays"}
    assert browser.post("/recipients/new", data={"csrf_token": token, **sent}).status_code == 303
    page = browser.get("/recipients").text
    assert "李四" in page
    assert "+8613800138000" in page
    [recipient] = db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None)))
    ended = browser.post(f"/recipients/{recipient.id}/end", data={"csrf_token": csrf_of(page)})
    assert ended.status_code == 303
    assert "李四" not in browser.get("/recipients").text
    again = browser.post(f"/recipients/{recipient.id}/end", data={"csrf_token": csrf_of(page)})
    assert again.status_code == 404


def test_an_agency_of_two_same_names_is_named_by_its_code(enrolled: World) -> None:
    with writing():
        twin = db.session.get_one(Agency, enrolled.agencies["sibling"])
        twin.name = "长安区市场监督管理局"
    with pytest.raises(Invalid):
        outsider(enrolled)
    assert outsider(enrolled, agency="130102").agency_id == enrolled.agencies["county"]


def test_the_cursor_of_somebody_new_is_the_head(enrolled: World) -> None:
    news.tell(enrolled.agencies["county"])
    recipient = outsider(enrolled)
    cursor = db.session.scalar(
        select(Subscription.cursor).where(Subscription.recipient_id == recipient.id)
    )
    assert cursor == journal.head() > 0
