"""An SMS operator that Kannel reaches over HTTP and that can be made to refuse."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qs, urlsplit

from parts.ports import free_port

Answer = Literal["OK", "FAIL", "RETRY"]


class Operator:
    """Accepts messages, refuses them for good (FAIL), or for now (RETRY).

    A long message is ``received`` in parts. Give its ``url`` to ``Kannel(operator_url=…)``.
    """

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self._default: Answer = "OK"
        self._numbers: dict[str, Answer] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", free_port()), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/send"

    def answer(self, answer: Answer, number: str | None = None) -> None:
        """From now on answer so, to messages for ``number`` or for all that have no own answer."""
        if number is None:
            self._default = answer
        else:
            self._numbers[number] = answer

    def _take(self, query: dict[str, list[str]]) -> Answer:
        """Note a part of a message, its number and text, if it is accepted."""
        number = query["to"][0]
        answer = self._numbers.get(number, self._default)
        if answer == "OK":
            octets = query.get("text", [""])[0].encode("latin-1")
            self.received.append((number, octets.decode(query["charset"][0])))
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        """The request handler bound to this operator."""
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query, encoding="latin-1")
                body = take(query).encode()
                self.send_response(202)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
