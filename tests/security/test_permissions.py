"""The permission table, tested whole: every route × every role × every relation."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from agencies.models import Tenure
from agencies.permissions import TABLE as RULES
from agencies.states import SeatKind
from config import clock
from config.database import db, writing
from tests.security.conftest import TESTED_AT
from tests.security.house import ROLES, House
from tests.security.tables import TABLE, bulletins, coordination
from tests.security.tables.rows import Row
from tests.worlds import seat_person

NOT_OURS = {"static", "bootstrap.static", "openapi.spec"}
"""Files, and the description of the API: open to everybody."""

DENIED = (401, 403, 404)


def _cells(house: House, row: Row) -> Iterator[tuple[str, str | None]]:
    for role in ROLES:
        for relation in house.relations(row.thing) if row.thing else (None,):
            if not row.thing or house.thing(row.thing, role, relation) != "":
                yield role, relation


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_gets_what_the_table_says(quick_house: House, row: Row) -> None:
    house, wrong = quick_house, []
    refused: set[str] = set()
    nothing: dict[str, str] = {}
    for role, relation in _cells(house, row):
        expected = row.expected(role, relation)
        response = house.ask(row, role, relation, as_program=expected == 403 and role in refused)
        refused |= {role} if expected == 403 else set()
        faults = [*_faults(row, role, expected, response)]
        if house.keeper.changed() and (expected in DENIED or role not in row.who):
            faults.append("turned away, but something was written")
        if expected == 404 and nothing.setdefault(role, _words(response)) != _words(response):
            faults.append("the 404 differs from that of another thing")
        wrong += [f"{role}, {relation}: {fault}" for fault in faults]
        house.keeper.restore()
    assert not wrong, "\n".join(wrong)


def _faults(row: Row, role: str, expected: int, response: TestResponse) -> Iterator[str]:
    status = 302 if response.status_code == 303 else response.status_code
    if status != expected:
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.text))
        yield f"{expected} expected, {status} {response.location or said[-300:]}"
        return
    if row.is_api and status >= 400 and set(response.get_json()) < {"code", "message"}:
        yield "a failure without code and message"
    if row.is_api and status == 401 and "WWW-Authenticate" not in response.headers:
        yield "401 without WWW-Authenticate"
    if role not in row.who and status == 302 and not _leads_to_sign_in(response):
        yield f"led to {response.location}"


def _leads_to_sign_in(response: TestResponse) -> bool:
    return (response.location or "").startswith("/sign-in?next=/")


def _words(response: TestResponse) -> str:
    """What a page says, without its own address and the CSRF tokens of its buttons."""
    return re.sub(r'csrf_token" value="[^"]*|href="/language[^"]*', "", response.text)


def test_the_table_has_every_route(quick_house: House) -> None:
    """Whoever adds a route says here who may use it."""
    routes = quick_house.app.url_map
    adapter = routes.bind("localhost")
    known = set()
    for row in TABLE:
        path = quick_house.path(row, "clerk", None).partition("?")[0]
        known.add((row.method, adapter.match(path, method=row.method)[0]))
    missing = [
        f"{method} {rule}"
        for rule in routes.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if (method, rule.endpoint) not in known
    ]
    assert not missing, "\n".join(missing)


def test_every_view_says_who_may_use_it(quick_house: House) -> None:
    """By @permission with an action of the rules, or by @public."""
    for endpoint, view in quick_house.app.view_functions.items():
        if endpoint not in NOT_OURS:
            action = getattr(view, "permission", "undeclared")
            assert action is None or action in RULES, endpoint


def test_only_public_views_are_open_to_everybody(quick_house: House) -> None:
    adapter = quick_house.app.url_map.bind("localhost")
    for row in TABLE:
        path = quick_house.path(row, "clerk", None).partition("?")[0]
        view = quick_house.app.view_functions[adapter.match(path, method=row.method)[0]]
        is_public = getattr(view, "permission", None) is None
        assert is_public == ("anonymous" in row.who), str(row)


@pytest.mark.parametrize("row", [*bulletins.PAGES, *coordination.PAGES], ids=str)
def test_postgresql_says_the_same(postgresql_house: House, row: Row) -> None:
    """A sample: the first who may, for each relation, of papers and tasks alone."""
    house, role = postgresql_house, row.who[0]
    for relation in house.relations(row.thing) if row.thing else (None,):
        with time_machine.travel(TESTED_AT):
            response = house.ask(row, role, relation)
        expected = row.expected(role, relation)
        assert not [*_faults(row, role, expected, response)], f"{role}, {relation}"
        if expected < 400:
            house.keeper.restore()


def test_a_cookie_opens_no_door_of_the_api(quick_house: House) -> None:
    """What a page of somebody else's site can make a browser send must never count there."""
    cookie = {"Cookie": f"session={quick_house.callers['clerk'].cookie}"}
    for row in filter(lambda row: row.is_api, TABLE):
        path = quick_house.path(row, "clerk", None)
        response = quick_house.client.open(path, method=row.method, headers=cookie)
        assert response.status_code == 401, str(row)


def test_a_key_opens_no_page(quick_house: House) -> None:
    key = {"Authorization": f"Bearer {quick_house.callers['clerk'].key}"}
    response = quick_house.client.get("/inbox", headers=key)
    assert response.location == "/sign-in?next=/inbox"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_methods_tell_nothing_more(quick_house: House, method: str) -> None:
    for row in TABLE:
        if row.method == "GET" and "anonymous" not in row.who:
            path = quick_house.path(row, "clerk", None)
            assert quick_house.call("anonymous", method, path).status_code in (302, 401), str(row)


def test_only_the_seat_in_which_one_acts_counts(quick_house: House) -> None:
    """Who holds seats in two agencies sees the other one's papers only after switching."""
    house = quick_house
    with house.app.app_context(), writing():
        world = house.world
        number = seat_person(
            world.people["county-clerk"], world.agencies["city"], SeatKind.CLERK, label="兼"
        ).id
    for relation, status in (("own", 200), ("upper", 404)):
        path = house.filled("/bulletins/drafts/{draft}", "clerk", relation)
        assert house.call("clerk", "GET", path).status_code == status
    assert house.call("clerk", "POST", f"/seat/{number}").status_code == 303
    for relation, status in (("own", 404), ("upper", 200)):
        path = house.filled("/bulletins/drafts/{draft}", "clerk", relation)
        assert house.call("clerk", "GET", path).status_code == status


def test_a_deputy_acts_only_while_the_holder_is_away(quick_house: House) -> None:
    house, path = quick_house, "/bulletins/to-sign"
    world = house.world
    with house.app.app_context(), writing():
        held = select(Tenure.seat_id).where(Tenure.person_id == world.people["county-approver"])
        db.session.add(
            Tenure(
                seat_id=db.session.scalars(held).one(),
                person_id=world.people["seatless"],
                is_deputy=True,
                began_at=clock.now(),
            )
        )
    assert house.call("seatless", "GET", path).status_code == 403
    today = clock.now().date()
    form = {"from_day": today.isoformat(), "until_day": today.isoformat()}
    assert house.call("approver", "POST", "/account/absences", data=form).status_code == 303
    assert house.call("seatless", "GET", path).status_code == 200
