"""The words in which people read parts, states and steps of tasks."""

from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from coordination.states import Action, Part, State, TaskState

PARTS = {Part.LEAD: _l("牵头"), Part.ASSISTING: _l("协办")}
STATES = {
    State.ASSIGNED: _l("待接收"),
    State.ACCEPTED: _l("办理中"),
    State.SUBMITTED: _l("待审核"),
    State.SENT_BACK: _l("退回重办"),
    State.CLOSED: _l("已办结"),
    State.CANCELLED: _l("已取消"),
}
TASK_STATES = {
    TaskState.OPEN: _l("进行中"),
    TaskState.CLOSED: _l("已办结"),
    TaskState.CANCELLED: _l("已取消"),
}
STEPS = {
    Action.ACCEPT: _l("接收任务"),
    Action.REPORT: _l("报告进展"),
    Action.SUBMIT: _l("报送办结"),
    Action.SEND_BACK: _l("退回重办"),
    Action.CLOSE: _l("审核通过，办结"),
    Action.CANCEL: _l("取消任务"),
}

ENTRIES = {
    "task.assigned": _l("下达任务"),
    "task.cancelled": _l("取消任务"),
    "task.due_soon": _l("任务临近期限"),
    "task.overdue": _l("任务逾期"),
    "assignment.accepted": _l("接收任务"),
    "assignment.reported": _l("报告进展"),
    "assignment.submitted": _l("报送办结"),
    "assignment.sent_back": _l("退回重办"),
    "assignment.closed": _l("办结任务"),
}
"""What the auditor reads for the journal's entries about tasks."""


def part(value: str) -> str:
    """An agency's part in a task in words."""
    return str(PARTS[Part(value)])


def state(value: str) -> str:
    """Where an assignment stands in words."""
    return str(STATES[State(value)])


def task_state(value: str) -> str:
    """Where a task stands in words."""
    return str(TASK_STATES[TaskState(value)])


def step(value: str) -> str:
    """A step of an assignment in words."""
    return str(STEPS[Action(value)])


def over(value: str) -> str:
    """What is said to somebody who wants to go on with what is over."""
    return str(_l("任务已取消。") if value == State.CANCELLED else _l("任务已办结。"))


FILTERS = {
    "task_part_label": part,
    "assignment_state_label": state,
    "task_state_label": task_state,
    "task_step_label": step,
}
"""Filters for templates, registered by the blueprint."""


def fill() -> None:
    """Give the auditor's page its words for what happens to tasks."""
    ENTRY_WORDS.update(ENTRIES)
