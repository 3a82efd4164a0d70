"""A form that is sent again because no answer came goes on with the draft it made."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from agencies.states import SeatKind
from bulletins import services
from bulletins.models import Bulletin
from bulletins.services import Stale
from config.database import db, writing
from config.errors import Conflict, NotFound
from config.journal import Entry
from tests.bulletins.browsing import FETCH, Browsers, form, key_of, post
from tests.bulletins.papers import draft_input
from tests.worlds import World, csrf_of, seat_person

NEW = "/bulletins/drafts/new"
AUTOSAVE = "/bulletins/drafts/autosave"
KEY = "a-key-of-one-form"


def _drafts() -> int:
    return db.session.scalar(select(func.count()).select_from(Bulletin)) or 0


def test_saved_again_and_again_it_is_one_draft(world: World) -> None:
    actor = world.actor("province-clerk")
    first = services.create_draft(actor, draft_input(body="甲"), KEY)
    for body in ("甲", "乙", "丙", "丙"):
        again = services.create_draft(actor, draft_input(body=body), KEY)
        assert (again.id, again.body) == (first.id, body)
    assert (again.revision, _drafts()) == (3, 1)
    drafted = select(func.count()).where(Entry.kind == "bulletin.drafted")
    assert db.session.scalar(drafted) == 1
    assert services.save_draft(actor, first.id, 3, draft_input(body="丁")).revision == 4


def test_what_was_saved_by_another_form_since_is_not_overwritten(world: World) -> None:
    actor = world.actor("province-clerk")
    made = services.create_draft(actor, draft_input(body="甲"), KEY)
    services.save_draft(actor, made.id, 1, draft_input(body="乙"))
    with pytest.raises(Stale):
        services.create_draft(actor, draft_input(body="丙"), KEY)
    assert db.session.get_one(Bulletin, made.id).body == "乙"
    services.submit(actor, made.id)
    with pytest.raises(Conflict, match="待签发"):
        services.create_draft(actor, draft_input(body="丁"), KEY)
    assert _drafts() == 1


def test_a_key_is_its_persons_own(world: World) -> None:
    mine = services.create_draft(world.actor("province-clerk"), draft_input(), KEY)
    theirs = services.create_draft(world.actor("city-clerk"), draft_input(body="乙"), KEY)
    assert mine.id != theirs.id
    assert db.session.get_one(Bulletin, mine.id).body != "乙"
    services.create_draft(world.actor("city-clerk"), draft_input())
    services.create_draft(world.actor("city-clerk"), draft_input())
    assert _drafts() == 4


def test_in_another_agencys_seat_it_finds_nothing(world: World) -> None:
    services.create_draft(world.actor("province-clerk"), draft_input(), KEY)
    other = replace(world.actor("city-clerk"), person=world.actor("province-clerk").person)
    with pytest.raises(NotFound):
        services.create_draft(other, draft_input(), KEY)


def test_every_empty_form_has_a_key_of_its_own(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["province-clerk"])
    keys = {key_of(clerk.get(NEW).text) for _twice in range(2)}
    assert len(keys) == 2
    key = keys.pop()
    page = post(clerk, NEW, NEW, **form(form_key=key, action="preview")).text
    assert key_of(page) == key
    page = post(clerk, NEW, NEW, **form(form_key=key, title="")).text
    assert key_of(page) == key


def test_an_autosave_whose_answer_was_lost_is_followed_by_a_save(
    world: World, browser_of: Browsers
) -> None:
    clerk = browser_of(world.people["province-clerk"])
    page = clerk.get(NEW).text
    sent = form(form_key=key_of(page), csrf_token=csrf_of(page))
    answers = [clerk.post(AUTOSAVE, data=sent, headers=FETCH).json for _twice in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]
    saved = clerk.post(NEW, data={**sent, "body": "乙"})
    assert saved.headers["Location"] == answers[0]["edit_url"]
    again = clerk.post(NEW, data={**sent, "body": "乙", "action": "submit"})
    assert again.status_code == 302
    assert db.session.scalars(select(Bulletin)).one().state == "submitted"


def test_what_is_saved_in_another_seat_is_another_draft(world: World, browser_of: Browsers) -> None:
    with writing():
        seat = seat_person(
            world.people["province-clerk"], world.agencies["city"], SeatKind.CLERK, "兼任"
        )
    clerk = browser_of(world.people["province-clerk"])
    page = clerk.get(NEW).text
    seats = re.search(r'name="seat"[^>]*value="(\d+)"', page)
    assert seats
    sent = form(form_key=key_of(page), seat=seats[1])
    answer = clerk.post(AUTOSAVE, data={**sent, "csrf_token": csrf_of(page)}, headers=FETCH)
    assert answer.status_code == 200
    clerk.post(f"/seat/{seat.id}", data={"csrf_token": csrf_of(page)})
    refused = post(clerk, NEW, NEW, **sent)
    assert refused.status_code == 422
    again = {**sent, "seat": seat.id, "form_key": key_of(refused.text)}
    assert post(clerk, NEW, NEW, **again).status_code == 302
    issuers = db.session.scalars(select(Bulletin.issuer_id).order_by(Bulletin.id)).all()
    assert issuers == [world.agencies["province"], world.agencies["city"]]


def test_both_texts_are_shown_where_the_draft_has_changed(
    world: World, browser_of: Browsers
) -> None:
    clerk = browser_of(world.people["province-clerk"])
    page = clerk.get(NEW).text
    sent = form(form_key=key_of(page), csrf_token=csrf_of(page))
    clerk.post(NEW, data=sent)
    made = db.session.scalars(select(Bulletin)).one()
    services.save_draft(world.actor("province-clerk"), made.id, 1, draft_input(body="别处的文字"))
    told = clerk.post(NEW, data={**sent, "body": "这里的文字"})
    assert told.status_code == 409
    assert "别处的文字" in told.text
    assert "这里的文字" in told.text
    fresh = key_of(told.text)
    assert fresh != sent["form_key"]
    clerk.post(NEW, data={**sent, "body": "这里的文字", "form_key": fresh})
    assert _drafts() == 2


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 37, "密" * 20, "a b c d e f g h i j k l", "\0" * 20]
)
def test_what_is_no_key_is_left_alone(world: World, browser_of: Browsers, key: str) -> None:
    clerk = browser_of(world.people["province-clerk"])
    for _twice in range(2):
        assert post(clerk, NEW, NEW, **form(form_key=key)).status_code == 302
    assert _drafts() == 2
