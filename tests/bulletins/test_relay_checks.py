"""What a relay adds is looked at as a paper is: by its clerk, its approver and the API."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from bulletins import services
from bulletins.models import Relay
from config.database import db, writing
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import receipt_of
from tests.bulletins.relays import begun, laid, to_cities
from tests.bulletins.test_api import Caller
from tests.worlds import World

IDENTITY = "11010519491231002X"


@pytest.mark.parametrize("seat", ["clerk", "approver"])
def test_personal_data_in_a_relay_is_shown_to_its_office(
    world: World, browser_of: Browsers, seat: str
) -> None:
    said = {"note": f"联系人身份证号 {IDENTITY}。", "additions": "第一段。\n\n电话 13812345678。"}
    relay = laid(world, to_cities(world), **said)
    page = browser_of(world.people[f"city-{seat}"]).get(f"/relays/{relay.id}").text
    assert 'id="checks"' in page
    box = page.split('id="checks"')[1].split("</section>")[0]
    assert "转发语第 1 段" in box
    assert "补充要求第 2 段" in box
    assert IDENTITY not in box


def test_the_form_shows_what_was_found_when_it_was_saved(
    world: World, browser_of: Browsers
) -> None:
    bulletin = to_cities(world)
    here = f"/inbox/{receipt_of(world, 'city', bulletin).id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    begun(world, bulletin)
    assert 'id="checks"' not in clerk.get(here).text
    with writing():
        db.session.execute(update(Relay).values(note=f"身份证号 {IDENTITY}。"))
    assert 'id="checks"' in clerk.get(here).text


def test_a_marking_that_came_in_by_another_way_stops_a_relay(world: World) -> None:
    relay = begun(world, to_cities(world))
    with writing():
        db.session.execute(update(Relay).values(note="机密★三年"))
    with pytest.raises(services.Unchecked):
        services.submit_relay(world.actor("city-clerk"), relay.id)


def test_the_api_says_the_same(world: World, client: FlaskClient) -> None:
    relay = begun(world, to_cities(world), note=f"身份证号 {IDENTITY}。")
    answer = Caller(world, client, "city-clerk")("GET", f"/relays/{relay.id}/checks").json
    assert (answer["refused"], answer["looked_at"]) == (False, ["personal"])
    assert {one["name"] for one in answer["items"]} == {
        *("classification", "personal", "unread"),
        *("links", "outside_links"),
    }
