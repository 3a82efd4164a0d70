"""Signed now, published at a set time: once, whoever is killed meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from agencies.models import Agency
from bulletins import services
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.services import publishing
from bulletins.services.checks import today
from bulletins.services.publishing import publish_due
from config import clock
from config.database import db, writing
from config.errors import Conflict, Invalid
from config.journal import Entry
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.corrections import correcting
from tests.bulletins.numbering import code_of, given_out
from tests.bulletins.papers import published, submitted
from tests.worlds import World

APPROVER = "province-approver"
DAY = timedelta(days=1)


def _signed(world: World, **given: Any) -> Bulletin:
    bulletin = submitted(world, **given)
    return services.sign(world.actor(APPROVER), bulletin.id, bulletin.revision, clock.now() + DAY)


def _receipts() -> int:
    return db.session.scalar(select(func.count(Receipt.id))) or 0


def test_a_signed_paper_has_its_number_and_no_reader_until_its_time(world: World) -> None:
    code = code_of(world)
    bulletin = _signed(world, organ_code_id=code)
    assert (bulletin.state, bulletin.version, given_out(code)) == ("signed", 0, [1])
    assert publish_due() == 0
    assert _receipts() == 0
    number = bulletin.number
    with time_machine.travel(clock.now() + DAY):
        assert publish_due() == 1
        assert publish_due() == 0
    assert (bulletin.state, bulletin.version, bulletin.number) == ("published", 1, number)
    assert _receipts() == 6
    assert given_out(code) == [1]
    told = select(Entry).where(Entry.kind == "bulletin.published")
    assert db.session.scalars(told).one().person_id is None
    signer = db.session.get_one(BulletinVersion, (bulletin.id, 1)).signed_by
    assert signer == world.people[APPROVER]


def test_who_is_killed_while_publishing_leaves_it_undone_and_it_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin = _signed(world)
    with time_machine.travel(clock.now() + DAY), monkeypatch.context() as patched:

        def die(*_args: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(publishing, "_keep_version", die)
        with pytest.raises(KeyboardInterrupt):
            publish_due()
    assert (_receipts(), db.session.get_one(Bulletin, bulletin.id).state) == (0, "signed")
    with time_machine.travel(clock.now() + DAY):
        assert [publish_due(), publish_due()] == [1, 0]
    assert _receipts() == 6


def test_one_paper_that_fails_holds_up_no_other(world: World) -> None:
    county = [world.agencies["county"]]
    nobody = _signed(world, to_all=False, to_agencies=county)
    other = _signed(world)
    with writing():
        db.session.get_one(Agency, county[0]).ended_on = today()
    with time_machine.travel(clock.now() + DAY):
        assert publish_due() == 1
    assert db.session.get_one(Bulletin, other.id).state == "published"
    kept = db.session.get_one(Bulletin, nobody.id)
    assert (kept.state, kept.signed_at, kept.publish_at) == ("returned", None, None)


def test_an_approver_publishes_early_or_takes_it_back(world: World) -> None:
    approver, code = world.actor(APPROVER), code_of(world)
    assert services.publish_now(approver, _signed(world).id).version == 1
    bulletin = _signed(world, organ_code_id=code)
    services.cancel(approver, bulletin.id, "等会议定了再发。")
    with time_machine.travel(clock.now() + DAY):
        assert publish_due() == 0
    assert (bulletin.state, bulletin.signed_at) == ("returned", None)
    services.submit(world.actor("province-clerk"), bulletin.id)
    services.sign(approver, bulletin.id)
    assert given_out(code) == [1]


def test_a_number_of_a_paper_that_is_not_issued_is_voided_with_the_reason(
    world: World, browser_of: Browsers
) -> None:
    code, clerk = code_of(world), world.actor("province-clerk")
    bulletin = _signed(world, organ_code_id=code)
    services.cancel(world.actor(APPROVER), bulletin.id, "不再发文。")
    with pytest.raises(Invalid) as caught:
        services.discard(clerk, bulletin.id)
    assert list(caught.value.errors) == ["reason"]
    browser = browser_of(world.people["province-clerk"])
    url = f"/bulletins/{bulletin.id}"
    assert post(browser, f"{url}/discard", url, reason=" ").status_code == 422
    assert post(browser, f"{url}/discard", url, reason="会议已取消").status_code == 302
    for page in ("/bulletins/numbers", "/bulletins/numbers/print"):
        text = browser.get(page).text
        assert "此号作废" in text
        assert "会议已取消" in text
    assert _signed(world, organ_code_id=code).number != bulletin.number
    assert given_out(code) == [1, 2]


def test_signed_again_in_another_year_it_gets_that_years_number(world: World) -> None:
    code, approver = code_of(world), world.actor(APPROVER)
    bulletin = _signed(world, organ_code_id=code)
    services.cancel(approver, bulletin.id, "改期")
    with time_machine.travel(clock.now().replace(year=clock.now().year + 1)):
        services.submit(world.actor("province-clerk"), bulletin.id)
        services.sign(approver, bulletin.id)
        year = today().year
    assert (bulletin.number, given_out(code)) == (f"冀质监〔{year}〕1号", [1, 1])


@pytest.mark.parametrize("ahead", [timedelta(0), -DAY, timedelta(days=400)])
def test_the_time_lies_ahead_and_not_too_far(world: World, ahead: timedelta) -> None:
    bulletin = submitted(world)
    with pytest.raises(Invalid):
        services.sign(world.actor(APPROVER), bulletin.id, None, clock.now() + ahead)
    assert db.session.get_one(Bulletin, bulletin.id).state == "submitted"


def test_it_is_not_published_after_the_day_to_acknowledge_by(world: World) -> None:
    bulletin = submitted(world, acknowledge_by=today())
    with pytest.raises(Invalid):
        services.sign(world.actor(APPROVER), bulletin.id, None, clock.now() + 2 * DAY)


def test_a_correction_can_wait_for_its_time_too(world: World) -> None:
    bulletin = published(world)
    correcting(world, bulletin)
    services.submit(world.actor("province-clerk"), bulletin.id)
    services.sign(world.actor(APPROVER), bulletin.id, None, clock.now() + DAY)
    assert (bulletin.state, bulletin.version, _receipts()) == ("signed", 1, 6)
    with time_machine.travel(clock.now() + DAY):
        assert publish_due() == 1
    assert (bulletin.version, _receipts()) == (2, 12)


def test_nobody_else_publishes_or_takes_back(world: World) -> None:
    bulletin = _signed(world)
    for act in (services.submit, services.withdraw):
        with pytest.raises(Conflict):
            act(world.actor("province-clerk"), bulletin.id)


def test_the_approver_sets_the_time_in_the_browser(world: World, browser_of: Browsers) -> None:
    bulletin = submitted(world)
    approver = browser_of(world.people[APPROVER])
    url, day = f"/bulletins/{bulletin.id}", (today() + DAY).isoformat()
    assert post(approver, f"{url}/sign", url, revision="1", publish_on=day).status_code == 422
    past = {"publish_on": "2001-01-01", "publish_time": "08:00"}
    assert post(approver, f"{url}/sign", url, revision="1", **past).status_code == 422
    good = {"publish_on": day, "publish_time": "08:30"}
    assert post(approver, f"{url}/sign", url, revision="1", **good).status_code == 302
    assert f"{day} 08:30" in approver.get(url).text
    assert post(approver, f"{url}/cancel", url, reason="").status_code == 422
    assert post(approver, f"{url}/cancel", url, reason="改期").status_code == 302
