"""Files added to what is relayed: for whom the paper reaches through it, apart, and frozen."""

import io
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from agencies.states import Level
from bulletins import services
from bulletins.models import Attachment
from bulletins.queries import inbox, relays
from bulletins.services import attachments, sweeping
from config import clock
from config.database import db
from config.errors import Conflict, Forbidden, Invalid, NotFound
from tests.bulletins.attaching import attached
from tests.bulletins.browsing import Browsers
from tests.bulletins.files import PDF
from tests.bulletins.papers import drafted, every_check, more_agencies, receipt_of
from tests.bulletins.relays import begun, laid, relayed, to_cities
from tests.worlds import World, csrf_of

NAME = "石家庄市分工表.pdf"


def _file(world: World, relay_id: int, name: str = NAME, who: str = "city-clerk") -> Attachment:
    return services.attach_to_relay(world.actor(who), relay_id, name, io.BytesIO(PDF))


def test_it_is_read_by_whom_the_paper_reaches_through_the_relay(world: World) -> None:
    town = more_agencies(world.agencies["county"], 1, Level.TOWNSHIP)[0]
    bulletin = to_cities(world)
    relay = begun(world, bulletin, to_all=False, to_levels=["county"])
    file_id = _file(world, relay.id).id
    for who in ("county-reader", "province-clerk", "other_city-clerk"):
        with pytest.raises(NotFound):
            attachments.visible(world.actor(who), file_id)
    with pytest.raises(Forbidden):
        attachments.visible(world.actor("city-reader"), file_id)
    services.submit_relay(world.actor("city-clerk"), relay.id)
    services.sign_relay(world.actor("city-approver"), relay.id)
    assert not relays.passed(relay, town)
    relayed(world, bulletin, "county")
    assert relays.passed(relay, town)
    for who in ("county-reader", "sibling-clerk", "city-reader"):
        assert attachments.visible(world.actor(who), file_id).attachment.name == NAME
    for who in ("province-clerk", "other_city-clerk"):
        with pytest.raises(NotFound):
            attachments.visible(world.actor(who), file_id)
    words = inbox.reading(receipt_of(world, "county", bulletin)).words
    assert [[one.name for one in word.attachments] for word in words] == [[NAME]]


def test_it_stands_once_the_relay_is_laid_before_the_approver(world: World) -> None:
    relay = begun(world, to_cities(world))
    before = relay.revision
    file_id = _file(world, relay.id).id
    assert relay.revision == before + 1
    clerk = world.actor("city-clerk")
    services.submit_relay(clerk, relay.id)
    for _state in ("submitted", "published"):
        with pytest.raises(Conflict):
            _file(world, relay.id)
        with pytest.raises(Conflict):
            services.remove(clerk, file_id)
        if _state == "submitted":
            services.sign_relay(world.actor("city-approver"), relay.id)


def test_who_relays_and_who_signs_sees_the_originals_files(
    world: World, browser_of: Browsers
) -> None:
    cities = [world.agencies["city"], world.agencies["other_city"]]
    draft = drafted(world, to_all=False, to_agencies=cities)
    attached(world, draft, "检查表.pdf")
    services.submit(world.actor("province-clerk"), draft.id, every_check())
    services.sign(world.actor("province-approver"), draft.id, looked_at=every_check())
    relay = laid(world, draft)
    receipt = receipt_of(world, "city", draft)
    approver = browser_of(world.people["city-approver"])
    assert "检查表.pdf" in approver.get(f"/relays/{relay.id}").text
    services.withdraw_relay(world.actor("city-clerk"), relay.id)
    clerk = browser_of(world.people["city-clerk"])
    page = clerk.get(f"/inbox/{receipt.id}/relay").text
    assert page.count("检查表.pdf") == 1


def test_only_the_agencys_own_clerk_adds_and_removes(world: World) -> None:
    relay = begun(world, to_cities(world))
    file_id = _file(world, relay.id).id
    for who, error in (("other_city-clerk", NotFound), ("city-approver", Forbidden)):
        with pytest.raises(error):
            _file(world, relay.id, who=who)
        with pytest.raises(error):
            services.remove(world.actor(who), file_id)
    with pytest.raises(Invalid):
        services.attach_to_relay(
            world.actor("city-clerk"), relay.id, "程序.exe", io.BytesIO(b"MZ" + b"\0" * 100)
        )
    services.remove(world.actor("city-clerk"), file_id)
    with pytest.raises(NotFound):
        attachments.visible(world.actor("city-clerk"), file_id)


def test_pages_show_it_apart_from_the_originals(world: World, browser_of: Browsers) -> None:
    bulletin = to_cities(world)
    relay = begun(world, bulletin, additions="请对照分工表。")
    here = f"/relays/{relay.id}/attachments"
    clerk = browser_of(world.people["city-clerk"])
    token = csrf_of(clerk.get(here).text)
    sent = {"csrf_token": token, "files": (io.BytesIO(PDF), NAME)}
    assert NAME in clerk.post(here, data=sent, follow_redirects=True).text
    services.submit_relay(world.actor("city-clerk"), relay.id)
    assert NAME in browser_of(world.people["city-approver"]).get(f"/relays/{relay.id}").text
    services.sign_relay(world.actor("city-approver"), relay.id)
    county = browser_of(world.people["county-reader"])
    page = county.get(f"/inbox/{receipt_of(world, 'county', bulletin).id}").text
    assert page.index("以下为原件") < page.index("请对照分工表。") < page.index(NAME)
    file_id = db.session.scalars(select(Attachment.id)).one()
    assert county.get(f"/attachments/{file_id}/file").get_data() == PDF


def test_files_of_a_relay_given_up_are_swept(world: World) -> None:
    bulletin = to_cities(world)
    kept = begun(world, bulletin, "other_city")
    _file(world, kept.id, who="other_city-clerk")
    gone = begun(world, bulletin)
    _file(world, gone.id)
    services.discard_relay(world.actor("city-clerk"), gone.id)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        sweeping.sweep()
    assert db.session.scalar(select(func.count()).select_from(Attachment)) == 1
