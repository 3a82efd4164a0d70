"""What the bell is told: one row for each agency, in one statement however many there are."""

from collections.abc import Iterable
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

from agencies.actors import Actor
from agencies.exports.models import Export
from agencies.models import Person
from bulletins.models import Bulletin, JointIssuer, Question, QuestionAsker, Receipt, Relay
from bulletins.queries import arrivals
from config import clock
from config.database import db, found, writing
from config.journal import Entry
from coordination.models import Assignment, Task
from coordination.queries.answering import in_states
from coordination.states import TODO, State
from notifications.models import Alert, AlertCursor
from notifications.states import AlertKind

_ABOUT = ("receipt_id", "assignment_id", "bulletin_id", "export_id", "person_id")
_COLUMNS = ("agency_id", *_ABOUT, "entry_id", "kind", "created_at")


def of_arrival(entry: Entry) -> None:
    """Tell the agencies that a signed paper reached."""
    _of_receipts(entry, AlertKind.URGENT, arrivals.by_signing(entry))


def of_relay(entry: Entry) -> None:
    """Tell the agencies that a relayed paper reached."""
    _of_receipts(entry, AlertKind.URGENT, arrivals.by_relay(entry))


def of_passing_over(entry: Entry) -> None:
    """Tell an agency that it was passed over."""
    own = exists().where(
        Relay.entry_id == entry.id,
        Relay.bulletin_id == Receipt.bulletin_id,
        Relay.version == Receipt.version,
        Relay.agency_id == Receipt.agency_id,
    )
    _of_receipts(entry, AlertKind.PASSED_OVER, own.correlate(Receipt))


def of_ending(entry: Entry) -> None:
    """Tell the agencies that have a paper, or issued it with its host, that it is over."""
    mine = Receipt.bulletin_id == entry.subject_id
    _of_receipts(entry, AlertKind.ENDED, mine & (Receipt.version == entry.facts["version"]))
    partners = _about_paper(JointIssuer.agency_id, JointIssuer.bulletin_id)
    together = JointIssuer.bulletin_id == entry.subject_id
    _insert(entry, AlertKind.ENDED, partners.where(together))


def of_reminder(entry: Entry) -> None:
    """Tell the agencies that are reminded."""
    _of_receipts(entry, AlertKind.REMINDER, Receipt.id.in_(_ids(entry, "receipts")))


def of_task(entry: Entry) -> None:
    """Tell the agencies that were given a task."""
    given = Assignment.id.in_(_ids(entry, "assignments"))
    _insert(entry, AlertKind.TASK, _assigned(Assignment.agency_id).where(given))


def of_step(entry: Entry, kind: AlertKind) -> None:
    """Tell the agency that has the assignment what became of it."""
    mine = Assignment.id == entry.subject_id
    _insert(entry, kind, _assigned(Assignment.agency_id).where(mine))


def of_deadline(entry: Entry, kind: AlertKind) -> None:
    """Tell the agencies whose deadline is near or has passed, as far as it is still their turn."""
    _insert(entry, kind, _assigned(Assignment.agency_id).where(_waits(entry)))


def of_overdue_below(entry: Entry) -> None:
    """Tell whoever gave a task that agencies did not answer in time: one alert for them all."""
    query = _row(Task.issuer_id, assignment_id=func.min(Assignment.id))
    late = query.join(Task, Task.id == Assignment.task_id).where(_waits(entry))
    _insert(entry, AlertKind.OVERDUE_BELOW, late.group_by(Task.issuer_id))


def _waits(entry: Entry) -> ColumnElement[bool]:
    """Those of whose deadline the entry was the last to tell, as far as it is still their turn."""
    told = Assignment.id.in_(_ids(entry, "assignments")) & (Assignment.told_entry_id == entry.id)
    return told & in_states(TODO)


def of_submission(entry: Entry) -> None:
    """Tell whoever gave a task that an agency has handed in its part."""
    query = _assigned(Task.issuer_id).join(Task, Task.id == Assignment.task_id)
    _insert(entry, AlertKind.SUBMITTED, query.where(Assignment.id == entry.subject_id))


