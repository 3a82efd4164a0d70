"""Decisions on a batch reach what belongs to it and nothing else; what failed is sent again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from time_machine import Traveller

from agencies.states import Channel
from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.states import Urgency
from config.database import db, writing
from config.errors import NotFound
from notifications import batches, subjects
from notifications.channels.base import Parcel
from notifications.inputs import WishInput
from notifications.models import Delivery, Stop
from notifications.services.decisions import DECISIONS
from notifications.services.digests import compose_due
from notifications.services.due import schedule_due
from notifications.services.stops import hold_on
from notifications.services.subscriptions import choose
from notifications.services.telling import compose_notices
from notifications.states import Action, Rhythm, State
from notifications.which import Which
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, deliveries, handle, work
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.notifications.test_secrets import ask_for_code_numbered
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
OF_MONDAY = Which(scheduled_at=MONDAY)


@pytest.fixture
def admin(province: World, browser_of: Browsers) -> FlaskClient:
    return browser_of(province.people["system"])


def states(channel: Channel = Channel.MAIL) -> set[str]:
    return {one.state for one in deliveries() if one.channel == channel}


@pytest.mark.parametrize(
    "outcome",
    [
        *("refused", "gave_up", "address", "obsolete", "reported_failed", "bounced"),
        *("no_template", "over_budget"),
    ],
)
def test_whatever_it_failed_of_it_is_sent_again_from_the_page(
    province: World, told: Told, admin: FlaskClient, outcome: str
) -> None:
    both = posted([province.people["county-clerk"], province.people["county-duty"]])
    with writing():
        for one, why in zip(both, (outcome, "another"), strict=True):
            which = update(Delivery).where(Delivery.id == one.id)
            db.session.execute(which.values(state=State.FAILED, outcome=why))
    page = admin.get("/deliveries/queues").text
    assert f'name="outcome" value="{outcome}"' in page
    sent = {"csrf_token": csrf_of(page), "channel": "mail", "outcome": outcome}
    assert admin.post("/deliveries/batch/retry", data=sent).status_code == 303
    round_of_work()
    assert [one.state for one in deliveries()] == [State.SENT, State.FAILED]


def test_what_was_put_off_goes_at_once_when_it_is_released(
    province: World, told: Told, clock: Traveller
) -> None:
    [one] = posted([province.people["county-clerk"]])
    with writing():
        later = update(Delivery).where(Delivery.id == one.id)
        values = {"next_try_at": MONDAY + timedelta(days=1), "handed_out_at": MONDAY}
        db.session.execute(later.values(state=State.FAILED, outcome="refused", **values))
    assert DECISIONS["retry"](None, Which(outcome="refused")) == 1
    round_of_work()
    assert states() == {State.SENT}
    assert not deliveries()[0].possibly_doubled


def test_the_mails_of_a_morning_are_stopped_and_its_text_messages_go(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    choose(enrolled.actor("county-clerk"), Channel.SMS, WishInput(rhythm=Rhythm.WORKDAYS))
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    DECISIONS["stop"](None, Which(channel="mail", scheduled_at=MONDAY))
    compose_due()
    round_of_work()
    assert (states(), states(Channel.SMS)) == ({State.HELD}, {State.SENT})
    DECISIONS["release"](None, Which(channel="sms", scheduled_at=MONDAY))
    round_of_work()
    assert states() == {State.HELD}
    assert [row.Stop.channel for row in batches.stops()] == ["mail"]


def test_the_text_messages_of_a_morning_that_had_none_are_no_batch(
    enrolled: World, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    with pytest.raises(NotFound):
        DECISIONS["stop"](None, Which(channel="sms", scheduled_at=MONDAY))


def test_where_nothing_failed_nothing_is_shown_to_be_sent_again(
    province: World, told: Told, admin: FlaskClient
) -> None:
    posted([province.people["county-clerk"]])
    round_of_work()
    assert batches.failures() == []
    assert "没能送出的" not in admin.get("/deliveries/queues").text


def test_stopped_twice_it_is_released_at_once_and_what_comes_later_goes(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    which = Which(bulletin_id=paper.id)
    DECISIONS["stop"](None, which)
    DECISIONS["stop"](None, which)
    assert len(batches.stops()) == 1
    DECISIONS["release"](None, which)
    assert batches.stops() == []
    work()
    assert states() == {State.SENT}


def test_what_was_in_hand_at_the_stop_and_failed_for_a_while_is_held(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    which = Which(bulletin_id=paper.id)
    handle()
    compose_notices()
    waiting = deliveries()
    told.answers = {one.address: Action.DEFER for one in waiting}

    def stop(_parcel: Parcel) -> None:
        DECISIONS["stop"](None, which)

    told.before = stop
    round_of_work()
    hold_on()
    assert states() == {State.HELD}
    told.answers, told.before = {}, lambda _parcel: None
    with writing():
        failed = update(Delivery).where(Delivery.id == waiting[0].id)
        db.session.execute(failed.values(state=State.FAILED, outcome="refused"))
    DECISIONS["retry"](None, which)
    hold_on()
    clock.shift(timedelta(days=1))
    round_of_work()
    assert [one.state for one in deliveries()].count(State.SENT) == 1


def test_what_waits_of_a_void_paper_is_marked(
    enrolled: World, told: Told, admin: FlaskClient
) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    handle()
    compose_notices()
    DECISIONS["stop"](None, Which(bulletin_id=paper.id))
    assert "已撤销" not in admin.get("/deliveries/queues").text
    services.void(enrolled.actor("province-approver"), paper.id, VoidInput(reason="有误。"))
    assert [row.ended_kind for row in subjects.papers([])] == ["void"]
    assert [row.ended_kind for row in batches.stops()] == ["void"]
    assert admin.get("/deliveries/queues").text.count("已撤销") == 2


def test_a_code_is_no_message_about_the_paper_of_the_same_number(
    enrolled: World, told: Told, admin: FlaskClient
) -> None:
    paper = published(enrolled, urgency=Urgency.NORMAL)
    contact = ask_for_code_numbered(enrolled, paper.id)
    told.down = "away"
    DECISIONS["stop"](None, Which(bulletin_id=paper.id))
    work()
    assert [(one.address, one.state) for one in deliveries()] == [(contact.address, State.QUEUED)]
    assert DECISIONS["stop"](None, Which(bulletin_id=paper.id)) == 0
    assert subjects.papers([]) == []
    assert "提醒，按公文" not in admin.get("/deliveries/queues").text


def test_a_stop_is_shown_as_long_as_it_holds_something(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    DECISIONS["stop"](None, OF_MONDAY)
    compose_due()
    with writing():  # of an hour of which nobody got anything
        before = MONDAY - timedelta(days=7)
        db.session.execute(insert(Stop).values(scheduled_at=before, created_at=before))
    clock.shift(timedelta(days=2))
    assert [row.Stop.scheduled_at for row in batches.stops()] == [MONDAY]
    DECISIONS["close"](None, OF_MONDAY)
    assert states() == {State.CLOSED}
    assert batches.stops() == []
