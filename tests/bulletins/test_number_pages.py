"""The register of numbers and its codes, in the browser and in the API."""

from apiflask import APIFlask

from bulletins import services
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.numbering import code_of, numbered
from tests.worlds import World

URL = "/bulletins/numbers"


def test_the_register_shows_its_lines_and_prints(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["province-clerk"])
    assert "还没有机关代字" in clerk.get(URL).text
    code = code_of(world)
    number = numbered(world, code).number or ""
    for url in (URL, f"{URL}/print"):
        page = clerk.get(url)
        assert page.status_code == 200
        assert number in page.text
    assert "启用机关代字" not in page.text
    for odd in ("?code=9999", "?year=1", "?year=x&code=0"):
        assert clerk.get(URL + odd).status_code in (200, 404)
    other = browser_of(world.people["city-clerk"])
    assert other.get(f"{URL}?code={code}").status_code == 404
    assert other.get(f"{URL}/print").status_code == 404


def test_an_approver_keeps_the_codes_in_the_browser(world: World, browser_of: Browsers) -> None:
    approver = browser_of(world.people["province-approver"])
    for code in ("冀质监", "冀质监函"):
        done = post(approver, f"{URL}/codes", URL, code=code, used_before="0")
        assert done.status_code == 302
    wrong = post(approver, f"{URL}/codes", URL, code="冀1", used_before="-1")
    assert wrong.status_code == 422
    assert "冀1" in wrong.text
    found = code_of(world, "冀质监办")
    assert post(approver, f"{URL}/codes/{found}/default", URL).status_code == 302
    assert post(approver, f"{URL}/codes/{found}/end", URL).status_code == 302
    assert "已停用" in approver.get(URL).text


def test_the_number_stands_on_every_page_of_the_paper(
    world: World, browser_of: Browsers, app: APIFlask
) -> None:
    code = code_of(world)
    clerk = browser_of(world.people["province-clerk"])
    assert f'<option value="{code}" selected>' in clerk.get("/bulletins/drafts/new").text
    bulletin = numbered(world, code)
    number = bulletin.number or ""
    reader = browser_of(world.people["county-reader"])
    for page in (
        clerk.get("/bulletins/sent"),
        clerk.get(f"/bulletins/{bulletin.id}"),
        reader.get("/inbox"),
    ):
        assert number in page.text


def test_an_ended_code_is_offered_no_more(world: World, browser_of: Browsers) -> None:
    code = code_of(world)
    services.end_code(world.actor("province-approver"), code)
    page = browser_of(world.people["province-clerk"]).get("/bulletins/drafts/new")
    assert "organ_code_id" not in page.text
