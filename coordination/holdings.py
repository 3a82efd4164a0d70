"""What of tasks hangs on an agency and moves with it."""

from flask_babel import lazy_gettext as _l

from agencies.holdings import Holding
from coordination.models import Assignment, Task
from coordination.states import OPEN, TaskState

HOLDINGS = [
    Holding(
        name="assignments",
        label=_l("承办的任务"),
        model=Assignment,
        column=Assignment.agency_id,
        of="agency",
        is_open=Assignment.state.in_(sorted(OPEN)),
    ),
    Holding(
        name="tasks",
        label=_l("下达的任务"),
        model=Task,
        column=Task.issuer_id,
        of="agency",
        is_open=Task.state == TaskState.OPEN,
    ),
]
