"""Addresses count only once their code was typed in; codes are short-lived and never stored."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.contacts import code, normal_address, verified_addresses
from agencies.models import Contact
from agencies.states import Channel
from config.database import db
from config.errors import Invalid
from config.journal import Entry
from tests.agencies.browsing import press, send
from tests.worlds import World

Browser = Callable[[int], FlaskClient]


@pytest.fixture
def moment() -> Iterator[Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def browser(moment: Traveller, world: World, browser_of: Browser) -> FlaskClient:
    """The browser of a county's clerk."""
    return browser_of(world.people["county-clerk"])


def _mail(world: World) -> Contact:
    return db.session.scalars(
        select(Contact).where(
            Contact.person_id == world.people["county-clerk"], Contact.channel == Channel.MAIL
        )
    ).one()


def _change(browser: FlaskClient, address: str = "clerk@example.com") -> int:
    return press(browser, "/account/contacts", channel="mail", address=address).status_code


def _reached(world: World) -> dict[int, str]:
    return verified_addresses([world.people["county-clerk"]], Channel.MAIL)


def test_a_new_address_counts_once_its_code_was_typed(world: World, browser: FlaskClient) -> None:
    assert _reached(world)
    assert _change(browser) == 303
    assert _reached(world) == {}
    assert "验证码已发出" in browser.get("/account").text
    kinds = select(Entry.kind).where(Entry.subject_kind == "contact").order_by(Entry.id)
    assert db.session.scalars(kinds).all() == ["contact.changed", "contact.code_requested"]
    contact = _mail(world)
    page, digits = f"/account/contacts/{contact.id}", code(contact)
    assert digits.isdecimal()
    assert len(digits) == 6
    assert send(browser, page, f"{page}/verify", code=f" {digits} ").status_code == 303
    assert _reached(world) == {world.people["county-clerk"]: "clerk@example.com"}


def test_a_code_may_come_as_an_input_method_writes_it(world: World, browser: FlaskClient) -> None:
    _change(browser, "ｃｌｅｒｋ＠example.com")
    contact = _mail(world)
    assert contact.address == "clerk@example.com"
    page, digits = f"/account/contacts/{contact.id}", code(contact)
    typed = "".join(chr(ord(digit) + 0xFEE0) for digit in digits[:3]) + " " + digits[3:]
    assert send(browser, page, f"{page}/verify", code=typed).status_code == 303


def test_the_same_address_again_stays_proven(world: World, browser: FlaskClient) -> None:
    (address,) = _reached(world).values()
    answer = press(browser, "/account/contacts", channel="mail", address=f"  {address} ")
    assert answer.location == "/account"  # there is no code to type in
    assert _reached(world)


def test_a_code_takes_five_tries_and_ten_minutes(
    moment: Traveller, world: World, browser: FlaskClient
) -> None:
    _change(browser)
    page = f"/account/contacts/{_mail(world).id}"

    def verify(typed: str) -> int:
        return send(browser, page, f"{page}/verify", code=typed).status_code

    digits = code(_mail(world))
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    assert [verify(wrong) for _ in range(5)] == [422] * 5
    assert verify(digits) == 422  # the sixth try, though right
    send(browser, page, f"{page}/code")
    assert code(_mail(world)) == digits  # within a minute there is no new one
    moment.shift(timedelta(seconds=61))
    send(browser, page, f"{page}/code")
    assert verify(digits) == 422
    moment.shift(timedelta(minutes=10, seconds=1))
    assert verify(code(_mail(world))) == 422
    send(browser, page, f"{page}/code")
    assert verify(code(_mail(world))) == 303


def test_a_code_for_one_address_proves_no_other(
    moment: Traveller, world: World, browser: FlaskClient
) -> None:
    _change(browser, "mine@example.com")
    digits = code(_mail(world))
    _change(browser, "theirs@example.com")
    page = f"/account/contacts/{_mail(world).id}"
    assert code(_mail(world)) != digits
    assert send(browser, page, f"{page}/verify", code=digits).status_code == 422


def test_ten_codes_a_day(moment: Traveller, world: World, browser: FlaskClient) -> None:
    _change(browser)
    page = f"/account/contacts/{_mail(world).id}"
    for _ in range(12):
        moment.shift(timedelta(minutes=2))
        send(browser, page, f"{page}/code")
    query = select(Entry.id).where(Entry.kind == "contact.code_requested")
    assert len(db.session.scalars(query).all()) == 10


def test_other_peoples_addresses_do_not_exist(world: World, browser: FlaskClient) -> None:
    theirs = db.session.scalar(
        select(Contact.id).where(Contact.person_id == world.people["city-clerk"])
    )
    page = f"/account/contacts/{theirs}"
    assert browser.get(page).status_code == 404
    for action in ("code", "verify", "remove"):
        assert press(browser, f"{page}/{action}", code="123456").status_code == 404


def test_a_removed_address_is_gone(world: World, browser: FlaskClient) -> None:
    assert press(browser, f"/account/contacts/{_mail(world).id}/remove").status_code == 303
    assert _reached(world) == {}


def test_a_wrong_address_is_shown_again(world: World, browser: FlaskClient) -> None:
    fields = {"channel": "mail", "address": 'no"<b>mail'}
    answer = press(browser, "/account/contacts", **fields)
    assert answer.status_code == 422
    assert "no&#34;&lt;b&gt;mail" in answer.text
    assert "邮箱地址不对" in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+852 6123 4567", "+85261234567"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_phone_numbers_have_one_form(typed: str, kept: str) -> None:
    assert normal_address(Channel.SMS, typed) == kept


@pytest.mark.parametrize("typed", ["", "110", "0311-8765432", "1380013800", "abc", "1" * 300])
def test_what_no_sms_can_reach_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        normal_address(Channel.SMS, typed)


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a@b", "a@b..c", "a b@c.cn", "a@c.cn\nBcc: x@y.cn", "a@[1.2.3.4]", "甲@乙.中国"],
)
def test_what_no_mail_can_reach_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        normal_address(Channel.MAIL, typed)


def test_mail_addresses_have_one_form() -> None:
    assert normal_address(Channel.MAIL, " Zhang.San@Example.GOV.cn ") == "Zhang.San@example.gov.cn"