def of_cancelling(entry: Entry) -> None:
    """Tell those who were not done with it that a task was taken back."""
    dropped = (Assignment.task_id == entry.subject_id) & (Assignment.state == State.CANCELLED)
    _insert(entry, AlertKind.CANCELLED, _assigned(Assignment.agency_id).where(dropped))


def of_question(entry: Entry) -> None:
    """Tell the issuer of a paper that something was asked."""
    query = _about_paper(Question.issuer_id, Question.bulletin_id)
    _insert(entry, AlertKind.QUESTION, query.where(Question.id == entry.subject_id))


def of_answer(entry: Entry) -> None:
    """Tell everybody who asked what was answered."""
    answered = Question.id.in_(_ids(entry, "questions"))
    own = _about_paper(Question.agency_id, Question.bulletin_id).where(answered)
    _insert(entry, AlertKind.ANSWER, union(own, _asking_too().where(answered)))


def of_withdrawing(entry: Entry) -> None:
    """Tell those who asked too that a question was withdrawn and gets no answer."""
    _insert(entry, AlertKind.WITHDRAWN, _asking_too().where(Question.id == entry.subject_id))


def _asking_too() -> Select[Any, Any, Any, Any]:
    query = _about_paper(QuestionAsker.agency_id, Question.bulletin_id)
    return query.join(Question, Question.id == QuestionAsker.question_id)


def of_calls(entry: Entry) -> None:
    """Tell the issuer of a paper that somebody has to be rung up."""
    query = _about_paper(Bulletin.issuer_id, Bulletin.id)
    _insert(entry, AlertKind.CALL, query.where(Bulletin.id == entry.subject_id))


def of_export(entry: Entry, kind: AlertKind) -> None:
    """Tell whoever asked for a table, and nobody else, what became of it.

    Administrators, who act for no agency, have no bell.
    """
    query = _row(Export.agency_id, export_id=Export.id, person_id=Export.person_id)
    mine = Export.id == entry.subject_id
    _insert(entry, kind, query.where(mine, Export.agency_id.is_not(None)))


def _ids(entry: Entry, name: str) -> Iterable[int]:
    ids = entry.facts[name]
    assert isinstance(ids, list)
    return ids


def _of_receipts(entry: Entry, kind: AlertKind, which: ColumnElement[bool]) -> None:
    _insert(entry, kind, _row(Receipt.agency_id, receipt_id=Receipt.id).where(which))


def _assigned(agency_id: Any) -> Select[Any, Any, Any, Any]:
    return _row(agency_id, assignment_id=Assignment.id)


def _about_paper(agency_id: Any, bulletin_id: Any) -> Select[Any, Any, Any, Any]:
    return _row(agency_id, bulletin_id=bulletin_id)


def _row(agency_id: Any, **about: Any) -> Select[Any, Any, Any, Any]:
    """Whom to tell, and about which of the things that an alert can be about."""
    nothing = literal(None, Alert.receipt_id.type)
    return select(agency_id, *(about.get(name, nothing).label(name) for name in _ABOUT))


def _insert(
    entry: Entry, kind: AlertKind, whom: Select[Any, Any, Any, Any] | CompoundSelect[Any]
) -> None:
    chosen = whom.subquery()
    agency_id, *about = chosen.c
    told = exists().where(Alert.entry_id == entry.id, Alert.agency_id == agency_id)
    rows = select(
        *(agency_id, *about),
        literal(entry.id, Alert.entry_id.type),
        literal(kind.value),
        literal(clock.now(), Alert.created_at.type),
    ).where(~told)
    db.session.execute(insert(Alert).from_select(_COLUMNS, rows.order_by(agency_id)))


def see(actor: Actor, upto: int) -> None:
    """Keep that somebody has seen their agency's bell up to an alert; it never goes back."""
    agency_id = actor.agency_id
    if agency_id is None:
        return
    with writing():
        # Two windows of one person come one after the other.
        found(select(Person.id).where(Person.id == actor.person_id), lock=True)
        cursor = db.session.get(AlertCursor, (actor.person_id, agency_id))
        if cursor is None:
            cursor = AlertCursor(person_id=actor.person_id, agency_id=agency_id, seen=0)
            db.session.add(cursor)
        cursor.seen = max(cursor.seen, upto)
