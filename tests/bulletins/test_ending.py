"""Void from the start, repealed from a day: it says so wherever the paper stands, at once."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from bulletins import services
from bulletins.decisions import RepealInput, VoidInput
from bulletins.models import Bulletin, Receipt
from bulletins.sections import SECTIONS
from bulletins.services.checks import today
from bulletins.services.ending import close_repealed
from bulletins.states import Waiting
from config import clock
from config.database import db
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from config.journal import Entry
from config.sections import Part, Span
from config.settling import settle
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import drafted, published, receipt_of, submitted
from tests.worlds import World

REASON = "附件中的限值有误。"
APPROVER = "province-approver"


def _void(world: World, bulletin: Bulletin, by: str = APPROVER, **given: object) -> Bulletin:
    data = VoidInput.model_validate({"reason": REASON, **given})
    return services.void(world.actor(by), bulletin.id, data)


def _repeal(world: World, bulletin: Bulletin, on: date, by: str = APPROVER) -> Bulletin:
    return services.repeal(world.actor(by), bulletin.id, RepealInput(reason=REASON, ended_on=on))


def test_nothing_of_a_void_paper_waits_and_its_facts_stay(world: World) -> None:
    bulletin = published(world)
    done = receipt_of(world, "county", bulletin)
    services.acknowledge(world.actor("county-clerk"), done.id)
    _void(world, bulletin)
    assert (bulletin.ended_kind, bulletin.ended_on) == ("void", None)
    assert receipt_of(world, "county", bulletin).acknowledged_at is not None
    with pytest.raises(Conflict):
        services.acknowledge(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    with pytest.raises(Conflict):
        services.remind(world.actor("province-clerk"), bulletin.id, Waiting.UNOPENED)
    kinds = db.session.scalars(select(Entry.kind).where(Entry.subject_id == bulletin.id)).all()
    assert "bulletin.voided" in kinds
    told = select(Entry.body).where(Entry.kind == "bulletin.voided")
    assert REASON not in db.session.scalars(told).one()


def test_a_repealed_paper_waits_until_its_day(world: World) -> None:
    bulletin = published(world)
    _repeal(world, bulletin, today() + timedelta(days=2))
    services.acknowledge(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    assert close_repealed() == 0
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert close_repealed() == 1
        assert close_repealed() == 0
    with pytest.raises(Conflict):
        services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", bulletin).id)


def test_repealed_from_today_nothing_waits_any_more(world: World) -> None:
    bulletin = _repeal(world, published(world), today())
    open_ones = Receipt.closed_at.is_(None)
    assert db.session.scalars(select(Receipt).where(open_ones)).all() == []
    assert bulletin.closed_at is not None


def test_what_is_repealed_can_still_prove_void_but_void_is_the_end(world: World) -> None:
    bulletin = _repeal(world, published(world), today())
    assert _void(world, bulletin).ended_kind == "void"
    with pytest.raises(Conflict):
        _void(world, bulletin)
    with pytest.raises(Conflict):
        _repeal(world, bulletin, today())


def test_only_what_was_published_ends_and_not_in_the_past(world: World) -> None:
    for unpublished in (drafted(world), submitted(world)):
        with pytest.raises(Conflict):
            _void(world, unpublished)
    with pytest.raises(Invalid) as caught:
        _repeal(world, published(world), today() - timedelta(days=1))
    assert list(caught.value.errors) == ["ended_on"]


def test_a_replacement_is_another_paper_of_the_agency_that_holds(world: World) -> None:
    bulletin, other = published(world), published(world)
    bad = [bulletin, drafted(world), published(world, "city"), _void(world, published(world))]
    for wrong in [one.id for one in bad] + [10**12]:
        with pytest.raises(Invalid):
            _void(world, bulletin, replaced_by_id=wrong)
    assert _void(world, bulletin, replaced_by_id=other.id).replaced_by_id == other.id


WHO = [
    ("province-clerk", Forbidden),
    ("province-reader", Forbidden),
    ("city-approver", NotFound),
    ("system", NotFound),
]


@pytest.mark.parametrize(("name", "error"), WHO)
def test_only_an_approver_of_the_issuer_ends(
    world: World, name: str, error: type[DomainError]
) -> None:
    bulletin = published(world)
    with pytest.raises(error):
        _void(world, bulletin, name)
    with pytest.raises(error):
        _repeal(world, bulletin, today(), name)
    assert db.session.get_one(Bulletin, bulletin.id).ended_kind is None


def test_every_page_says_so_at_once(world: World, browser_of: Browsers) -> None:
    old, new = published(world), published(world, title="关于修订检查办法的通知")
    receipt = receipt_of(world, "county", old)
    reader, clerk = (
        browser_of(world.people["county-reader"]),
        browser_of(world.people["province-clerk"]),
    )
    _void(world, old, replaced_by_id=new.id)
    assert "已撤销" in reader.get("/inbox").text
    link_in_an_old_mail = reader.get(f"/inbox/{receipt.id}").text
    for words in ("此件已撤销，自始无效", REASON, "关于修订检查办法的通知"):
        assert words in link_in_an_old_mail
    for url in ("/bulletins/sent", f"/bulletins/{old.id}", f"/bulletins/{old.id}/receipts"):
        assert "已撤销" in clerk.get(url).text
    assert old.title not in reader.get("/inbox?show=to_acknowledge").text.replace(new.title, "")


def test_an_approver_ends_a_paper_in_the_browser(world: World, browser_of: Browsers) -> None:
    approver = browser_of(world.people[APPROVER])
    bulletin = published(world)
    url = f"/bulletins/{bulletin.id}"
    empty = post(approver, f"{url}/void", f"{url}/end", reason="")
    assert empty.status_code == 422
    late = post(approver, f"{url}/repeal", f"{url}/end", reason=REASON, ended_on="2001-01-01")
    assert late.status_code == 422
    assert REASON in late.text
    day = today().isoformat()
    done = post(approver, f"{url}/repeal", f"{url}/end", reason=REASON, ended_on=day)
    assert done.status_code == 302
    assert f"自 {day} 起废止" in approver.get(url).text
    assert post(approver, f"{url}/void", f"{url}/end", reason=REASON).status_code == 302
    assert approver.get(f"{url}/end").status_code == 302


def _sections(world: World, agency: str, span: Span) -> dict[str, Part]:
    agency_id = world.agencies[agency]
    found = {one.kind: one.compose([agency_id], span).get(agency_id) for one in SECTIONS}
    return {kind: part for kind, part in found.items() if part}


def test_digests_composed_later_say_so(world: World) -> None:
    old = published(world)
    settle()
    first = db.session.scalars(select(Entry.position).order_by(Entry.position.desc())).first() or 0
    _void(world, old)
    settle()
    last = db.session.scalars(select(Entry.position).order_by(Entry.position.desc())).first() or 0
    both = _sections(world, "county", Span(0, last))
    assert set(both) == {"ended", "new"}
    assert [part.items[0].remark for part in both.values()] == ["已撤销"] * 2
    assert set(_sections(world, "county", Span(first, last))) == {"ended"}
    assert _sections(world, "unrelated", Span(0, last)) == {}
