"""A gateway's reports: in any order, again and again, too late, forged."""

from collections.abc import Callable
from itertools import permutations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.states import Channel
from bulletins.models import Receipt
from bulletins.states import Urgency
from config.database import db
from notifications.channels.base import Parcel
from notifications.inputs import WishInput
from notifications.links import report_path
from notifications.models import Delivery
from notifications.services.ledger import decide
from notifications.services.subscriptions import choose
from notifications.states import Action, Rhythm, State
from tests.bulletins.papers import published, receipt_of
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries, handle, work
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.notifications.test_outside import outsider
from tests.worlds import World

Report = Callable[..., int]


@pytest.fixture
def sent(province: World, told: Told) -> Delivery:
    """A text message that the gateway has taken."""
    posted([province.people["county-clerk"]], Channel.SMS)
    round_of_work()
    return deliveries()[0]


@pytest.fixture
def report(client: FlaskClient, sent: Delivery) -> Report:
    """Let the gateway report on the message; gives the status of our answer."""
    ref, first = sent.ref, sent.claim or ""

    def tell(bit: object) -> int:
        return client.get(report_path(ref, first), query_string={"type": bit}).status_code

    return tell


def state() -> str:
    return deliveries()[0].state


@pytest.mark.parametrize(
    ("bit", "after"),
    [
        (1, State.DELIVERED),
        (2, State.FAILED),
        (4, State.SENT),
        (8, State.SENT),
        (16, State.FAILED),
        (32, State.SENT),
    ],
)
def test_each_kind_of_report(report: Report, bit: int, after: State) -> None:
    assert report(bit) == 200
    assert state() == after


@pytest.mark.parametrize("order", list(permutations((8, 4, 1))))
def test_whatever_the_order_it_was_delivered(report: Report, order: tuple[int, ...]) -> None:
    for bit in order + order:
        assert report(bit) == 200
    assert state() == State.DELIVERED


def test_a_report_comes_while_the_call_is_under_way(
    province: World, told: Told, client: FlaskClient
) -> None:
    def report_at_once(parcel: Parcel) -> None:
        client.get(parcel.report_path, query_string={"type": 1})

    told.before = report_at_once
    posted([province.people["county-clerk"]], Channel.SMS)
    round_of_work()
    assert state() == State.DELIVERED
    assert deliveries()[0].attempts == 1


def test_a_report_settles_what_was_unknown(
    province: World, told: Told, client: FlaskClient
) -> None:
    [one] = posted([province.people["county-clerk"]], Channel.SMS)
    told.answers[one.address] = Action.LOSE
    round_of_work()
    assert state() == State.UNKNOWN
    client.get(told.parcels[0].report_path, query_string={"type": 8})
    assert state() == State.SENT
    client.get(told.parcels[0].report_path, query_string={"type": 1})
    assert state() == State.DELIVERED


def test_a_late_report_on_an_earlier_attempt_fails_no_later_one(report: Report, told: Told) -> None:
    report(16)
    assert state() == State.FAILED
    decide(None, deliveries()[0].id, Action.RETRY)
    report(2)
    assert state() == State.QUEUED
    round_of_work()
    assert state() == State.SENT
    report(16)
    assert state() == State.SENT
    assert report(1) == 200
    assert state() == State.DELIVERED


@pytest.mark.parametrize("bit", ["", "x", "-1", "3", "64", "1.0", "١", "9" * 40])
def test_a_report_that_means_nothing_is_no_page(report: Report, bit: str) -> None:
    assert report(bit) == 404
    assert state() == State.SENT


def test_a_forged_report_is_no_page(sent: Delivery, client: FlaskClient) -> None:
    good = report_path(sent.ref, sent.claim or "")
    for path in (
        good[:-1],
        f"/notifications/kannel/{sent.ref}",
        f"/notifications/kannel/{sent.id}",
        report_path("0" * 24, sent.claim or ""),
        good.replace(sent.ref, "0" * 24),
        good.replace("-", "-0"),
    ):
        assert client.get(path, query_string={"type": 1}).status_code == 404
    assert state() == State.SENT


def sms_notice(world: World, told: Told) -> tuple[Receipt, Receipt, str]:
    """An urgent paper told to the county's clerk by SMS: its receipt, another one, and the path."""
    handle()
    choose(world.actor("county-clerk"), Channel.SMS, WishInput(urgent_at_once=True))
    paper = published(world, urgency=Urgency.URGENT)
    work()
    [parcel] = [one for one in told.parcels if one.report_path]
    return (
        receipt_of(world, "county", paper),
        receipt_of(world, "sibling", paper),
        parcel.report_path,
    )


def test_a_report_of_delivery_proves_the_receipt_that_the_message_names(
    province: World, told: Told, client: FlaskClient
) -> None:
    ours, others, path = sms_notice(province, told)
    client.get(path, query_string={"type": 8})
    assert _delivered(ours.id) == (False, None)
    client.get(path, query_string={"type": 1})
    assert _delivered(ours.id) == (True, "sms")
    assert _delivered(others.id) == (False, None)
    moment = db.session.get_one(Receipt, ours.id).delivered_at
    client.get(path, query_string={"type": 1})
    assert db.session.get_one(Receipt, ours.id).delivered_at == moment


def test_a_report_on_a_message_to_somebody_outside_proves_nothing_of_the_agency(
    province: World, told: Told, client: FlaskClient
) -> None:
    outsider(province, mail="", phone="13800138000")
    paper = published(province, urgency=Urgency.URGENT)
    work()
    [parcel] = [one for one in told.parcels if one.report_path]
    assert client.get(parcel.report_path, query_string={"type": 1}).status_code == 200
    assert State.DELIVERED in {one.state for one in deliveries()}
    assert _delivered(receipt_of(province, "county", paper).id) == (False, None)


def _delivered(receipt_id: int) -> tuple[bool, str | None]:
    receipt = db.session.get_one(Receipt, receipt_id, populate_existing=True)
    return receipt.delivered_at is not None, receipt.delivered_how


def test_a_mail_that_was_sent_proves_nothing(province: World, told: Told) -> None:
    handle()
    paper = published(province, urgency=Urgency.URGENT)
    work()
    assert {one.state for one in deliveries()} == {State.SENT}
    delivered = db.session.scalars(
        select(Receipt.delivered_at).where(Receipt.bulletin_id == paper.id)
    )
    assert set(delivered) == {None}


def test_a_digest_by_sms_proves_only_the_paper_it_names(
    world: World, told: Told, clock: Traveller, client: FlaskClient
) -> None:
    handle()
    choose(world.actor("county-clerk"), Channel.SMS, WishInput(rhythm=Rhythm.WORKDAYS))
    first = published(world, title="甲通知", needs_acknowledgement=False)
    second = published(world, title="乙通知", needs_acknowledgement=False)
    clock.move_to("2018-05-07T00:00:00+00:00")
    work()
    [parcel] = [one for one in told.parcels if one.report_path]
    assert "2 件新公文，其中：甲通知" in parcel.body.decode()
    client.get(parcel.report_path, query_string={"type": 1})
    assert _delivered(receipt_of(world, "county", first).id) == (True, "sms")
    assert _delivered(receipt_of(world, "county", second).id) == (False, None)
