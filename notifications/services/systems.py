"""Telling other systems: which endpoints hear of an entry, in one statement however many."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    exists,
    func,
    insert,
    literal,
    select,
    union,
)

from bulletins.models import Question, QuestionAsker, Receipt
from bulletins.queries import arrivals
from config import clock
from config.database import db
from config.journal import Entry
from coordination.models import Assignment, Task
from coordination.queries.answering import in_states
from coordination.states import TODO, State
from notifications.hooks.models import Endpoint, EndpointCall, EndpointEvent
from notifications.hooks.states import CallState, Event

_ABOUT = ("receipt_id", "assignment_id", "bulletin_id")
_COLUMNS = (
    *("endpoint_id", *_ABOUT, "entry_id", "event", "state", "attempts"),
    *("created_at", "began_at", "next_try_at", "outcome", "answer", "body"),
)
_OF_PAPERS = {"bulletin.voided": Event.VOIDED, "bulletin.repealed": Event.REPEALED}
_OF_STEPS = {"assignment.sent_back": Event.SENT_BACK, "assignment.closed": Event.CLOSED}


def tell_arrival(entry: Entry) -> None:
    """A paper was signed: a new one has arrived, or a correction."""
    is_first = entry.facts["version"] == 1
    event = Event.ARRIVED if is_first else Event.CORRECTED
    _of_receipts(entry, event, arrivals.by_signing(entry))


def tell_relayed(entry: Entry) -> None:
    """A paper was relayed: it has arrived below."""
    _of_receipts(entry, Event.ARRIVED, arrivals.by_relay(entry))


def tell_ended(entry: Entry) -> None:
    """A paper is void or repealed."""
    mine = Receipt.bulletin_id == entry.subject_id
    held = mine & (Receipt.version == entry.facts["version"])
    _of_receipts(entry, _OF_PAPERS[entry.kind], held)


def tell_reminded(entry: Entry) -> None:
    """Agencies were reminded of a paper."""
    _of_receipts(entry, Event.REMINDED, Receipt.id.in_(_ids(entry, "receipts")))


def tell_assigned(entry: Entry) -> None:
    """Agencies were given a task."""
    given = Assignment.id.in_(_ids(entry, "assignments"))
    _insert(entry, Event.ASSIGNED, _assigned(Assignment.agency_id).where(given))


def tell_due_soon(entry: Entry) -> None:
    """Deadlines are near."""
    _insert(entry, Event.DUE_SOON, _assigned(Assignment.agency_id).where(_waits(entry)))


def tell_overdue(entry: Entry) -> None:
    """Deadlines have passed: those who are late hear of it, and whoever gave the task, once."""
    _insert(entry, Event.OVERDUE, _assigned(Assignment.agency_id).where(_waits(entry)))
    query = _row(Task.issuer_id, assignment_id=func.min(Assignment.id))
    late = query.join(Task, Task.id == Assignment.task_id).where(_waits(entry))
    _insert(entry, Event.OVERDUE_BELOW, late.group_by(Task.issuer_id))


def _waits(entry: Entry) -> ColumnElement[bool]:
    """Those of whose deadline the entry was the last to tell, as far as it is still their turn."""
    told = Assignment.id.in_(_ids(entry, "assignments")) & (Assignment.told_entry_id == entry.id)
    return told & in_states(TODO)


def tell_submitted(entry: Entry) -> None:
    """An agency has handed in its part of a task: whoever gave it hears of that."""
    query = _assigned(Task.issuer_id).join(Task, Task.id == Assignment.task_id)
    _insert(entry, Event.SUBMITTED, query.where(Assignment.id == entry.subject_id))


def tell_step(entry: Entry) -> None:
    """A part of a task was sent back or closed."""
    mine = Assignment.id == entry.subject_id
    _insert(entry, _OF_STEPS[entry.kind], _assigned(Assignment.agency_id).where(mine))


def tell_cancelled(entry: Entry) -> None:
    """A task was taken back from those who were not done with it."""
    dropped = (Assignment.task_id == entry.subject_id) & (Assignment.state == State.CANCELLED)
    _insert(entry, Event.CANCELLED, _assigned(Assignment.agency_id).where(dropped))


def tell_asked(entry: Entry) -> None:
    """Something was asked of a paper's issuer."""
    query = _row(Question.issuer_id, bulletin_id=Question.bulletin_id)
    _insert(entry, Event.ASKED, query.where(Question.id == entry.subject_id))


def tell_answered(entry: Entry) -> None:
    """Everybody who asked has an answer."""
    answered = Question.id.in_(_ids(entry, "questions"))
    own = _row(Question.agency_id, bulletin_id=Question.bulletin_id)
    too = _row(QuestionAsker.agency_id, bulletin_id=Question.bulletin_id).join(
        Question, Question.id == QuestionAsker.question_id
    )
    _insert(entry, Event.ANSWERED, union(own.where(answered), too.where(answered)))


def _ids(entry: Entry, name: str) -> list[int]:
    ids = entry.facts[name]
    assert isinstance(ids, list)
    return ids


def _of_receipts(entry: Entry, event: Event, which: ColumnElement[bool]) -> None:
    _insert(entry, event, _row(Receipt.agency_id, receipt_id=Receipt.id).where(which))


def _assigned(agency_id: Any) -> Select[Any, Any, Any, Any]:
    return _row(agency_id, assignment_id=Assignment.id)


def _row(agency_id: Any, **about: Any) -> Select[Any, Any, Any, Any]:
    """Which agencies hear of it, and about which of three things."""
    nothing = literal(None, EndpointCall.receipt_id.type)
    named = (about.get(name, nothing).label(name) for name in _ABOUT)
    return select(agency_id.label("agency_id"), *named)


def _insert(
    entry: Entry, event: Event, whom: Select[Any, Any, Any, Any] | CompoundSelect[Any]
) -> None:
    """Owe a call to each endpoint of these agencies that wants to hear of the event."""
    chosen, now = whom.subquery(), literal(clock.now(), EndpointCall.created_at.type)
    told = exists().where(
        EndpointCall.entry_id == entry.id, EndpointCall.endpoint_id == Endpoint.id
    )
    rows = (
        select(
            *(Endpoint.id, *(chosen.c[name] for name in _ABOUT)),
            *(literal(entry.id, EndpointCall.entry_id.type), literal(event.value)),
            *(literal(CallState.WAITING.value), literal(0)),
            *(now, now, now),
            *(literal(""), literal(""), literal("")),
        )
        .select_from(chosen)
        .join(Endpoint, Endpoint.agency_id == chosen.c.agency_id)
        .join(EndpointEvent, EndpointEvent.endpoint_id == Endpoint.id)
        .where(
            EndpointEvent.event == event.value,
            Endpoint.ended_at.is_(None),
            Endpoint.disabled_at.is_(None),
            Endpoint.created_at <= entry.at,  # handled late, it is no news to who came since
            ~told,
        )
    )
    db.session.execute(insert(EndpointCall).from_select(_COLUMNS, rows.order_by(Endpoint.id)))
