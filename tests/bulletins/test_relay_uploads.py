"""Files of relays in parts over a line that breaks: as those of a draft."""

import pytest

from bulletins import services
from bulletins.queries import attachments, relays
from bulletins.services import uploads
from config.database import db
from config.errors import Conflict, Invalid, NotFound
from tests.bulletins.browsing import FETCH, Browsers
from tests.bulletins.relays import begun, to_cities
from tests.bulletins.test_uploads import FILE, announced
from tests.worlds import World, csrf_of


def test_it_goes_on_where_the_line_broke(world: World, browser_of: Browsers) -> None:
    relay = begun(world, to_cities(world))
    before = relay.revision
    browser = browser_of(world.people["city-clerk"])
    page = browser.get(f"/relays/{relay.id}/attachments").text
    assert f'data-upload="/relays/{relay.id}/uploads"' in page
    headers = {**FETCH, "X-CSRFToken": csrf_of(page)}
    data = {"name": "图册.pdf", "size": len(FILE), "mark": "1"}

    def announce() -> dict[str, object]:
        answer = browser.post(f"/relays/{relay.id}/uploads", data=data, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.get_json()
        return found

    url = announce()["url"]
    half = len(FILE) // 2
    assert browser.post(f"{url}/parts/0", data=FILE[:half], headers=headers).status_code == 200
    assert "未传完" in browser.get(f"/relays/{relay.id}/attachments").text
    again = announce()
    assert (again["url"], again["received"]) == (url, half)
    browser.post(f"{url}/parts/{half}", data=FILE[half:], headers=headers)
    made = browser.post(f"{url}/finish", headers=headers).get_json()
    assert browser.post(f"{url}/finish", headers=headers).get_json() == made
    [file] = relays.files([relay.id])[relay.id]
    assert (file.id, file.name, file.file.size) == (made["id"], "图册.pdf", len(FILE))
    db.session.refresh(relay)
    assert relay.revision == before + 1
    assert attachments.working(relay.bulletin_id) == []


def test_it_counts_for_the_relay_and_not_for_the_paper(world: World) -> None:
    relay = begun(world, to_cities(world))
    clerk = world.actor("city-clerk")
    upload = uploads.begin_for_relay(clerk, relay.id, announced())
    assert attachments.load_of_relay(relay) == (1, len(FILE))
    assert attachments.load(relay.bulletin_id) == (0, 0)
    assert attachments.on_the_way(relay.bulletin_id, clerk.person_id) == []
    uploads.cancel(clerk, upload.id)
    assert attachments.load_of_relay(relay) == (0, 0)


def test_only_who_writes_the_relay_sends_to_it(world: World) -> None:
    relay = begun(world, to_cities(world))
    for who in ("province-clerk", "other_city-clerk", "county-clerk"):
        with pytest.raises(NotFound):
            uploads.begin_for_relay(world.actor(who), relay.id, announced())
    clerk = world.actor("city-clerk")
    upload = uploads.begin_for_relay(clerk, relay.id, announced())
    uploads.receive(clerk, upload.id, 0, FILE)
    services.submit_relay(clerk, relay.id)
    with pytest.raises(Conflict):
        uploads.finish(clerk, upload.id)
    with pytest.raises(Conflict):
        uploads.begin_for_relay(clerk, relay.id, announced(name="二.pdf"))
    assert relays.files([relay.id]) == {}


def test_what_may_not_be_attached_is_forgotten(world: World) -> None:
    relay = begun(world, to_cities(world))
    clerk, bad = world.actor("city-clerk"), b"MZ" + bytes(500)
    upload = uploads.begin_for_relay(clerk, relay.id, announced(bad, "坏.pdf"))
    uploads.receive(clerk, upload.id, 0, bad)
    with pytest.raises(Invalid):
        uploads.finish(clerk, upload.id)
    assert attachments.load_of_relay(relay) == (0, 0)
