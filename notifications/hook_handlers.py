"""What follows from entries of the journal for other systems and chat groups."""

from config.handling import Handlers
from notifications.services import systems

HANDLERS: Handlers = {
    "bulletin.published": [systems.tell_arrival],
    "bulletin.reminded": [systems.tell_reminded],
    "bulletin.voided": [systems.tell_ended],
    "bulletin.repealed": [systems.tell_ended],
    "relay.signed": [systems.tell_relayed],
    "relay.passed_over": [systems.tell_relayed],
    "task.assigned": [systems.tell_assigned],
    "task.cancelled": [systems.tell_cancelled],
    "task.due_soon": [systems.tell_due_soon],
    "task.overdue": [systems.tell_overdue],
    "assignment.submitted": [systems.tell_submitted],
    "assignment.sent_back": [systems.tell_step],
    "assignment.closed": [systems.tell_step],
    "question.asked": [systems.tell_asked],
    "question.answered": [systems.tell_answered],
}
