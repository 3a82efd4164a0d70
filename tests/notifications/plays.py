"""News, seats, absences, wishes, broken clocks and lost addresses, for real and in a model."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select, update
from time_machine import Traveller

from agencies import tree
from agencies.actors import Actor, actor_for, console
from agencies.inputs import SeatInput
from agencies.models import Absence, Agency, Contact, Person
from agencies.services import absences, seats
from agencies.states import AgencyKind, Channel, Level, SeatKind
from config import clock as now_of
from config.database import db, writing
from config.errors import Invalid
from config.settling import settle_all
from notifications.inputs import WishInput
from notifications.models import Digest, Subscription
from notifications.services.digests import run_due
from notifications.services.due import schedule_due
from notifications.services.enrolment import ensure_recipients
from notifications.services.subscriptions import choose
from notifications.states import Rhythm, WorkState
from tests.notifications import news
from tests.notifications.hours import recipient_of, told_to
from tests.notifications.readers import Office, Reader, Seat
from tests.worlds import add_person

BEGINNING = datetime.fromisoformat("2018-03-09T01:00:00+00:00")  # two days before New York's gap
PEOPLE, PLACES = range(3), range(2)
ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]
TIMES = ["00:30", "01:30", "02:00", "02:30", "08:00", "12:00", "17:30", "23:30"]
QUIET = [("", ""), ("22:00", "07:00"), ("12:00", "13:30"), ("01:00", "02:30")]
DAILY = {"rhythm": Rhythm.DAILY, "times": ["08:00"], "weekdays": list(range(7))}
LONGEST_QUIET = timedelta(hours=10)
"""Longer than any of these quiet hours last: of two moments so far apart one is outside."""

people, places = st.sampled_from(PEOPLE), st.sampled_from(PLACES)
wishes: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    rhythm=st.sampled_from([one for one in Rhythm if one != Rhythm.OFF]),
    times=st.lists(st.sampled_from(TIMES), min_size=1, max_size=3, unique=True),
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=7),
    weekday=st.integers(0, 6),
    month_day=st.integers(1, 31),
    zone=st.sampled_from(ZONES),
    even_when_away=st.booleans(),
)


class Digests(RuleBasedStateMachine):
    """Does each step for real and in the model."""

    clock: Traveller
    numbers = iter(range(10**6))
    heard = 0
    """How much was told in all plays: plays in which nobody hears anything prove nothing."""

    @initialize()
    def begin(self) -> None:
        self.number = next(self.numbers)
        self.clock.move_to(BEGINNING)
        with writing():
            self.agencies = [self._agency(place) for place in PLACES]
            ids = [add_person(f"p{self.number}-{who}", f"p{who}").id for who in PEOPLE]
            ensure_recipients(ids)
        self.office = Office([Reader(person_id) for person_id in ids])
        for who in PEOPLE:
            if who < len(PLACES):
                self.take_a_seat(who, PLACES[who])
            self.wish(who, DAILY, QUIET[0])
        self.become_deputy(PEOPLE[-1], 0)
        for place in PLACES:
            self.tell(place, settled=True)

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

    def _reader(self, who: int) -> Reader:
        return self.office.readers[who]

    def _actor(self, who: int) -> Actor:
        return actor_for(db.session.get_one(Person, self._reader(who).person_id), None)

    def _told(self, who: int) -> list[int]:
        return [one for some in told_to(self._reader(who).person_id) for one in some]

    # ---- news and seats

    @rule(place=places, settled=st.booleans())
    def tell(self, place: int, settled: bool) -> None:
        self.office.tell(place, news.tell(self.agencies[place], settle=settled))

    @rule(who=people, place=places)
    def take_a_seat(self, who: int, place: int) -> None:
        label = f"{len(self.office.seats)}"
        data = SeatInput(kind=SeatKind.READER, label=label)
        made = seats.create(console(), self.agencies[place], data)
        self.office.seats.append(Seat(made.id, place))
        self._give(self.office.seats[-1], who, is_deputy=False)

    @rule(who=people, number=st.integers(0, 5))
    def become_deputy(self, who: int, number: int) -> None:
        if number < len(self.office.seats):
            seat = self.office.seats[number]
            if seat.deputy is None and seat.holder != who:
                self._give(seat, who, is_deputy=True)

    @rule(who=people, number=st.integers(0, 5))
    def take_an_empty_seat(self, who: int, number: int) -> None:
        if number < len(self.office.seats):
            seat = self.office.seats[number]
            if seat.holder is None and seat.deputy != who:
                self._give(seat, who, is_deputy=False)

    def _give(self, seat: Seat, who: int, *, is_deputy: bool) -> None:
        name = f"p{self.number}-{who}"
        seat.tenures[who] = seats.give(console(), seat.id, name, is_deputy=is_deputy).id
        if is_deputy:
            seat.deputy = who
        else:
            seat.holder = who
        if seat.holder in self.office.away:
            self.office.begin(seat.holder, self.office.away[seat.holder])

    @rule(who=people, number=st.integers(0, 5))
    def leave(self, who: int, number: int) -> None:
        if number < len(self.office.seats) and who in self.office.seats[number].tenures:
            seat = self.office.seats[number]
            seats.take(console(), seat.tenures.pop(who))
            if seat.holder == who:
                seat.holder = None
            else:
                seat.deputy = None

    # ---- wishes

    @rule(who=people, wish=wishes, quiet=st.sampled_from(QUIET))
    def wish(self, who: int, wish: dict[str, object], quiet: tuple[str, str]) -> None:
        settle_all()  # switching on begins with what is settled after it
        given = WishInput.model_validate({**wish, "quiet_from": quiet[0], "quiet_until": quiet[1]})
        try:
            choose(self._actor(who), Channel.MAIL, given)
        except Invalid:  # a time in quiet hours, or no address
            return
        self._reader(who).is_on = True

    @rule(who=people)
    def switch_off(self, who: int) -> None:
        choose(self._actor(who), Channel.MAIL, WishInput())
        self._reader(who).is_on = False
        self._reader(who).forget(set(self._told(who)))

    @rule(who=people, reachable=st.booleans())
    def reach(self, who: int, reachable: bool) -> None:
        with writing():
            db.session.execute(
                update(Contact)
                .where(Contact.person_id == self._reader(who).person_id)
                .values(verified_at=now_of.now() if reachable else None)
            )

    # ---- absences

    @rule(who=people, ahead=st.integers(0, 2), length=st.integers(0, 5))
    def go_away(self, who: int, ahead: int, length: int) -> None:
        first = self._today() + timedelta(days=ahead)
        last = first + timedelta(days=length)
        try:
            absences.enter(console(), self._reader(who).person_id, first, last)
        except Invalid:  # they are away already
            return

    @rule(who=people)
    def come_back(self, who: int) -> None:
        for absence in self._absences(who):
            if absence.until_day >= self._today():
                self._end(who, absence)

    def _end(self, who: int, absence: Absence) -> None:
        number, withdrawn = absence.id, absence.from_day >= self._today()
        absences.end(console(), number)
        if self.office.away.get(who) == number:
            del self.office.away[who]
        if withdrawn:
            for reader in self.office.readers:
                reader.excuse(number)

    def _absences(self, who: int) -> list[Absence]:
        mine = Absence.person_id == self._reader(who).person_id
        return list(db.session.scalars(select(Absence).where(mine).order_by(Absence.id)))

    def _today(self) -> date:
        return (now_of.now() + timedelta(hours=8)).date()

    # ---- time and work

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))

    @rule(pauses=st.lists(st.integers(1, 1500), min_size=1, max_size=5), place=places)
    def live_on(self, pauses: list[int], place: int) -> None:
        """What most days are like; the pauses are minutes."""
        for minutes in pauses:
            self.tell(place, settled=True)
            self.clock.shift(timedelta(minutes=minutes))
            self.work()

    @rule(days=st.integers(-40, 40))
    def jump(self, days: int) -> None:
        """The clock is set wrongly, or right again."""
        self.clock.shift(timedelta(days=days))

    @rule()
    def die_half_way(self) -> None:
        """What was due is written down and not composed."""
        schedule_due(now_of.now())

    @rule(who=people, hours=st.integers(1, 30))
    def lose_the_address_meanwhile(self, who: int, hours: int) -> None:
        """Between the writing down of what is due and its composing."""
        self.clock.shift(timedelta(hours=hours))
        self._keep_up()
        absences.keep_up()
        settle_all()
        schedule_due(now_of.now())
        self.reach(who, reachable=False)
        self.work()

    @rule(who=people)
    def work_in_trouble(self, who: int) -> None:
        """A section that fails puts digests off."""
        news.trouble.append(True)
        self.work()
        news.trouble.clear()

    @rule()
    def work(self) -> None:
        self._keep_up()
        before = self._counts()
        run_due(now_of.now())
        for recipient_id, count in self._counts().items():
            assert count - before[recipient_id] <= 1, "a burst"

    def _keep_up(self) -> None:
        today = self._today()
        for who in PEOPLE:
            for absence in self._absences(who):
                if absence.id == self.office.away.get(who) and absence.until_day < today:
                    del self.office.away[who]
                elif absence.began_entry_id is None and (
                    absence.from_day <= today <= absence.until_day
                ):
                    self.office.begin(who, absence.id)

    def _counts(self) -> Counter[int]:
        return Counter(db.session.scalars(select(Digest.recipient_id)))

    # ---- what must hold

    @invariant()
    def spans_never_overlap(self) -> None:
        for reader in getattr(self, "office", Office([])).readers:
            mine = Digest.recipient_id == recipient_of(reader.person_id).id
            kept = select(Digest).where(mine, Digest.state != WorkState.UNREACHABLE)
            for one, next_one in pairwise(db.session.scalars(kept.order_by(Digest.id))):
                assert one.upto <= next_one.after

    def teardown(self) -> None:
        if not hasattr(self, "office"):
            return
        news.trouble.clear()
        for who in PEOPLE:
            self.reach(who, reachable=True)
            self.come_back(who)
        for _ in range(3):  # an hour that was used while the clock was wrong comes once
            for pause in (timedelta(days=40), LONGEST_QUIET, timedelta(hours=24) - LONGEST_QUIET):
                self.clock.shift(pause)
                self.work()
        for who in PEOPLE:
            reader, told = self._reader(who), self._told(who)
            Digests.heard += len(told)
            assert len(set(told)) == len(told), "told twice"
            assert set(reader.owed) <= set(told), "not told"
            assert set(told) <= set(reader.owed) | reader.allowed, "told to somebody not meant"
        with writing():
            db.session.execute(update(Subscription).values(rhythm=Rhythm.OFF, next_due_at=None))
