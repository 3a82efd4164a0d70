"""What the API answers about tasks."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from config import clock
from coordination.models import Assignment, Report, Task
from coordination.queries.giving import Progress
from coordination.states import Action, Part, State, TaskState


class FromRow(BaseModel):
    """Read off a mapped object or a dataclass."""

    model_config = ConfigDict(from_attributes=True)


class AssignmentItemOut(BaseModel):
    """One agency's part in a task, as a list shows it."""

    id: int
    task_id: int
    title: str
    issuer: str
    agency_id: int
    agency: str
    part: Part
    state: State
    percent: int | None
    due_at: datetime
    is_overdue: bool
    assigned_at: datetime
    accepted_at: datetime | None
    submitted_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Assignment, **more: object) -> Self:
        """The assignment with the names beside it."""
        beside = {
            "title": row.task.title,
            "issuer": row.task.issuer.name,
            "agency": row.agency.name,
            "is_overdue": row.is_overdue(clock.now()),
        }
        columns = {name: getattr(row, name) for name in _COLUMNS}
        return cls.model_validate({**columns, **beside, **more})


_COLUMNS = AssignmentItemOut.model_fields.keys() & Assignment.__table__.columns.keys()


class AssignmentsOut(BaseModel):
    items: list[AssignmentItemOut]
    next: str | None


class AssignmentOut(AssignmentItemOut):
    """One agency's part in a task, with what is asked."""

    body: str
    bulletin_id: int | None
    cancel_reason: str

    @classmethod
    def of(cls, row: Assignment, **more: object) -> Self:
        """The assignment with what its task says."""
        task = row.task
        return super().of(
            row,
            body=task.body,
            bulletin_id=task.bulletin_id,
            cancel_reason=task.cancel_reason,
            **more,
        )


class StepOut(BaseModel):
    """One step of an assignment: who did what, in which words."""

    id: int
    action: Action
    text: str
    percent: int | None
    due_at: datetime | None
    at: datetime
    person: str

    @classmethod
    def of(cls, step: Report) -> Self:
        """The step with the name of who took it."""
        columns = {name: getattr(step, name) for name in cls.model_fields if name != "person"}
        return cls.model_validate({**columns, "person": step.person.name})


class StepsOut(BaseModel):
    items: list[StepOut]
    next: str | None


class TaskProgressOut(FromRow):
    """How many assignments stand where."""

    total: int
    assigned: int
    doing: int
    submitted: int
    closed: int
    overdue: int


class TaskOut(BaseModel):
    """A task that an agency has given, and how far it is."""

    id: int
    title: str
    body: str
    bulletin_id: int | None
    due_at: datetime
    state: TaskState
    created_at: datetime
    ended_at: datetime | None
    cancel_reason: str
    progress: TaskProgressOut

    @classmethod
    def of(cls, task: Task, progress: Progress) -> Self:
        """The task with its counts."""
        columns = {name: getattr(task, name) for name in cls.model_fields if name != "progress"}
        counts = TaskProgressOut.model_validate(progress)
        return cls.model_validate({**columns, "progress": counts})


class TasksOut(BaseModel):
    items: list[TaskOut]
    next: str | None
