"""A paper's tables where they are too long to wait for: the worker makes them, the bell tells."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from agencies.exports import making, services
from agencies.models import Agency
from config.database import db, writing
from config.errors import StorageFull
from config.files import FolderStore
from tests.agencies.test_tokens import Api, api, key_of
from tests.bulletins.papers import published
from tests.notifications.hours import handle
from tests.worlds import World, csrf_of

__all__ = ["api"]
Browsers = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_AT_ONCE", 3)


def asked(browser: FlaskClient, path: str) -> str:
    """Press the buttons that lead to a table; the address of its page."""
    led = browser.get(path)
    assert led.status_code == 303
    page = browser.get(led.location).text
    fields = {"csrf_token": csrf_of(page)}
    for name in ("table", "format", "bulletin_id", "agency"):
        if f'name="{name}" value="' in page:
            fields[name] = page.partition(f'name="{name}" value="')[2].partition('"')[0]
    return str(browser.post("/exports", data=fields).location)


def lines(browser: FlaskClient, path: str) -> list[dict[str, str]]:
    text = browser.get(f"{path}/file").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("table", ["receipts", "chain"])
def test_the_worker_writes_what_would_have_been_written_at_once(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    paper = published(world)
    province = browser_of(world.people["province-clerk"])
    path = asked(province, f"/bulletins/{paper.id}/{table}.csv")
    making.make_waiting()
    made = province.get(f"{path}/file").data
    monkeypatch.setattr(services, "MOST_AT_ONCE", 1000)
    assert province.get(f"/bulletins/{paper.id}/{table}.csv").data == made
    assert [row["代码"] for row in lines(province, path)] == [
        *("130100", "130102", "130104", "130200", "130202", "E0001")
    ]


def test_each_has_what_is_below_it_and_times_are_its_zones(
    world: World, browser_of: Browsers
) -> None:
    in_zone = update(Agency).where(Agency.id == world.agencies["province"])
    with writing():
        db.session.execute(in_zone.values(timezone="Asia/Urumqi"))
    paper = published(world)
    province = browser_of(world.people["province-clerk"])
    path = asked(province, f"/bulletins/{paper.id}/receipts.csv")
    making.make_waiting()
    here = province.get(f"/bulletins/{paper.id}/receipts.csv?agency={world.agencies['other_city']}")
    below = list(csv.DictReader(io.StringIO(here.data.decode("utf-8-sig"))))
    assert [row["代码"] for row in below] == ["130200", "130202"]  # few enough to wait for
    assert {row["发出"] for row in lines(province, path)} == {row["发出"] for row in below}
    assert (
        browser_of(world.people["unrelated-clerk"])
        .get(f"/exports/new?table=receipts&format=csv&bulletin_id={paper.id}")
        .status_code
        == 404
    )


def test_the_bell_tells_whoever_asked_and_nobody_else(
    world: World, browser_of: Browsers, api: Api
) -> None:
    paper = published(world, title="关于年报的通知")
    province = browser_of(world.people["province-clerk"])
    path = asked(province, f"/bulletins/{paper.id}/chain.xlsx")
    handle()
    assert province.get("/alerts/count").json == {"count": 0, "text": "0", "words": ""}
    making.make_waiting()
    handle()
    key = key_of(world, "province-clerk")
    [told] = api(key, "GET", "/alerts")[1]["items"]
    assert (told["kind"], told["title"], told["export_id"]) == (
        "export",
        "关于年报的通知",
        int(path.rpartition("/")[2]),
    )
    page = province.get("/alerts").text
    assert f'href="{path}"' in page
    assert "表格可以下载" in page
    other = browser_of(world.people["province-approver"])
    assert other.get("/alerts/count").json == {"count": 0, "text": "0", "words": ""}
    assert path not in other.get("/alerts").text
    making.make_waiting()
    handle()
    assert len(api(key, "GET", "/alerts")[1]["items"]) == 1


def test_the_bell_tells_of_a_table_that_could_not_be_made(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = published(world)
    province = browser_of(world.people["province-clerk"])
    path = asked(province, f"/bulletins/{paper.id}/receipts.csv")

    def full(*_given: object) -> None:
        raise StorageFull

    monkeypatch.setattr(FolderStore, "put", full)
    making.make_waiting()
    handle()
    page = province.get("/alerts").text
    assert f'href="{path}"' in page
    assert "表格没有做成" in page
