"""What is to be done: tasks, the agencies that have them, and what they report."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person
from bulletins.models import Bulletin
from config.database import Base, Key
from coordination.states import OVER, TODO, Action, Part, State, TaskState, Told

Word = String(16)
TITLE_LENGTH = 200
REASON_LENGTH = 500


def _among(states: Iterable[State]) -> TextClause:
    """The condition of a partial index; answering.in_states writes it the same way."""
    return text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(states))))


_TODO, _OVER, _SUBMITTED = _among(TODO), _among(OVER), _among([State.SUBMITTED])
_ON_A_BULLETIN = text("bulletin_id IS NOT NULL")


class Task(Base):
    """Something an agency asks of agencies under it, alone or on the ground of a bulletin.

    ``once`` is a hash of what was sent with a key: whoever sends the same again gets this task.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_issuer_id_state_id", "issuer_id", "state", "id"),
        Index("ix_tasks_created_by_once", "created_by", "once", unique=True),
        Index(
            "ix_tasks_bulletin_id",
            "bulletin_id",
            "id",
            sqlite_where=_ON_A_BULLETIN,
            postgresql_where=_ON_A_BULLETIN,
        ),
    )

    id: Mapped[Key]
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    bulletin_id: Mapped[int | None] = mapped_column(ForeignKey("bulletins.id"))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    state: Mapped[TaskState] = mapped_column(Word, default=TaskState.OPEN)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cancel_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    once: Mapped[str | None] = mapped_column(String(64))

    issuer: Mapped[Agency] = relationship()
    bulletin: Mapped[Bulletin | None] = relationship()


class Assignment(Base):
    """One agency's part in a task, with its own deadline and its own state.

    ``told`` is what the journal has told of the deadline, ``told_entry_id`` the entry that did.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("task_id", "agency_id"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_assignments_task_id_state_id", "task_id", "state", "id"),
        Index(
            "ix_assignments_late",
            "task_id",
            "due_at",
            sqlite_where=_TODO,
            postgresql_where=_TODO,
        ),
        Index(
            "ix_assignments_todo",
            "agency_id",
            "due_at",
            "id",
            sqlite_where=_TODO,
            postgresql_where=_TODO,
        ),
        Index(
            "ix_assignments_over",
            "agency_id",
            "ended_at",
            "id",
            sqlite_where=_OVER,
            postgresql_where=_OVER,
        ),
        Index(
            "ix_assignments_submitted",
            "agency_id",
            "submitted_at",
            "id",
            sqlite_where=_SUBMITTED,
            postgresql_where=_SUBMITTED,
        ),
        Index(
            "ix_assignments_told",
            "told",
            "due_at",
            "id",
            sqlite_where=_TODO,
            postgresql_where=_TODO,
        ),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    part: Mapped[Part] = mapped_column(Word)
    state: Mapped[State] = mapped_column(Word, default=State.ASSIGNED)
    due_at: Mapped[datetime]
    told: Mapped[Told] = mapped_column(Word, default=Told.NOTHING, server_default=Told.NOTHING)
    told_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    percent: Mapped[int | None]
    assigned_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    task: Mapped[Task] = relationship()
    agency: Mapped[Agency] = relationship()

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is the assignee's turn and the time is up."""
        return self.state in TODO and self.due_at < now


class Report(Base):
    """One step of an assignment as its timeline shows it: who did what, in which words.

    ``once`` is a hash of what was sent with a key: sent again, it is no further step.
    """

    __tablename__ = "task_reports"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_task_reports_assignment_id_id", "assignment_id", "id"),
        Index("ix_task_reports_person_id_once", "person_id", "once", unique=True),
    )

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    action: Mapped[Action] = mapped_column(Word)
    text: Mapped[str] = mapped_column(Text, default="")
    percent: Mapped[int | None]
    due_at: Mapped[datetime | None]
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    once: Mapped[str | None] = mapped_column(String(64))

    person: Mapped[Person] = relationship()
