"""The directory: everybody signed in finds whom to ask, in a bounded number of queries."""

import html
import re
from collections.abc import Callable

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies import directory, holdings
from agencies.actors import console
from agencies.inputs import PersonInput
from agencies.models import Agency
from agencies.services import people, seats
from agencies.services.imports import import_agencies
from config.database import db
from tests.agencies.browsing import press, send, text_of
from tests.agencies.test_sessions import statements
from tests.worlds import World, sign_in

Browser = Callable[[int], FlaskClient]


def test_the_tree_opens_and_closes_by_links(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-reader"])
    page = browser.get("/agencies").text
    assert "桥西区市场监督管理局" in page  # opened down to one's own agency
    assert "路南区市场监督管理局" not in page
    knobs = dict(re.findall(r'href="([^"]+)" aria-expanded="\w+" aria-label="([^"]+)"', page))
    opening = {label: address for address, label in knobs.items()}
    opened = browser.get(opening["展开 唐山市市场监督管理局"]).text
    assert "路南区市场监督管理局" in opened
    assert "桥西区市场监督管理局" not in opened
    closed = browser.get(opening["收起 河北省市场监督管理局"]).text
    assert "唐山市市场监督管理局" not in closed
    assert "山西省市场监督管理局" in closed
    assert browser.get("/agencies?at=999999").status_code == 404
    assert browser.get(f"/agencies?at={2**70}").status_code in (404, 422)


def _load_counties(count: int) -> None:
    rows = [f"N{number:03},{number:03}号县局,county,130100" for number in range(count)]
    import_agencies(console(), "\n".join(["code,name,level,parent_code", *rows]).encode())


def test_the_depth_of_the_tree_alone_counts_in_queries(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-reader"])
    browser.get("/agencies")
    with statements() as few:
        browser.get("/agencies")
    _load_counties(250)
    with statements() as many:
        page = browser.get("/agencies").text
    assert len(many) == len(few)
    assert f'href="/agencies/{world.agencies["city"]}"' in page
    far = re.search(r'href="(/agencies\?[^"#]*after=[^"#]*)#a\d+">↓', page)
    assert far
    with statements() as turned:
        browser.get(html.unescape(far[1]))
    assert len(turned) == len(few) - 2  # one level less is opened


def test_every_sibling_is_reached_by_links(world: World, browser_of: Browser) -> None:
    _load_counties(250)
    browser = browser_of(world.people["county-reader"])
    wanted = [
        "长安区市场监督管理局",
        "桥西区市场监督管理局",
        *(f"{n:03}号县局" for n in range(250)),
    ]

    def walk(arrow: str) -> list[list[str]]:
        pages = []
        address: str | None = f"/agencies?at={world.agencies['city']}"
        while address:
            page = browser.get(address).text
            pages.append(re.findall(r">(\d{3}号县局|[长桥]\w区市场监督管理局)</a>", page))
            going_on = re.search(rf'href="([^"]+)">{arrow}', page)
            address = html.unescape(going_on[1]) if going_on else None
            walked.append(address or walked[-1])
        return pages

    walked: list[str] = [""]
    forth = walk("↓")
    assert [len(page) for page in forth] == [100, 100, 52]
    assert [name for page in forth for name in page] == wanted
    page = browser.get(walked[-1]).text
    back = re.search(r'href="([^"]+)">↑', page)
    assert back
    assert forth[1] == re.findall(r">(\d{3}号县局)</a>", browser.get(html.unescape(back[1])).text)


def test_who_stands_far_down_is_opened_among_their_neighbours(
    world: World, browser_of: Browser
) -> None:
    _load_counties(250)
    import_agencies(console(), "code,name,level,parent_code\nT,监管所,township,N200\n".encode())
    browser = browser_of(world.people["county-reader"])
    far = db.session.scalars(select(Agency.id).where(Agency.code == "N200")).one()
    page = browser.get(f"/agencies?at={far}").text
    assert "监管所" in page
    shown = re.findall(r">(\d{3})号县局</a>", page)
    assert (shown[0], shown[-1], len(shown)) == ("150", "249", 100)
    close = re.search(r'href="([^"]+)" aria-expanded="true" aria-label="收起 200号县局"', page)
    assert close
    closed = browser.get(html.unescape(close[1])).text
    assert re.findall(r">(\d{3})号县局</a>", closed) == shown
    assert "监管所" not in closed


def test_a_page_of_an_agency_costs_the_same_for_many_seats(
    world: World, browser_of: Browser
) -> None:
    browser = browser_of(world.people["system"])
    page = f"/agencies/{world.agencies['county']}"
    browser.get(page)
    with statements() as few:
        browser.get(page)
    for number in range(10):
        send(browser, page, f"{page}/seats", kind="reader", label=f"阅文{number}")
    with statements() as many:
        assert "阅文9" in browser.get(page).text
    assert len(many) == len(few)


def test_search_takes_words_as_they_are(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-reader"])
    assert "长安区市场监督管理局" in browser.get("/agencies?q=长安").text
    assert "长安区市场监督管理局" in browser.get("/agencies?q=130102").text
    assert "<script>" not in browser.get("/agencies?q=<script>").text
    for nothing in ("%25", "_", "\\", "x" * 5000):
        assert "没有查到" in browser.get("/agencies", query_string={"q": nothing}).text


def test_a_person_without_a_seat_reads_the_directory_and_no_more(
    app: APIFlask, world: World
) -> None:
    loner = people.create(console(), PersonInput(username="loner", name="独"))
    browser = sign_in(app, loner.id)
    assert browser.get("/agencies").status_code == 200
    assert browser.get("/account").status_code == 200
    assert "您还没有岗位" in browser.get("/account").text
    assert browser.get("/people").status_code == 403
    assert browser.get("/agencies/1/edit").status_code == 403


def test_whom_to_ask_is_edited_by_the_system_administrator(
    world: World, browser_of: Browser
) -> None:
    page = f"/agencies/{world.agencies['county']}"
    system = browser_of(world.people["system"])
    fields = {"contact_name": "周主任", "contact_phone": "0311-5", "contact_mail": ""}
    wrong = send(system, f"{page}/edit", timezone="Mars/Base", **fields)
    assert wrong.status_code == 422
    assert "周主任" in wrong.text
    assert send(system, f"{page}/edit", timezone="Asia/Urumqi", **fields).status_code == 303
    clerk = browser_of(world.people["county-clerk"])
    shown = text_of(clerk.get(page))
    assert "周主任" in shown
    assert "编辑联系资料" not in shown
    assert press(clerk, f"{page}/edit", timezone="", **fields).status_code == 403


def test_names_that_are_markup_stay_words(app: APIFlask, world: World, browser_of: Browser) -> None:
    evil = '"><script>alert(1)</script>'
    people.rename(console(), world.people["county-clerk"], evil)
    page = f"/agencies/{world.agencies['county']}"
    assert "<script>alert" not in browser_of(world.people["city-clerk"]).get(page).text
    system = browser_of(world.people["system"])
    assert "<script>alert" not in system.get("/people").text
    assert "<script>alert" not in system.get(f"/people/{world.people['county-clerk']}").text


def test_what_hangs_on_an_agency_is_counted(world: World) -> None:
    counts = holdings.open_counts("agency", world.agencies["city"])
    assert (counts["agencies"], counts["seats"]) == (2, 5)


def test_the_history_of_a_seat_is_kept(world: World, browser_of: Browser) -> None:
    seat_id = world.actor("county-duty").seat_id
    assert seat_id is not None
    (tenure,) = directory.history(seat_id)
    seats.take(console(), tenure.id)
    seats.give(console(), seat_id, "city-reader")
    shown = text_of(browser_of(world.people["system"]).get(f"/seats/{seat_id}"))
    assert "历任 county duty" in shown
    assert "city reader" in shown
