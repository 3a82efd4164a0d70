"""Each attempt is in the ledger with its outcome: those that answer, those that don't, reports."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import event, select
from time_machine import Traveller

from agencies.states import Channel
from config.database import db
from notifications.channels.base import Parcel
from notifications.models import Attempt
from notifications.services.delivering import PAUSES, deliver
from notifications.services.ledger import decide
from notifications.services.reports import report
from notifications.states import Action, State
from tests.agencies.test_tokens import Api, api, key_of
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World

__all__ = ["api"]
Browsers = Callable[[int], FlaskClient]
LEASE = timedelta(seconds=121)


def people(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def tried() -> list[tuple[int, int, str]]:
    """Delivery, number and outcome of every attempt."""
    db.session.rollback()
    rows = db.session.scalars(select(Attempt).order_by(Attempt.id))
    return [(row.delivery_id, row.number, row.outcome) for row in rows]


def test_each_attempt_is_kept_with_its_time_and_the_providers_words(
    province: World, told: Told, clock: Traveller
) -> None:
    taken, put_off = posted(people(province, 2))
    told.answers[put_off.address] = Action.DEFER
    round_of_work()
    clock.shift(PAUSES[0])
    told.answers.clear()
    round_of_work()
    assert tried() == [
        (taken.id, 1, "accepted"),
        (put_off.id, 1, "deferred"),
        (put_off.id, 2, "accepted"),
    ]
    first, _, last = db.session.scalars(select(Attempt).order_by(Attempt.id))
    assert (first.queue, first.provider, first.detail) == ("mail", "told", "as told")
    assert last.begun_at - first.begun_at == PAUSES[0]
    assert last.begun_at <= last.ended_at


def test_what_was_not_handed_over_is_no_attempt(province: World, told: Told) -> None:
    posted(people(province, 3))
    told.down = "away"
    round_of_work()
    assert tried() == []


def test_an_attempt_without_an_answer_is_kept_when_it_has_expired(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(people(province, 1), Channel.SMS)

    def die(_parcel: Parcel) -> None:
        raise KeyboardInterrupt

    told.before = die
    try:
        deliver(Channel.SMS, [one.id])
    except KeyboardInterrupt:
        db.session.rollback()
    assert tried() == []
    clock.shift(LEASE)
    round_of_work()
    assert tried() == [(one.id, 1, "no_answer")]
    assert deliveries()[0].state == State.UNKNOWN


def test_a_report_that_comes_before_the_answer_counts_the_attempt_once(
    province: World, told: Told
) -> None:
    [one] = posted(people(province, 1), Channel.SMS)

    def tell(parcel: Parcel) -> None:
        report(parcel.report_path.rpartition("/")[2], 1, "DELIVRD")

    told.before = tell
    round_of_work()
    assert tried() == [(one.id, 1, "reported")]
    assert deliveries()[0].attempts == 1


def test_a_result_that_comes_too_late_is_not_kept(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted(people(province, 1), Channel.SMS)

    def wait_too_long(_parcel: Parcel) -> None:
        told.before = lambda parcel: None
        clock.shift(LEASE)
        round_of_work()  # another worker finds that nobody answered

    told.before = wait_too_long
    deliver(Channel.SMS, [one.id])
    assert tried() == [(one.id, 1, "no_answer")]


def test_many_attempts_are_written_at_once(province: World, told: Told) -> None:
    ids = [one.id for one in posted(people(province, 20))]
    told.chunk = 20
    statements: list[str] = []

    def note(*given: object) -> None:
        if "attempts" in str(given[2]) and "INSERT" in str(given[2]):
            statements.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    deliver(Channel.MAIL, ids)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(tried()) == 20
    assert len(statements) == 1


def test_the_pages_show_each_attempt(
    province: World, told: Told, clock: Traveller, browser_of: Browsers
) -> None:
    [one] = posted([province.people["county-clerk"]])
    told.answers[one.address] = Action.REFUSE
    round_of_work()
    decide(None, one.id, Action.RETRY)
    clock.shift(timedelta(minutes=1))
    told.answers.clear()
    round_of_work()
    page = browser_of(province.people["system"]).get(f"/deliveries/{one.id}").text
    assert "第 1 次发送：对方拒收" in page
    assert "第 2 次发送：对方已接收" in page
    assert "as told" in page


def test_programs_see_each_attempt(province: World, told: Told, api: Api) -> None:
    [one] = posted([province.people["county-clerk"]])
    [other] = posted([province.people["city-clerk"]])
    round_of_work()
    key = key_of(province, "county-clerk")
    status, answer = api(key, "GET", f"/deliveries/{one.id}")
    assert status == 200
    assert [row["outcome"] for row in answer["attempts"]] == ["accepted"]
    assert api(key, "GET", f"/deliveries/{other.id}")[0] == 404
