"""The ledger and the outbox as pages, the operator's decisions, and what follows a restore."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from time_machine import Traveller

from agencies.states import Channel
from bulletins.states import Urgency
from config.clock import now
from config.database import db, writing
from config.errors import Conflict, Forbidden
from config.figures import Figure
from config.restoring import Restore
from notifications.figures import figures
from notifications.models import Delivery
from notifications.services.ledger import after_restore, decide, decide_all
from notifications.states import Action, State
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, deliveries, digests, handle, told_to, work
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


@pytest.mark.parametrize("query", ["state=x", "channel=%00", "kind='", "state=failed%20"])
def test_a_senseless_filter_is_no_error_of_ours(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/deliveries?{query}").status_code == 200


def test_a_channel_that_is_down_is_shown(province: World, told: Told, admin: FlaskClient) -> None:
    posted(people(province, 1))
    told.down = "connection refused"
    round_of_work()
    page = admin.get("/deliveries").text
    assert "邮件暂时发不出去" in page
    assert "connection refused" in page


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


# ---- after a restore -------------------------------------------------------------------------


def restore() -> str:
    """What the restore command does once the backup is in place."""
    with writing():
        db.session.add(Restore(at=now(), backup_made_at=now(), files="x"))
    said = after_restore()
    assert said is not None
    return said


def test_what_had_not_gone_out_is_held_until_released(
    province: World, told: Told, admin: FlaskClient
) -> None:
    waiting = posted(people(province, 4))
    for one, state in zip(waiting, (State.CLAIMED, State.CALLING, State.UNKNOWN), strict=False):
        with writing():
            db.session.get_one(Delivery, one.id).state = state
    assert "4 deliveries are held" in restore()
    round_of_work()
    assert told.parcels == []
    assert "从备份恢复后有 4 条暂停待定" in admin.get("/deliveries").text
    decide(province.actor("system"), waiting[0].id, Action.CLOSE)
    token = csrf_of(admin.get("/deliveries").text)
    admin.post("/deliveries/all/held/release", data={"csrf_token": token})
    round_of_work()
    assert [one.state for one in deliveries()] == [State.CLOSED] + [State.SENT] * 3


def test_digests_that_were_due_before_are_held_and_later_ones_are_not(
    province: World, told: Told, clock: Traveller
) -> None:
    handle()
    first = news.tell(province.agencies["county"])
    clock.move_to(MONDAY + timedelta(hours=3))
    restore()  # a backup of Friday: the digests of Monday may have gone out before
    work()
    assert told.parcels == []
    assert {one.state for one in deliveries()} == {State.HELD}
    second = news.tell(province.agencies["county"])
    clock.move_to(MONDAY + timedelta(days=1))
    work()
    clerk = province.people["county-clerk"]
    assert told_to(clerk) == [[first], [second]]
    assert {one.state for one in deliveries()} == {State.HELD, State.SENT}
    assert decide_all(None, State.HELD, Action.CLOSE) == 5
    work()
    assert len(told.parcels) == 5
    assert len({(one.recipient_id, one.scheduled_at) for one in digests()}) == len(digests())


def test_notices_of_before_are_held_and_later_ones_are_not(
    province: World, told: Told, clock: Traveller
) -> None:
    handle()
    published(province, urgency=Urgency.URGENT)
    restore()  # the entry came with the backup and was not handled in it
    work()
    assert told.parcels == []
    assert {one.state for one in deliveries()} == {State.HELD}
    clock.shift(timedelta(minutes=1))
    published(province, urgency=Urgency.URGENT)
    work()
    assert told.parcels


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


# ---- the command line ------------------------------------------------------------------------


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


@pytest.mark.parametrize("moment", ["tomorrow", "2018-13-01", ""])
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
