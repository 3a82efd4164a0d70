"""The demo province: who is in it, who can sign in, and that its first page shows life."""

from collections import Counter

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from agencies.models import Agency, Contact, Lineage, Person, Seat, Tenure
from agencies.states import AgencyKind, Level, SeatKind
from bulletins.models import Bulletin, Question, Receipt, Selection, VersionAttachment
from bulletins.states import State as PaperState
from config import clock, settling
from config.database import db
from coordination.models import Assignment
from coordination.states import TODO
from demo.credit_codes import check_digit, credit_code
from demo.divisions import nation, within
from demo.province import ACCOUNTS, load
from notifications.models import Subscription
from tests.worlds import csrf_of

PASSWORDS = {username: f"{username}-is-not-secret" for username, _ in ACCOUNTS}


@pytest.mark.parametrize("code", ["91330100799655058B", "914403001922038216", "9144030071526726XG"])
def test_the_check_digits_of_real_codes(code: str) -> None:
    assert check_digit(code[:17]) == code[17]


def test_codes_made_up_are_right_too() -> None:
    code = credit_code("91", "130102", 1)
    assert len(code) == 18
    assert code[17] == check_digit(code[:17])


def test_the_table_of_divisions_is_whole() -> None:
    assert Counter(one.level for one in nation()) == {"province": 31, "city": 342, "county": 2854}
    hebei = within("130000")
    assert Counter(one.level for one in hebei) == {"province": 1, "city": 11, "county": 167}
    seen: set[str] = set()
    for one in hebei:
        assert one.code == "130000" or one.parent_code in seen
        seen.add(one.code)


def _who() -> None:
    kinds = select(Agency.kind, Agency.level, func.count()).group_by(Agency.kind, Agency.level)
    assert {(kind, level): count for kind, level, count in db.session.execute(kinds)} == {
        (AgencyKind.BUREAU, Level.PROVINCE): 1,
        (AgencyKind.BUREAU, Level.CITY): 11,
        (AgencyKind.BUREAU, Level.COUNTY): 167,
        (AgencyKind.ASSOCIATION, Level.PROVINCE): 1,
        (AgencyKind.ENTERPRISE, Level.COUNTY): 10,
    }
    root = db.session.scalars(select(Agency).where(Agency.parent_id.is_(None))).one()
    assert root.name == "河北省市场监督管理局"
    below = select(func.count()).where(Lineage.ancestor_id == root.id)
    assert db.session.scalar(below) == 190
    seats = db.session.execute(
        select(Seat.agency_id, Seat.kind)
        .join(Agency, Agency.id == Seat.agency_id)
        .where(Agency.kind == AgencyKind.BUREAU)
    ).all()
    of = {agency: Counter(kind for at, kind in seats if at == agency) for agency, _ in seats}
    assert len(of) == 179
    for counts in of.values():
        assert counts[SeatKind.CLERK] == counts[SeatKind.APPROVER] == 1
        assert counts[SeatKind.READER] in (2, 3)


def _reached() -> None:
    people = db.session.scalar(select(func.count()).select_from(Tenure))
    addresses = db.session.scalars(select(Contact).where(Contact.verified_at.is_not(None))).all()
    assert len(addresses) == people
    assert all(one.address.endswith("@changtong.example") for one in addresses)
    assert db.session.scalar(select(func.count()).select_from(Subscription)) == people
    late = select(func.count()).where(Subscription.next_due_at <= clock.now())
    assert db.session.scalar(late) == 0
    keys = select(Person.username).where(Person.password.is_not(None))
    assert set(db.session.scalars(keys)) == set(PASSWORDS)


def _alive() -> None:
    county = select(Agency.id).where(Agency.code == "130102").scalar_subquery()
    overdue = select(func.count()).where(
        Assignment.agency_id == county,
        Assignment.state.in_(TODO),
        Assignment.due_at < clock.now(),
    )
    assert db.session.scalar(overdue) == 1
    waits = select(func.count()).where(
        Receipt.agency_id == county,
        Receipt.needs_acknowledgement,
        Receipt.acknowledged_at.is_(None),
    )
    assert db.session.scalar(waits) in (1, 2)
    states = Counter(db.session.scalars(select(Bulletin.state)))
    assert states == {
        PaperState.PUBLISHED: 10,
        PaperState.VOID: 1,
        PaperState.SUBMITTED: 1,
        PaperState.DRAFT: 1,
    }
    opened = [one is not None for one in db.session.scalars(select(Receipt.opened_at))]
    assert 0.2 < sum(opened) / len(opened) < 0.8
    _filled(county)
    future = select(func.count()).where(Bulletin.signed_at > clock.now())
    assert db.session.scalar(future) == 0


def _filled(county: object) -> None:
    """Each page of papers has something to show."""
    assert db.session.scalar(select(func.count()).where(Bulletin.version == 2)) == 1
    stuck = select(func.count()).where(
        Receipt.relay_by.is_not(None),
        Receipt.relayed_at.is_(None),
        Receipt.passed_over_at.is_(None),
    )
    assert 1 <= (db.session.scalar(stuck) or 0) < 11
    relayed = select(func.count()).where(Receipt.relay_id.is_not(None), Receipt.agency_id == county)
    assert db.session.scalar(relayed) == 1
    assert Counter(db.session.scalars(select(Question.state))) == {
        "answered": 1,
        "noted": 1,
        "asked": 1,
    }
    assert db.session.scalar(select(func.count()).select_from(Selection)) == 1
    assert db.session.scalar(select(func.count()).select_from(VersionAttachment)) == 1


def test_the_province(app: APIFlask) -> None:
    load(PASSWORDS)
    _who()
    _reached()
    _alive()
    assert settling.verify().fault is None
    db.session.remove()
    for username, password in PASSWORDS.items():
        browser = app.test_client()
        form = {
            "username": username,
            "password": password,
            "csrf_token": csrf_of(browser.get("/sign-in").text),
        }
        assert browser.post("/sign-in", data=form).status_code == 303
        assert browser.get("/").status_code == 200, username
