"""Mails as they are sent, against golden files: headers, text and HTML, in both languages.

``GOLDEN=write pytest tests/notifications/test_mails.py`` writes the files anew.
"""

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from agencies.models import Contact, Person
from agencies.services import contacts, invitations
from agencies.states import Channel, Way
from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin
from bulletins.states import Urgency, Waiting
from config.database import db, writing
from notifications.states import Kind
from tests.bulletins.corrections import corrected
from tests.bulletins.papers import draft_input, more_agencies, published
from tests.notifications import news
from tests.notifications.hours import MONDAY, handle, work
from tests.notifications.opened import parsed, part
from tests.notifications.outsiders import joined
from tests.notifications.providers import Told
from tests.worlds import World

GOLDEN = Path(__file__).parent / "golden"
CLERK = "county-clerk@changtong.example"


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
