"""The story that is told again and again: publish, read, send the digests, with kills in it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from threading import Event

import requests
from sqlalchemy import func, select, update

from benchmarks.installation import Browser
from benchmarks.people import PASSWORD
from bulletins.models import Bulletin
from bulletins.states import State as PaperState
from config import clock
from config.database import db, writing
from config.handling import Handling
from config.journal import Entry
from notifications.models import Delivery, Digest, Subscription
from notifications.services import ledger
from notifications.states import Action, State, WorkState
from parts.mailbox import Mailbox
from parts.processes import PartError, wait_until
from soak.plan import Kill, Moment
from soak.province import APPROVER, Province
from soak.reading import STEPS_A_PAPER, Reading, attempted
from soak.stage import Stage, let_pauses_end

PATIENCE = 180.0
_GLANCE_SECONDS = 0.002
_GLANCES = 500
_SCHEDULE_SECONDS = 5.0
_COMPOSE_SECONDS = 0.5
_FINAL = (State.SENT, State.FAILED, State.UNKNOWN)


@dataclass
class Story:
    """Tells it on a stage; keeps what was promised and so must be found at the end."""

    stage: Stage
    province: Province
    mailbox: Mailbox
    say: Callable[[str], object]
    reading: Reading = field(default_factory=Reading)
    titles: dict[int, str] = field(default_factory=dict)
    hours: list[datetime] = field(default_factory=list)
    kills: int = 0
    by_hand: int = 0
    _sign_seconds: float = 0.1

    def tell(self, rounds: Sequence[Sequence[Kill]]) -> None:
        """All rounds, and a last one without a kill."""
        url = self.stage.place.url
        self._approver = Browser(url, APPROVER, PASSWORD)
        self._offices = [Browser(url, name, PASSWORD) for name in self.province.clerks]
        self._misbehave()
        self._publish()
        self.province.submitted("尚未签发的通知")
        for kills in (*rounds, ()):
            self._round(kills)
        wait_until(_all_handled, PATIENCE, "the journal settled and handled")

    def _misbehave(self) -> None:
        """Have the mail server refuse some for good and some at first."""
        for address in self.province.refused:
            self.mailbox.refuse(address, "554 5.7.1 Not from you")  # for good, but nobody is gone
        for address in self.province.deferred:
            self.mailbox.defer(address, times=1)

    def _round(self, kills: Sequence[Kill]) -> None:
        of = {moment: [one for one in kills if one.moment == moment] for moment in Moment}
        for kill in of[Moment.SIGNING]:
            self._publish(kill)
        self._publish()
        self._read(of[Moment.READING])
        self._send([*of[Moment.SCHEDULING], *of[Moment.COMPOSING], *of[Moment.SENDING]])

    def _publish(self, kill: Kill | None = None) -> None:
        """Have a paper signed over HTTP; whoever gets no answer signs again until it stands."""
        title = f"关于开展第{len(self.titles) + 1}号专项检查的通知"
        bulletin_id = self.province.submitted(title)
        self.titles[bulletin_id] = title
        with ThreadPoolExecutor(1) as pool:
            signing = pool.submit(attempted, lambda: self._sign(bulletin_id))
            if kill:
                Event().wait(kill.share * self._sign_seconds)
                self._kill(kill, self.stage.kill_web)
            answer = signing.result()
        if answer is not None and answer.ok and not _is_published(bulletin_id):
            raise AssertionError(f"paper {bulletin_id} was confirmed as published and is not")
        wait_until(lambda: self._is_signed(bulletin_id), PATIENCE, "a paper published")

    def _sign(self, bulletin_id: int) -> requests.Response:
        began = time.monotonic()
        answer = self._approver.post(f"/bulletins/{bulletin_id}/sign", looked_at="similar")
        self._sign_seconds = time.monotonic() - began
        return answer

    def _is_signed(self, bulletin_id: int) -> bool:
        """Whether it stands; if not, it is signed once more."""
        if not _is_published(bulletin_id):
            attempted(lambda: self._sign(bulletin_id))
        return _is_published(bulletin_id)

    def _read(self, kills: Sequence[Kill]) -> None:
        """Have the offices read and acknowledge; killed in between, they try again."""
        first = self.reading.steps
        total = STEPS_A_PAPER * len(self.titles) * len(self._offices) - first
        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(self.reading.through, self._offices)
            for kill in kills:
                self._await_steps(first + kill.share * total, working)
                self._kill(kill, self.stage.kill_web)
            working.result()

    def _await_steps(self, goal: float, working: Future[None]) -> None:
        wait_until(lambda: self.reading.steps >= goal or working.done(), PATIENCE, "reading")

    def _send(self, kills: Sequence[Kill]) -> None:
        """Have the digest hour come and wait until everybody has been dealt with.

        A paper is published in the midst of it: the next hour's digests tell of it.
        """
        hour = self._strike()
        before = len(self.mailbox.messages())
        for kill in kills:
            self._await(kill, hour, before)
            self._kill(kill, self.stage.kill_worker)
        if kills:
            self._publish()
        wait_until(lambda: self._all_dealt_with(hour), PATIENCE, "all digests dealt with")
        # What died twice over the same call is left to the operator, who has it sent again.
        self.by_hand += ledger.decide_all(None, State.UNKNOWN, Action.RETRY)
        wait_until(lambda: self._all_dealt_with(hour), PATIENCE, "all digests dealt with")

    def _strike(self) -> datetime:
        """Make now the hour for which everybody asked."""
        hour = clock.now()
        with writing():
            db.session.execute(update(Subscription).values(next_due_at=hour))
        self.hours.append(hour)
        return hour

    def _await(self, kill: Kill, hour: datetime, before: int) -> None:
        """Wait for the moment of a kill, or for the end of the work if that comes first."""
        self._watch(self.stage.worker_leads, hour)
        if kill.moment == Moment.SCHEDULING:
            Event().wait(kill.share * _SCHEDULE_SECONDS)
        elif kill.moment == Moment.COMPOSING:
            self._watch(lambda: _count(Digest.scheduled_at == hour) > 0, hour)
            # The first moments are the ones in which most is written.
            Event().wait(kill.share**3 * _COMPOSE_SECONDS)
        else:
            now = len(self.mailbox.messages())
            goal = max(now + 1, before + kill.share * len(self.province.recipients))
            self._watch(lambda: len(self.mailbox.messages()) >= goal, hour)

    def _watch(self, happens: Callable[[], bool], hour: datetime) -> None:
        """Notice within moments that something happens, or in time that nothing will."""
        until = time.monotonic() + PATIENCE
        for glance in count(1):
            if happens() or (not glance % _GLANCES and self._all_dealt_with(hour)):
                return
            if time.monotonic() > until:
                raise PartError("the moment for a kill never came")
            Event().wait(_GLANCE_SECONDS)

    def _all_dealt_with(self, hour: datetime) -> bool:
        """Whether nothing of this hour is left to do; what is to be tried later is tried now."""
        let_pauses_end()
        mine = Digest.scheduled_at == hour
        if _count(mine) < len(self.province.recipients):
            return False
        open_ones = (
            select(func.count())
            .select_from(Digest)
            .outerjoin(Delivery, Delivery.digest_id == Digest.id)
        )
        left = _scalar(
            open_ones.where(mine, (Digest.state == WorkState.DUE) | Delivery.state.not_in(_FINAL))
        )
        return left == 0

    def _kill(self, kill: Kill, how: Callable[[], None]) -> None:
        """Kill, a last random moment later."""
        Event().wait(kill.pause)
        how()
        self.kills += 1
        arrived = len(self.mailbox.messages())
        self.say(f"kill {self.kills}: {kill.moment} at {kill.share:.0%}, {arrived} mails arrived")


def _scalar(query: object) -> int:
    db.session.rollback()
    return int(db.session.scalar(query) or 0)  # type: ignore[call-overload]


def _count(condition: object) -> int:
    return _scalar(select(func.count()).select_from(Digest).where(condition))  # type: ignore[arg-type]


def _all_handled() -> bool:
    unsettled = select(func.count()).select_from(Entry).where(Entry.position.is_(None))
    waiting = select(func.count()).select_from(Handling).where(Handling.done_at.is_(None))
    return _scalar(unsettled) + _scalar(waiting) == 0


def _is_published(bulletin_id: int) -> bool:
    db.session.rollback()
    state = db.session.scalar(select(Bulletin.state).where(Bulletin.id == bulletin_id))
    return state == PaperState.PUBLISHED
