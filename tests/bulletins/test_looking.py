"""Looking at a page: what is dead, what is only unclear, and that nobody is led astray."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from bulletins.outside.addresses import address, outside
from bulletins.outside.looking import HOPS, Lines, look
from bulletins.outside.states import Seen
from config import outgoing
from tests.bulletins.sites import LOOPBACK, Page, at, named, only_get, onward, serve
from tests.receivers import Receiver, receiving

BASE = "https://here.cn"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A web server with any names that end with example.com."""
    named(monkeypatch)
    with receiving() as one:
        yield one


def seen(url: str, seconds: float = 5) -> tuple[Seen, int | None]:
    found = look(url, LOOPBACK, Lines(), seconds)
    return found.seen, found.status


def methods(site: Receiver) -> list[str]:
    return [one.method for one in site.heard]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Seen.ALIVE),
        (206, Seen.ALIVE),
        (404, Seen.GONE),
        (410, Seen.GONE),
        *((one, Seen.UNCLEAR) for one in (304, 400, 401, 403, 412, 451, 500, 503, 521)),
    ],
)
def test_what_a_status_means(site: Receiver, status: int, expected: Seen) -> None:
    serve(site, {"/a": status})
    assert seen(at(site, "/a")) == (expected, status)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_who_does_not_take_head_is_asked_with_get(site: Receiver, status: int) -> None:
    serve(site, {"/a": only_get(status)})
    assert seen(at(site, "/a")) == (Seen.ALIVE, 200)
    assert methods(site) == ["HEAD", "GET"]


def test_who_hangs_up_on_head_is_asked_with_get(site: Receiver) -> None:
    def rude(handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "GET":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")

    serve(site, {"/a": rude})
    assert seen(at(site, "/a")) == (Seen.ALIVE, 200)


def test_who_has_too_many_requests_is_asked_once(site: Receiver) -> None:
    serve(site, {"/a": 429})
    found = look(at(site, "/a"), LOOPBACK, Lines())
    assert (found.seen, found.wants_rest) == (Seen.UNCLEAR, True)
    assert methods(site) == ["HEAD"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/alive", Seen.ALIVE),
        ("alive?a=b#c", Seen.GONE),  # the query makes it another page
        ("/页面", Seen.ALIVE),
        ("/nowhere", Seen.GONE),
        ("http://there-is-none.example.org/", Seen.NO_HOST),
        ("http://10.0.0.7/", Seen.INSIDE),
        ("http://169.254.169.254/latest/meta-data", Seen.INSIDE),
        ("http://[::1]/", Seen.INSIDE),
        ("/loop", Seen.UNCLEAR),
        ("file:///etc/passwd", Seen.UNCLEAR),
        ("javascript:alert(1)", Seen.UNCLEAR),
        ("//[", Seen.UNCLEAR),
        ("http://a..b/", Seen.UNCLEAR),
        ("http://www.example.com:99999/", Seen.UNCLEAR),
        ("/" + "x" * 5000, Seen.UNCLEAR),
        ("/x\tHost: evil", Seen.GONE),
    ],
)
def test_where_a_redirect_leads(site: Receiver, location: str, expected: Seen) -> None:
    pages: dict[str, Page] = {"/a": onward(location), "/loop": onward("/loop"), "/alive": 200}
    serve(site, {**pages, "/%E9%A1%B5%E9%9D%A2": 200})
    assert seen(at(site, "/a"))[0] == expected
    assert len(site.heard) <= HOPS + 2


def test_redirects_are_followed_a_few_times(site: Receiver) -> None:
    pages: dict[str, Page] = {f"/{n}": onward(f"/{n + 1}") for n in range(HOPS)}
    serve(site, {**pages, f"/{HOPS}": 200, "/far": onward("/0")})
    assert seen(at(site, "/0"))[0] == Seen.ALIVE
    assert seen(at(site, "/far"))[0] == Seen.UNCLEAR


def test_a_name_that_leads_inside_is_not_called(site: Receiver) -> None:
    serve(site, {"/a": 200})
    assert look(at(site, "/a"), "", Lines()).seen == Seen.INSIDE
    assert site.heard == []


def test_an_answer_that_drips_is_cut_off(site: Receiver) -> None:
    stop = threading.Event()

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not stop.wait(0.02):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    serve(site, {"/a": dripping})
    began = time.monotonic()
    assert seen(at(site, "/a"), 0.6) == (Seen.UNCLEAR, None)
    assert time.monotonic() - began < 3
    stop.set()


def test_of_a_huge_page_nothing_is_read(site: Receiver) -> None:
    sent: list[int] = []

    def huge(handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "HEAD":
            handler.send_error(405)
            return
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        for _ in range(1000):
            sent.append(handler.wfile.write(b"x" * 100_000))

    serve(site, {"/a": huge})
    assert seen(at(site, "/a")) == (Seen.ALIVE, 200)
    assert sum(sent) < 50_000_000


def test_one_request_at_a_time_to_a_host(site: Receiver) -> None:
    now, most = 0, 0
    guard = threading.Lock()

    def counted(handler: BaseHTTPRequestHandler) -> None:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.02)
        with guard:
            now -= 1
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")

    serve(site, {"/a": counted})
    lines = Lines()
    threads = [
        threading.Thread(target=look, args=(at(site, "/a"), LOOPBACK, lines)) for _ in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(site.heard), most) == (6, 1)


def test_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch)
    with receiving(tmp_path / "ca.pem") as secured:
        outgoing.trust.cache_clear()
        assert seen(secured.url)[0] == Seen.UNCLEAR  # its issuer is not known here
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        outgoing.trust.cache_clear()
        assert seen(secured.url)[0] == Seen.ALIVE
        another = secured.url.replace("localhost", "www.example.com")
        assert seen(another)[0] == Seen.NO_TRUST
    outgoing.trust.cache_clear()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.gov.cn", "https://www.gov.cn/"),
        ("https://WWW.gov.cn/a b?c=中#d", "https://www.gov.cn/a%20b?c=%E4%B8%AD"),
        (
            "http://政务.example.com:8080/首页",
            "http://xn--zfr164b.example.com:8080/%E9%A6%96%E9%A1%B5",
        ),
        ("https://user:word@www.gov.cn/%E4%B8%AD", "https://www.gov.cn/%E4%B8%AD"),
        ("//www.gov.cn/a", "https://www.gov.cn/a"),
        ("/a", "https://here.cn/a"),
        ("https://[2400:3200::1]/", "https://[2400:3200::1]/"),
        ("ftp://www.gov.cn/", ""),
        ("mailto:a@b.cn", ""),
        ("https://a..b/", ""),
        ("https://[/", ""),
        ("https://www.gov.cn/" + "a" * 2000, ""),
    ],
)
def test_addresses_are_asked_for_as_a_browser_would(url: str, expected: str) -> None:
    assert address(url, BASE) == expected


def test_only_what_leads_out_is_looked_at() -> None:
    urls = [
        *("https://www.gov.cn/a", "/bulletins/3", "/help", "https://here.cn/help"),
        *("http://10.0.0.1/", "http://oa.local/", "mailto:a@b.cn", "https://a..b/"),
    ]
    html = "".join(f'<a href="{url}">x</a>' for url in urls)
    assert outside(html, BASE) == {"https://www.gov.cn/a": "https://www.gov.cn/a"}
