"""Mail through a real server that refuses, defers, breaks off, hangs, and goes away."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from apiflask import APIFlask
from time_machine import Traveller

from app import create_app
from config.database import db
from config.settings import Settings
from notifications import channels
from notifications.channels.base import Parcel
from notifications.channels.mail_server import Server
from notifications.channels.smtp import Smtp
from notifications.models import ChannelPause
from notifications.states import State
from parts.mailbox import Encryption, Mailbox
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


@pytest.mark.parametrize("encryption", ["", "starttls", "smtps"])
def test_signing_in_and_encryption(encryption: Encryption, monkeypatch: pytest.MonkeyPatch) -> None:
    with Mailbox(user="app", password="geheim", encryption=encryption) as mailbox:
        if encryption:
            monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.ca_file))
        sent = sent_by(mailbox.url)
        assert sent == ""
        [mail] = mailbox.wait_for(1)
        assert mail.recipients == ("zhang@changtong.example",)


def test_a_wrong_password_is_no_fault_of_a_message() -> None:
    with Mailbox(user="app", password="geheim") as mailbox:
        assert sent_by(mailbox.url.replace("geheim", "falsch")).startswith("535")
        assert mailbox.messages() == []


@pytest.mark.parametrize("encryption", ["starttls", "smtps"])
def test_a_certificate_nobody_vouches_for_is_refused(encryption: Encryption) -> None:
    with Mailbox(encryption=encryption) as mailbox:
        assert "certificate" in sent_by(mailbox.url).lower()


def test_a_port_that_takes_connections_and_says_nothing_does_not_hang_for_ever() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        said = sent_by(f"smtp://127.0.0.1:{silent.getsockname()[1]}?timeout=0.3")
    assert "timed out" in said


def sent_by(url: str) -> str:
    """Send one mail through the server at ``url``; what made it impossible, or nothing."""
    provider = Smtp(url, "a@gov.example")
    try:
        return provider.send([PARCEL], 60).down
    finally:
        provider.close()


class Recorder(Thread):
    """A server that takes one mail and keeps what came in one breath each time it waited."""

    def __init__(self, *, pipelining: bool) -> None:
        super().__init__(daemon=True)
        self.breaths: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._greeting = b"250-x\r\n250 PIPELINING\r\n" if pipelining else b"250 x\r\n"
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}?timeout=5"

    def run(self) -> None:
        with self._listening, self._listening.accept()[0] as line:
            line.sendall(b"220 x\r\n")
            self.hear(line)
            line.sendall(self._greeting)
            while b"DATA" not in self.hear(line):
                line.sendall(b"250 ok\r\n")
            line.sendall(b"250 ok\r\n" * (self.breaths[-1].count(b"\r\n") - 1) + b"354 go on\r\n")
            while not self.hear(line).endswith(b"\r\n.\r\n"):
                pass
            line.sendall(b"250 ok\r\n")

    def hear(self, line: socket.socket) -> bytes:
        self.breaths.append(line.recv(65536))
        return self.breaths[-1]


@pytest.mark.parametrize("pipelining", [True, False])
def test_commands_go_out_in_one_breath_where_the_server_takes_that(pipelining: bool) -> None:
    server = Recorder(pipelining=pipelining)
    server.start()
    assert sent_by(server.url) == ""
    server.join(5)
    commands = [breath.decode().split("\r\n")[:-1] for breath in server.breaths[1:-1]]
    said = ["mail FROM:<a@gov.example>", "rcpt TO:<zhang@changtong.example>", "data"]
    assert [[one.lower() for one in some] for some in commands] == (
        [[one.lower() for one in said]] if pipelining else [[one.lower()] for one in said]
    )


def test_the_return_path_names_the_delivery(server: Mailbox) -> None:
    server.start()
    server.clear()
    provider = Smtp(server.url, "bounces+*@gov.example")
    provider.send([PARCEL, replace(PARCEL, ref="other")], 60)
    provider.close()
    assert [mail.sender for mail in server.wait_for(2)] == [
        "bounces+ref@gov.example",
        "bounces+other@gov.example",
    ]


def test_a_sender_that_the_server_refuses_is_no_fault_of_a_message(mailbox: Mailbox) -> None:
    provider = Smtp(mailbox.url, "x" * 600)
    sent = provider.send([PARCEL], 60)
    provider.close()
    assert sent.results == []
    assert sent.down.startswith("5")


PARCEL = Parcel(1, "ref", "zhang@changtong.example", b"Subject: hello\r\n\r\nwords\r\n")


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password"),
    [
        ("smtp://mail.gov.example", "mail.gov.example", 25, "", ""),
        ("smtp://mail.gov.example?starttls=1", "mail.gov.example", 587, "", ""),
        ("smtps://mail.gov.example", "mail.gov.example", 465, "", ""),
        ("smtp://a%40b:p%3A%2F@h:2525", "h", 2525, "a@b", "p:/"),
    ],
)
def test_the_address_of_a_server(url: str, host: str, port: int, user: str, password: str) -> None:
    server = Server.of(url)
    assert (server.host, server.port, server.user, server.password) == (host, port, user, password)
