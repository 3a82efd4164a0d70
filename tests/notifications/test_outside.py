"""Recipients from outside: an address, an agency, and no account."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Agency
from config import journal
from config.database import db, writing
from config.errors import Invalid
from notifications.inputs import OutsideInput
from notifications.models import Recipient, Subscription
from notifications.services import outside
from tests.notifications import news
from tests.notifications.hours import MONDAY, work
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]


def outsider(world: World, **given: object) -> Recipient:
    data = {
        "name": "李四",
        "agency": "长安区市场监督管理局",
        "mail": "li@else.example",
        "rhythm": "workdays",
        "urgent_at_once": True,
    }
    return outside.add(world.actor("system"), OutsideInput.model_validate({**data, **given}))


def test_somebody_from_outside_gets_the_digests_of_an_agency(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    outsider(enrolled, phone="13800138000")
    later = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    theirs = [one for one in told.parcels if one.address in ("li@else.example", "+8613800138000")]
    assert len(theirs) == 2
    assert any(f"news-{later}." in one.body.decode() for one in theirs)


def test_once_ended_nothing_more_comes(enrolled: World, told: Told, clock: Traveller) -> None:
    recipient = outsider(enrolled)
    outside.end(enrolled.actor("system"), recipient.id)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert "li@else.example" not in {parcel.address for parcel in told.parcels}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"agency": "没有的局"}, "agency"),
        ({"mail": "keine"}, "mail"),
        ({"phone": "123"}, "phone"),
    ],
)
def test_a_wrong_outsider_is_refused(enrolled: World, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        outsider(enrolled, **given)
    assert set(refused.value.errors) == {field}
    assert db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None))).all() == []


def test_the_page_adds_lists_and_ends(enrolled: World, browser_of: Browsers) -> None:
    browser = browser_of(enrolled.people["system"])
    token = csrf_of(browser.get("/recipients/new").text)
    wrong = browser.post("/recipients/new", data={"csrf_token": token, "name": "李四"})
    assert wrong.status_code == 422
    assert "邮箱和手机号至少填一项" in wrong.text
    assert 'value="李四"' in wrong.text
    sent = {"name": "李四", "agency": "130102", "phone": "13800138000", "rhythm": "workdays"}
    assert browser.post("/recipients/new", data={"csrf_token": token, **sent}).status_code == 303
    page = browser.get("/recipients").text
    assert "李四" in page
    assert "+8613800138000" in page
    [recipient] = db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None)))
    ended = browser.post(f"/recipients/{recipient.id}/end", data={"csrf_token": csrf_of(page)})
    assert ended.status_code == 303
    assert "李四" not in browser.get("/recipients").text
    again = browser.post(f"/recipients/{recipient.id}/end", data={"csrf_token": csrf_of(page)})
    assert again.status_code == 404


def test_an_agency_of_two_same_names_is_named_by_its_code(enrolled: World) -> None:
    with writing():
        twin = db.session.get_one(Agency, enrolled.agencies["sibling"])
        twin.name = "长安区市场监督管理局"
    with pytest.raises(Invalid):
        outsider(enrolled)
    assert outsider(enrolled, agency="130102").agency_id == enrolled.agencies["county"]


def test_the_cursor_of_somebody_new_is_the_head(enrolled: World) -> None:
    news.tell(enrolled.agencies["county"])
    recipient = outsider(enrolled)
    cursor = db.session.scalar(
        select(Subscription.cursor).where(Subscription.recipient_id == recipient.id)
    )
    assert cursor == journal.head() > 0
