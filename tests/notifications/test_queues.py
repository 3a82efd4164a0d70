"""What goes out at present, and decisions on whole batches: retry, stop, release, close."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from time_machine import Traveller

from agencies.states import Channel
from bulletins.states import Urgency
from config.database import db, writing
from config.errors import Forbidden
from config.journal import Entry
from notifications import batches, queues
from notifications.services.decisions import DECISIONS
from notifications.services.digests import compose_due
from notifications.services.due import schedule_due
from notifications.states import Action, Queue, State
from notifications.which import Which
from tests.agencies.test_tokens import Api, api, key_of
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, deliveries, handle, work
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

__all__ = ["api"]
Browsers = Callable[[int], FlaskClient]


def people(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def line(queue: Queue) -> queues.Line:
    return next(one for one in queues.lines() if one.queue == queue)


@pytest.fixture
def admin(province: World, browser_of: Browsers) -> FlaskClient:
    return browser_of(province.people["system"])


def test_a_queue_tells_what_waits_the_rate_and_the_time_left(
    province: World, told: Told, clock: Traveller
) -> None:
    gone = posted(people(province, 10))
    told.answers[gone[0].address] = Action.REFUSE
    round_of_work()
    clock.shift(timedelta(minutes=10))
    posted(people(province, 10))
    round_of_work()
    posted(people(province, 4))
    clock.shift(timedelta(minutes=2))
    mail = line(Queue.MAIL)
    assert (mail.waiting, mail.tried_lately, mail.tried, mail.failed) == (4, 10, 20, 2)
    # Nine in five minutes; four more take two minutes and a bit.
    assert mail.per_minute == pytest.approx(9 / 5)
    assert mail.seconds_left == 133
    assert mail.oldest_at is not None
    assert line(Queue.SMS).seconds_left == 0


def test_a_morning_shows_how_far_it_has_come(
    enrolled: World, told: Told, clock: Traveller, admin: FlaskClient
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    told.answers["county-clerk@changtong.example"] = Action.REFUSE
    schedule_due(MONDAY)
    [batch] = batches.batches(queues.lines())
    assert (batch.done, batch.going) == (0, 0)
    assert batch.to_compose == batch.total > 5
    work()
    [batch] = batches.batches(queues.lines())
    assert (batch.done, batch.total, batch.failed, batch.to_compose) == (5, 5, 1, 0)
    page = admin.get("/deliveries/queues").text
    assert "2018-05-07 08:00" in page
    assert "5 / 5" in page
    assert admin.get("/deliveries/queues/now").text in page


def test_only_what_failed_of_a_batch_is_sent_again(
    enrolled: World, told: Told, clock: Traveller, admin: FlaskClient, api: Api
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    told.answers["county-clerk@changtong.example"] = Action.REFUSE
    work()
    [other] = posted([enrolled.people["city-clerk"]])
    told.answers[other.address] = Action.REFUSE
    round_of_work()
    told.answers.clear()
    told.parcels.clear()
    page = admin.get("/deliveries/queues").text
    sent = {"csrf_token": csrf_of(page), "channel": "mail", "digests_at": MONDAY.isoformat()}
    assert admin.post("/deliveries/batch/retry", data=sent).status_code == 303
    round_of_work()
    assert [one.address for one in told.parcels] == ["county-clerk@changtong.example"]
    key = key_of(enrolled, "system")
    given = {"channel": "mail", "outcome": "refused"}
    assert api(key, "POST", "/deliveries/retry", json=given) == (200, {"count": 1})


def test_a_stopped_morning_goes_no_further_until_it_is_released(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    which = Which(channel="mail", scheduled_at=MONDAY)
    assert DECISIONS["stop"](None, which) == 0  # nothing is composed yet
    compose_due()
    round_of_work()
    assert {one.state for one in deliveries()} == {State.HELD}
    assert told.parcels == []
    assert DECISIONS["release"](None, which) == 5
    round_of_work()
    assert {one.state for one in deliveries()} == {State.SENT}
    kinds = set(db.session.scalars(select(Entry.kind).where(Entry.subject_kind == "stop")))
    assert kinds == {"batch.stopped", "batch.released"}


def test_what_tells_of_a_paper_is_stopped_and_given_up(
    enrolled: World, told: Told, admin: FlaskClient
) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    other = published(enrolled, urgency=Urgency.URGENT)
    told.down = "away"
    work()
    count = len(deliveries())
    page = admin.get("/deliveries/queues").text
    sent = {"csrf_token": csrf_of(page), "bulletin_id": paper.id}
    assert admin.post("/deliveries/batch/stop", data=sent).status_code == 303
    held = [one for one in deliveries() if one.state == State.HELD]
    assert 0 < len(held) == count // 2
    assert "管理员停发" in admin.get(f"/deliveries/{held[0].id}").text
    assert admin.post("/deliveries/batch/close", data=sent).status_code == 303
    assert {one.state for one in deliveries()} == {State.QUEUED, State.CLOSED}
    missing = {**sent, "bulletin_id": paper.id + other.id + 999}
    assert admin.post("/deliveries/batch/stop", data=missing).status_code == 404


@pytest.mark.parametrize(
    "given",
    [{"digests_at": "now"}, {"channel": "pigeon"}, {"bulletin_id": "0"}, {"outcome": "'"}, {}],
)
def test_a_senseless_batch_is_refused(admin: FlaskClient, given: dict[str, str]) -> None:
    token = csrf_of(admin.get("/recipients/new").text)
    answer = admin.post("/deliveries/batch/stop", data={"csrf_token": token, **given})
    assert answer.status_code in (400, 422)
    answer = admin.post("/deliveries/batch/burn", data={"csrf_token": token, **given})
    assert answer.status_code == 404


def test_a_program_that_names_nothing_decides_on_nothing(
    enrolled: World, clock: Traveller, api: Api
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    compose_due()
    DECISIONS["stop"](None, Which(channel="mail", scheduled_at=MONDAY))
    held = [one.state for one in deliveries()]
    assert State.HELD in held
    key = key_of(enrolled, "system")
    senseless: list[dict[str, object]] = [{}, {"task": 1}, {"channel": "mail", "task": 1}]
    for given in senseless:
        status, _body = api(key, "POST", "/deliveries/close", json=given)
        assert status == 422
    assert [one.state for one in deliveries()] == held


def test_a_batch_that_came_to_a_halt_has_begun(
    enrolled: World, clock: Traveller, admin: FlaskClient
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    first = deliveries()[0]
    with writing():
        first.state = State.QUEUED
    clock.shift(timedelta(minutes=10))
    page = admin.get("/deliveries/queues/now").text
    assert page.count("近 5 分钟没有发出") == 2  # the queue, and the digests of the hour
    assert "还没有开始" not in page


def test_only_what_does_not_wait_takes_no_time() -> None:
    rates = {Queue.MAIL: 2000.0, Queue.SMS: 0.0}
    assert queues.left({Queue.MAIL: 3}, rates) == 1
    assert queues.left({Queue.MAIL: 4000}, rates) == 120
    assert queues.left({Queue.MAIL: 3, Queue.SMS: 1}, rates) is None
    assert queues.left({}, rates) == 0


def test_others_may_not_decide(province: World) -> None:
    for decide in DECISIONS.values():
        with pytest.raises(Forbidden):
            decide(province.actor("county-clerk"), Which(bulletin_id=1))


def test_the_page_asks_as_often_for_many_as_for_few(
    enrolled: World, told: Told, clock: Traveller, admin: FlaskClient
) -> None:
    def questions() -> int:
        asked = 0

        def note(*_given: object) -> None:
            nonlocal asked
            asked += 1

        event.listen(db.engine, "before_cursor_execute", note)
        admin.get("/deliveries/queues/now")
        event.remove(db.engine, "before_cursor_execute", note)
        return asked

    questions()  # what is read once in a process
    before = questions()
    news.tell(enrolled.agencies["county"])
    published(enrolled, urgency=Urgency.URGENT)
    told.answers["county-clerk@changtong.example"] = Action.REFUSE
    handle()
    clock.move_to(MONDAY)
    work()
    posted(people(enrolled, 10))
    # the batches of the hours that were found; titles and counts of papers
    assert questions() <= before + 3


def test_the_command_line_shows_and_decides(app: APIFlask, province: World, told: Told) -> None:
    [one] = posted(people(province, 1), Channel.SMS)
    told.answers[one.address] = Action.REFUSE
    round_of_work()
    runner = app.test_cli_runner()
    assert "sms\t0 waiting" in runner.invoke(args=["deliveries", "queues"]).output
    done = runner.invoke(args=["deliveries", "retry-batch", "--channel", "sms"])
    assert done.output == "1 deliveries\n"
    assert deliveries()[0].state == State.QUEUED
    assert runner.invoke(args=["deliveries", "retry-batch"]).exit_code != 0
    assert runner.invoke(args=["deliveries", "stop-batch", "--channel", "sms"]).exit_code != 0
