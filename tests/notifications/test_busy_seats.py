"""What waits for single seats is told to whoever acts in them; the others share their words."""

from collections.abc import Mapping, Sequence

from apiflask import APIFlask
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from time_machine import Traveller

from agencies.models import Seat
from agencies.states import SeatKind
from config.database import db
from config.sections import Item, Part, Section, Span
from notifications.models import Message
from tests.notifications import news
from tests.notifications.hours import MONDAY, digests, recipient_of, texts_to, work
from tests.worlds import World

WAITS = "请示待签发"


def _waiting(seat_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    kind = select(Seat.id).where(Seat.id.in_(seat_ids), Seat.kind == SeatKind.APPROVER)
    return {
        seat_id: Part([Item(WAITS, f"/bulletins/{seat_id}")], 1)
        for seat_id in db.session.scalars(kind)
    }


def _failing(seat_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    if set(_waiting(seat_ids, span)):
        raise RuntimeError("no")
    return {}


def _of_seats(app: APIFlask, compose: object) -> None:
    section = Section("waits", _l("待办任务"), _l("待办任务%(count)s项"), 5, False, compose, True)  # type: ignore[arg-type]
    app.extensions["sections"] = [section, *news.SECTIONS]


def test_whoever_acts_in_the_seat_is_told(enrolled: World, app: APIFlask, clock: Traveller) -> None:
    _of_seats(app, _waiting)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert WAITS in texts_to(enrolled.people["county-approver"])[0]
    for kind in set(SeatKind) - {SeatKind.APPROVER}:
        [text] = texts_to(enrolled.people[f"county-{kind}"])
        assert WAITS not in text
    # who has nothing of their own shares the words: of the county, and each approver's
    agencies = {name.rpartition("-")[0] for name in enrolled.people if "-" in name}
    assert db.session.scalar(select(func.count()).select_from(Message)) == len(agencies) + 1


def test_a_section_that_fails_holds_up_those_seats_alone(
    enrolled: World, app: APIFlask, clock: Traveller
) -> None:
    _of_seats(app, _failing)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    approver = recipient_of(enrolled.people["county-approver"]).id
    waiting = {one.recipient_id: one.failures for one in digests() if one.state == "due"}
    assert waiting.get(approver) == 1
    assert len(texts_to(enrolled.people["county-clerk"])) == 1
