"""Who may do what with tasks: the issuer gives and judges, the agency under it answers."""

from agencies.actors import Actor
from agencies.permissions import ALL_SEATS, WORKING_SEATS, Rule
from agencies.states import SeatKind
from coordination.models import Assignment, Task
from coordination.states import Action, Side

ISSUING_SEATS = frozenset({SeatKind.CLERK, SeatKind.APPROVER})


def issued(actor: Actor, task: Task) -> bool:
    """The task was given by the actor's agency."""
    return actor.agency_id is not None and actor.agency_id == task.issuer_id


def judges(actor: Actor, assignment: Assignment) -> bool:
    """The assignment was given by the actor's agency."""
    return issued(actor, assignment.task)


def answers(actor: Actor, assignment: Assignment) -> bool:
    """The assignment is the actor's agency's own."""
    return actor.agency_id is not None and actor.agency_id == assignment.agency_id


def sees(actor: Actor, assignment: Assignment) -> bool:
    """Both sides see an assignment; nobody else does."""
    return answers(actor, assignment) or judges(actor, assignment)


RULES: dict[str, Rule] = {
    "task.list": Rule(seats=ALL_SEATS),
    "task.assign": Rule(seats=ISSUING_SEATS),
    "task.read": Rule(seats=ALL_SEATS, sees=issued),
    "task.cancel": Rule(seats=ISSUING_SEATS, sees=issued),
    "assignment.read": Rule(seats=ALL_SEATS, sees=sees),
    "assignment.answer": Rule(seats=WORKING_SEATS, sees=sees, may=answers),
    "assignment.judge": Rule(seats=ISSUING_SEATS, sees=sees, may=judges),
}

RULE_OF_SIDE = {Side.ASSIGNEE: "assignment.answer", Side.ISSUER: "assignment.judge"}


def side_of(actor: Actor, assignment: Assignment) -> Side:
    """On which side the actor stands who sees this assignment."""
    return Side.ASSIGNEE if answers(actor, assignment) else Side.ISSUER


def rule_for(action: Action) -> str:
    """The action of the permission table that a step of an assignment asks for."""
    judging = action in (Action.SEND_BACK, Action.CLOSE)
    return RULE_OF_SIDE[Side.ISSUER if judging else Side.ASSIGNEE]
