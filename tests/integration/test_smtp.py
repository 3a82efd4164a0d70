"""The conversation with a mail server: sign-in, encryption, pipelining, wrong answers."""

import socket
from dataclasses import replace
from threading import Thread

import pytest

from notifications.channels.base import Parcel
from notifications.channels.mail_server import Server
from notifications.channels.smtp import Smtp
from parts.mailbox import Encryption, Mailbox

PARCEL = Parcel(1, "ref", "zhang@changtong.example", b"Subject: hello\r\n\r\nwords\r\n")


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


def test_the_return_path_names_the_delivery() -> None:
    with Mailbox() as mailbox:
        provider = Smtp(mailbox.url, "bounces+*@gov.example")
        provider.send([PARCEL, replace(PARCEL, ref="other")], 60)
        provider.close()
        mails = mailbox.wait_for(2)
    assert [mail.sender for mail in mails] == [
        "bounces+ref@gov.example",
        "bounces+other@gov.example",
    ]


def test_a_sender_that_the_server_refuses_is_no_fault_of_a_message() -> None:
    with Mailbox() as mailbox:
        provider = Smtp(mailbox.url, "x" * 600)
        sent = provider.send([PARCEL], 60)
        provider.close()
    assert sent.results == []
    assert sent.down.startswith("5")


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
