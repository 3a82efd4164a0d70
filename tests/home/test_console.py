"""The first page of the three administrators: what needs each of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import delete

from agencies.models import Contact, Person
from agencies.states import AdminRole
from config import clock, journal, settling
from config.database import db, writing
from config.handling import Handling
from config.journal import Entry
from home import consoles
from tests.bulletins.queries import counted
from tests.worlds import World

Browser = Callable[[int], FlaskClient]

NOTHING = "现在没有需要您处理的事"


@pytest.fixture(autouse=True)
def _calm(world: World) -> None:
    """Everybody has a password, everything is settled."""
    settling.settle_all()
    with writing():
        db.session.execute(db.update(Person).values(password="$argon2id$none"))


def _home(world: World, browser_of: Browser, role: AdminRole) -> str:
    answer = browser_of(world.people[role]).get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [AdminRole.SECURITY, AdminRole.AUDIT])
def test_it_says_clearly_that_nothing_waits(
    world: World, browser_of: Browser, role: AdminRole
) -> None:
    assert NOTHING in _home(world, browser_of, role)


def test_people_who_can_not_be_reached_or_have_not_come(
    app: APIFlask, world: World, browser_of: Browser
) -> None:
    county = world.people["county-clerk"]
    with writing():
        for person_id in (county, world.people["audit"]):  # who is sent nothing anyway
            db.session.execute(delete(Contact).where(Contact.person_id == person_id))
        db.session.get_one(Person, world.people["city-clerk"]).password = None
    for role in (AdminRole.SYSTEM, AdminRole.SECURITY):
        with app.test_request_context():
            counts = {need.label: need.count for need in consoles.needs(role)}
        assert counts["没有已验证联系方式的人员"] == 1
        assert counts["还没有设置密码的人员"] == 1
        assert "没有已验证联系方式的人员" in _home(world, browser_of, role)


def test_a_handling_set_aside(world: World, browser_of: Browser) -> None:
    with writing():
        entry = journal.record("paper.published", subject=("paper", 1))
        now = clock.now()
        db.session.add(
            Handling(
                entry_id=entry.id, handler="a.b", next_try_at=now, set_aside_at=now, attempts=9
            )
        )
    for role in (AdminRole.SYSTEM, AdminRole.AUDIT):
        assert "搁置的处理" in _home(world, browser_of, role).split("<aside")[0]


def test_locked_accounts(world: World, browser_of: Browser) -> None:
    assert "锁定的账号" not in _home(world, browser_of, AdminRole.SECURITY).split("<aside")[0]
    with writing():
        person = db.session.get_one(Person, world.people["county-clerk"])
        person.locked_until = clock.now() + timedelta(minutes=5)
    assert "锁定的账号" in _home(world, browser_of, AdminRole.SECURITY).split("<aside")[0]


def test_entries_that_wait_too_long_for_their_number(world: World, browser_of: Browser) -> None:
    with writing():
        entry = journal.record("paper.published", subject=("paper", 1))
        entry.at = clock.now() - timedelta(minutes=2)
    page = _home(world, browser_of, AdminRole.AUDIT)
    assert "尚未编号的日志" in page.split("<aside")[0]
    assert db.session.scalars(db.select(Entry.id).where(Entry.position.is_(None))).all()


def test_the_auditor_can_check_the_chain_from_here(world: World, browser_of: Browser) -> None:
    page = _home(world, browser_of, AdminRole.AUDIT)
    assert f"链上共有 {journal.head()} 条日志。" in page
    assert 'action="/journal/verify"' in page


@pytest.mark.parametrize("role", AdminRole)
def test_the_questions_are_few(app: APIFlask, world: World, role: AdminRole) -> None:
    with app.test_request_context(), counted() as asked:
        consoles.needs(role)
    assert len(asked) <= 8
