"""What is made of a mail for each reader: clean headers, one click to leave, a sound address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import now
from notifications.marks import Skeleton, mark, unmarked
from notifications.mime import Copy, Frame, Mold, wire_address
from tests.notifications.opened import parsed, part

OWN = Copy("张三", "zhang@changtong.example", "0" * 24, {"name": "张三 <b>&"}, "http://x/u")


def mold(subject: str = "摘要", text: str = "正文\n", html: str = "<p>正文</p>") -> Mold:
    return Mold.of("changtong@gov.example", Frame("k" * 64, subject), text, html)


def test_the_message_is_clean_ascii_with_short_lines() -> None:
    body = mold("关于开展食品安全专项检查的通知" * 10, "很长的一行" * 500, "很长" * 900).copy(
        OWN, now()
    )
    lines = body.split(b"\r\n")
    assert body.isascii()
    assert max(len(line) for line in lines) <= 80
    assert not any(line.startswith(b".") for line in lines)
    assert b"\n" not in body.replace(b"\r\n", b"")
    mail = parsed(body)
    assert not mail.defects
    assert mail["Subject"] == "关于开展食品安全专项检查的通知" * 10
    assert str(mail["To"]) == "张三 <zhang@changtong.example>"
    assert str(mail["From"]) == "畅通 <changtong@gov.example>"
    assert part(mail, "plain") == "很长的一行" * 500


def test_unsubscribing_takes_one_click() -> None:
    mail = parsed(mold().copy(OWN, now()))
    assert mail["List-Unsubscribe"] == "<http://x/u>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_name_can_not_add_a_header_or_a_tag() -> None:
    own = Copy("张\r\nBcc: x@y.example", "a@b.example", "r", {"name": '<script>"&'})
    mail = parsed(mold(html=f"<p>{mark('name')}</p>", text=mark("name")).copy(own, now()))
    assert mail["Bcc"] is None
    assert "<script>" not in part(mail, "html")
    assert part(mail, "plain").strip() == '<script>"&'


def test_the_same_message_id_at_every_attempt() -> None:
    first, second = (parsed(mold().copy(OWN, now()))["Message-ID"] for _ in range(2))
    assert first == second == f"<{'0' * 24}@gov.example>"


@given(st.text(max_size=300), st.text(max_size=50))
def test_whatever_is_typed_can_be_sent(subject: str, name: str) -> None:
    own = Copy(name, "a@b.example", "r", {"name": name})
    words = unmarked(subject.encode("utf-8", "replace").decode())
    body = mold(words, f"{words}{mark('name')}", words).copy(own, now())
    assert body.isascii()
    assert parsed(body)["To"].addresses[0].addr_spec == "a@b.example"


def test_marks_are_filled_and_nothing_typed_is_one() -> None:
    typed = unmarked(f"a{mark('secret')}b")
    words = Skeleton.of(f"{typed}{mark('name')}。{mark('name')}")
    assert words.filled({"name": "张三", "secret": "123456"}).decode() == "asecretb张三。张三"


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("a@b.example", "a@b.example"),
        # as https://datatracker.ietf.org/doc/html/rfc5891 and the registry of .中国 write them
        ("a@例子.中国", "a@xn--fsqu00a.xn--fiqs8s"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@faß.example", "a@xn--fa-hia.example"),
        ("o'neil+x@b.example", "o'neil+x@b.example"),
    ],
)
def test_wire_address(address: str, wire: str) -> None:
    assert wire_address(address) == wire


HOSTILE = [
    *("张三@b.example", "a@b.example\r\nX: y", "a\r\nRCPT TO:<x@y.example>@b.example", "<a@b>"),
    *("a b@c.d", "a,b@c.d", '"a b"@c.d', "a@b.example\n", "a@b\0.example", "a@", "@b.example"),
    *("a@b.example>", "a\x85b@c.d", "a\u2028b@c.d", "a@b\u2028.example", "x" * 65 + "@b.example"),
    "a@" + ".".join(["x" * 60] * 5),
]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_no_server_takes(address: str) -> None:
    with pytest.raises(ValueError):
        wire_address(address)
