"""A few browsers that ask for one page again and again over connections that are kept."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from benchmarks.figures import seconds

CONNECTIONS = 4
ENCODINGS = "gzip, deflate, br, zstd"


def rate(port: int, path: str, cookie: str, requests: int) -> float:
    """Requests a second, all answered with 200, over ``CONNECTIONS`` at once."""
    each = requests // CONNECTIONS
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        taken = seconds(
            lambda: list(
                pool.map(lambda _: _ask(port, path, cookie, each), range(CONNECTIONS), timeout=300)
            )
        )
    return each * CONNECTIONS / taken


def _ask(port: int, path: str, cookie: str, times: int) -> None:
    """Ask ``times`` times over one connection, by hand: a client must cost next to nothing."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"Accept: text/html\r\nAccept-Encoding: {ENCODINGS}\r\n\r\n"
    ).encode()
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        for _ in range(times):
            connection.sendall(request)
            _read(connection, path)


def _read(connection: socket.socket, path: str) -> None:
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"{path}: {head.splitlines()[0]!r}")
    left = _length(head) - len(body)
    while left > 0:
        left -= len(_more(connection))


def _length(head: bytes) -> int:
    for line in head.lower().splitlines():
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise RuntimeError("an answer without a length")


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise RuntimeError("the server broke the connection")
    return got
