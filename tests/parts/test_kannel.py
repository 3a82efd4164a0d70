"""Messages reach the phone whole, reports and replies come back, the operator can refuse."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from parts.kannel import Kannel
from parts.phone import Phone
from parts.ports import free_port
from parts.processes import wait_until
from parts.sms_operator import Operator

NUMBER = "13800000001"
Query = dict[str, list[str]]


class Callbacks:
    """The web address that Kannel calls back: keeps each call's query."""

    def __init__(self) -> None:
        calls: list[Query] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                calls.append(parse_qs(urlsplit(self.path).query))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.calls = calls
        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def having(self, name: str, value: str) -> list[Query]:
        """The calls whose parameter ``name`` is ``value``."""
        return [call for call in self.calls if call.get(name) == [value]]


@pytest.fixture(scope="module")
def callbacks() -> Iterator[Callbacks]:
    callbacks = Callbacks()
    thread = Thread(target=callbacks.server.serve_forever, args=(0.02,))
    thread.start()
    yield callbacks
    callbacks.server.shutdown()
    thread.join(10)
    callbacks.server.server_close()


@pytest.fixture(scope="module")
def kannel(callbacks: Callbacks) -> Iterator[Kannel]:
    with Kannel(replies_url=callbacks.url) as kannel:
        yield kannel


@pytest.fixture
def phone(kannel: Kannel) -> Iterator[Phone]:
    with Phone(kannel.phone_port) as phone:
        wait_until(lambda: kannel.phone_is_on, what="the phone seen to come")
        yield phone
    wait_until(lambda: not kannel.phone_is_on, what="the phone seen to go")


def send(kannel: Kannel, text: str, *, report: str = "", coding: int = 2) -> requests.Response:
    """Hand one message to the gateway at the address in its ``url``."""
    address = urlsplit(kannel.url)
    query = {
        "username": address.username,
        "password": address.password,
        "from": parse_qs(address.query)["from"][0],
        "to": NUMBER,
        "text": text,
        "coding": coding,
        "charset": "UTF-8",
        "dlr-mask": 31,
        "dlr-url": report,
    }
    url = f"http://{address.hostname}:{address.port}/cgi-bin/sendsms"
    return requests.get(url, params=query, timeout=10)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("请签收：冀质监〔2018〕12号", 1),
        ("签" * 70, 1),
        ("畅通，" * 23 + "签收", 2),
        ("签" * 134, 2),
        ("签" * 201, 3),
        ("百分号 % 加号 + 换行\n结束", 1),
    ],
)
def test_chinese_arrives_whole(kannel: Kannel, phone: Phone, text: str, parts: int) -> None:
    assert send(kannel, text).status_code == 202
    (sms,) = phone.wait_for(1, NUMBER)
    assert (sms.sender, sms.text, sms.parts) == ("10690001", text, parts)


@pytest.mark.parametrize(("text", "parts"), [("hello world", 1), ("long " * 40 + "end", 2)])
def test_latin_arrives_whole(kannel: Kannel, phone: Phone, text: str, parts: int) -> None:
    assert send(kannel, text, coding=0).status_code == 202
    (sms,) = phone.wait_for(1)
    assert (sms.text, sms.parts) == (text, parts)


def test_reports_come_back(kannel: Kannel, phone: Phone, callbacks: Callbacks) -> None:
    send(kannel, "报告", report=f"{callbacks.url}?id=7&type=%d")
    reports = wait_until(lambda: callbacks.having("type", "1"), what="the report of delivery")
    assert reports[0]["id"] == ["7"]


def test_replies_come_back(kannel: Kannel, phone: Phone, callbacks: Callbacks) -> None:
    phone.reply(NUMBER, "收到 已签收")
    (reply,) = wait_until(lambda: callbacks.having("text", "收到 已签收"), what="the reply")
    assert (reply["from"], reply["to"]) == ([NUMBER], ["10690001"])


def test_a_phone_that_is_off_gets_it_later(kannel: Kannel, phone: Phone) -> None:
    phone.disconnect()
    wait_until(lambda: not kannel.phone_is_on, what="the phone seen to go")
    assert "Queued" in send(kannel, "稍后").text
    phone.connect()
    assert [sms.text for sms in phone.wait_for(1)] == ["稍后"]


def test_the_gateway_goes_away_and_comes_back(kannel: Kannel, phone: Phone) -> None:
    kannel.stop_gateway()
    with pytest.raises(requests.ConnectionError):
        send(kannel, "不在")
    kannel.start_gateway()
    assert send(kannel, "回来").status_code == 202
    assert [sms.text for sms in phone.wait_for(1)] == ["回来"]


def test_the_address_hands_on_where_reports_go() -> None:
    kannel = Kannel(dlr="http://127.0.0.1:8000/sms/report?key=1")
    query = parse_qs(urlsplit(kannel.url).query)
    assert query == {"from": ["10690001"], "dlr": ["http://127.0.0.1:8000/sms/report?key=1"]}


def test_an_operator_refuses_for_good_and_for_now(callbacks: Callbacks) -> None:
    with Operator() as operator, Kannel(operator_url=operator.url) as kannel:
        send(kannel, "第一条")
        wait_until(lambda: operator.received == [(NUMBER, "第一条")], what="the first message")
        operator.answer("FAIL", NUMBER)
        send(kannel, "第二条", report=f"{callbacks.url}?id=bad&type=%d")
        wait_until(
            lambda: [call for call in callbacks.having("id", "bad") if call["type"] == ["16"]],
            what="the report of refusal",
        )
        assert operator.received == [(NUMBER, "第一条")]
