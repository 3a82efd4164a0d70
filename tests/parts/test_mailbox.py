"""Mail arrives whole, and the server misbehaves as told."""

import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from parts.mailbox import Encryption, Mailbox
from parts.processes import wait_until

SUBJECT = "每日摘要：待签收 3 件"


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


@pytest.fixture
def mailbox(server: Mailbox) -> Iterator[Mailbox]:
    yield server
    server.behave()
    server.start()
    server.clear()


def letter(*recipients: str) -> EmailMessage:
    """A mail in Chinese, as text and HTML."""
    message = EmailMessage()
    message["From"] = "changtong@example.cn"
    message["To"] = ", ".join(recipients)
    message["Subject"] = SUBJECT
    message.set_content("石家庄市局：\n.请于今日签收。\n")
    message.add_alternative("<p>石家庄市局：</p>", subtype="html")
    return message


def send(mailbox: Mailbox, *recipients: str, timeout: float = 10) -> None:
    """Send the letter over a connection of its own."""
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=timeout) as client:
        client.send_message(letter(*recipients))


def test_mail_arrives_whole(mailbox: Mailbox) -> None:
    send(mailbox, "a@example.cn", "b@example.cn")
    (mail,) = mailbox.wait_for(1, "b@example.cn")
    assert mail.sender == "changtong@example.cn"
    assert mail.recipients == ("a@example.cn", "b@example.cn")
    assert mail.subject == SUBJECT
    assert mail.text == "石家庄市局：\n.请于今日签收。\n"
    assert "<p>石家庄市局：</p>" in mail.html
    assert mail.at > 0


def test_eight_bit_bytes_arrive_as_they_are(mailbox: Mailbox) -> None:
    content = "Subject: =?utf-8?b?55Wa6YCa?=\r\n\r\n畅通\r\n".encode()
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
        client.sendmail("a@example.cn", ["b@example.cn"], content, ["BODY=8BITMIME"])
    assert mailbox.wait_for(1)[0].content.endswith("畅通\r\n".encode())


def test_one_address_is_refused_and_the_rest_goes_on(mailbox: Mailbox) -> None:
    mailbox.refuse("gone@example.cn")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        send(mailbox, "gone@example.cn")
    assert caught.value.recipients["gone@example.cn"][0] == 550
    send(mailbox, "gone@example.cn", "here@example.cn")
    assert [mail.recipients for mail in mailbox.messages()] == [("here@example.cn",)]


def test_everybody_is_deferred_as_often_as_told(mailbox: Mailbox) -> None:
    mailbox.defer(times=2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            send(mailbox, "a@example.cn")
        assert caught.value.recipients["a@example.cn"][0] == 451
    send(mailbox, "a@example.cn")
    assert len(mailbox.messages()) == 1


def test_it_hangs_until_told_otherwise(mailbox: Mailbox) -> None:
    mailbox.hang("slow@example.cn")
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(mailbox, "slow@example.cn", timeout=0.3)
    send(mailbox, "quick@example.cn")
    mailbox.behave()
    send(mailbox, "slow@example.cn")
    assert len(mailbox.messages()) == 2


@pytest.mark.parametrize(("keep", "arrived"), [(False, 0), (True, 1)])
def test_it_drops_the_connection(mailbox: Mailbox, keep: bool, arrived: int) -> None:
    mailbox.drop(times=1, keep=keep)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox, "a@example.cn")
    assert len(mailbox.messages()) == arrived
    send(mailbox, "a@example.cn")
    assert len(mailbox.messages()) == arrived + 1


def test_it_goes_away_and_comes_back_at_its_port(mailbox: Mailbox) -> None:
    send(mailbox, "a@example.cn")
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as open_connection:
        mailbox.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            open_connection.noop()
    with pytest.raises(ConnectionRefusedError):
        send(mailbox, "a@example.cn")
    mailbox.start()
    send(mailbox, "a@example.cn")
    wait_until(lambda: len(mailbox.messages()) == 2, what="both mails")


@pytest.mark.parametrize(
    ("encryption", "start"),
    [("", "smtp://"), ("starttls", "smtp://"), ("smtps", "smtps://")],
)
def test_it_wants_a_sign_in(encryption: Encryption, start: str) -> None:
    with Mailbox(user="app", password="secret", encryption=encryption) as mailbox:
        assert mailbox.url.startswith(f"{start}app:secret@127.0.0.1:{mailbox.port}")
        context = ssl.create_default_context(cafile=mailbox.ca_file) if encryption else None
        client = (
            smtplib.SMTP_SSL("127.0.0.1", mailbox.port, timeout=10, context=context)
            if encryption == "smtps"
            else smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10)
        )
        with client:
            if encryption == "starttls":
                client.starttls(context=context)
            with pytest.raises(smtplib.SMTPResponseException):
                client.send_message(letter("a@example.cn"))
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("app", "wrong")
            client.login("app", "secret")
            client.send_message(letter("a@example.cn"))
        assert len(mailbox.wait_for(1)) == 1
