"""Whatever happens in whatever order, each piece of news stands in exactly one digest of each for
whom it was meant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from time_machine import Traveller

from agencies import tree
from agencies.actors import Actor, actor_for
from agencies.models import Agency, Contact, Person, Tenure
from agencies.states import AgencyKind, Channel, Level, SeatKind
from agencies.working_days import by_library
from config import clock as now_of
from config import journal
from config.database import db, writing
from config.settling import settle_all
from notifications.inputs import WishInput
from notifications.models import Subscription
from notifications.schedule import ALL_DAYS, Rule, next_due
from notifications.services.digests import compose_due, run_due
from notifications.services.due import schedule_due
from notifications.services.enrolment import ensure_recipients
from notifications.services.subscriptions import choose
from notifications.states import Rhythm
from tests.notifications import news
from tests.notifications.conftest import FRIDAY
from tests.notifications.hours import told_to
from tests.worlds import add_person, seat_person

PEOPLE, AGENCIES = range(3), range(2)
SHANGHAI = "Asia/Shanghai"

_person, _agency = st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)
STEPS = st.one_of(
    st.tuples(st.just("tell"), _agency, st.booleans()),
    st.tuples(st.just("tell"), _agency, st.booleans()),
    st.tuples(st.just("seat"), _person, _agency),
    st.tuples(st.just("unseat"), _person, _agency),
    st.tuples(st.just("on"), _person, st.integers(0, 23)),
    st.tuples(st.just("off"), _person, st.none()),
    st.tuples(st.just("reach"), _person, st.booleans()),
    st.tuples(st.just("pass"), st.integers(1, 60), st.none()),
    st.tuples(st.just("work"), st.none(), st.none()),
    st.tuples(st.just("half"), st.none(), st.none()),
)


@dataclass
class Reader:
    """What the simple model knows of a person."""

    person_id: int
    seats: dict[int, list[int]] = field(default_factory=dict)  # agency to tenures
    is_on: bool = False
    rule: Rule | None = None
    next_due: datetime | None = None
    reachable: bool = True
    pending: list[int] = field(default_factory=list)
    due: list[list[int]] = field(default_factory=list)
    told: list[list[int]] = field(default_factory=list)


class Play:
    """Does each step for real and in the model."""

    def __init__(self, number: int, clock: Traveller) -> None:
        self.clock = clock
        self.number = number
        self.unsettled: set[int] = set()
        with writing():
            self.agencies = [self._agency(place) for place in AGENCIES]
            people = [add_person(f"p{number}-{n}", f"p{n}").id for n in PEOPLE]
            ensure_recipients(people)
        self.readers = [Reader(person_id) for person_id in people]

    def _agency(self, place: int) -> int:
        agency = Agency(
            code=f"x{self.number}-{place}",
            name=f"第{place}局",
            level=Level.COUNTY,
            kind=AgencyKind.BUREAU,
            created_at=now_of.now(),
        )
        tree.plant(agency)
        return agency.id

    def tell(self, place: int, settled: bool) -> None:
        entry_id = news.tell(self.agencies[place], settle=settled)
        self.unsettled.add(entry_id)
        if settled:
            self.unsettled.clear()
        for reader in self.readers:
            if reader.is_on and reader.seats.get(place):
                reader.pending.append(entry_id)

    def seat(self, who: int, place: int) -> None:
        reader = self.readers[who]
        with writing():
            label = f"{who}-{len(reader.seats.get(place, []))}-{now_of.now()}-{journal.head()}"
            seat = seat_person(reader.person_id, self.agencies[place], SeatKind.READER, label[-50:])
            tenure = db.session.scalars(select(Tenure.id).where(Tenure.seat_id == seat.id)).one()
        reader.seats.setdefault(place, []).append(tenure)

    def unseat(self, who: int, place: int) -> None:
        tenures = self.readers[who].seats.get(place)
        if not tenures:
            return
        with writing():
            tenure = db.session.get_one(Tenure, tenures.pop())
            entry = journal.record("seat.left", subject=("tenure", tenure.id))
            tenure.ended_at, tenure.ended_entry_id = now_of.now(), entry.id

    def on(self, who: int, hour: int) -> None:
        reader = self.readers[who]
        wish = WishInput(rhythm=Rhythm.DAILY, times=[f"{hour:02d}:00"], weekdays=list(range(7)))
        if not reader.reachable:
            return
        settle_all()
        self.unsettled.clear()
        choose(self._actor(reader), Channel.MAIL, wish)
        reader.rule = Rule(Rhythm.DAILY, (time(hour),), ALL_DAYS, SHANGHAI)
        reader.is_on, reader.next_due = True, next_due(reader.rule, now_of.now(), by_library)

    def off(self, who: int, _: None) -> None:
        reader = self.readers[who]
        choose(self._actor(reader), Channel.MAIL, WishInput(rhythm=Rhythm.OFF))
        reader.is_on, reader.next_due = False, None
        reader.pending.clear()
        reader.due.clear()

    def _actor(self, reader: Reader) -> Actor:
        return actor_for(db.session.get_one(Person, reader.person_id), None)

    def reach(self, who: int, reachable: bool) -> None:
        reader = self.readers[who]
        reader.reachable = reachable
        with writing():
            db.session.execute(
                update(Contact)
                .where(Contact.person_id == reader.person_id)
                .values(verified_at=now_of.now() if reachable else None)
            )

    def wait(self, hours: int, _: None) -> None:
        self.clock.shift(timedelta(hours=hours))

    def half(self, *_: None) -> None:
        """Die after writing down what is due."""
        schedule_due(now_of.now())
        self._model_due()

    def work(self, *_: None) -> None:
        settle_all()
        self.unsettled.clear()
        self._model_due()
        run_due(now_of.now())
        self._model_compose()

    def _model_due(self) -> None:
        now = now_of.now()
        for reader in self.readers:
            if reader.next_due and reader.next_due <= now and reader.reachable:
                assert reader.rule
                reader.due.append([one for one in reader.pending if one not in self.unsettled])
                reader.pending = [one for one in reader.pending if one in self.unsettled]
                reader.next_due = next_due(reader.rule, now, by_library)

    def _model_compose(self) -> None:
        for reader in self.readers:
            if reader.reachable:
                reader.told += [some for some in reader.due if some]
            else:
                reader.pending[:0] = [one for some in reader.due for one in some]
            reader.due.clear()

    def finish(self) -> None:
        """Everybody can be reached, and two days go by."""
        for who in PEOPLE:
            self.reach(who, True)
        for _ in range(2):
            self.wait(25, None)
            self.work()


@pytest.fixture
def anybody_may_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has just left their seat may change their wish all the same."""
    monkeypatch.setattr("notifications.services.subscriptions.require", lambda actor, _: actor)


_numbers = iter(range(10**6))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=5, max_size=40))
def test_everything_is_told_exactly_once(
    clock: Traveller,
    news: None,
    anybody_may_choose: None,
    steps: list[tuple[str, int, object]],
) -> None:
    clock.move_to(FRIDAY)
    play = Play(next(_numbers), clock)
    done: dict[str, Callable[..., None]] = {
        **{name: getattr(play, name) for name in "tell seat unseat on off reach work half".split()},
        "pass": play.wait,
    }
    for name, first, second in steps:
        done[name](first, second)
    play.finish()
    for reader in play.readers:
        assert told_to(reader.person_id) == reader.told
    with writing():
        db.session.execute(update(Subscription).values(next_due_at=None))
    assert compose_due() == 0
