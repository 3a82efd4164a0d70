"""Invitations: used once, for seven days, by whoever holds the link; and forgotten passwords."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from agencies import invitations, passwords
from agencies.actors import console
from agencies.inputs import ContactInput, NewPasswordInput, PersonInput
from agencies.models import Contact, Invitation, Person
from agencies.services import contacts, people
from agencies.services import passwords as setting
from agencies.services.invitations import invite, redeem
from agencies.states import Channel, Way
from config import clock
from config.database import db, writing
from config.errors import Invalid, NotFound, TooMany
from config.journal import Entry
from tests.agencies.browsing import press, send, text_of
from tests.agencies.test_sign_in import PASSWORD, attempt, set_password
from tests.worlds import World

Browser = Callable[[int], FlaskClient]
NEW = {"password": PASSWORD, "password_again": PASSWORD}


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
    words = ["1", "1.x", "x.y", "9" * 30 + ".x", "1.%00", "²", "-1.a", f"{made.id}.{signature}"]
    for word in (*words, invitations.token(made) + "x"):
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


WEAK = (
    ("short", "short", "至少要有 10 个字符"),
    ("x" * 201, "x" * 201, "不能超过 200 个字符"),
    ("password123", "password123", "太常见"),
    ("ababababab", "ababababab", "太常见"),
    ("newcomer2026", "newcomer2026", "用户名加数字"),
    (PASSWORD, "another one again", "两次输入的密码不一样"),
)


def test_weak_passwords_are_refused_and_use_nothing_up(client: FlaskClient, newcomer: int) -> None:
    path = path_of(invite(console(), newcomer, Way.SLIP))
    for password, again, fault in WEAK:
        answer = send(client, path, password=password, password_again=again)
        assert answer.status_code == 422
        assert fault in answer.text
        assert password not in answer.text
    assert send(client, path, **NEW).status_code == 303


def test_nothing_but_length_and_rarity_is_asked(client: FlaskClient, newcomer: int) -> None:
    for good in ("四个汉字组成的一句话也行", "aaaabbbbccccd", "UPPER lower only"):
        path = path_of(invite(console(), newcomer, Way.SLIP))
        assert send(client, path, password=good, password_again=good).status_code == 303
        client.delete_cookie("session")
        assert attempt(client, "newcomer", good) == 303
        client.delete_cookie("session")


def test_changing_the_password_ends_the_other_browsers(world: World, browser_of: Browser) -> None:
    set_password(world, "county-clerk")
    here, there = (browser_of(world.people["county-clerk"]) for _ in range(2))
    fields = {"password": "another good one", "password_again": "another good one"}
    page = "/account/password"
    assert send(here, page, current_password="wrong", **fields).status_code == 422
    assert send(here, page, current_password=PASSWORD, **fields).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    for _ in range(9):
        send(here, page, current_password="wrong", **fields)
    assert send(here, page, current_password="another good one", **fields).status_code == 429


def _invited() -> int:
    query = select(func.count()).select_from(Entry).where(Entry.kind == "person.invited")
    return db.session.scalar(query) or 0


def test_forgetting_a_password_tells_nothing_and_sends_where_it_can(
    client: FlaskClient, world: World, newcomer: int
) -> None:
    before = _invited()
    answers = set()
    for name in ("county-clerk", "newcomer", "nobody", "a\0b"):
        answer = send(client, "/forgotten", username=name)
        answers.add((answer.status_code, text_of(answer)))
    assert len(answers) == 1
    assert _invited() == before + 1
    made = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    assert made is not None
    assert (made.person_id, made.way) == (world.people["county-clerk"], "mail")


def test_nobody_is_flooded_with_links(client: FlaskClient, world: World) -> None:
    for number in range(5):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert send(client, "/forgotten", username="county-clerk").status_code == 200
    assert _invited() == 3
    client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    codes = [send(client, "/forgotten", username="nobody").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


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


def test_hashes_are_argon2_and_hang_on_no_secret(world: World, app: APIFlask) -> None:
    set_password(world, "county-clerk")
    kept = db.session.get_one(Person, world.people["county-clerk"]).password
    assert kept is not None
    assert kept.startswith("$argon2id$")
    app.config.update(SECRET_KEY="another", SECURITY_PASSWORD_SALT="another")
    assert passwords.matches(PASSWORD, kept)
