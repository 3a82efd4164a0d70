"""A paper that no longer holds says so on every page that names it, and is relayed no more."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins import services
from bulletins.decisions import RepealInput, VoidInput
from bulletins.models import Bulletin, Relay
from bulletins.queries import relays as queries
from bulletins.services.checks import today
from config.database import db
from tests.bulletins.attaching import attached
from tests.bulletins.browsing import Browsers, key_of, post
from tests.bulletins.corrections import corrected
from tests.bulletins.files import pdf
from tests.bulletins.papers import drafted, every_check, published, receipt_of
from tests.bulletins.relays import begun, laid, relayed, to_cities
from tests.bulletins.test_api import Caller
from tests.worlds import World, csrf_of

REASON = "附件中的限值有误。"
NEW = "关于修订检查办法的通知"
VOID = "此件已撤销，自始无效"


def _void(world: World, bulletin: Bulletin) -> None:
    new = published(world, title=NEW)
    data = VoidInput(reason=REASON, replaced_by_id=new.id)
    services.void(world.actor("province-approver"), bulletin.id, data)


def _repeal(world: World, bulletin: Bulletin) -> None:
    data = RepealInput(reason=REASON, ended_on=today())
    services.repeal(world.actor("province-approver"), bulletin.id, data)


def test_every_page_of_its_way_says_so(world: World, browser_of: Browsers) -> None:
    bulletin = to_cities(world)
    relay = relayed(world, bulletin)
    city = browser_of(world.people["city-clerk"])
    pages = [
        f"/relays/{relay.id}",
        *(f"/bulletins/{bulletin.id}/chain{page}" for page in ("", "/table", "/print")),
        f"/bulletins/{bulletin.id}/messages",
    ]
    assert [page for page in pages if VOID in city.get(page).text] == []
    _void(world, bulletin)
    for page in pages:
        text = city.get(page).text
        assert [words for words in (VOID, REASON, NEW) if words not in text] == [], page
        assert "应办的都已办了" not in text


def test_what_a_correction_changed_says_so(
    world: World, browser_of: Browsers, client: FlaskClient
) -> None:
    bulletin = corrected(world, to_cities(world))
    newer = queries.receipt_of(world.agencies["city"], bulletin)
    assert newer
    city = browser_of(world.people["city-reader"])
    assert VOID not in city.get(f"/inbox/{newer.id}/changes").text
    _void(world, bulletin)
    own = browser_of(world.people["province-clerk"]).get(
        f"/bulletins/{bulletin.id}/changes?view=side"
    )
    for page in (city.get(f"/inbox/{newer.id}/changes").text, own.text):
        assert [words for words in (VOID, REASON, NEW) if words not in page] == []
    told = Caller(world, client, "city-clerk")("GET", f"/inbox/{newer.id}/changes").json
    assert told["standing"]["ended_kind"] == "void"


@pytest.mark.parametrize("table", ["chain", "receipts"])
def test_each_line_of_its_tables_says_so(world: World, browser_of: Browsers, table: str) -> None:
    bulletin = to_cities(world)
    city = browser_of(world.people["city-clerk"])

    def told() -> set[str]:
        text = city.get(f"/bulletins/{bulletin.id}/{table}.csv").data.decode("utf-8-sig")
        return {line["公文效力"] for line in csv.DictReader(io.StringIO(text))}

    assert told() == {"现行有效"}
    _void(world, bulletin)
    assert told() == {f"已撤销，由“{NEW}”代替"}


def test_the_preview_of_its_attachment_says_so(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    file = attached(world, draft, "检查表.pdf", pdf(1))
    services.submit(world.actor("province-clerk"), draft.id, every_check())
    services.sign(world.actor("province-approver"), draft.id, looked_at=every_check())
    reader = browser_of(world.people["county-reader"])
    assert "废止" not in reader.get(f"/attachments/{file.id}").text
    _repeal(world, draft)
    assert f"此件自 {today().isoformat()} 起废止" in reader.get(f"/attachments/{file.id}").text


def test_lists_of_relays_and_the_first_page_mark_it(world: World, browser_of: Browsers) -> None:
    bulletin = to_cities(world)
    begun(world, bulletin)
    _void(world, bulletin)
    assert "已撤销" in browser_of(world.people["city-clerk"]).get("/bulletins/drafts").text
    assert "已撤销" in browser_of(world.people["province-clerk"]).get("/").text


def test_programs_are_told(world: World, client: FlaskClient) -> None:
    bulletin = to_cities(world)
    relay = relayed(world, bulletin)
    caller = Caller(world, client, "city-clerk")
    paths = [f"/bulletins/{bulletin.id}/chain", f"/bulletins/{bulletin.id}/progress"]
    paths.append(f"/relays/{relay.id}")
    holds = {"ended_kind": None, "ended_on": None, "replaced_by_id": None}
    assert [caller("GET", path).json["standing"] for path in paths] == [holds] * 3
    _repeal(world, bulletin)
    ended = {**holds, "ended_kind": "repealed", "ended_on": today().isoformat()}
    assert [caller("GET", path).json["standing"] for path in paths] == [ended] * 3
    [line] = caller("GET", "/relays").json["items"]
    assert (line["ended_kind"], line["is_corrected"]) == ("repealed", False)


@pytest.mark.parametrize("end", [_void, _repeal])
def test_the_form_does_not_open_for_what_is_over(
    world: World, browser_of: Browsers, end: Callable[[World, Bulletin], None]
) -> None:
    bulletin = to_cities(world)
    receipt = receipt_of(world, "city", bulletin)
    clerk = browser_of(world.people["city-clerk"])
    assert "转发下级" in clerk.get(f"/inbox/{receipt.id}").text
    end(world, bulletin)
    page = clerk.get(f"/inbox/{receipt.id}/relay")
    assert page.status_code == 200
    assert "不能转发" in page.text
    assert REASON in page.text
    assert 'name="note"' not in page.text
    assert "转发下级" not in clerk.get(f"/inbox/{receipt.id}").text


def test_what_was_typed_comes_back_where_the_paper_ends_meanwhile(
    world: World, browser_of: Browsers
) -> None:
    bulletin = to_cities(world)
    here = f"/inbox/{receipt_of(world, 'city', bulletin).id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    page = clerk.get(here).text
    sent = {"note": "我的话", "additions": "我的要求", "to_all": "1", "revision": "0"}
    sent |= {"csrf_token": csrf_of(page), "form_key": key_of(page)}
    _void(world, bulletin)
    for action in ("submit", "save", "reach"):
        told = clerk.post(here, data={**sent, "action": action})
        assert told.status_code == 409
        for words in (VOID, REASON, "我的话", "我的要求"):
            assert words in told.text
    assert db.session.scalars(select(Relay)).all() == []


def test_what_was_saved_for_it_can_still_be_read_and_given_up(
    world: World, browser_of: Browsers
) -> None:
    bulletin = to_cities(world)
    relay = begun(world, bulletin, note="早先的话")
    _void(world, bulletin)
    here = f"/inbox/{receipt_of(world, 'city', bulletin).id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    assert "早先的话" in clerk.get(here).text
    assert post(clerk, f"/relays/{relay.id}/discard", here).status_code == 302
    assert queries.open_relay(world.agencies["city"], bulletin.id) is None


def test_the_form_goes_on_with_the_corrected_paper(world: World, browser_of: Browsers) -> None:
    bulletin = to_cities(world)
    here = f"/inbox/{receipt_of(world, 'city', bulletin).id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    page = clerk.get(here).text
    corrected(world, bulletin)
    newer = queries.receipt_of(world.agencies["city"], bulletin)
    assert newer
    there = f"/inbox/{newer.id}/relay"
    opened = clerk.get(here).text
    assert f'href="{there}"' in opened
    assert 'name="note"' not in opened
    sent = {"note": "我的话", "to_all": "1", "revision": "0", "action": "submit"}
    sent |= {"csrf_token": csrf_of(page), "form_key": key_of(page)}
    told = clerk.post(here, data=sent)
    assert told.status_code == 409
    assert "原件在此期间已更正" in told.text
    assert f'action="{there}"' in told.text
    assert "我的话" in told.text
    assert clerk.post(there, data=sent).status_code == 302
    relay = db.session.scalars(select(Relay)).one()
    assert (relay.note, relay.version, relay.state) == ("我的话", 2, "submitted")


def test_an_approver_is_not_asked_to_sign_it(world: World, browser_of: Browsers) -> None:
    bulletin = to_cities(world)
    relay = laid(world, bulletin)
    approver = browser_of(world.people["city-approver"])
    assert f'action="/relays/{relay.id}/sign"' in approver.get(f"/relays/{relay.id}").text
    _void(world, bulletin)
    page = approver.get(f"/relays/{relay.id}").text
    assert f'action="/relays/{relay.id}/sign"' not in page
    assert f'action="/relays/{relay.id}/return"' in page
