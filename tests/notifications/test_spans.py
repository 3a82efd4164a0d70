"""A digest that is late while the next one goes out, and whose recipient is out of reach then."""

from datetime import timedelta

from sqlalchemy import update
from time_machine import Traveller

from agencies.models import Contact
from config import clock as now_of
from config.database import db, writing
from notifications.states import WorkState
from tests.notifications import news
from tests.notifications.hours import MONDAY, TUESDAY, digests, recipient_of, told_to, work
from tests.worlds import World

PAUSE = timedelta(hours=2)  # longer than any after which a digest is composed again


def _reach(person_id: int, *, reachable: bool) -> None:
    with writing():
        db.session.execute(
            update(Contact)
            .where(Contact.person_id == person_id)
            .values(verified_at=now_of.now() if reachable else None)
        )


def test_what_was_put_off_waits_while_its_recipient_is_out_of_reach(
    enrolled: World, clock: Traveller
) -> None:
    clerk = enrolled.people["county-clerk"]
    first = news.tell(enrolled.agencies["county"])
    clock.move_to(TUESDAY - timedelta(minutes=2))
    news.trouble.append(True)
    work(MONDAY)
    news.trouble.clear()
    second = news.tell(enrolled.agencies["county"])
    clock.move_to(TUESDAY - timedelta(minutes=1, seconds=30))
    work(TUESDAY)
    assert told_to(clerk) == [[second]]
    _reach(clerk, reachable=False)
    clock.shift(PAUSE)
    work()
    mine = [one for one in digests() if one.recipient_id == recipient_of(clerk).id]
    assert [one.state for one in mine] == [WorkState.DUE, WorkState.COMPOSED]
    _reach(clerk, reachable=True)
    clock.shift(PAUSE)
    work()
    assert told_to(clerk) == [[second], [first]]
