"""The form of a relay saves itself; a lost answer is no conflict, and no text is lost to one."""

import pytest
from sqlalchemy import select

from bulletins import services
from bulletins.models import Relay
from bulletins.queries import relays as queries
from config.database import db
from tests.bulletins.browsing import FETCH, Browsers, key_of
from tests.bulletins.papers import receipt_of
from tests.bulletins.relays import begun, relay_input, to_cities
from tests.worlds import World, csrf_of

KEY = "a-key-of-one-form"


def test_it_is_saved_while_it_is_written(world: World, browser_of: Browsers) -> None:
    receipt = receipt_of(world, "city", to_cities(world))
    here = f"/inbox/{receipt.id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    page = clerk.get(here).text
    assert f'data-autosave="{here}/autosave"' in page
    sent = {"note": "甲", "to_all": "1", "revision": "0", "form_key": key_of(page)}
    sent["csrf_token"] = csrf_of(page)
    answers = [clerk.post(f"{here}/autosave", data=sent, headers=FETCH).json for _twice in range(2)]
    assert answers[0] == answers[1]
    # The answer was lost, so the form still knows no revision; it goes on all the same.
    again = clerk.post(f"{here}/autosave", data={**sent, "note": "甲乙"}, headers=FETCH)
    assert again.get_json()["revision"] == 2
    saved = clerk.post(here, data={**sent, "note": "甲乙丙", "action": "submit"})
    assert saved.status_code == 302
    relay = db.session.scalars(select(Relay)).one()
    assert (relay.note, relay.state) == ("甲乙丙", "submitted")


def test_what_can_not_be_saved_is_answered_so_that_the_page_can_say_it(
    world: World, browser_of: Browsers
) -> None:
    bulletin = to_cities(world)
    here = f"/inbox/{receipt_of(world, 'city', bulletin).id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    sent = {"note": "甲", "to_all": "1", "csrf_token": csrf_of(clerk.get(here).text)}
    too_long = clerk.post(f"{here}/autosave", data={**sent, "note": "长" * 5001}, headers=FETCH)
    assert (too_long.status_code, list(too_long.get_json()["errors"])) == (422, ["note"])
    begun(world, bulletin, note="同事的话")
    stale = clerk.post(f"{here}/autosave", data={**sent, "revision": "0"}, headers=FETCH)
    assert stale.status_code == 409
    assert queries.open_relay(world.agencies["city"], bulletin.id).note == "同事的话"  # type: ignore[union-attr]


def test_both_texts_are_shown_where_the_relay_has_changed(
    world: World, browser_of: Browsers
) -> None:
    bulletin = to_cities(world)
    here = f"/inbox/{receipt_of(world, 'city', bulletin).id}/relay"
    clerk = browser_of(world.people["city-clerk"])
    page = clerk.get(here).text
    begun(world, bulletin, note="同事的话")
    sent = {"note": "我的话", "to_all": "1", "revision": "0", "csrf_token": csrf_of(page)}
    told = clerk.post(here, data={**sent, "form_key": key_of(page)})
    assert told.status_code == 409
    assert "同事的话" in told.text
    assert "我的话" in told.text
    mine = {**sent, "revision": "1", "form_key": key_of(told.text)}
    assert clerk.post(here, data=mine).status_code == 302
    assert queries.open_relay(world.agencies["city"], bulletin.id).note == "我的话"  # type: ignore[union-attr]


def test_a_key_goes_on_only_from_its_own_last_save(world: World) -> None:
    bulletin = to_cities(world)
    receipt, clerk = receipt_of(world, "city", bulletin), world.actor("city-clerk")
    services.save_relay(clerk, receipt.id, relay_input(note="甲"), 0, KEY)
    services.save_relay(clerk, receipt.id, relay_input(note="乙"), 1, "another-key-of-a-form")
    with pytest.raises(services.StaleRelay):
        services.save_relay(clerk, receipt.id, relay_input(note="丙"), 1, KEY)
