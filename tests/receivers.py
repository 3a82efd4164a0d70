"""Another system for tests: a real HTTP or HTTPS server that answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

Talk = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Heard:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """What it heard, and how it answers: ``status`` with ``answer``, or by ``talk``."""

    url: str = ""
    status: int = 200
    answer: bytes = b"ok"
    more: dict[str, str] = field(default_factory=dict)
    talk: Talk | None = None
    heard: list[Heard] = field(default_factory=list)

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Note a request and answer it."""
        length = int(handler.headers.get("Content-Length", 0))
        body = handler.rfile.read(length)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.heard.append(Heard(handler.command, handler.path, headers, body))
        if self.talk is not None:
            self.talk(handler)
            return
        handler.send_response(self.status)
        for name, value in {"Content-Length": str(len(self.answer)), **self.more}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(self.answer)


@contextmanager
def receiving(secured_by: Path | None = None) -> Iterator[Receiver]:
    """A server on loopback; with TLS, whose authority is then written to ``secured_by``."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                receiver.respond(self)
            except OSError:  # hung up on
                self.close_connection = True

        do_GET = do_HEAD = do_POST

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if secured_by is not None:
            authority = trustme.CA()
            authority.cert_pem.write_to_path(str(secured_by))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("localhost").configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            scheme = "https"
        name = "localhost" if secured_by else "127.0.0.1"
        receiver.url = f"{scheme}://{name}:{server.server_port}"
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
