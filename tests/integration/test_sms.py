"""SMS through a real gateway, whose reports come back to our own page."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from time_machine import Traveller
from werkzeug.serving import BaseWSGIServer, make_server

from agencies.states import Channel
from app import create_app
from bulletins.models import Receipt
from bulletins.states import Urgency
from config.database import db, writing
from config.settings import Settings
from notifications import channels
from notifications.channels.base import Parcel
from notifications.channels.kannel import Kannel as Provider
from notifications.inputs import WishInput
from notifications.models import ChannelPause, Delivery
from notifications.services.subscriptions import choose
from notifications.states import Action, State
from parts.kannel import Kannel
from parts.phone import Phone
from parts.ports import free_port
from parts.processes import wait_until
from parts.sms_operator import Operator
from tests.bulletins.papers import published, receipt_of
from tests.notifications.hours import deliver, deliveries, handle, work
from tests.notifications.post import posted
from tests.worlds import World

PORT = free_port()
"""Where this installation listens for reports."""


@pytest.fixture(scope="module")
def gateway() -> Iterator[Kannel]:
    with Kannel(dlr=f"http://127.0.0.1:{PORT}") as gateway:
        yield gateway


@pytest.fixture
def phone(gateway: Kannel) -> Iterator[Phone]:
    gateway.start_gateway()
    with Phone(gateway.phone_port) as phone:
        wait_until(lambda: gateway.phone_is_on, what="the phone")
        yield phone


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel("2018-05-04T01:00:00+00:00") as moved:
        yield moved


@pytest.fixture
def app(settings: Settings, gateway: Kannel, clock: Traveller) -> Iterator[APIFlask]:
    made = create_app(settings.model_copy(update={"sms_url": gateway.url}))
    with made.app_context(), listening(made):
        yield made
        channels.close()
        db.session.remove()
        db.engine.dispose()


class listening:
    """The app answers at PORT while inside."""

    def __init__(self, app: APIFlask) -> None:
        self._server: BaseWSGIServer = make_server("127.0.0.1", PORT, app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


def text_to(world: World, count: int = 1) -> list[Delivery]:
    """Deliveries by SMS to so many numbers."""
    made = posted(sorted(world.people.values())[:count], Channel.SMS)
    with writing():
        for number, one in enumerate(made):
            db.session.get_one(Delivery, one.id).address = f"+861380000000{number}"
    return deliveries()


def states() -> list[str]:
    return [one.state for one in deliveries()]


def test_a_message_arrives_and_its_report_comes_back(world: World, phone: Phone) -> None:
    text_to(world, 3)
    deliver()
    assert {sms.text for sms in phone.wait_for(3)} == {"正文\n"}
    wait_until(lambda: states() == [State.DELIVERED] * 3, what="the reports")
    assert all(one.sent_at and one.delivered_at for one in deliveries())


def test_a_report_marks_the_receipt_as_delivered(world: World, phone: Phone) -> None:
    handle()
    choose(world.actor("county-clerk"), Channel.SMS, WishInput(urgent_at_once=True))
    paper = published(world, urgency=Urgency.FLASH, title="关于立即停产停售的通知" * 9)
    work()
    receipt = receipt_of(world, "county", paper)
    # Others who deal with papers are told of a 特急 one too, each with their own link.
    told = phone.wait_for(sum(one.channel == Channel.SMS for one in deliveries()))
    sms = next(one for one in told if one.text.endswith(f"/inbox/{receipt.id}"))
    assert sms.text.startswith("【畅通】特急：河北省市场监督管理局《关于立即停产停售的通知")
    assert sms.parts == 2

    def is_delivered() -> bool:
        db.session.rollback()
        return db.session.get_one(Receipt, receipt.id).delivered_how == "sms"

    wait_until(is_delivered, what="the fact of delivery")


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 2), (134, 2)])
def test_parts_are_counted_as_the_network_counts_them(
    phone: Phone, gateway: Kannel, length: int, parts: int
) -> None:
    provider = Provider(gateway.url, "http://127.0.0.1:1")
    text = "签" * (length - 2) + "𠮷"
    sent = provider.send([Parcel(1, "r", "+8613800000009", text.encode(), "/x")], 60)
    provider.close()
    assert [result.action for result in sent.results] == [Action.ACCEPT]
    [sms] = phone.wait_for(1)
    assert (sms.text, sms.parts) == (text, parts)


def test_a_phone_that_is_off_gets_it_later(world: World, phone: Phone, gateway: Kannel) -> None:
    phone.disconnect()
    wait_until(lambda: not gateway.phone_is_on, what="the phone gone")
    text_to(world)
    deliver()
    assert states() == [State.SENT]
    phone.connect()
    phone.wait_for(1)
    wait_until(lambda: states() == [State.DELIVERED], what="the report")


def test_a_gateway_away_costs_nothing_but_time_and_mail_goes_on(
    world: World, phone: Phone, gateway: Kannel, clock: Traveller
) -> None:
    text_to(world, 3)
    mails = posted(sorted(world.people.values())[:3])
    gateway.stop_gateway()
    for _ in range(12):
        deliver()
        clock.shift(timedelta(minutes=5))
    assert states() == [State.QUEUED] * 3 + [State.SENT] * len(mails)
    assert db.session.get_one(ChannelPause, "sms").reason == "connection refused"
    gateway.start_gateway()
    deliver()
    assert len(phone.wait_for(3)) == 3
    assert {one.attempts for one in deliveries()} == {1}


def test_a_wrong_password_is_no_fault_of_a_message(gateway: Kannel, phone: Phone) -> None:
    provider = Provider(gateway.url.replace(gateway.password, "falsch"), "http://127.0.0.1:1")
    sent = provider.send([Parcel(1, "r", "+8613800000009", "签收".encode(), "/x")] * 20, 60)
    provider.close()
    assert sent.results == []
    assert sent.down.startswith("403")


def test_an_operator_that_refuses_is_reported(settings: Settings, clock: Traveller) -> None:
    with (
        Operator() as operator,
        Kannel(operator_url=operator.url, dlr=f"http://127.0.0.1:{PORT}") as gateway,
    ):
        operator.answer("FAIL", "+8613800000001")
        made = create_app(settings.model_copy(update={"sms_url": gateway.url}))
        with made.app_context(), listening(made):
            text_to(World.built(), 2)
            deliver()
            wait_until(lambda: State.FAILED in states(), what="the report of refusal")
            failed = next(one for one in deliveries() if one.state == State.FAILED)
            assert failed.address == "+8613800000001"
            assert failed.outcome == "reported_failed"
            channels.close()
            db.session.remove()
            db.engine.dispose()
