"""The operator's commands: digests send; deliveries list, retry, release."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from config.database import db
from notifications.states import Action, State
from tests.notifications import news
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries, restore, told_to
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World

Browsers = Callable[[int], FlaskClient]


def people(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def run(app: APIFlask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(args))
    db.session.rollback()
    return result.exit_code, result.output


def test_digests_send_makes_what_is_due_and_waits_until_it_is_sent(
    app: APIFlask, province: World, told: Told
) -> None:
    news_id = news.tell(province.agencies["county"])
    status, output = run(app, "digests", "send", "--due-at", "2018-05-07T08:00")
    assert status == 0, output
    assert "digests: 5 mail composed, 35 mail empty" in output
    assert "deliveries: 5 sent" in output
    assert told_to(province.people["county-clerk"]) == [[news_id]]
    status, output = run(app, "digests", "send", "--due-at", "2018-05-07T08:00")
    assert (status, "digests: none" in output) == (0, True)


def test_digests_send_fails_where_not_all_was_sent(
    app: APIFlask, province: World, told: Told
) -> None:
    news.tell(province.agencies["county"])
    told.answers["county-clerk@changtong.example"] = Action.REFUSE
    status, output = run(app, "digests", "send", "--due-at", "2018-05-07T08:00")
    assert status == 1
    assert "1 failed, 4 sent" in output


def test_digests_send_does_not_wait_for_a_provider_that_is_down(
    app: APIFlask, province: World, told: Told
) -> None:
    news.tell(province.agencies["county"])
    told.down = "away"
    status, output = run(app, "digests", "send", "--due-at", "2018-05-07T08:00")
    assert status == 1
    assert "5 queued" in output


def test_digests_send_can_leave_the_sending_to_the_worker(
    app: APIFlask, province: World, told: Told
) -> None:
    news.tell(province.agencies["county"])
    status, _ = run(app, "digests", "send", "--due-at", "2018-05-07T08:00", "--no-wait")
    assert status == 0
    assert told.parcels == []
    assert {one.state for one in deliveries()} == {State.QUEUED}


@pytest.mark.parametrize(
    "moment", ["tomorrow", "2018-13-01", "0001-01-01", "9999-12-31T23:59-12:00", ""]
)
def test_a_wrong_moment_is_refused(app: APIFlask, moment: str) -> None:
    status, output = run(app, "digests", "send", "--due-at", moment)
    assert status == 2
    assert "is no moment" in output


def test_deliveries_are_listed_and_decided_on(app: APIFlask, province: World, told: Told) -> None:
    first, second = posted(people(province, 2))
    told.answers[first.address] = Action.REFUSE
    round_of_work()
    status, output = run(app, "deliveries", "list", "--state", "failed")
    assert status == 0
    assert output.split("\t")[:6] == [
        *(str(first.id), "failed", "1", "mail", "digest", first.address)
    ]
    assert run(app, "deliveries", "retry", str(first.id))[0] == 0
    assert run(app, "deliveries", "retry", str(second.id))[0] == 1
    assert run(app, "deliveries", "retry")[0] == 1
    round_of_work()
    assert run(app, "deliveries", "retry", "--all", "failed") == (0, "1 deliveries\n")
    restore()
    assert run(app, "deliveries", "release", "--all", "held") == (0, "1 deliveries\n")


@pytest.mark.parametrize("number", ["99999999", "-1", "9" * 30])
def test_a_number_that_no_delivery_has_is_refused(app: APIFlask, number: str) -> None:
    status, output = run(app, "deliveries", "close", "--", number)
    assert status in (1, 2)
    assert output.startswith(("Error", "Usage"))
    assert status == 2 or output == f"Error: {number}: there is no such delivery\n"


@pytest.mark.parametrize("moment", ["9999-12-31", "2019-06-01T08:00"])
def test_a_moment_years_ahead_is_refused_in_one_line(
    app: APIFlask, province: World, moment: str
) -> None:
    status, output = run(app, "digests", "send", "--due-at", moment)
    assert status == 1
    assert output == "Error: --due-at is more than a year ahead\n"


@pytest.mark.parametrize("moment", ["0001-01-01", "morgen"])
def test_what_is_no_moment_is_refused(app: APIFlask, province: World, moment: str) -> None:
    status, output = run(app, "digests", "send", "--due-at", moment)
    assert status == 2
    assert "is no moment such as 2018-05-04T08:00" in output
