"""What digests tell of tasks: what is due, what is new, whose answers wait or are late."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from config import clock
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Section, Span
from coordination import deadlines
from coordination.models import Assignment, Task
from coordination.queries.answering import in_states
from coordination.queries.passing import is_near
from coordination.section_rows import ITEMS_SHOWN, first_assignments, parts, window, within
from coordination.states import TODO, State, TaskState


def due(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """What each agency has to do that is due within three working days, or overdue."""
    rows = first_assignments(
        agency_ids,
        and_(in_states(TODO), is_near(agency_ids)),
        (Assignment.due_at, Assignment.id),
    )
    return parts(rows, _due_item)


def news(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What each agency was given, got back or lost within the span."""
    given = _subjects("task.assigned", span).where(~_told_before(span))
    returned = _subjects("assignment.sent_back", span)
    cancelled = _subjects("task.cancelled", span)
    rows = first_assignments(
        agency_ids,
        or_(
            and_(Assignment.task_id.in_(given), in_states(TODO)),
            and_(Assignment.id.in_(returned), Assignment.state == State.SENT_BACK),
            and_(
                Assignment.task_id.in_(cancelled),
                Assignment.task_id.not_in(given),
                Assignment.state == State.CANCELLED,
            ),
        ),
        (Assignment.id.desc(),),
    )
    return parts(rows, _news_item)


def answers(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """The tasks of each issuer for which answers wait to be judged."""
    oldest = func.min(Assignment.submitted_at)
    counted = (
        select(
            Task.issuer_id.label("agency_id"),
            Task.id,
            Task.title,
            func.count().label("waiting"),
            *window(Task.issuer_id, (oldest, Task.id)),
        )
        .join(Assignment, Assignment.task_id == Task.id)
        .where(among(Task.issuer_id, agency_ids), in_states([State.SUBMITTED]))
        .group_by(Task.issuer_id, Task.id, Task.title)
        .subquery()
    )
    rows = db.session.execute(
        select(counted)
        .where(counted.c.place <= ITEMS_SHOWN)
        .order_by(counted.c.agency_id, counted.c.place)
    ).all()
    return parts(rows, _answers_item)


def overdue(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """The tasks of each issuer that agencies under it have not answered in time.

    How many those are is counted for the few tasks that are listed.
    """
    return _overdue_of(agency_ids, true())


def passed(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What each agency has to do whose deadline came near or passed within the span."""
    rows = first_assignments(
        agency_ids,
        and_(in_states(TODO), _told_of(span, "task.due_soon", "task.overdue")),
        (Assignment.due_at, Assignment.id),
    )
    return parts(rows, _due_item)


def passed_below(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """The tasks of each issuer whose deadline passed for somebody under it within the span."""
    return _overdue_of(agency_ids, _told_of(span, "task.overdue"))


def _overdue_of(agency_ids: Sequence[int], which: ColumnElement[bool]) -> Mapping[int, Part]:
    """Tasks of each issuer of which some assignment is overdue for which ``which`` holds."""
    late = and_(
        Assignment.task_id == Task.id, in_states(TODO), Assignment.due_at < clock.now(), which
    )
    tasks = (
        select(
            Task.issuer_id.label("agency_id"),
            Task.id,
            Task.title,
            *window(Task.issuer_id, (Task.due_at, Task.id)),
        )
        .where(
            among(Task.issuer_id, agency_ids), Task.state == TaskState.OPEN, exists().where(late)
        )
        .subquery()
    )
    how_many = (
        select(func.count())
        .where(Assignment.task_id == tasks.c.id, in_states(TODO), Assignment.due_at < clock.now())
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(tasks, how_many.label("late"))
        .where(tasks.c.place <= ITEMS_SHOWN)
        .order_by(tasks.c.agency_id, tasks.c.place)
    ).all()
    return parts(rows, _overdue_item)


def _subjects(kind: str, span: Span) -> Select[int]:
    return select(Entry.subject_id).where(Entry.kind == kind, *within(span))


def _told_of(span: Span, *kinds: str) -> ColumnElement[bool]:
    """Assignments of whose deadline the journal told within the span."""
    entries = select(Entry.id).where(Entry.kind.in_(kinds), *within(span))
    return Assignment.told_entry_id.in_(entries)


def _told_before(span: Span) -> ColumnElement[bool]:
    """A task for many has several entries; it is news in the span of the first of them."""
    earlier = aliased(Entry)
    return exists().where(
        earlier.subject_kind == Entry.subject_kind,
        earlier.subject_id == Entry.subject_id,
        earlier.kind == Entry.kind,
        earlier.position <= span.after,
    )


def _last_day(row: Any) -> str:
    return deadlines.last_day(row.due_at, deadlines.zone_named(row.timezone)).isoformat()


def _due_item(row: Any) -> Item:
    late, day = row.due_at < clock.now(), _last_day(row)
    words = _("已逾期，期限 %(day)s", day=day) if late else _("%(day)s 到期", day=day)
    return _part_item(row, words, urgent=late)


def _news_item(row: Any) -> Item:
    if row.state == State.CANCELLED:
        words = _("已取消")
    elif row.state == State.SENT_BACK:
        words = _("退回重办，%(day)s 到期", day=_last_day(row))
    else:
        words = _("%(agency)s下达，%(day)s 到期", agency=row.issuer, day=_last_day(row))
    return _part_item(row, words)


def _part_item(row: Any, words: str, *, urgent: bool = False) -> Item:
    path = f"/tasks/{row.id}"
    return Item(text=row.title, path=path, remark=words, urgent=urgent, assignment_id=row.id)


def _answers_item(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/tasks/issued/{row.id}?state=submitted",
        remark=_("%(count)s 家已报送，待审核", count=row.waiting),
    )


def _overdue_item(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/tasks/issued/{row.id}?state=overdue",
        remark=_("%(count)s 家逾期未报送", count=row.late),
        urgent=True,
    )


SECTIONS = (
    Section(
        kind="due",
        title=_l("临近期限和逾期的任务"),
        sms=_l("%(count)s 项临期或逾期任务"),
        order=20,
        is_news=False,
        compose=due,
        path="/tasks",
    ),
    Section(
        kind="tasks_new",
        title=_l("任务新下达、退回和取消"),
        sms=_l("任务新动态%(count)s项"),
        order=37,
        is_news=True,
        compose=news,
        path="/tasks",
    ),
    Section(
        kind="tasks_overdue",
        title=_l("下级逾期任务"),
        sms=_l("下级逾期任务%(count)s项"),
        order=21,
        is_news=False,
        compose=overdue,
        path="/tasks/issued?state=overdue",
    ),
    Section(
        kind="tasks_passed",
        title=_l("任务临期和逾期"),
        sms=_l("任务临期或逾期%(count)s项"),
        order=35,
        is_news=True,
        compose=passed,
        path="/tasks",
        is_said_now=True,
    ),
    Section(
        kind="tasks_passed_below",
        title=_l("下级任务到期未报送"),
        sms=_l("下级任务到期未报送%(count)s项"),
        order=36,
        is_news=True,
        compose=passed_below,
        path="/tasks/issued?state=overdue",
        is_said_now=True,
    ),
    Section(
        kind="task_answers",
        title=_l("待审核的任务"),
        sms=_l("待审核任务%(count)s项"),
        order=24,
        is_news=False,
        compose=answers,
        path="/tasks/issued?state=submitted",
    ),
)
"""Sections of every digest, joined by the app."""
