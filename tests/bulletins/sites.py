"""Sites on the internet, for tests: names that lead to a real server on loopback."""

import socket
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from apiflask import APIFlask

from tests.receivers import Receiver

LOOPBACK = "127.0.0.0/8"
Page = int | Callable[[BaseHTTPRequestHandler], None]


def named(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that end with example.com lead to loopback, others nowhere; which were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def looked_up(host: Any, *args: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if ":" in name or name.replace(".", "").isdigit() or name == "localhost":
            return real("127.0.0.1" if name == "localhost" else name, *args, **more)
        asked.append(name)
        if not name.endswith("example.com"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real("127.0.0.1", *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


def serve(receiver: Receiver, pages: Mapping[str, Page]) -> None:
    """Answer each path as told: with a status, or by a function; others are 404."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        page = pages.get(handler.path, 404)
        if callable(page):
            page(handler)
            return
        handler.send_response(page)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.talk = talk


def onward(location: str) -> Page:
    """A page that sends on."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: " + location.encode() + b"\r\n\r\n")

    return page


def only_get(status: int) -> Page:
    """A page that does not take HEAD, and says so by ``status``."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status if handler.command == "HEAD" else 200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return page


def allow(app: APIFlask, **changes: str) -> None:
    """The operator allows to look at loopback."""
    settings = app.extensions["settings"]
    changes = {"links_allowed": LOOPBACK, **changes}
    app.extensions["settings"] = settings.model_copy(update=changes)


def at(receiver: Receiver, path: str, name: str = "www.example.com") -> str:
    """The address of a page on a site of that name."""
    return f"http://{name}:{receiver.url.rpartition(':')[2]}{path}"
