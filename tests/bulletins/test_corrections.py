"""A correction is a new version for everybody who had the old one, down the same chain."""

import pytest
from sqlalchemy import func, select

from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.states import Waiting
from config.database import db
from config.errors import Conflict, Invalid
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.corrections import BODY, NOTE, corrected, correcting, receipt
from tests.bulletins.numbering import code_of, given_out, numbered
from tests.bulletins.papers import TITLE, more_agencies, published, receipt_of, submitted
from tests.bulletins.queries import counted
from tests.bulletins.relays import relayed, to_cities, ways
from tests.worlds import World


def test_everybody_gets_the_corrected_version_and_the_old_facts_stay(world: World) -> None:
    bulletin = published(world)
    services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", bulletin).id)
    corrected(world, bulletin)
    assert (bulletin.state, bulletin.version) == ("published", 2)
    for version in (1, 2):
        mine = (Receipt.bulletin_id == bulletin.id) & (Receipt.version == version)
        assert db.session.scalar(select(func.count(Receipt.id)).where(mine)) == 6
    assert receipt(world, "county", bulletin, 1).acknowledged_at is not None
    new = receipt(world, "county", bulletin, 2)
    assert (new.delivered_at, new.opened_at) == (None, None)
    signed = db.session.get_one(BulletinVersion, (bulletin.id, 2))
    assert (signed.note, signed.body, signed.receipt_count) == (NOTE, BODY, 6)
    assert db.session.get_one(BulletinVersion, (bulletin.id, 1)).note == ""


@pytest.mark.parametrize("asks_again", [True, False])
def test_acknowledgements_are_asked_again_or_carried_as_the_approver_says(
    world: World, asks_again: bool
) -> None:
    bulletin = published(world)
    done = receipt_of(world, "county", bulletin)
    services.acknowledge(world.actor("county-clerk"), done.id)
    corrected(world, bulletin, asks_again)
    first, second = (receipt(world, "county", bulletin, number) for number in (1, 2))
    assert second.acknowledged_at == (None if asks_again else first.acknowledged_at)
    counted_now = db.session.get_one(BulletinVersion, (bulletin.id, 2))
    assert counted_now.acknowledged_count == (0 if asks_again else 1)
    assert receipt(world, "city", bulletin, 2).acknowledged_at is None
    with pytest.raises(Conflict):
        services.acknowledge(world.actor("city-clerk"), receipt(world, "city", bulletin, 1).id)
    services.acknowledge(world.actor("city-clerk"), receipt(world, "city", bulletin, 2).id)
    left = services.remind(world.actor("province-clerk"), bulletin.id, Waiting.UNACKNOWLEDGED)
    assert left.count == (5 if asks_again else 4)


def test_it_runs_down_the_whole_chain(world: World) -> None:
    bulletin = to_cities(world)
    relay = relayed(world, bulletin)
    before = ways(bulletin)
    corrected(world, bulletin)
    assert ways(bulletin) == before
    assert len([name for name, through in before.items() if through]) == 2
    county = receipt(world, "county", bulletin, 2)
    assert county.relay_id == relay.id
    city = receipt(world, "city", bulletin, 2)
    assert (county.through_receipt_id, city.relayed_at) == (
        city.id,
        receipt(world, "city", bulletin, 1).relayed_at,
    )
    corrected_again = services.correct(world.actor("province-clerk"), bulletin.id)
    assert corrected_again.version == 2


def test_readers_keep_what_was_published_until_the_correction_is_signed(
    world: World, browser_of: Browsers
) -> None:
    bulletin = published(world)
    correcting(world, bulletin, title="关于开展药品安全专项检查的通知")
    number = receipt_of(world, "county", bulletin).id
    for name in ("county-clerk", "province-reader"):
        browser = browser_of(world.people[name])
        url = f"/inbox/{number}" if name == "county-clerk" else f"/bulletins/{bulletin.id}"
        page = browser.get(url).text
        assert TITLE in page
        assert "药品" not in page
    clerk = browser_of(world.people["province-clerk"]).get(f"/bulletins/{bulletin.id}").text
    assert "药品" in clerk
    assert "此件正在更正" in clerk
    reader = browser_of(world.people["province-reader"])
    assert reader.get(f"/bulletins/{bulletin.id}/changes").status_code == 404


def test_an_abandoned_correction_leaves_everything_as_it_was(world: World) -> None:
    bulletin = published(world)
    before = (bulletin.title, bulletin.body, bulletin.html, bulletin.signed_at)
    correcting(world, bulletin, title="另一个标题")
    services.abandon(world.actor("province-clerk"), bulletin.id)
    assert (bulletin.title, bulletin.body, bulletin.html, bulletin.signed_at) == before
    assert (bulletin.state, bulletin.version, bulletin.note) == ("published", 1, "")


