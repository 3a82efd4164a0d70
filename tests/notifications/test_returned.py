"""Reading what comes back: reports as servers write them, and whatever else anybody sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.returned import Return, read, refused
from tests.notifications.reports import complaint, report

REF = "0123456789abcdef01234567"
PATH = "changtong@gov.example"


def kind(raw: bytes, path: str = PATH) -> Return | None:
    found = read(raw, path)
    assert found is None or found.ref == REF
    return found.kind if found else None


@pytest.mark.parametrize("style", ["postfix", "exchange"])
@pytest.mark.parametrize("only_headers", [True, False])
def test_an_address_that_is_gone(style: str, only_headers: bool) -> None:
    assert kind(report(REF, style=style, only_headers=only_headers)) == Return.GONE


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        # RFC 3463, 3.2 and 3.3: the mailbox, the system, the syntax; moved; disabled
        ("5.1.1", "550 no such user", Return.GONE),
        ("5.1.2", "Host or domain name not found", Return.GONE),
        ("5.1.3", "501 bad address", Return.GONE),
        ("5.1.6", "550 moved", Return.GONE),
        ("5.2.1", "550 mailbox disabled", Return.GONE),
        ("5.1.10", "556 null MX", Return.GONE),
        # the far server is exact where ours is not
        ("5.0.0", "550 5.1.1 unknown", Return.GONE),
        ("5.0.0", "550 Mailbox not found. http://service.mail.qq.com/", Return.GONE),
        ("5.0.0", "550 User not found: a@163.com", Return.GONE),
        # the message was not liked, the address is all right
        ("5.2.2", "552 5.2.2 mailbox full", Return.FAILED),
        ("5.3.4", "552 message too big", Return.FAILED),
        ("5.7.1", "550 5.7.1 blocked, no such user agent", Return.FAILED),
        ("5.0.0", "550 spam is not accepted", Return.FAILED),
        ("4.4.7", "delivery time expired", Return.FAILED),
        ("4.2.2", "452 4.2.2 over quota", Return.FAILED),
        ("nonsense", "", Return.FAILED),
    ],
)
def test_what_a_code_says(status: str, said: str, expected: Return) -> None:
    assert kind(report(REF, status=status, said=said)) == expected


def test_a_warning_that_it_takes_longer() -> None:
    assert kind(report(REF, action="delayed", status="4.4.1", said="timed out")) == Return.DELAYED


def test_that_it_arrived_is_no_complaint() -> None:
    assert kind(report(REF, action="delivered", status="2.0.0", said="250 ok")) is None


def test_a_complaint() -> None:
    assert kind(complaint(REF)) == Return.COMPLAINT


def test_the_address_that_it_came_to_names_the_delivery() -> None:
    raw = report("not-a-ref", to=f"<bounces+{REF}@gov.example>")
    assert kind(raw, "bounces+*@gov.example") == Return.GONE
    assert kind(raw) is None


def test_the_message_that_is_returned_may_lack_its_id() -> None:
    assert kind(report("not-a-ref")) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: hello\r\n\r\nI am away until Monday.\r\n",
        f"Message-ID: <{REF}@gov.example>\r\n\r\nnot a report".encode(),
        report(REF).replace(b"report-type", b"x").replace(b"multipart/report", b"multipart/mixed"),
        report(REF).replace(b"message/delivery-status", b"message/delivery-status; charset=zzz"),
        report(REF).replace(b"boundary=", b"boundary*0*=zzz'';"),
        report(REF)[:700],
        b"Content-Type: multipart/report; boundary=a\r\n\r\n" + b"--a\r\n" * 5000,
        b"".join(
            f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode()
            for n in range(3000)
        ),
        b"Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"Content-Type: =?utf-8?b?////?=; boundary*=zz'zz'%ff%fe\r\n\r\n",
    ],
)
def test_rubbish_does_no_harm(raw: bytes) -> None:
    found = read(raw, "bounces+*@gov.example")
    assert found is None or found.ref == REF


@given(st.data())
def test_a_report_that_was_damaged_anywhere_does_no_harm(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([report(REF), complaint(REF)])))
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=10))
    found = read(bytes(raw), "bounces+*@gov.example")
    assert found is None or len(found.ref) == 24


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("550 5.1.1 No such user", Return.GONE),
        ("550 User unknown", Return.GONE),
        ("550 5.7.1 Relaying denied", None),
        ("552 5.2.2 Mailbox full", None),
        ("554 rejected", None),
    ],
)
def test_a_refusal_on_the_spot(said: str, expected: Return | None) -> None:
    assert refused(said) == expected
