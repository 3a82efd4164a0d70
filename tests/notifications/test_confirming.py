"""The question to somebody from outside: whose link it is, and that one answer is enough."""

from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from itsdangerous import Signer
from sqlalchemy import select, update
from time_machine import Traveller

from config.database import db, writing
from config.journal import Entry
from notifications.inputs import OutsideInput
from notifications.models import Recipient, Subscription
from notifications.services import outside
from tests.notifications import news
from tests.notifications.outsiders import question
from tests.worlds import World, csrf_of

ASKED = {"name": "李四", "agency": "130102", "mail": "li@else.example"}


@pytest.fixture
def asked(enrolled: World) -> Recipient:
    """Somebody who was asked and has not answered."""
    return outside.add(enrolled.actor("system"), OutsideInput.model_validate(ASKED))


@pytest.mark.parametrize(
    "change", [{"mail": "other@else.example"}, {"created_at": datetime(2017, 1, 1, tzinfo=UTC)}]
)
def test_the_link_is_dead_for_whoever_has_the_number_now(
    asked: Recipient, client: FlaskClient, change: dict[str, object]
) -> None:
    path = question(asked)
    token = csrf_of(client.get(path).text)
    with writing():
        db.session.execute(update(Recipient).where(Recipient.id == asked.id).values(change))
    assert client.get(path).status_code == 404
    assert client.post(path, data={"csrf_token": token}).status_code == 404
    assert db.session.get_one(Recipient, asked.id).mail_confirmed_at is None


def test_whoever_was_ended_meanwhile_can_not_confirm(
    enrolled: World, asked: Recipient, client: FlaskClient
) -> None:
    path = question(asked)
    token = csrf_of(client.get(path).text)
    outside.end(enrolled.actor("system"), asked.id)
    assert client.get(path).status_code == 404
    assert client.post(path, data={"csrf_token": token}).status_code == 404


def test_confirmed_once_more_nothing_more_happens(
    enrolled: World, asked: Recipient, client: FlaskClient, clock: Traveller
) -> None:
    path = question(asked)
    sent = {"csrf_token": csrf_of(client.get(path).text)}
    cursor = select(Subscription.cursor).where(Subscription.recipient_id == asked.id)
    assert client.post(path, data=sent).status_code == 200
    before = db.session.scalar(cursor)
    db.session.rollback()
    news.tell(enrolled.agencies["county"])
    clock.shift(timedelta(days=1))
    assert "已确认" in client.post(path, data=sent).text
    assert db.session.scalar(cursor) == before
    kept = select(Entry.id).where(Entry.kind == "recipient.confirmed")
    assert len(db.session.scalars(kept).all()) == 1


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("unsubscribe", "1-1525395600-mail"),
        ("unsubscribe", "1-1525395600-mail-4e49c53d7c8d5635-1525395600"),
        ("confirm", "1-1525395600-mail-4e49c53d7c8d5635"),
    ],
)
def test_a_link_of_ours_of_another_form_is_no_page(
    app: APIFlask, enrolled: World, client: FlaskClient, path: str, word: str
) -> None:
    signed = Signer(app.config["SECRET_KEY"], salt=f"notifications:{path}").sign(word).decode()
    assert client.get(f"/{path}/{signed}").status_code == 404
