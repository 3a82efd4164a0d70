"""The picture of a paper's chain, and the same as table, CSV, XLSX and print."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import update

from agencies.models import Agency
from agencies.states import Level
from bulletins import services
from bulletins.models import Receipt
from bulletins.queries import chain as queries
from bulletins.states import Fact
from config.database import db, writing
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import more_agencies, published, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.relays import relayed, to_cities
from tests.bulletins.test_relays import CITY, COUNTY, OTHER_CITY, SIBLING
from tests.worlds import World

WRITTEN = ("worksheets/sheet1.xml", "sharedStrings.xml")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-16T09:00:00+08:00", tick=False) as traveller:
        yield traveller


def _told(world: World, clock: time_machine.Traveller) -> int:
    """A paper opened after 2 working days by one city, relayed 3 later; the other sleeps."""
    bulletin = to_cities(world, relay_within=20)
    clock.move_to("2026-11-18T09:00:00+08:00")
    receipt = receipt_of(world, "city", bulletin)
    services.open_receipt(world.actor("city-clerk"), receipt.id)
    services.acknowledge(world.actor("city-clerk"), receipt.id)
    clock.move_to("2026-11-23T09:00:00+08:00")
    relayed(world, bulletin)
    services.act(world.actor("city-clerk"), receipt.id)
    clock.move_to("2026-11-24T09:00:00+08:00")
    return bulletin.id


def test_the_longest_waits_are_named(world: World, clock: time_machine.Traveller) -> None:
    bulletin_id = _told(world, clock)
    scope = services.progress(world.actor("province-clerk"), bulletin_id)
    waits = queries.longest_waits(scope)
    assert [(one.name, one.fact) for one in waits] == [
        (OTHER_CITY, Fact.OPENED),
        (COUNTY, Fact.OPENED),
        (SIBLING, Fact.OPENED),
    ]
    mine = services.progress(world.actor("city-clerk"), bulletin_id)
    assert [one.name for one in queries.longest_waits(mine)] == [COUNTY, SIBLING]


def test_the_page_draws_cities_first_and_counties_on_opening_one(
    world: World, clock: time_machine.Traveller, browser_of: Browsers
) -> None:
    bulletin_id = _told(world, clock)
    client = browser_of(world.people["province-reader"])
    page = client.get(f"/bulletins/{bulletin_id}/chain").text
    drawn = page[
        page.index('<svg class="chain"') : page.index("</svg>", page.index('class="chain"'))
    ]
    assert CITY in drawn
    assert COUNTY not in drawn
    days = re.findall(r'class="(f-\w+|w)"/>(?:<text[^>]*>(\d+)</text>)?', drawn)
    assert days == [
        ("f-sent", ""),
        ("f-opened", "2"),
        ("f-acknowledged", ""),
        ("f-relayed", "3"),
        ("f-acted", ""),
        ("f-sent", ""),
        ("w", "6"),
    ]
    opened = client.get(f"/bulletins/{bulletin_id}/chain?agency={world.agencies['city']}").text
    assert COUNTY in opened
    assert f"{OTHER_CITY}</b>" in page
    assert "等待已阅，已 6 个工作日" in page


def test_table_csv_workbook_and_print_say_the_same(
    world: World, clock: time_machine.Traveller, browser_of: Browsers
) -> None:
    bulletin_id = _told(world, clock)
    client = browser_of(world.people["province-clerk"])
    file = client.get(f"/bulletins/{bulletin_id}/chain.csv").data.decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(file)))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["机构"] for row in told] == [CITY, COUNTY, SIBLING, OTHER_CITY]
    assert (told[0]["转发"], told[0]["转发用时（工作日）"], told[0]["转发人"]) == (
        "2026-11-23 09:00",
        "3",
        "city approver",
    )
    assert (told[1]["方式"], told[1]["经由"]) == ("转发", CITY)
    assert (told[3]["正在等待"], told[3]["已等待（工作日）"]) == ("已阅", "6")
    book = client.get(f"/bulletins/{bulletin_id}/chain.xlsx").data
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        written = "".join(parts.read(f"xl/{name}").decode() for name in WRITTEN)
    for row in rows:
        for cell in filter(None, row):
            assert f">{cell}<" in written
    for page in ("table", "print"):
        text = client.get(f"/bulletins/{bulletin_id}/chain/{page}").text
        assert all(name in text for name in (CITY, COUNTY, SIBLING, OTHER_CITY))


def test_no_name_becomes_a_formula(world: World, browser_of: Browsers) -> None:
    with writing():
        renamed = update(Agency).where(Agency.id == world.agencies["city"])
        db.session.execute(renamed.values(name="=1+1"))
    bulletin = to_cities(world)
    client = browser_of(world.people["province-clerk"])
    assert "'=1+1" in client.get(f"/bulletins/{bulletin.id}/chain.csv").text
    book = client.get(f"/bulletins/{bulletin.id}/chain.xlsx").data
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_what_a_picture_costs_does_not_grow(world: World, browser_of: Browsers) -> None:
    client = browser_of(world.people["province-clerk"])
    asked = []
    for count in (0, 60):
        more = more_agencies(world.agencies["province"], count, Level.CITY) if count else []
        for city in more[:3]:
            more_agencies(city, 20)
        bulletin = published(world)
        with counted() as seen:
            page = client.get(f"/bulletins/{bulletin.id}/chain")
        asked.append(len(seen))
        assert len(gzip.compress(page.data)) < 30_000
    assert asked[0] == asked[1]


def test_the_steps_of_a_receipt_are_measured_in_working_days_only(
    world: World, clock: time_machine.Traveller, browser_of: Browsers
) -> None:
    """From Friday over the weekend to Monday is one working day."""
    clock.move_to("2026-11-20T09:00:00+08:00")
    bulletin = to_cities(world)
    clock.move_to("2026-11-23T09:00:00+08:00")
    services.open_receipt(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    text = browser_of(world.people["province-clerk"]).get(f"/bulletins/{bulletin.id}/chain.csv")
    head, first, *_rest = csv.reader(io.StringIO(text.data.decode("utf-8-sig")))
    assert dict(zip(head, first, strict=True))["已阅用时（工作日）"] == "1"


def test_nothing_waits_of_what_is_closed(world: World, clock: time_machine.Traveller) -> None:
    bulletin_id = _told(world, clock)
    with writing():
        db.session.execute(update(Receipt).values(closed_at=Receipt.sent_at))
    scope = services.progress(world.actor("province-clerk"), bulletin_id)
    assert queries.longest_waits(scope) == []
