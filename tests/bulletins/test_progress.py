"""Where a paper stands: by city and county, for the issuer and for agencies in between."""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from agencies.models import Agency
from bulletins import services
from bulletins.models import Bulletin
from bulletins.queries import papers, progress
from bulletins.queries.papers import Progress
from config.database import db, writing
from config.errors import DomainError, Forbidden, NotFound
from tests.bulletins.papers import drafted, more_agencies, published, receipt_of
from tests.bulletins.queries import counted
from tests.worlds import World

Browsers = Callable[[int], FlaskClient]


def _groups(world: World, scope: progress.Scope) -> dict[str, tuple[int, ...]]:
    names = {agency_id: name for name, agency_id in world.agencies.items()}
    return {
        names[row.id]: (row.sent, row.delivered, row.opened, row.acknowledged)
        for row in db.session.execute(progress.groups(scope))
    }


def test_the_issuer_sees_counts_by_city_and_below_it_by_county(world: World) -> None:
    bulletin = published(world)
    county = receipt_of(world, "county", bulletin)
    services.mark_shown(world.actor("county-clerk"), [county.id])
    services.open_receipt(world.actor("county-clerk"), county.id)
    services.acknowledge(world.actor("county-clerk"), county.id)
    services.open_receipt(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    scope = services.progress(world.actor("province-reader"), bulletin.id)
    assert progress.totals(scope) == Progress(6, 1, 2, 1, 6)
    assert _groups(world, scope) == {
        "city": (3, 1, 2, 1),
        "other_city": (2, 0, 0, 0),
        "enterprise": (1, 0, 0, 0),
    }
    city = services.progress(world.actor("province-clerk"), bulletin.id, world.agencies["city"])
    assert progress.totals(city) == Progress(3, 1, 2, 1, 3)
    assert _groups(world, city) == {"county": (1, 1, 1, 1), "sibling": (1, 0, 0, 0)}
    assert [row.name for row in progress.own_lines(city)] == ["石家庄市市场监督管理局"]


def _facts(world: World, bulletin: Bulletin) -> None:
    county, city = receipt_of(world, "county", bulletin), receipt_of(world, "city", bulletin)
    for _twice in range(2):
        services.mark_shown(world.actor("county-clerk"), [county.id, 2**40])
        services.open_receipt(world.actor("county-clerk"), county.id)
        services.acknowledge(world.actor("county-clerk"), county.id)
        services.open_receipt(world.actor("city-reader"), city.id)


def test_a_fact_is_counted_once_and_with_its_own_version(world: World) -> None:
    before, bulletin = published(world), published(world)
    calm = published(world, needs_acknowledgement=False)
    _facts(world, bulletin)
    rows = db.session.execute(papers.sent(world.agencies["province"])).all()
    assert {row.id: Progress.of(row) for row in rows} == {
        before.id: Progress(6, 0, 0, 0, 6),
        bulletin.id: Progress(6, 1, 2, 1, 6),
        calm.id: Progress(6, 0, 0, 0, 0),
    }


def test_no_list_of_papers_counts_receipts(world: World, browser_of: Browsers) -> None:
    _facts(world, published(world))
    clerk = browser_of(world.people["province-clerk"])
    with counted() as statements:
        page = clerk.get("/bulletins/sent")
        first = clerk.get("/")
    assert "2 / 6" in page.text
    assert "1 / 6" in first.text
    assert not [one for one in statements if "count(receipts" in one.lower()]


def test_the_agency_right_above_is_counted_too(world: World) -> None:
    bulletin = published(world, "city", to_all=True, cc_agencies=[world.agencies["province"]])
    scope = services.progress(world.actor("city-clerk"), bulletin.id)
    assert progress.totals(scope).sent == 3
    assert [row.part for row in progress.own_lines(scope)] == ["cc"]


def test_an_agency_between_sees_its_own_part_only(world: World) -> None:
    bulletin = published(world)
    scope = services.progress(world.actor("city-reader"), bulletin.id)
    assert not scope.is_issuer
    assert progress.totals(scope) == Progress(3, 0, 0, 0, 3)
    assert {row.name for row in progress.every_line(scope)} == {
        "石家庄市市场监督管理局",
        "长安区市场监督管理局",
        "桥西区市场监督管理局",
    }


WHO: list[tuple[str, str | None, type[DomainError]]] = [
    ("unrelated-clerk", None, NotFound),
    ("city-clerk", "province", NotFound),
    ("city-clerk", "other_city", NotFound),
    ("city-clerk", "other_county", NotFound),
    ("county-clerk", "sibling", NotFound),
    ("province-clerk", "unrelated", NotFound),
    ("security", None, Forbidden),
]


@pytest.mark.parametrize(("name", "agency", "error"), WHO)
def test_nobody_sees_more(
    world: World, name: str, agency: str | None, error: type[DomainError]
) -> None:
    bulletin = published(world)
    with pytest.raises(error):
        services.progress(
            world.actor(name), bulletin.id, world.agencies[agency] if agency else None
        )


def test_whoever_was_left_out_and_who_only_drafted_sees_nothing(world: World) -> None:
    bulletin = published(world, to_all=False, to_agencies=[world.agencies["city"]])
    with pytest.raises(NotFound):
        services.progress(world.actor("county-clerk"), bulletin.id)
    with pytest.raises(NotFound):
        services.progress(world.actor("province-clerk"), drafted(world).id)


def test_the_pages_name_who_waits(world: World, browser_of: Browsers) -> None:
    bulletin = published(world)
    services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", bulletin).id)
    clerk = browser_of(world.people["province-clerk"])
    page = clerk.get(f"/bulletins/{bulletin.id}/receipts").text
    assert "石家庄市市场监督管理局" in page
    assert "长安区市场监督管理局" not in page
    below = clerk.get(f"/bulletins/{bulletin.id}/receipts?agency={world.agencies['city']}").text
    assert "长安区市场监督管理局" in below
    assert "county clerk" in below
    waiting = clerk.get(f"/bulletins/{bulletin.id}/receipts/unacknowledged").text
    assert "桥西区市场监督管理局" in waiting
    assert "长安区市场监督管理局" not in waiting
    printed = clerk.get(f"/bulletins/{bulletin.id}/receipts/print").text
    assert printed.count("<tr>") == 7
    city = browser_of(world.people["city-clerk"])
    own = city.get(f"/bulletins/{bulletin.id}/receipts").text
    assert "桥西区市场监督管理局" in own
    assert "唐山市" not in own
    assert "提醒这些机构" in clerk.get(f"/bulletins/{bulletin.id}/receipts/unopened").text
    assert "提醒这些机构" not in city.get(f"/bulletins/{bulletin.id}/receipts/unopened").text


def test_the_export_opens_in_excel_and_runs_nothing(world: World, browser_of: Browsers) -> None:
    with writing():
        db.session.execute(
            update(Agency)
            .where(Agency.id == world.agencies["county"])
            .values(name='=HYPERLINK("http://a.example","x")')
        )
    bulletin = published(world)
    answer = browser_of(world.people["province-clerk"]).get(
        f"/bulletins/{bulletin.id}/receipts.csv"
    )
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert (len(rows), {len(row) for row in rows}) == (7, {12})
    county = next(row for row in rows if row[0] == "130102")
    assert county[1] == '\'=HYPERLINK("http://a.example","x")'
    assert county[2:4] == ["石家庄市市场监督管理局", "主送"]


def _named(page: str) -> list[str]:
    return re.findall(r"第\d+局", page.partition("<table")[2])


def test_what_is_printed_comes_by_the_sheet(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulletins.web.receipts.LINES_TO_PRINT", 5)
    more_agencies(world.agencies["city"], 5)
    bulletin = published(world)
    clerk = browser_of(world.people["province-clerk"])
    url, seen, costs = f"/bulletins/{bulletin.id}/receipts/print", list[str](), set[int]()
    for lines in (5, 5, 1):
        with counted() as statements:
            page = clerk.get(url).text
        costs.add(len(statements))
        assert page.count("<tr>") == lines + 1
        assert f"共 11 个收文机构，本页只列出其中 {lines} 个" in page
        assert f'href="/bulletins/{bulletin.id}/receipts.csv"' in page
        seen += _named(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = html.unescape(older[1]) if older else ""
    assert (url, sorted(seen)) == ("", [f"第{number}局" for number in range(5)])
    assert len(costs) == 1


def test_the_export_is_read_in_pieces_and_whole(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PIECE", 3)
    bulletin = published(world)
    province = browser_of(world.people["province-clerk"])
    with counted() as statements:
        answer = province.get(f"/bulletins/{bulletin.id}/receipts.csv")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    codes = [row[0] for row in rows[1:]]
    assert codes == ["130100", "130102", "130104", "130200", "130202", "E0001"]
    assert sum("LIMIT" in one and "delivered_how" in one for one in statements) == 3
    city = browser_of(world.people["city-clerk"])
    own = city.get(f"/bulletins/{bulletin.id}/receipts.csv").data.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(own))][1:] == ["130100", "130102", "130104"]
