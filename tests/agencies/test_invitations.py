"""Invitations: used once, for seven days, by whoever holds the link; and forgotten passwords."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from string import ascii_letters, digits

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from agencies import invitations
from agencies.actors import console
from agencies.inputs import ContactInput, NewPasswordInput, PersonInput
from agencies.models import Contact, Invitation
from agencies.services import contacts, people
from agencies.services import passwords as setting
from agencies.services.invitations import invite, redeem
from agencies.states import Channel, Way
from config import clock
from config.database import db, writing
from config.errors import Invalid, NotFound, TooMany
from tests.agencies.browsing import press, send
from tests.agencies.test_sign_in import PASSWORD, attempt, set_password
from tests.worlds import World

Browser = Callable[[int], FlaskClient]
NEW = {"password": PASSWORD, "password_again": PASSWORD}
LETTERS = {*ascii_letters, *digits, "-", "_"}


@pytest.fixture
def newcomer(world: World) -> int:
    """Somebody with addresses nobody has proven, and no password."""
    given = PersonInput(
        username="newcomer", name="新人", mail="new@example.com", phone="13800138000"
    )
    return people.create(console(), given).id


def path_of(invitation: Invitation) -> str:
    link = invitations.link(invitation)
    assert link.startswith("http://127.0.0.1:8000/invitation/")
    return link.removeprefix("http://127.0.0.1:8000")


def _contact(person_id: int, channel: Channel) -> Contact:
    query = select(Contact).where(Contact.person_id == person_id, Contact.channel == channel)
    return db.session.scalars(query).one()


def test_the_link_sets_the_password_once_and_proves_the_address(
    client: FlaskClient, newcomer: int
) -> None:
    path = path_of(invite(console(), newcomer, Way.MAIL))
    for _ in range(2):
        assert "新人" in client.get(path).text  # a mail filter that opens the link uses nothing up
    assert send(client, path, **NEW).status_code == 303
    assert "新人" in client.get("/account").text
    assert _contact(newcomer, Channel.MAIL).verified_at is not None
    assert _contact(newcomer, Channel.SMS).verified_at is None
    assert client.get(path).status_code == 404
    client.delete_cookie("session")
    answer = send(client, "/sign-in", path, **NEW)
    assert answer.status_code == 404
    assert attempt(client, "newcomer", PASSWORD) == 303


def test_a_slip_is_typed_as_an_input_method_writes_it(client: FlaskClient, newcomer: int) -> None:
    code = invitations.short_code(invite(console(), newcomer, Way.SLIP))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code.lower())
    answer = send(client, "/invitation", username="ｎｅｗｃｏｍｅｒ", code=wide)
    assert answer.location.startswith("/invitation/")
    assert send(client, answer.location, **NEW).status_code == 303
    client.delete_cookie("session")
    assert attempt(client, "Ｎｅｗｃｏｍｅｒ", PASSWORD) == 303


def test_a_link_ends_after_seven_days(client: FlaskClient, newcomer: int) -> None:
    path = path_of(invite(console(), newcomer, Way.SMS))
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1)):
        assert client.get(path).status_code == 404


def test_another_invitation_ends_the_one_before(client: FlaskClient, newcomer: int) -> None:
    first = path_of(invite(console(), newcomer, Way.MAIL))
    second = path_of(invite(console(), newcomer, Way.MAIL))
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_a_forged_link_opens_nothing(client: FlaskClient, world: World, newcomer: int) -> None:
    made = invite(console(), newcomer, Way.MAIL)
    other = invite(console(), world.people["county-clerk"], Way.MAIL)
    signature = invitations.token(other).partition(".")[2]
    whole = invitations.token(made)
    words = ["1", "1.x", "x.y", "9" * 30 + ".x", "1.%00", "²", "-1.a", f"{made.id}.{signature}"]
    for word in (*words, whole + "x", *(whole[:-1] + one for one in LETTERS - {whole[-1]})):
        assert client.get(f"/invitation/{word}").status_code == 404, word


def test_changing_the_address_ends_the_invitation_to_the_old_one(
    client: FlaskClient, world: World
) -> None:
    actor = world.actor("county-reader")
    made = invite(console(), actor.person_id, Way.MAIL)
    path = path_of(made)
    given = ContactInput(channel=Channel.MAIL, address="other@example.com")
    contacts.save(world.actor("county-reader"), given)
    assert client.get(path).status_code == 404


def test_a_slips_code_leads_to_the_page(client: FlaskClient, newcomer: int) -> None:
    slip = invite(console(), newcomer, Way.SLIP)
    code = invitations.short_code(slip)
    assert len(code.replace("-", "")) == 12
    typed = code.lower().replace("-", " ")
    answer = send(client, "/invitation", username="NEWCOMER", code=typed)
    assert answer.location == path_of(slip)
    assert send(client, answer.location, **NEW).status_code == 303
    client.delete_cookie("session")
    assert send(client, "/invitation", username="newcomer", code=code).status_code == 422


def test_guessing_codes_is_slowed_down(client: FlaskClient, newcomer: int) -> None:
    code = invitations.short_code(invite(console(), newcomer, Way.SLIP))
    for _ in range(10):
        assert send(client, "/invitation", username="newcomer", code="AAAA").status_code == 422
    assert send(client, "/invitation", username="newcomer", code=code).status_code == 429


def test_blanks_around_the_name_give_no_more_guesses(newcomer: int) -> None:
    for blanks in range(10):
        with suppress(NotFound):
            redeem("newcomer" + " " * blanks, "AAAA", f"192.0.2.{blanks}")
    with pytest.raises(TooMany):
        redeem("newcomer" + " " * 20, "AAAA", "192.0.2.99")


def test_a_password_is_not_reset_by_way_of_an_unproven_address(world: World, newcomer: int) -> None:
    set_password(world, "county-clerk")
    person_id = world.people["county-clerk"]
    with writing():
        _contact(person_id, Channel.SMS).verified_at = None
    with pytest.raises(Invalid):
        invite(world.actor("security"), person_id, Way.SMS)
    assert invite(world.actor("security"), person_id, Way.MAIL).contact_id
    assert invite(console(), newcomer, Way.SMS).contact_id  # newcomers prove it by the link


def test_a_link_that_two_use_at_once_serves_one(
    app: APIFlask, newcomer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = invitations.token(invite(console(), newcomer, Way.SLIP))
    data = NewPasswordInput(password=PASSWORD, password_again=PASSWORD)
    outcomes: list[str] = []
    use_up = setting._use_up

    def use() -> None:
        with app.test_request_context():
            try:
                setting.set_by_invitation(word, data)
                outcomes.append("set")
            except NotFound:
                outcomes.append("not found")
            finally:
                db.session.remove()

    second = threading.Thread(target=use)

    def use_up_while_another_comes(used: Invitation) -> None:
        monkeypatch.setattr(setting, "_use_up", use_up)
        second.start()
        second.join(timeout=1.5)  # the other comes as far as the lock
        use_up(used)

    monkeypatch.setattr(setting, "_use_up", use_up_while_another_comes)
    db.session.remove()
    use()
    second.join(timeout=20)
    assert sorted(outcomes) == ["not found", "set"]


def test_who_may_invite_whom(world: World, browser_of: Browser, newcomer: int) -> None:
    set_password(world, "county-clerk")
    clerk = world.people["county-clerk"]
    system = browser_of(world.people["system"])
    security = browser_of(world.people["security"])
    audit = browser_of(world.people["audit"])

    def status(browser: FlaskClient, person_id: int) -> int:
        return press(browser, f"/people/{person_id}/invite", way="slip").status_code

    assert status(system, newcomer) == 303  # newcomers are the system administrator's
    assert status(system, clerk) == 403
    assert status(security, clerk) == 303  # forgotten passwords the security administrator's
    assert status(security, newcomer) == 403
    assert status(audit, clerk) == 403
    slip = select(Invitation.id).where(Invitation.person_id == clerk)
    slip_id = db.session.scalar(slip)
    assert security.get(f"/invitations/{slip_id}/slip").status_code == 200
    assert system.get(f"/invitations/{slip_id}/slip").status_code == 403
    assert press(system, f"/people/{newcomer}/invite", way="pigeon").status_code == 422


def test_a_locked_person_sets_a_password_but_stays_out(client: FlaskClient, world: World) -> None:
    person_id = world.people["county-clerk"]
    people.lock(world.actor("security"), person_id)
    path = path_of(invite(console(), person_id, Way.SLIP))
    assert send(client, path, **NEW).status_code == 303
    assert client.get("/account").status_code == 302
    assert attempt(client, "county-clerk", PASSWORD) == 422
    people.unlock(world.actor("security"), person_id)
    assert attempt(client, "county-clerk", PASSWORD) == 303


def test_the_administrator_mends_the_address_of_whoever_was_not_in_yet(
    client: FlaskClient, world: World, browser_of: Browser, newcomer: int
) -> None:
    system = browser_of(world.people["system"])
    page = f"/people/{newcomer}"
    wrong = path_of(invite(console(), newcomer, Way.MAIL))

    def mend(channel: str, address: str) -> TestResponse:
        return send(system, page, f"{page}/contacts", channel=channel, address=address)

    refused = mend("mail", "li at example")
    assert refused.status_code == 422
    assert 'value="li at example"' in refused.text
    assert mend("mail", "li@example.com").location == page
    assert client.get(wrong).status_code == 404  # whoever got it by mistake comes too late
    contact = _contact(newcomer, Channel.MAIL)
    assert (contact.address, contact.verified_at) == ("li@example.com", None)
    assert send(client, path_of(invite(console(), newcomer, Way.MAIL)), **NEW).status_code == 303
    assert _contact(newcomer, Channel.MAIL).verified_at is not None
    assert (
        press(system, f"{page}/contacts", channel="mail", address="x@example.com").status_code
        == 403
    )
    assert _contact(newcomer, Channel.MAIL).address == "li@example.com"
