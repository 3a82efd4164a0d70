"""The ladder of 特急 papers: at once, then the deputy, then the duty seat, then a call list."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from time_machine import Traveller

from agencies.models import Contact, Tenure
from agencies.states import Channel
from bulletins import services
from bulletins.decisions import RepealInput, VoidInput
from bulletins.models import Bulletin, Receipt
from bulletins.services.checks import today
from bulletins.states import Urgency
from config import clock as now_of
from config.database import db, writing
from config.errors import Conflict, NotFound
from config.journal import Entry
from notifications.inputs import WishInput
from notifications.models import Alert, Escalation, Notice
from notifications.services.escalation import climb, note_call
from notifications.services.subscriptions import choose
from tests.bulletins.papers import published, receipt_of
from tests.notifications.hours import deliveries, recipient_of, work
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
HALF_AN_HOUR = timedelta(minutes=30)


def pressed(kind: str = "escalation") -> set[tuple[int, str]]:
    """Who was told of it as somebody on the ladder, and over which channel."""
    rows = db.session.execute(
        select(Notice.recipient_id, Notice.channel).where(Notice.kind == kind)
    )
    return {(row.recipient_id, row.channel) for row in rows}


def on(world: World, *names: str) -> set[tuple[int, str]]:
    """These people, over both channels."""
    ids = [recipient_of(world.people[name]).id for name in names]
    return {(one, channel) for one in ids for channel in ("mail", "sms")}


def step(clock: Traveller) -> None:
    """Half an hour goes by, and the worker does what is due."""
    clock.shift(HALF_AN_HOUR)
    climb()
    work()


def deputy(world: World, holder: str, name: str) -> None:
    """Make somebody the deputy of a seat's holder."""
    held = select(Tenure.seat_id).where(Tenure.person_id == world.people[holder])
    with writing():
        db.session.add(
            Tenure(
                seat_id=db.session.scalars(held).one(),
                person_id=world.people[name],
                is_deputy=True,
                began_at=now_of.now(),
            )
        )


def flash(world: World) -> Bulletin:
    """A 特急 paper to everybody that all but the county have opened."""
    paper = published(world, urgency=Urgency.FLASH)
    work()
    for name in ("city", "other_city", "sibling", "other_county", "enterprise"):
        services.open_receipt(world.actor(f"{name}-clerk"), receipt_of(world, name, paper).id)
    return paper


def steps_told() -> list[str]:
    rows = db.session.scalars(
        select(Entry).where(Entry.kind == "receipt.escalated").order_by(Entry.id)
    )
    return [str(entry.facts["rung"]) for entry in rows]


def test_it_goes_by_text_message_at_once_to_whoever_deals_with_papers(
    enrolled: World, told: Told
) -> None:
    choose(enrolled.actor("county-liaison"), Channel.SMS, WishInput())
    published(enrolled, urgency=Urgency.FLASH)
    work()
    texted = {one.recipient_id for one in deliveries() if one.channel == "sms"}
    county = {
        kind: recipient_of(enrolled.people[f"county-{kind}"]).id
        for kind in ("clerk", "duty", "reader", "liaison")
    }
    assert {county["clerk"], county["duty"]} <= texted
    assert not {county["reader"], county["liaison"]} & texted


