"""The ledger and the outbox as pages, the operator's decisions, and what follows a restore."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from time_machine import Traveller

from agencies.models import Person
from agencies.states import Channel
from config.database import db, writing
from config.errors import Conflict, Forbidden
from config.figures import Figure
from notifications.figures import figures
from notifications.models import Delivery
from notifications.services.ledger import decide
from notifications.states import Action, State
from tests.notifications import news
from tests.notifications.hours import MONDAY, deliveries, handle, work
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]


def people(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


@pytest.fixture
def admin(province: World, browser_of: Browsers) -> FlaskClient:
    return browser_of(province.people["system"])


def test_the_page_lists_every_delivery_with_its_outcome(
    province: World, told: Told, admin: FlaskClient
) -> None:
    first, second = posted(people(province, 2))
    told.answers[first.address] = Action.REFUSE
    round_of_work()
    page = admin.get("/deliveries").text
    assert first.address in page
    assert second.address in page
    assert "未能送出" in page
    assert "已发出" in page
    failed = admin.get("/deliveries?state=failed").text
    assert first.address in failed
    assert second.address not in failed
    assert "没有投递" in admin.get("/deliveries?channel=sms").text
    assert "没有投递" in admin.get("/deliveries?kind=code").text


@pytest.mark.parametrize("state", [State.CLAIMED, State.CALLING])
def test_what_reads_as_being_sent_is_found_as_being_sent(
    province: World, admin: FlaskClient, state: State
) -> None:
    first, second = posted(people(province, 2))
    with writing():
        db.session.get_one(Delivery, first.id).state = state
    page = admin.get("/deliveries?state=claimed").text
    assert first.address in page
    assert second.address not in page


def test_the_ledger_is_searched_by_the_name_of_who_gets_it(
    province: World, admin: FlaskClient
) -> None:
    first, second = posted(people(province, 2))
    with writing():
        db.session.get_one(Person, people(province, 2)[0]).name = "欧阳_百%川"
    for words in ("欧阳", "百%25", "阳_百"):
        page = admin.get(f"/deliveries?name={words}").text
        assert first.address in page
        assert second.address not in page
    assert "没有投递" in admin.get("/deliveries?name=欧_阳").text
    assert "没有投递" in admin.get("/deliveries?name=欧阳&state=failed").text


@pytest.mark.parametrize(
    "query",
    ["name=%00", "name=" + "长" * 300, "state=x", "channel=%00", "kind='", "state=failed%20"],
)
def test_a_senseless_filter_is_no_error_of_ours(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/deliveries?{query}").status_code == 200


def test_a_channel_that_is_down_is_shown(province: World, told: Told, admin: FlaskClient) -> None:
    posted(people(province, 1))
    told.down = "connection refused"
    round_of_work()
    page = admin.get("/deliveries").text
    assert "邮件暂时发不出去" in page
    assert "connection refused" in page


def test_what_was_given_up_does_not_look_well_done(
    province: World, told: Told, admin: FlaskClient
) -> None:
    given_up, sent = posted(people(province, 2))
    decide(None, given_up.id, Action.CLOSE)
    round_of_work()
    assert 'class="tag tag-neutral">已作罢<' in admin.get(f"/deliveries/{given_up.id}").text
    assert 'class="tag tag-ok">已发出<' in admin.get(f"/deliveries/{sent.id}").text


def test_a_failed_one_is_sent_again(province: World, told: Told, admin: FlaskClient) -> None:
    [one] = posted(people(province, 1))
    told.answers[one.address] = Action.REFUSE
    round_of_work()
    page = admin.get(f"/deliveries/{one.id}").text
    answer = admin.post(f"/deliveries/{one.id}/retry", data={"csrf_token": csrf_of(page)})
    assert answer.status_code == 303
    told.answers.clear()
    round_of_work()
    assert deliveries()[0].state == State.SENT
    assert not deliveries()[0].possibly_doubled
    again = admin.post(f"/deliveries/{one.id}/retry", data={"csrf_token": csrf_of(page)})
    assert again.status_code == 409


def test_an_unknown_sms_waits_for_the_operator(
    province: World, told: Told, admin: FlaskClient
) -> None:
    one, other = posted(people(province, 2), Channel.SMS)
    told.answers = {one.address: Action.LOSE, other.address: Action.LOSE}
    round_of_work()
    page = admin.get(f"/deliveries/{one.id}").text
    assert "短信网关没有回音" in page
    token = csrf_of(page)
    admin.post(f"/deliveries/{one.id}/retry", data={"csrf_token": token})
    admin.post(f"/deliveries/{other.id}/close", data={"csrf_token": token})
    told.answers.clear()
    round_of_work()
    assert [(row.state, row.possibly_doubled) for row in deliveries()] == [
        (State.SENT, True),
        (State.CLOSED, False),
    ]


@pytest.mark.parametrize("path", ["/deliveries/999/retry", "/deliveries/all/sent/retry"])
def test_there_is_nothing_to_decide(admin: FlaskClient, path: str) -> None:
    token = csrf_of(admin.get("/recipients/new").text)
    assert admin.post(path, data={"csrf_token": token}).status_code in (404, 409)


def test_others_may_not(province: World, told: Told, browser_of: Browsers) -> None:
    [mine, theirs] = posted([province.people["city-clerk"], province.people["county-clerk"]])
    clerk = browser_of(province.people["city-clerk"])
    assert clerk.get("/deliveries").status_code == 403
    assert clerk.get("/outbox").status_code == 403
    assert clerk.get("/recipients").status_code == 403
    assert clerk.get(f"/deliveries/{mine.id}").status_code == 200
    assert clerk.get(f"/deliveries/{theirs.id}").status_code == 404
    own = clerk.get("/settings/deliveries").text
    assert mine.address in own
    assert theirs.address not in own
    with pytest.raises(Forbidden):
        decide(province.actor("city-clerk"), mine.id, Action.CLOSE)


def test_without_a_provider_messages_are_files_that_a_page_shows(
    app: APIFlask, province: World, admin: FlaskClient, clock: Traveller
) -> None:
    handle()
    told = news.tell(province.agencies["county"])
    clock.move_to(MONDAY)
    work()
    folder = app.extensions["settings"].data_dir / "outbox"
    assert len(list(folder.glob("*.eml"))) == len(deliveries()) == 5
    one = deliveries()[0]
    assert (folder / f"{one.ref}.eml").exists()
    assert one.address in admin.get("/outbox").text
    page = admin.get(f"/outbox/{one.id}").text
    assert f"news-{told}." in page
    html = admin.get(f"/outbox/{one.id}/html")
    assert f"news-{told}." in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"
    (folder / f"{one.ref}.eml").unlink()
    assert admin.get(f"/outbox/{one.id}").status_code == 404
    assert admin.get("/outbox/999").status_code == 404


def test_a_text_message_in_the_outbox(province: World, admin: FlaskClient) -> None:
    [one] = posted([province.people["county-clerk"]], Channel.SMS)
    round_of_work()
    page = admin.get(f"/outbox/{one.id}").text
    assert "正文" in page
    assert "按 1 条短信计费" in page
    assert admin.get(f"/outbox/{one.id}/html").status_code == 404


def test_written_again_it_is_the_same_file(app: APIFlask, province: World) -> None:
    [one] = posted([province.people["county-clerk"]])
    round_of_work()
    with writing():
        db.session.get_one(Delivery, one.id).state = State.FAILED
    decide(None, one.id, Action.RETRY)
    round_of_work()
    folder = app.extensions["settings"].data_dir / "outbox"
    assert [path.name for path in folder.iterdir()] == [f"{one.ref}.eml"]


def test_nothing_to_decide_is_a_conflict(province: World, told: Told) -> None:
    [one] = posted(people(province, 1))
    for action in (Action.RETRY, Action.RELEASE):
        with pytest.raises(Conflict):
            decide(None, one.id, action)


def test_figures_tell_what_waits(province: World, told: Told) -> None:
    posted(people(province, 3))
    told.down = "away"
    round_of_work()
    found: dict[tuple[str, ...], Figure] = {
        (one.name, *one.labels.values()): one for one in figures()
    }
    assert found["deliveries", "mail", "queued"].value == 3
    assert found["channel_down", "mail"].value == 1
    assert found["channel_down", "sms"].value == 0
    assert found["digests_waiting",].value == 0
