"""The papers and tasks whose messages wait, are held or failed, and how far each has come.

For the operator. Every count has a bound, so that looking costs little however much waits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, null, or_, select

from bulletins.models import Bulletin, BulletinVersion
from bulletins.queries.inbox import current_version, standing
from config import clock
from config.database import db
from coordination.models import Assignment, Task
from notifications.models import Delivery, NamedPart, Notice
from notifications.queues import AT_MOST, Line, left, rates_of
from notifications.states import OF_PAPERS, Queue, State

_DAY = timedelta(hours=24)  # what failed longer ago is listed by its reason alone
_SHOWN = 6
_GOING = (State.QUEUED, State.CLAIMED, State.CALLING)
_Shown = tuple[str, str | None, date | None]  # title, how it ended, on which day
_UNKNOWN: _Shown = ("", None, None)
_Counts = Mapping[State, Mapping[Queue, int]]


@dataclass(frozen=True)
class About:
    """A paper or a task, and how many of the messages that tell of it are how far.

    ``done`` went out or never will. ``seconds_left`` is what waits by the rate of its queues; None
    where one of them does not move. ``ended_kind``: the paper no longer holds.
    """

    subject_id: int
    title: str
    ended_kind: str | None
    ended_on: date | None
    waiting: int
    held: int
    failed: int
    done: int
    seconds_left: int | None

    @property
    def total(self) -> int:
        """All of them."""
        return self.waiting + self.held + self.done


def papers(queues: Sequence[Line]) -> list[About]:
    """The papers of which most messages at once wait, are held or failed."""
    some = _asking(Delivery.notice_id)
    asking = select(Notice.subject_id).join(some, some.c.notice_id == Notice.id)
    told = select(Notice.subject_id, *_STANDING).join(Delivery, Delivery.notice_id == Notice.id)
    of_papers = Notice.kind.in_(OF_PAPERS)
    titles = select(Bulletin.id, BulletinVersion.title, *standing())
    titles = titles.join(BulletinVersion, current_version())
    return _abouts(queues, asking.where(of_papers), told.where(of_papers), titles)


def tasks(queues: Sequence[Line]) -> list[About]:
    """The tasks of which most messages (digests that name them) wait, are held or failed."""
    some = _asking(Delivery.message_id)
    asking = (
        select(Assignment.task_id, some.c.id)
        .join(NamedPart, NamedPart.assignment_id == Assignment.id)
        .join(some, some.c.message_id == NamedPart.message_id)
        .distinct()
    )
    told = (
        select(Assignment.task_id, *_STANDING)
        .join(NamedPart, NamedPart.assignment_id == Assignment.id)
        .join(Delivery, Delivery.message_id == NamedPart.message_id)
        .distinct()
    )
    titles = select(Task.id, Task.title, null(), null())
    return _abouts(queues, asking, told, titles)


_STANDING = (Delivery.id, Delivery.channel, Delivery.urgent, Delivery.state)


def _asking(*columns: Any) -> Any:
    """Deliveries that wait, are held, or failed within the day."""
    lately = and_(Delivery.state == State.FAILED, Delivery.ended_at > clock.now() - _DAY)
    wanted = or_(Delivery.state.in_((State.QUEUED, State.HELD)), lately)
    return select(Delivery.id, *columns).where(wanted).limit(AT_MOST).subquery()


def _abouts(
    queues: Sequence[Line],
    asking: Select[*tuple[Any, ...]],
    told: Select[*tuple[Any, ...]],
    titles: Select[*tuple[Any, ...]],
) -> list[About]:
    """The first column of ``asking`` and ``told`` is whose message it is."""
    rows = asking.subquery()
    subject = rows.c[0]
    ids = db.session.scalars(
        select(subject).group_by(subject).order_by(func.count().desc(), subject).limit(_SHOWN)
    ).all()
    if not ids:
        return []
    rates = rates_of(queues)
    named = db.session.execute(titles.where(titles.selected_columns[0].in_(ids)))
    shown: dict[int, _Shown] = {row[0]: (row[1], row[2], row[3]) for row in named}
    counted = _counted(told.where(told.selected_columns[0].in_(ids)))
    return [_about(shown.get(one, _UNKNOWN), one, counted[one], rates) for one in ids]


def _counted(told: Select[*tuple[Any, ...]]) -> Mapping[int, _Counts]:
    some = told.limit(AT_MOST).subquery()
    alike = (some.c[0], some.c.channel, some.c.urgent, some.c.state)
    found: dict[int, dict[State, dict[Queue, int]]] = defaultdict(lambda: defaultdict(dict))
    for one, channel, urgent, state, count in db.session.execute(
        select(*alike, func.count()).group_by(*alike)
    ):
        queue = Queue(f"{channel}.urgent" if urgent else channel)
        found[one][State(state)][queue] = count
    return found


def _about(shown: _Shown, subject_id: int, counts: _Counts, rates: Mapping[Queue, float]) -> About:
    going: dict[Queue, int] = defaultdict(int)
    for state in _GOING:
        for queue, count in counts.get(state, {}).items():
            going[queue] += count
    sums = {state: sum(by_queue.values()) for state, by_queue in counts.items()}
    waiting, held = sum(going.values()), sums.get(State.HELD, 0)
    return About(
        subject_id,
        *shown,
        waiting=waiting,
        held=held,
        failed=sums.get(State.FAILED, 0),
        done=sum(sums.values()) - waiting - held,
        seconds_left=left(going, rates),
    )
