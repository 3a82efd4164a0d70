"""Tasks that an agency gave or got, at each step."""

from sqlalchemy import select

from config.database import db
from coordination import services as coordination
from coordination.inputs import SubmissionInput, TaskInput
from coordination.models import Assignment, Task
from tests.security.standing import ABOVE, UNDER
from tests.worlds import World


def _given(world: World, issuer: str, to: str) -> Task:
    data = {"title": "燃气安全排查", "days": 10, "to_agencies": [world.agencies[to]]}
    return coordination.assign(world.actor(f"{issuer}-clerk"), TaskInput.model_validate(data))


def _part(task: Task) -> int:
    return db.session.scalars(select(Assignment.id).where(Assignment.task_id == task.id)).one()


def _task(world: World, agency: str) -> int:
    return _given(world, agency, UNDER[agency]).id


def _assignment(world: World, agency: str) -> int:
    return _part(_given(world, ABOVE[agency], agency))


def _accepted(world: World, agency: str) -> int:
    number = _assignment(world, agency)
    coordination.accept(world.actor(f"{agency}-clerk"), number)
    return number


def _handed_in(world: World, agency: str) -> int:
    """What the agency under this one was given by it, and has handed in."""
    number = _part(_given(world, agency, UNDER[agency]))
    actor = world.actor(f"{UNDER[agency]}-clerk")
    coordination.accept(actor, number)
    coordination.submit(actor, number, SubmissionInput(text="已全部排查。"))
    return number


OF_AGENCIES = {
    "task": _task,
    "assignment": _assignment,
    "accepted": _accepted,
    "handed_in": _handed_in,
}
