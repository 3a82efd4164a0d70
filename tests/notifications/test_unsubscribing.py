"""Ending the mails by one click, without signing in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Contact
from agencies.states import Channel
from config.database import db, writing
from config.journal import Entry
from notifications.links import unsubscribe_url
from notifications.models import Subscription
from tests.notifications.hours import recipient_of, subscription_of
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
LETTERS = ascii_letters + digits + "-_"


def address_of(world: World, name: str = "county-clerk") -> str:
    recipient = recipient_of(world.people[name])
    mail = f"{name}@changtong.example"
    url = unsubscribe_url(recipient.id, recipient.created_at, Channel.MAIL, mail)
    return url.removeprefix("http://127.0.0.1:8000")


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
        assert "county clerk" not in answer.text
    for place in (0, len(word) // 2, len(word) - 2):
        other_letter = "b" if word[place] != "b" else "c"
        _is_no_page(client, method, f"{word[:place]}{other_letter}{word[place + 1 :]}")
    for last in set(LETTERS) - {word[-1]}:
        _is_no_page(client, method, word[:-1] + last)
    wishes = db.session.scalars(select(Subscription.rhythm))
    assert set(wishes) == {"workdays"}


def _is_no_page(client: FlaskClient, method: str, word: str) -> None:
    answer = getattr(client, method)(f"/unsubscribe/{word}")
    assert answer.status_code == 404
    assert "这个链接不完整，或者已经失效" in answer.text


def test_the_address_of_somebody_whose_number_was_given_away_is_no_page(
    enrolled: World, client: FlaskClient
) -> None:
    path = address_of(enrolled)
    with writing():
        recipient_of(enrolled.people["county-clerk"]).created_at = datetime(2019, 1, 1, tzinfo=UTC)
    assert client.post(path).status_code == 404


def test_the_reader_may_choose_otherwise_without_signing_in(
    enrolled: World, client: FlaskClient
) -> None:
    path = address_of(enrolled)
    page = client.get(path).text
    sent = {"csrf_token": csrf_of(page), "rhythm": "weekly", "weekday": "2", "times": "15:00"}
    answer = client.post(f"{path}/wish", data=sent)
    assert answer.status_code == 200
    assert "已保存" in answer.text
    wish = subscription_of(enrolled.people["county-clerk"])
    assert (wish.rhythm, wish.weekdays, wish.urgent_at_once) == ("weekly", 0b100, False)
    wrong = client.post(f"{path}/wish", data={**sent, "rhythm": "hourly"})
    assert wrong.status_code == 422
    assert subscription_of(enrolled.people["county-clerk"]).rhythm == "weekly"


def test_whoever_left_by_the_link_comes_back_by_it(enrolled: World, client: FlaskClient) -> None:
    path = address_of(enrolled)
    assert "确定退订" in client.get(path).text
    assert "重新设置" in client.post(path).text
    page = client.get(path).text
    assert "重新接收邮件" in page
    assert "确定退订" not in page
    sent = {"csrf_token": csrf_of(page), "rhythm": "off", "urgent_at_once": "1"}
    assert client.post(f"{path}/wish", data=sent).status_code == 200
    wish = subscription_of(enrolled.people["county-clerk"])
    assert (wish.rhythm, wish.urgent_at_once) == ("off", True)
    assert "确定退订" in client.get(path).text


def test_the_link_is_good_for_years(enrolled: World, client: FlaskClient, clock: Traveller) -> None:
    path = address_of(enrolled)
    clock.shift(timedelta(days=3 * 365))
    assert client.post(path).status_code == 200
    assert subscription_of(enrolled.people["county-clerk"]).rhythm == "off"


def test_the_link_is_dead_once_the_address_has_changed_hands(
    enrolled: World, client: FlaskClient
) -> None:
    path = address_of(enrolled)
    with writing():
        contact = db.session.scalars(
            select(Contact).where(Contact.address == "county-clerk@changtong.example")
        ).one()
        contact.address = "elsewhere@changtong.example"
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
        assert "已经失效" in answer.text
    assert subscription_of(enrolled.people["county-clerk"]).rhythm == "workdays"
