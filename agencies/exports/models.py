"""Tables that people asked for, from the press of the button until they are forgotten."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from agencies.exports.states import Failure, State
from config.database import Base, Key, Wide
from config.sheets import Format

TITLE_LENGTH = 200
_GOING_ON = text("state IN ('waiting', 'making')")


class Export(Base):
    """A table that a person asked for, acting in ``seat_id`` (None: as an administrator).

    ``kind`` names the exporter, ``given`` (JSON) its conditions. ``due_at`` is when a worker may
    take it: while it is made, when the worker that has it counts as lost. ``attempts`` counts how
    often one took it since it was asked for at ``asked_at``. ``done`` of ``total`` rows are
    written, ``key`` is where the file lies, ``title`` says what the table is of.
    """

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_person_id_id", "person_id", "id"),
        Index("ix_exports_due", "due_at", "id", sqlite_where=_GOING_ON, postgresql_where=_GOING_ON),
        Index("ix_exports_asked_at", "asked_at"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    seat_id: Mapped[Wide | None]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[str] = mapped_column(String(32))
    form: Mapped[Format] = mapped_column(String(8))
    given: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[State] = mapped_column(String(16), default=State.WAITING)
    failure: Mapped[Failure | None] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    size: Mapped[Wide] = mapped_column(default=0)
    key: Mapped[str] = mapped_column(String(100), default="")
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
