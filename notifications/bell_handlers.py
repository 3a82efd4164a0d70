"""What follows from entries of the journal for the bell, and for the ladder of 特急 papers."""

from bulletins.queries import arrivals
from bulletins.states import Urgency
from config.handling import Handlers
from config.journal import Entry
from notifications.services import alerts, escalation, notices
from notifications.states import AlertKind, Rung

_PRESSING = (Urgency.URGENT, Urgency.FLASH)


def alert_arrival(entry: Entry) -> None:
    """An urgent paper rings at once; a 特急 one goes by text message too, and onto the ladder."""
    if entry.facts.get("urgency") in _PRESSING:
        alerts.of_arrival(entry)
    if entry.facts.get("urgency") == Urgency.FLASH:
        notices.announce_flash(entry, arrivals.by_signing(entry))
        escalation.begin(arrivals.by_signing(entry))


def alert_relay(entry: Entry) -> None:
    """The same for what was relayed."""
    if entry.facts.get("urgency") in _PRESSING:
        alerts.of_relay(entry)
    if entry.facts.get("urgency") == Urgency.FLASH:
        notices.announce_flash(entry, arrivals.by_relay(entry))
        escalation.begin(arrivals.by_relay(entry))


def escalate(entry: Entry) -> None:
    """A step of the ladder: the next one is told, or the issuer is asked to ring up."""
    if entry.facts["rung"] != Rung.CALL:
        notices.escalate(entry)
    else:
        alerts.of_calls(entry)


def alert_passed_over(entry: Entry) -> None:
    """Who did not relay in time."""
    alerts.of_passing_over(entry)


def alert_ended(entry: Entry) -> None:
    """A paper that is void or repealed."""
    alerts.of_ending(entry)


def alert_reminded(entry: Entry) -> None:
    """A reminder."""
    alerts.of_reminder(entry)


def alert_assigned(entry: Entry) -> None:
    """A task."""
    alerts.of_task(entry)


def alert_due_soon(entry: Entry) -> None:
    """A deadline that is near."""
    alerts.of_deadline(entry, AlertKind.DUE_SOON)


def alert_overdue(entry: Entry) -> None:
    """A deadline that has passed: those who are late, and whoever waits for them."""
    alerts.of_deadline(entry, AlertKind.OVERDUE)
    alerts.of_overdue_below(entry)


def alert_submitted(entry: Entry) -> None:
    """A part of a task that was handed in."""
    alerts.of_submission(entry)


def alert_sent_back(entry: Entry) -> None:
    """A part of a task that was sent back."""
    alerts.of_step(entry, AlertKind.SENT_BACK)


def alert_closed(entry: Entry) -> None:
    """A part of a task that was closed."""
    alerts.of_step(entry, AlertKind.CLOSED)


def alert_cancelled(entry: Entry) -> None:
    """A task that was taken back."""
    alerts.of_cancelling(entry)


def alert_asked(entry: Entry) -> None:
    """A question."""
    alerts.of_question(entry)


def alert_answered(entry: Entry) -> None:
    """An answer."""
    alerts.of_answer(entry)


def alert_withdrawn(entry: Entry) -> None:
    """A question that was taken back."""
    alerts.of_withdrawing(entry)


def alert_export(entry: Entry) -> None:
    """A table that can be fetched."""
    alerts.of_export(entry, AlertKind.EXPORT)


def alert_no_export(entry: Entry) -> None:
    """A table that could not be made."""
    alerts.of_export(entry, AlertKind.NO_EXPORT)


HANDLERS: Handlers = {
    "bulletin.published": [alert_arrival],
    "bulletin.reminded": [alert_reminded],
    "bulletin.voided": [alert_ended],
    "bulletin.repealed": [alert_ended],
    "relay.signed": [alert_relay],
    "relay.passed_over": [alert_relay, alert_passed_over],
    "receipt.escalated": [escalate],
    "task.assigned": [alert_assigned],
    "task.cancelled": [alert_cancelled],
    "task.due_soon": [alert_due_soon],
    "task.overdue": [alert_overdue],
    "assignment.submitted": [alert_submitted],
    "assignment.sent_back": [alert_sent_back],
    "assignment.closed": [alert_closed],
    "export.made": [alert_export],
    "export.failed": [alert_no_export],
    "question.asked": [alert_asked],
    "question.answered": [alert_answered],
    "question.withdrawn": [alert_withdrawn],
}
