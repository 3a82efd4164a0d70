"""What comes back of mails is noted once: addresses gone, complaints; never what is forged."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from time_machine import Traveller

from agencies.contacts import code
from agencies.inputs import TokenInput
from agencies.models import Contact
from agencies.passwords import hashed
from agencies.services import contacts as own
from agencies.services import tokens
from bulletins.states import Urgency
from config.database import db, writing
from config.journal import Entry
from notifications.jobs import returned_mails
from notifications.links import returns_url
from notifications.lost_readers import SECTIONS
from notifications.models import Delivery, LostReader, Recipient, ReturnedMail
from notifications.services.returns import Taken, take
from notifications.states import Action, State
from parts.dovecot import Dovecot
from tests.bulletins.papers import published
from tests.notifications.hours import (
    MONDAY,
    deliveries,
    handle,
    recipient_of,
    subscription_of,
    work,
)
from tests.notifications.outsiders import joined
from tests.notifications.providers import Told
from tests.notifications.reports import complaint, report
from tests.worlds import World, csrf_of

CLERK = "county-clerk@changtong.example"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def world_told(province: World, told: Told) -> World:
    """Everybody below has been told of an urgent paper."""
    handle()
    published(province, urgency=Urgency.FLASH)
    work()
    return province


def sent_to(address: str) -> Delivery:
    return db.session.scalars(select(Delivery).where(Delivery.address == address)).one()


def contact(address: str = CLERK) -> Contact:
    db.session.rollback()
    return db.session.scalars(select(Contact).where(Contact.address == address)).one()


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_address_that_is_gone_gets_nothing_more(
    world_told: World, told: Told, clock: Traveller
) -> None:
    raw = report(sent_to(CLERK).ref)
    assert [take(raw), take(raw)] == [Taken.NOTED, Taken.AGAIN]
    assert contact().verified_at is None
    assert contact().bounced_at is not None
    db.session.rollback()
    assert (sent_to(CLERK).state, sent_to(CLERK).outcome) == (State.FAILED, "bounced")
    told.parcels.clear()
    published(world_told, urgency=Urgency.FLASH)
    clock.move_to(MONDAY)
    work()
    assert told.parcels
    assert CLERK not in {parcel.address for parcel in told.parcels}


def test_the_issuer_is_told_once_whose_reader_is_gone(
    world_told: World, told: Told, clock: Traveller
) -> None:
    for name in ("county-clerk", "county-reader", "city-clerk"):
        take(report(sent_to(f"{name}@changtong.example").ref))
        take(report(sent_to(f"{name}@changtong.example").ref, action="delayed", status="4.4.1"))
    assert count(LostReader) == 3
    entries = db.session.scalars(select(Entry).where(Entry.kind == "reader.lost")).all()
    assert {entry.agency_id for entry in entries} == {world_told.agencies["province"]}
    assert not any("@" in entry.body for entry in entries)


def test_the_page_lists_whose_address_is_still_gone(
    world_told: World, browser_of: Callable[[int], FlaskClient], client: FlaskClient
) -> None:
    take(report(sent_to(CLERK).ref))
    clerk = browser_of(world_told.people["province-clerk"])
    page = clerk.get("/lost-readers").text
    assert "county clerk" in page
    assert "长安区市场监督管理局" in page
    assert "county clerk" not in (
        browser_of(world_told.people["city-clerk"]).get("/lost-readers").text
    )
    acting = world_told.actor("province-clerk")
    key = tokens.issue(acting, TokenInput(label="x", seat_id=acting.seat_id))
    headers = {"Authorization": f"Bearer {key}"}
    answer: Any = client.get("/api/v1/lost-readers", headers=headers).json
    [item] = answer["items"]
    assert item["name"] == "county clerk"
    with writing():
        contact().bounced_at = None
    assert "county clerk" not in clerk.get("/lost-readers").text


def test_the_person_is_told_at_sign_in_and_can_prove_the_address_anew(
    world_told: World, app: APIFlask, browser_of: Callable[[int], FlaskClient]
) -> None:
    clerk = world_told.actor("county-clerk")
    with writing():
        clerk.person.password = hashed("ein-langes-Kennwort-42", clerk.person)
    take(report(sent_to(CLERK).ref))
    browser = app.test_client()
    typed = {"username": "county-clerk", "password": "ein-langes-Kennwort-42"}
    token = csrf_of(browser.get("/sign-in").text)
    page = browser.post("/sign-in", data=typed | {"csrf_token": token}, follow_redirects=True).text
    assert CLERK in page
    assert "退回" in page
    assert "退回" in browser.get("/account").text
    admin = browser_of(world_told.people["system"])
    assert "退回" in admin.get(f"/people/{clerk.person_id}").text
    own.send_code(clerk, contact().id)
    own.verify(clerk, contact().id, code(contact()))
    assert contact().verified_at is not None
    assert contact().bounced_at is None


def test_a_refusal_on_the_spot_is_as_good(province: World, told: Told) -> None:
    told.answers[CLERK] = Action.REFUSE
    told.words = "550 5.1.1 No such user"
    handle()
    published(province, urgency=Urgency.FLASH)
    work()
    assert contact().bounced_at is not None
    assert count(LostReader) > 0


def test_somebody_from_outside_whose_address_is_gone(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    asked = {"name": "李四", "agency": "130102", "mail": "li@else.example", "urgent_at_once": True}
    added = joined(enrolled, asked)
    published(enrolled, urgency=Urgency.FLASH)
    work()
    take(report(sent_to("li@else.example").ref))
    db.session.rollback()
    assert db.session.get_one(Recipient, added.id).bounced_at is not None
    told.parcels.clear()
    published(enrolled, urgency=Urgency.FLASH)
    work()
    assert "li@else.example" not in {parcel.address for parcel in told.parcels}


def test_soft_ones_are_counted_and_stop_nothing(world_told: World) -> None:
    take(report(sent_to(CLERK).ref, action="delayed", status="4.2.2"))
    take(report(sent_to(CLERK).ref, status="5.2.2", said="552 5.2.2 mailbox full"))
    assert contact().verified_at is not None
    assert count(ReturnedMail) == 2
    assert sent_to(CLERK).state == State.FAILED


def test_a_complaint_ends_the_mails(world_told: World) -> None:
    raw = complaint(sent_to(CLERK).ref)
    assert [take(raw), take(raw)] == [Taken.NOTED, Taken.AGAIN]
    db.session.rollback()
    wish = subscription_of(world_told.people["county-clerk"])
    assert (wish.rhythm, wish.urgent_at_once) == ("off", False)
    assert contact().verified_at is not None


def test_an_address_that_was_changed_meanwhile_stays(world_told: World) -> None:
    raw = report(sent_to(CLERK).ref)
    with writing():
        contact().address = "new@changtong.example"
    assert take(raw) == Taken.NOTED
    assert contact("new@changtong.example").verified_at is not None


def test_forged_reports_change_nothing(world_told: World, client: FlaskClient) -> None:
    path = returns_url().removeprefix("http://127.0.0.1:8000")
    before = [(one.state, one.outcome) for one in deliveries()]
    for raw in (report("0" * 24), complaint("f" * 24), b"", b"\xff" * 1000, b"x" * 2_000_000):
        assert client.post(path, data=raw).status_code == 204
    assert client.post(path[:-1] + "x", data=report(sent_to(CLERK).ref)).status_code == 404
    assert [(one.state, one.outcome) for one in deliveries()] == before
    assert count(ReturnedMail) == 0


def test_the_hook_takes_a_report(world_told: World, client: FlaskClient) -> None:
    path = returns_url().removeprefix("http://127.0.0.1:8000")
    assert client.post(path, data=report(sent_to(CLERK).ref)).status_code == 204
    assert contact().bounced_at is not None


@pytest.mark.parametrize("way", ["imap", "pop3"])
def test_a_mailbox_is_read_and_emptied(
    way: str, world_told: World, app: APIFlask, dovecot: Dovecot, clock: Traveller
) -> None:
    url = dovecot.url if way == "imap" else dovecot.pop3_url
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"bounces_url": url})
    dovecot.put(b"Subject: spam\r\n\r\nbuy\r\n", report(sent_to(CLERK).ref), b"\xff\x00")
    returned_mails()
    assert contact().bounced_at is not None
    assert dovecot.kept() == 0
    dovecot.stop()
    clock.shift(timedelta(minutes=1))
    returned_mails()  # nobody listens: told in the log, tried again
    dovecot.start()


def test_who_is_gone_is_news_in_the_digest_of_the_issuer(
    enrolled: World, told: Told, clock: Traveller, app: APIFlask
) -> None:
    app.extensions["sections"] = list(SECTIONS)
    published(enrolled, urgency=Urgency.FLASH)
    work()
    take(report(sent_to(CLERK).ref))
    told.parcels.clear()
    clock.move_to(MONDAY)
    work()
    recipient = recipient_of(enrolled.people["province-clerk"])
    theirs = [one for one in deliveries() if one.digest_id and one.recipient_id == recipient.id]
    assert len(theirs) == 1
    clock.shift(timedelta(days=1))
    work()
    theirs = [one for one in deliveries() if one.digest_id and one.recipient_id == recipient.id]
    assert len(theirs) == 1  # once, not every day
