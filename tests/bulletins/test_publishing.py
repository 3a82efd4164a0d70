"""From the clerk's desk to everybody addressed, in one transaction."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from agencies.models import Agency
from bulletins import services
from bulletins.models import Bulletin, BulletinVersion, Receipt, Remark
from bulletins.services.checks import today
from config import clock
from config.database import db, writing
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from config.journal import Entry
from tests.bulletins.papers import (
    TITLE,
    drafted,
    more_agencies,
    published,
    receivers,
    submitted,
)
from tests.bulletins.queries import counted
from tests.worlds import World


def test_signing_gives_everybody_addressed_a_receipt(world: World) -> None:
    bulletin = published(
        world,
        to_all=False,
        to_levels=["county"],
        to_kinds=["bureau"],
        cc_all=True,
        except_agencies=[world.agencies["sibling"]],
    )
    assert receivers(world, bulletin) == {
        "city": "cc",
        "other_city": "cc",
        "county": "to",
        "other_county": "to",
        "enterprise": "cc",
    }
    receipt = db.session.scalars(select(Receipt).limit(1)).one()
    assert (receipt.version, receipt.needs_acknowledgement) == (1, True)
    assert receipt.sent_at == bulletin.signed_at
    assert [receipt.delivered_at, receipt.opened_at, receipt.acknowledged_at] == [None] * 3


def test_the_version_keeps_what_was_signed_and_the_journal_tells_of_it(world: World) -> None:
    bulletin = published(world, urgency="urgent")
    version = db.session.get_one(BulletinVersion, (bulletin.id, 1))
    assert (version.title, version.html, version.receipt_count) == (TITLE, bulletin.html, 6)
    assert version.signed_by == world.people["province-approver"]
    entry = db.session.get_one(Entry, version.entry_id)
    assert (entry.kind, entry.subject_kind, entry.subject_id) == (
        "bulletin.published",
        "bulletin",
        bulletin.id,
    )
    assert entry.agency_id == world.agencies["province"]
    assert entry.person_id == world.people["province-approver"]
    assert entry.facts == {"urgency": "urgent", "version": 1}
    assert (bulletin.state, bulletin.version) == ("published", 1)


def test_an_issuer_may_also_write_to_the_agency_right_above(world: World) -> None:
    bulletin = published(
        world, "county", type="information", to_all=False, to_agencies=[world.agencies["city"]]
    )
    assert receivers(world, bulletin) == {"city": "to"}


def test_an_ended_agency_receives_nothing(world: World) -> None:
    bulletin = submitted(world)
    with writing():
        db.session.get_one(Agency, world.agencies["county"]).ended_on = today()
    services.sign(world.actor("province-approver"), bulletin.id)
    assert "county" not in receivers(world, bulletin)


def test_what_reaches_nobody_is_neither_submitted_nor_signed(world: World) -> None:
    clerk = world.actor("county-clerk")
    for given in ({"to_all": True}, {"to_all": False}):
        bulletin = drafted(world, "county", **given)
        with pytest.raises(Invalid) as caught:
            services.submit(clerk, bulletin.id)
        assert list(caught.value.errors) == ["to_all"]
    alone = submitted(world, "city", to_all=False, to_agencies=[world.agencies["county"]])
    with writing():
        db.session.get_one(Agency, world.agencies["county"]).ended_on = today()
    with pytest.raises(Invalid):
        services.sign(world.actor("city-approver"), alone.id)
    kept = db.session.get_one(Bulletin, alone.id)
    assert (kept.state, kept.version, kept.signed_at) == ("submitted", 0, None)
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 0
    assert db.session.scalar(select(func.count()).select_from(BulletinVersion)) == 0


def test_an_empty_text_and_a_day_gone_by_are_noticed_before_sending(world: World) -> None:
    clerk = world.actor("province-clerk")
    empty = drafted(world, body=" \n ")
    with pytest.raises(Invalid) as caught:
        services.submit(clerk, empty.id)
    assert list(caught.value.errors) == ["body"]
    bulletin = submitted(world, acknowledge_by=today())
    with time_machine.travel(clock.now() + timedelta(days=2)), pytest.raises(Invalid) as late:
        services.sign(world.actor("province-approver"), bulletin.id)
    assert list(late.value.errors) == ["acknowledge_by"]


def test_a_returned_paper_goes_back_with_the_reason_and_comes_again(world: World) -> None:
    clerk, approver = world.actor("province-clerk"), world.actor("province-approver")
    bulletin = submitted(world)
    services.return_draft(approver, bulletin.id, "请补充时限")
    assert db.session.get_one(Bulletin, bulletin.id).state == "returned"
    remark = db.session.scalars(select(Remark)).one()
    assert remark.text == "请补充时限"
    assert db.session.get_one(Entry, remark.entry_id).kind == "bulletin.returned"
    assert "请补充时限" not in db.session.get_one(Entry, remark.entry_id).body
    services.submit(clerk, bulletin.id)
    assert services.sign(approver, bulletin.id).state == "published"


def test_a_submitted_paper_can_be_taken_back(world: World) -> None:
    bulletin = submitted(world)
    assert services.withdraw(world.actor("province-clerk"), bulletin.id).state == "draft"
    with pytest.raises(Conflict):
        services.sign(world.actor("province-approver"), bulletin.id)


def test_nothing_is_signed_twice(world: World) -> None:
    bulletin = published(world)
    with pytest.raises(Conflict):
        services.sign(world.actor("province-approver"), bulletin.id)
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 6


def test_only_what_was_read_is_signed(world: World) -> None:
    bulletin = submitted(world)
    approver = world.actor("province-approver")
    with pytest.raises(Conflict):
        services.sign(approver, bulletin.id, bulletin.revision + 1)
    assert services.sign(approver, bulletin.id, bulletin.revision).version == 1


WHO = [
    ("province-clerk", Forbidden),
    ("province-reader", Forbidden),
    ("province-liaison", Forbidden),
    ("province-duty", Forbidden),
    ("city-approver", NotFound),
    ("unrelated-approver", NotFound),
    ("security", NotFound),
]


@pytest.mark.parametrize(("name", "error"), WHO)
def test_only_an_approver_of_the_issuer_signs_or_returns(
    world: World, name: str, error: type[DomainError]
) -> None:
    bulletin = submitted(world)
    with pytest.raises(error):
        services.sign(world.actor(name), bulletin.id)
    with pytest.raises(error):
        services.return_draft(world.actor(name), bulletin.id, "不行")
    assert db.session.get_one(Bulletin, bulletin.id).state == "submitted"


def test_an_approver_submits_and_withdraws_nothing(world: World) -> None:
    approver = world.actor("province-approver")
    with pytest.raises(Forbidden):
        services.submit(approver, drafted(world).id)
    with pytest.raises(Forbidden):
        services.withdraw(approver, submitted(world).id)


def test_publishing_takes_as_many_statements_to_3227_agencies_as_to_six(world: World) -> None:
    few = submitted(world)
    with counted() as to_few:
        services.sign(world.actor("province-approver"), few.id)
    more_agencies(world.agencies["city"], 3_221)
    many = submitted(world)
    with counted() as to_many:
        services.sign(world.actor("province-approver"), many.id)
    version = db.session.get_one(BulletinVersion, (many.id, 1))
    assert version.receipt_count == 3_227
    assert len(to_many) == len(to_few) < 36
    assert sum("INSERT INTO receipts" in one for one in to_many) == 1
