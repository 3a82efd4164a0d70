"""Mail through a real server that refuses, defers, breaks off, hangs, and goes away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from time_machine import Traveller

from app import create_app
from config.database import db
from config.settings import Settings
from notifications import channels
from notifications.channels.mail_server import Server
from notifications.models import ChannelPause
from notifications.states import State
from parts.mailbox import Mailbox
from tests.notifications.hours import deliver, deliveries
from tests.notifications.post import posted
from tests.worlds import World


@pytest.fixture(scope="module", params=[True, False], ids=["pipelining", "step by step"])
def server(request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    with Mailbox(pipelining=request.param) as server:
        yield server


@pytest.fixture
def mailbox(server: Mailbox) -> Mailbox:
    """The server, behaving well and with nothing in it."""
    server.start()
    server.behave()
    server.clear()
    return server


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel("2018-05-04T01:00:00+00:00") as moved:
        yield moved


@pytest.fixture
def app(settings: Settings, mailbox: Mailbox, clock: Traveller) -> Iterator[APIFlask]:
    url = f"{mailbox.url}?timeout=2"
    made = create_app(settings.model_copy(update={"smtp_url": url, "mail_from": "a@gov.example"}))
    with made.app_context():
        yield made
        channels.close()
        db.session.remove()
        db.engine.dispose()


def some(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def states() -> list[str]:
    return [one.state for one in deliveries()]


def address(number: int) -> str:
    return deliveries()[number].address


def test_mails_arrive_as_they_were_composed(world: World, mailbox: Mailbox) -> None:
    posted(some(world, 3))
    deliver()
    assert states() == [State.SENT] * 3
    mails = mailbox.wait_for(3)
    for mail, delivery in zip(mails, deliveries(), strict=True):
        assert mail.recipients == (delivery.address,)
        assert mail.sender == "a@gov.example"
        assert mail.subject == "摘要"
        assert (mail.text, mail.html) == ("正文\n", "<p>正文</p>")
        assert mail.parsed["Message-ID"] == f"<{delivery.ref}@gov.example>"
        assert not mail.parsed.defects


def test_one_address_is_refused_for_good_and_the_rest_goes_on(
    world: World, mailbox: Mailbox
) -> None:
    posted(some(world, 4))
    mailbox.refuse(address(1))
    deliver()
    assert states() == [State.SENT, State.FAILED, State.SENT, State.SENT]
    assert deliveries()[1].detail == "550 5.1.1 No such user"
    assert len(mailbox.wait_for(3)) == 3


def test_one_address_is_deferred_and_goes_out_later(
    world: World, mailbox: Mailbox, clock: Traveller
) -> None:
    posted(some(world, 3))
    mailbox.defer(address(1), times=2)
    deliver()
    assert states() == [State.SENT, State.QUEUED, State.SENT]
    assert deliveries()[1].outcome == "deferred"
    clock.shift(timedelta(minutes=1))
    deliver()
    assert deliveries()[1].attempts == 2
    clock.shift(timedelta(minutes=1))
    deliver()
    assert states()[1] == State.QUEUED  # the pause has grown
    clock.shift(timedelta(minutes=4))
    deliver()
    assert states() == [State.SENT] * 3
    assert len(mailbox.wait_for(3)) == 3


@pytest.mark.parametrize("kept", [True, False])
def test_a_connection_that_breaks_after_the_message_leaves_doubt_about_that_one_alone(
    world: World, mailbox: Mailbox, clock: Traveller, kept: bool
) -> None:
    posted(some(world, 4))
    mailbox.drop(address(1), times=1, keep=kept)
    deliver()
    assert states() == [State.SENT, State.UNKNOWN, State.SENT, State.SENT]
    deliver()
    assert states()[1] == State.QUEUED
    clock.shift(timedelta(minutes=2))
    deliver()
    assert states() == [State.SENT] * 4
    assert [one.possibly_doubled for one in deliveries()] == [False, True, False, False]
    mails = mailbox.wait_for(5 if kept else 4)
    doubled = [mail for mail in mails if mail.recipients == (address(1),)]
    assert len(doubled) == 1 + kept
    assert len({mail.parsed["Message-ID"] for mail in doubled}) == 1


def test_a_server_that_says_nothing_leaves_doubt(
    world: World, mailbox: Mailbox, clock: Traveller
) -> None:
    posted(some(world, 2))
    mailbox.hang(address(0))
    deliver()
    assert states() == [State.UNKNOWN, State.SENT]
    mailbox.behave()
    deliver()
    clock.shift(timedelta(minutes=2))
    deliver()
    assert states() == [State.SENT] * 2
    assert len(mailbox.wait_for(2)) == 2


def test_a_server_away_for_an_hour_costs_nothing_but_time(
    world: World, mailbox: Mailbox, clock: Traveller
) -> None:
    posted(some(world, 5))
    mailbox.stop()
    for _ in range(12):
        deliver()
        clock.shift(timedelta(minutes=5))
    assert states() == [State.QUEUED] * 5
    assert {one.attempts for one in deliveries()} == {0}
    pause = db.session.get_one(ChannelPause, "mail")
    assert "refused" in pause.reason.lower()
    mailbox.start()
    deliver()
    assert states() == [State.SENT] * 5
    assert len(mailbox.wait_for(5)) == 5


def test_a_server_that_restarts_between_two_rounds_is_found_again(
    world: World, mailbox: Mailbox
) -> None:
    posted(some(world, 1))
    deliver()
    mailbox.stop()
    mailbox.start()
    posted(some(world, 2)[1:])
    deliver()
    assert states() == [State.SENT] * 2
    assert not any(one.possibly_doubled for one in deliveries())


def test_connections_are_kept_and_used_again(world: World, mailbox: Mailbox) -> None:
    opened = []
    real = Server.connect

    def connect(self: Server) -> object:
        opened.append(self)
        return real(self)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Server, "connect", connect)
        for _ in range(3):
            posted(some(world, 3))
            deliver()
    assert len(mailbox.wait_for(9)) == 9
    assert len(opened) == 1


# ---- how the server is reached ---------------------------------------------------------------