def test_a_correction_says_what_was_wrong_and_changes_something(world: World) -> None:
    clerk, bulletin = world.actor("province-clerk"), published(world)
    correcting(world, bulletin, note="")
    with pytest.raises(Invalid) as caught:
        services.submit(clerk, bulletin.id)
    assert list(caught.value.errors) == ["note"]
    services.abandon(clerk, bulletin.id)
    correcting(world, bulletin, body="各单位：\n\n请**认真**落实。")
    with pytest.raises(Invalid) as same:
        services.submit(clerk, bulletin.id)
    assert list(same.value.errors) == ["body"]


def test_number_and_audience_stay(world: World) -> None:
    code = code_of(world)
    bulletin = numbered(world, code)
    number, other = bulletin.number, code_of(world, "冀质监函")
    correcting(world, bulletin, organ_code_id=other, to_all=False)
    services.submit(world.actor("province-clerk"), bulletin.id)
    services.sign(world.actor("province-approver"), bulletin.id)
    assert (bulletin.number, given_out(code), given_out(other)) == (number, [1], [])
    assert len(ways(bulletin)) == 6


def test_what_proves_void_while_it_is_corrected_is_void_as_published(world: World) -> None:
    bulletin = published(world)
    correcting(world, bulletin, title="另一个标题")
    data = VoidInput(reason="全文有误。")
    services.void(world.actor("province-approver"), bulletin.id, data)
    assert (bulletin.ended_kind, bulletin.title) == ("void", TITLE)
    for act in (services.submit, services.correct):
        with pytest.raises(Conflict):
            act(world.actor("province-clerk"), bulletin.id)


def test_what_was_never_published_is_not_corrected(world: World) -> None:
    for act in (services.correct, services.abandon):
        with pytest.raises(Conflict):
            act(world.actor("province-clerk"), submitted(world).id)


def test_a_correction_takes_as_many_statements_to_1000_as_to_six(world: World) -> None:
    def signing() -> list[str]:
        bulletin = published(world)
        correcting(world, bulletin)
        services.submit(world.actor("province-clerk"), bulletin.id)
        with counted() as seen:
            services.sign(world.actor("province-approver"), bulletin.id)
        return seen

    few = signing()
    more_agencies(world.agencies["city"], 994)
    assert len(signing()) == len(few)


def test_old_links_lead_to_the_corrected_text_and_the_change_is_shown(
    world: World, browser_of: Browsers
) -> None:
    bulletin = published(world)
    corrected(world, bulletin)
    county = browser_of(world.people["county-reader"])
    old, new = (receipt(world, "county", bulletin, number).id for number in (1, 2))
    assert f'href="/inbox/{new}"' in county.get(f"/inbox/{old}").text
    assert "已更正" in county.get("/inbox").text
    page = county.get(f"/inbox/{new}").text
    assert NOTE in page
    assert f'href="/inbox/{new}/changes"' in page
    for view in ("inline", "side"):
        shown = county.get(f"/inbox/{new}/changes?view={view}").text
        assert "<ins>" in shown
        assert NOTE in shown
    assert county.get(f"/inbox/{old}/changes").status_code == 404
    own = browser_of(world.people["province-reader"])
    assert own.get(f"/bulletins/{bulletin.id}/changes?version=2").status_code == 200
    for odd in ("0", "1", "3", "999999999999999999999"):
        assert own.get(f"/bulletins/{bulletin.id}/changes?version={odd}").status_code == 404


def test_a_clerk_corrects_and_an_approver_signs_in_the_browser(
    world: World, browser_of: Browsers
) -> None:
    bulletin = published(world)
    clerk, approver = (browser_of(world.people[f"province-{one}"]) for one in ("clerk", "approver"))
    url, draft = f"/bulletins/{bulletin.id}", f"/bulletins/drafts/{bulletin.id}"
    assert post(clerk, f"{url}/correct", url).location == draft
    fields = {"title": TITLE, "body": BODY, "type": "notice", "urgency": "normal"}
    fields |= {"needs_acknowledgement": "1", "revision": "2", "action": "submit"}
    assert post(clerk, draft, draft, **fields).status_code == 422
    sent = post(clerk, draft, draft, **{**fields, "revision": "3", "note": NOTE})
    assert sent.status_code == 302, sent.text
    assert "要求已签收的机构重新签收" in approver.get(url).text
    db.session.expire_all()
    revision = str(db.session.get_one(Bulletin, bulletin.id).revision)
    signed = post(approver, f"{url}/sign", url, revision=revision, asks_again="1")
    assert signed.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Bulletin, bulletin.id).version == 2
