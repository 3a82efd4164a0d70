"""Ending the mails by one click, without signing in."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.states import Channel
from config.database import db, writing
from config.journal import Entry
from notifications.links import unsubscribe_url
from notifications.models import Subscription
from tests.notifications.hours import recipient_of, subscription_of
from tests.worlds import World

Browsers = Callable[[int], FlaskClient]


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