def test_step_by_step_until_somebody_must_ring_up(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    deputy(enrolled, "county-clerk", "unrelated-clerk")
    flash(enrolled)
    clock.shift(HALF_AN_HOUR - timedelta(seconds=1))
    assert climb() == 0
    clock.shift(timedelta(seconds=1))
    climb()
    work()
    assert pressed() == on(enrolled, "unrelated-clerk")
    step(clock)
    assert pressed() == on(enrolled, "unrelated-clerk", "county-duty")
    step(clock)
    assert steps_told() == ["deputy", "duty", "call"]
    calls = select(Alert.agency_id).where(Alert.kind == "call")
    assert db.session.scalars(calls).all() == [enrolled.agencies["province"]]
    step(clock)
    assert steps_told() == ["deputy", "duty", "call"]


def test_a_rung_on_which_nobody_stands_is_passed_at_once(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    flash(enrolled)
    step(clock)
    assert steps_told() == ["duty"]
    assert pressed() == on(enrolled, "county-duty")


@pytest.mark.parametrize("how", ["opened", "voided"])
def test_once_it_waits_for_nobody_nobody_is_pressed(
    enrolled: World, told: Told, clock: Traveller, how: str
) -> None:
    paper = flash(enrolled)
    if how == "opened":
        receipt = receipt_of(enrolled, "county", paper)
        services.open_receipt(enrolled.actor("county-reader"), receipt.id)
    else:
        services.void(enrolled.actor("province-approver"), paper.id, VoidInput(reason="有误"))
    for _ in range(3):
        step(clock)
    assert (steps_told(), pressed()) == ([], set())


def test_an_ordinary_paper_has_no_ladder(enrolled: World, told: Told) -> None:
    published(enrolled, urgency=Urgency.URGENT)
    work()
    assert db.session.scalar(select(func.count()).select_from(Escalation)) == 0


def test_many_receipts_are_pressed_with_few_statements(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    published(enrolled, urgency=Urgency.FLASH)
    work()
    clock.shift(HALF_AN_HOUR)
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    assert climb() == 6
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 8, seen


@pytest.fixture
def to_call(enrolled: World, told: Told, clock: Traveller) -> int:
    """The county's receipt, about which the province has to ring up."""
    paper = flash(enrolled)
    step(clock)
    step(clock)
    return receipt_of(enrolled, "county", paper).id


def test_the_list_names_the_numbers_and_keeps_what_was_said(
    to_call: int, enrolled: World, browser_of: Browsers
) -> None:
    browser = browser_of(enrolled.people["province-duty"])
    page = browser.get("/calls").text
    phone = db.session.scalars(
        select(Contact.address).where(
            Contact.person_id == enrolled.people["county-duty"], Contact.channel == Channel.SMS
        )
    ).one()
    assert phone in page
    sent = {"csrf_token": csrf_of(page), "note": "王五接听，马上办理"}
    too_long = browser.post(f"/calls/{to_call}", data={**sent, "note": "长" * 101})
    assert (too_long.status_code, "长" * 101 in too_long.text) == (422, True)
    assert browser.post(f"/calls/{to_call}", data=sent).status_code == 303
    assert phone not in browser.get("/calls").text
    assert browser.post(f"/calls/{to_call}", data=sent).status_code == 409
    row = db.session.get_one(Escalation, to_call)
    assert (row.note, row.called_by) == ("王五接听，马上办理", enrolled.people["province-duty"])


def test_the_list_says_what_will_not_hold_any_more(
    to_call: int, enrolled: World, browser_of: Browsers
) -> None:
    paper = db.session.get_one(Receipt, to_call).bulletin
    browser = browser_of(enrolled.people["province-duty"])
    assert "起废止" not in browser.get("/calls").text
    tomorrow = today() + timedelta(days=1)
    ending = RepealInput(reason="已有新规定。", ended_on=tomorrow)
    services.repeal(enrolled.actor("province-approver"), paper.id, ending)
    assert f"自 {tomorrow.isoformat()} 起废止" in browser.get("/calls").text


def test_only_the_issuer_rings_up(to_call: int, enrolled: World, browser_of: Browsers) -> None:
    city = browser_of(enrolled.people["city-duty"])
    assert "没有要打电话的机构" in city.get("/calls").text
    with pytest.raises(NotFound):
        note_call(enrolled.actor("city-duty"), to_call, "好")
    note_call(enrolled.actor("province-clerk"), to_call, "好")
    with pytest.raises(Conflict):
        note_call(enrolled.actor("province-clerk"), to_call, "好")


def test_opened_meanwhile_it_leaves_the_list(
    to_call: int, enrolled: World, browser_of: Browsers
) -> None:
    services.open_receipt(enrolled.actor("county-clerk"), to_call)
    assert "没有要打电话的机构" in browser_of(enrolled.people["province-clerk"]).get("/calls").text
