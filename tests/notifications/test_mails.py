"""Mails as they are sent, against golden files: headers, text and HTML, in both languages.

``GOLDEN=write pytest tests/notifications/test_mails.py`` writes the files anew.
"""

import os
import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from time_machine import Traveller

from agencies.models import Contact, Person
from agencies.services import contacts, invitations
from agencies.states import Channel, Way
from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin
from bulletins.states import Urgency, Waiting
from config.clock import now
from config.database import db, writing
from notifications.marks import Skeleton, mark, unmarked
from notifications.mime import Copy, Frame, Mold, wire_address
from notifications.states import Kind
from tests.bulletins.corrections import corrected
from tests.bulletins.papers import draft_input, more_agencies, published
from tests.notifications import news
from tests.notifications.hours import MONDAY, handle, work
from tests.notifications.outsiders import joined
from tests.notifications.providers import Told
from tests.worlds import World

GOLDEN = Path(__file__).parent / "golden"
CLERK = "county-clerk@changtong.example"


def parsed(body: bytes) -> EmailMessage:
    return message_from_bytes(body, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def normal(text: str) -> str:
    """Without what differs each time: ids, signatures, codes."""
    text = re.sub(r"<[0-9a-f]{24}@", "<REF@", text)
    text = re.sub(r"(unsubscribe|invitation)/[\w.-]+", r"\1/SIGNED", text)
    text = re.sub(r"boundary=\S+", "boundary=BOUNDARY", text)
    return re.sub(r"(?<![#\d])\d{6}(?!\d)", "CODE", text)


def compare(name: str, content: str) -> None:
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


def check(kind: str, language: str, body: bytes) -> None:
    mail = parsed(body)
    headers = "".join(f"{name}: {mail[name]}\n" for name in mail if name != "Content-Type")
    compare(f"{kind}.{language}.txt", normal(f"{headers}\n{part(mail, 'plain')}"))
    compare(f"{kind}.{language}.html", normal(part(mail, "html")))


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(province: World, language: str) -> World:
    """The clerk of the county reads in that language."""
    with writing():
        db.session.execute(
            update(Person)
            .where(Person.id == province.people["county-clerk"])
            .values(language=language, name="张三")
        )
    handle()
    return province


def only(told: Told) -> bytes:
    [body] = [parcel.body for parcel in told.parcels if parcel.address == CLERK]
    return body


def test_a_digest(reader: World, told: Told, clock: Traveller, language: str) -> None:
    for _ in range(3):
        news.tell(reader.agencies["county"])
    news.tasks[reader.agencies["county"]] = 4
    clock.move_to(MONDAY)
    work()
    check(Kind.DIGEST, language, only(told))


def test_a_digest_for_somebody_from_outside(
    enrolled: World, told: Told, clock: Traveller, language: str
) -> None:
    asked = {"name": "李四", "agency": "130102", "mail": "li@else.example", "language": language}
    joined(enrolled, asked)
    news.tell(enrolled.agencies["county"])
    news.tasks[enrolled.agencies["county"]] = 4
    clock.move_to(MONDAY)
    work()
    [body] = [one.body for one in told.parcels if one.address == "li@else.example"]
    compare(f"digest_outside.{language}.txt", normal(part(parsed(body), "plain")))
    compare(f"digest_outside.{language}.html", normal(part(parsed(body), "html")))


@pytest.mark.parametrize("channel", ["mail", "phone"])
def test_whoever_is_from_outside_gets_no_link_that_they_can_not_open(
    enrolled: World, told: Told, clock: Traveller, channel: str
) -> None:
    address = {"mail": "li@else.example", "phone": "13800138000"}[channel]
    asked = {"name": "李四", "agency": "130102", channel: address, "urgent_at_once": True}
    joined(enrolled, asked)
    bulletin_id = paper(enrolled, Urgency.FLASH)
    handle()
    services.remind(enrolled.actor("province-clerk"), bulletin_id, Waiting.UNACKNOWLEDGED)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    theirs = [one.body for one in told.parcels if one.address.endswith(address)]
    assert len(theirs) == 2
    for body in theirs:
        mail = channel == "mail"
        texts = (
            [part(parsed(body), kind) for kind in ("plain", "html")] if mail else [body.decode()]
        )
        for text in texts:
            links = re.findall(r"https?://[^\s\"<]+", text)
            assert all("/unsubscribe/" in link for link in links)
            assert len(links) == int(mail)
            assert "登录办理" not in text


def paper(world: World, urgency: Urgency) -> int:
    clerk, approver = world.actor("province-clerk"), world.actor("province-approver")
    draft = draft_input(urgency=urgency, acknowledge_by=date(2018, 5, 10))
    bulletin_id = services.create_draft(clerk, draft).id
    services.submit(clerk, bulletin_id)
    return services.sign(approver, bulletin_id).id


def test_an_urgent_notice(reader: World, told: Told, language: str) -> None:
    paper(reader, Urgency.FLASH)
    work()
    check(Kind.URGENT, language, only(told))


def test_a_reminder(reader: World, told: Told, language: str) -> None:
    bulletin_id = paper(reader, Urgency.NORMAL)
    services.remind(reader.actor("province-clerk"), bulletin_id, Waiting.UNACKNOWLEDGED)
    work()
    check(Kind.REMINDER, language, only(told))


def test_who_was_passed_over(reader: World, told: Told, clock: Traveller, language: str) -> None:
    more_agencies(reader.agencies["county"], 1)
    county = [reader.agencies["county"]]
    published(reader, to_all=False, to_agencies=county, relay_within=1)
    clock.shift(timedelta(days=10))
    services.serve_overdue()
    work()
    check(Kind.PASSED_OVER, language, only(told))


def test_a_void_paper(reader: World, told: Told, language: str) -> None:
    bulletin = published(reader)
    reason = VoidInput(reason="限值有误。")
    services.void(reader.actor("province-approver"), bulletin.id, reason)
    work()
    check(Kind.ENDED, language, only(told))


def test_a_correction(reader: World, told: Told, language: str) -> None:
    bulletin_id = paper(reader, Urgency.FLASH)
    work()
    first = parsed(only(told))
    told.parcels.clear()
    corrected(reader, db.session.get_one(Bulletin, bulletin_id), urgency=Urgency.FLASH)
    work()
    check("correction", language, only(told))
    again = parsed(only(told))
    assert again["References"] == again["In-Reply-To"] == first["References"]
    assert again["Message-ID"] != first["Message-ID"]


def test_an_invitation(reader: World, told: Told, language: str) -> None:
    with writing():
        reader.actor("county-clerk").person.password = "set"
    invitations.invite(reader.actor("security"), reader.people["county-clerk"], Way.MAIL)
    work()
    body = only(told)
    check(Kind.INVITATION, language, body)
    assert parsed(body)["List-Unsubscribe"] is None


def test_a_code(reader: World, told: Told, language: str) -> None:
    clerk = reader.actor("county-clerk")
    with writing():
        contact = db.session.scalars(
            select(Contact).where(
                Contact.person_id == clerk.person_id, Contact.channel == Channel.MAIL
            )
        ).one()
        contact.verified_at = None
    contacts.send_code(reader.actor("county-clerk"), contact.id)
    work()
    check(Kind.CODE, language, only(told))


def test_a_digest_never_carries_the_text_of_a_paper(
    reader: World, told: Told, clock: Traveller
) -> None:
    clerk, approver = reader.actor("province-clerk"), reader.actor("province-approver")
    text = "各单位：请认真落实以下要求。" * 20
    bulletin_id = services.create_draft(clerk, draft_input(body=text)).id
    services.submit(clerk, bulletin_id)
    services.sign(approver, bulletin_id)
    clock.move_to(MONDAY)
    work()
    for parcel in told.parcels:
        assert "请认真落实以下要求" not in part(parsed(parcel.body), "plain")
        assert "请认真落实以下要求" not in part(parsed(parcel.body), "html")


# ---- the form of a mail ----------------------------------------------------------------------

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
