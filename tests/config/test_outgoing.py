"""Calls of other systems: where they may go, and that nobody holds them up."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Literal

import pytest

from config import outgoing
from config.outgoing import (
    MOST_ANSWER,
    SilentError,
    SlowError,
    UnknownHostError,
    UntrustedError,
    post,
    visit,
)
from config.public_addresses import ForbiddenError, may_go
from tests.receivers import Receiver, receiving

LOOPBACK = "127.0.0.0/8 ::1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system, on loopback."""
    with receiving() as one:
        yield one


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "233.252.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::127.0.0.1",
        "::a00:1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::1",
        "2001:0:a00:1::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_no_private_or_special_address_is_called(address: str) -> None:
    assert not may_go(address, "")


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111"])
def test_public_addresses_are_called_by_tls_alone(address: str) -> None:
    assert may_go(address, "")
    assert not may_go(address, "", encrypted=False)


def test_what_the_operator_allows_is_called_and_nothing_beside_it() -> None:
    allowed = "10.1.0.0/16, 192.168.7.7 fd00::/8"
    assert may_go("10.1.2.3", allowed, encrypted=False)
    assert may_go("192.168.7.7", allowed)
    assert may_go("fd00::5", allowed)
    assert not may_go("10.2.0.1", allowed)
    assert not may_go("::ffff:10.1.2.3", allowed)
    assert not may_go("fe80::1%eth0", "fe80::/10")


@pytest.mark.parametrize("address", ["10.0.0.7", "::ffff:10.0.0.7", "127.0.0.1"])
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        assert host == "outside.example"
        both = ("8.8.8.8", address)  # one good address does not make the other one good
        return [(0, 0, 0, "", (one, port)) for one in both]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(ForbiddenError):
        post("https://outside.example/hook", {}, b"", "")


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_called(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    port = int(receiver.url.rpartition(":")[2])
    lookups: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: Any, **more: Any) -> Any:
        if host == "127.0.0.1":  # socket.create_connection asks too, for what is no name any more
            return real(host, *args, **more)
        lookups.append(host)
        return real("127.0.0.1" if len(lookups) == 1 else "127.0.0.2", *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    answer = post(f"http://rebinding.example:{port}/hook?a=b", {}, b"hello", "127.0.0.1")
    assert answer.status == 200
    assert lookups == ["rebinding.example"]
    [heard] = receiver.heard
    assert heard.headers["host"] == f"rebinding.example:{port}"
    assert (heard.path, heard.body) == ("/hook?a=b", b"hello")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as other:
        receiver.status, receiver.more = 302, {"Location": other.url}
        assert post(receiver.url, {}, b"", LOOPBACK).status == 302
        assert other.heard == []


def test_no_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(receiver.url, {}, b"", LOOPBACK).status == 200


def _lines(*parts: bytes) -> Any:
    def talk(handler: BaseHTTPRequestHandler) -> None:
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()

    return talk


def _dripping(first: bytes, stop: threading.Event) -> Any:
    """A byte now and then, so that no single wait is long."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(first)
        while not stop.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    return talk


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTT"],
)
def test_an_answer_that_drips_is_cut_off(receiver: Receiver, first: bytes) -> None:
    stop = threading.Event()
    receiver.talk = _dripping(first, stop)
    began = time.monotonic()
    with pytest.raises(SlowError):
        post(receiver.url, {}, b"", LOOPBACK, seconds=0.4)
    assert time.monotonic() - began < 3
    stop.set()


def test_one_that_says_nothing_is_cut_off() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        for scheme in ("http", "https"):  # the second hangs in the handshake
            with pytest.raises(SlowError):
                post(f"{scheme}://127.0.0.1:{port}/", {}, b"", LOOPBACK, seconds=0.3)


def test_a_huge_answer_is_read_in_part(receiver: Receiver) -> None:
    receiver.answer = b"x" * (50 * MOST_ANSWER)
    answer = post(receiver.url, {}, b"", LOOPBACK)
    assert (answer.status, len(answer.body)) == (200, 64 * 1024)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    ],
)
def test_whoever_speaks_no_proper_http_has_not_answered(receiver: Receiver, answer: bytes) -> None:
    receiver.talk = _lines(answer)
    with pytest.raises(SilentError):
        post(receiver.url, {}, b"", LOOPBACK, seconds=3)


def test_the_certificate_has_to_be_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(tmp_path / "ca.pem") as secured:
        outgoing.trust.cache_clear()
        with pytest.raises(UntrustedError):  # an authority that nobody knows
            post(secured.url, {}, b"", LOOPBACK)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        outgoing.trust.cache_clear()
        assert post(secured.url, {}, b"", LOOPBACK).status == 200
        with pytest.raises(UntrustedError):  # it is localhost's
            post(secured.url.replace("localhost", "127.0.0.1"), {}, b"", LOOPBACK)
    outgoing.trust.cache_clear()


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def silent(*_: object, **__: object) -> Any:
        answered.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    began = time.monotonic()
    with pytest.raises(SlowError):
        post("https://silent.example/", {}, b"", "", seconds=0.3)
    assert time.monotonic() - began < 3
    answered.set()


@pytest.mark.parametrize(
    ("number", "is_unknown"), [(socket.EAI_NONAME, True), (-5, True), (socket.EAI_AGAIN, False)]
)
def test_a_name_that_there_is_not_is_told_from_a_name_server_that_fails(
    monkeypatch: pytest.MonkeyPatch, number: int, is_unknown: bool
) -> None:
    def failing(*_: object, **__: object) -> Any:
        raise socket.gaierror(number, "as glibc says it")

    monkeypatch.setattr(socket, "getaddrinfo", failing)
    with pytest.raises(SilentError) as silent:
        post("https://unknown.example/", {}, b"", "")
    assert isinstance(silent.value, UnknownHostError) is is_unknown


def test_a_name_that_is_too_long_for_one_is_unknown() -> None:
    with pytest.raises(UnknownHostError):
        visit("GET", f"https://{'a' * 70}.example/", {}, "")


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_of_a_visited_page_nothing_is_read(
    receiver: Receiver, method: Literal["HEAD", "GET"]
) -> None:
    receiver.answer, receiver.more = b"x" * (50 * MOST_ANSWER), {"Location": "/elsewhere"}
    answer = visit(method, f"{receiver.url}/page?a=b", {"Accept": "*/*"}, LOOPBACK)
    assert (answer.status, answer.body, answer.location) == (200, b"", "/elsewhere")
    [heard] = receiver.heard
    assert (heard.method, heard.path, heard.body) == (method, "/page?a=b", b"")


def test_a_page_is_visited_without_tls_too_but_never_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []

    def looked_up(host: str, port: int, allowed: str, *, encrypted: bool) -> list[str]:
        asked.append(encrypted)
        return []

    monkeypatch.setattr(outgoing, "resolved", looked_up)
    with pytest.raises(SilentError):
        visit("GET", "http://page.example/", {}, "")
    with pytest.raises(SilentError):
        post("http://page.example/", {}, b"", "")
    assert asked == [True, False]
    monkeypatch.undo()
    with pytest.raises(ForbiddenError):
        visit("GET", "http://127.0.0.1/", {}, "")
