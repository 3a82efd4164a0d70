"""Calls of gateways and clouds that fail: what was never heard waits, the rest is unknown."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
import trustme

from notifications.channels.aliyun import Aliyun
from notifications.channels.base import Form, Parcel, Provider, Sent
from notifications.channels.kannel import Kannel
from notifications.states import Action
from parts.ports import free_port

Talk = Callable[[socket.socket], object]
OK = b"HTTP/1.1 202 Accepted\r\nContent-Length: 25\r\n\r\n0: Accepted for delivery.."
PARCEL = Parcel(
    *(1, "r", "+8613800000001", "您有2件待签收".encode(), "/x"),
    form=Form("SMS_1", "畅通", {"n": "2"}),
    batch="b",
)


@contextmanager
def answering(*talks: Talk) -> Iterator[int]:
    """A server whose first connections are treated so, one each; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, talks))
        thread.start()
        yield server.getsockname()[1]
        with suppress(OSError):  # wakes the one that waits for a call that never came
            server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _serve(server: socket.socket, talks: Sequence[Talk]) -> None:
    for talk in talks:
        with suppress(OSError):
            connection, _ = server.accept()
            with connection:
                connection.settimeout(5)
                talk(connection)


def closes(connection: socket.socket) -> None:
    """It hears the call and goes away."""
    connection.recv(4096)


def babbles(connection: socket.socket) -> None:
    """It answers what is no HTTP."""
    connection.recv(4096)
    connection.sendall(b"220 mail.example.cn ESMTP\r\n")


def accepts(connection: socket.socket) -> None:
    """It takes one message, and then closes a connection that said it would stay open."""
    connection.recv(4096)
    connection.sendall(OK)


def no_way(connection: socket.socket) -> None:
    """A proxy that lets nothing through."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


def sent_by(provider: Provider, times: int = 1) -> list[Sent]:
    done = [provider.send([PARCEL], 10) for _ in range(times)]
    provider.close()
    return done


def actions(sent: Sequence[Sent]) -> list[Action]:
    return [result.action for one in sent for result in one.results]


def to_cloud(place: str, query: str = "") -> Provider:
    return Aliyun(f"aliyun://key:secret@{place}?sign=畅通&timeout=2{query}")


def to_gateway(port: int, query: str = "") -> Provider:
    return Kannel(f"kannel://u:p@127.0.0.1:{port}?timeout=2{query}", "http://127.0.0.1:1")


@pytest.mark.parametrize("talk", [closes, babbles])
def test_who_may_have_heard_it_leaves_it_unknown(talk: Talk) -> None:
    with answering(talk) as port:
        assert actions(sent_by(to_gateway(port))) == [Action.LOSE]
    with answering(talk) as port:
        assert actions(sent_by(to_cloud(f"127.0.0.1:{port}", "&tls=0"))) == [Action.LOSE]


def test_a_connection_that_was_closed_meanwhile_loses_nothing() -> None:
    with answering(accepts, accepts) as port:
        assert actions(sent_by(to_gateway(port), 2)) == [Action.ACCEPT] * 2


def test_nobody_there_is_down() -> None:
    [sent] = sent_by(to_gateway(free_port()))
    assert (sent.down, sent.results) == ("connection refused", [])


def test_a_proxy_without_a_way_is_down() -> None:
    with answering(no_way) as port:
        [sent] = sent_by(to_cloud("sms.example.cn", f"&proxy=http://127.0.0.1:{port}"))
    assert (sent.down, sent.results) == ("no way through the proxy", [])
    [sent] = sent_by(to_cloud("sms.example.cn", f"&proxy=http://127.0.0.1:{free_port()}"))
    assert (sent.down, sent.results) == ("no way through the proxy", [])


@pytest.fixture
def untrusted() -> Talk:
    """It shows a certificate of an authority that nobody knows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return lambda connection: context.wrap_socket(connection, server_side=True).close()


def test_what_is_not_trusted_or_speaks_no_tls_is_down(untrusted: Talk) -> None:
    for talk, why in ((untrusted, "certificate not trusted"), (no_way, "does not speak TLS")):
        with answering(talk) as port:
            [sent] = sent_by(to_gateway(port, "&tls=1"))
        assert (sent.down, sent.results) == (why, [])
        with answering(talk) as port:
            [sent] = sent_by(to_cloud(f"127.0.0.1:{port}"))
        assert (sent.down, sent.results) == (why, [])
