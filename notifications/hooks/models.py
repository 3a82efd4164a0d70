"""Whom other agencies' systems are: endpoints, what each wants to hear, and every call of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, Key, Wide
from notifications.hooks.states import CallState, EndpointKind, Event

Word = String(16)
NAME_LENGTH = 50
ANSWER_LENGTH = 500
_WAITING = text("state = 'waiting'")


class Endpoint(Base):
    """Another system, or a chat group's robot, that hears of what reaches an agency.

    ``target`` (its address) and ``secret`` are sealed; ``shown`` is as much of the address as a
    page may show. It is not called before ``rests_until``, since it failed a moment ago.
    """

    __tablename__ = "endpoints"
    __table_args__ = (Index("ix_endpoints_agency_id", "agency_id", "id"),)

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[EndpointKind] = mapped_column(Word)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    shown: Mapped[str] = mapped_column(String(300))
    target: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    created_by: Mapped[Wide | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    is_gone: Mapped[bool] = mapped_column(default=False)
    rests_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class EndpointSecret(Base):
    """An earlier secret of a webhook, sealed, that signs beside the one in use ``until`` then."""

    __tablename__ = "endpoint_secrets"
    __table_args__ = (Index("ix_endpoint_secrets_endpoint_id", "endpoint_id", "until"),)

    id: Mapped[Key]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoints.id"))
    secret: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class EndpointEvent(Base):
    """That an endpoint wants to hear of one kind of event."""

    __tablename__ = "endpoint_events"

    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoints.id"), primary_key=True)
    event: Mapped[Event] = mapped_column(String(32), primary_key=True)


class EndpointCall(Base):
    """One entry of the journal told to one endpoint, and what became of it.

    It is about a receipt, an assignment or a bulletin. ``attempts`` also tells who claimed it: the
    outcome of an attempt is written down only while it is the last one. ``began_at`` is when the 24
    hours of attempts began. ``body`` is what was sent last.
    """

    __tablename__ = "endpoint_calls"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "entry_id"),
        Index("ix_endpoint_calls_endpoint_id", "endpoint_id", "id"),
        Index(
            "ix_endpoint_calls_due",
            "next_try_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_endpoint_calls_ended_at", "ended_at"),
    )

    id: Mapped[Key]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoints.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    event: Mapped[Event] = mapped_column(String(32))
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipts.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    bulletin_id: Mapped[int | None] = mapped_column(ForeignKey("bulletins.id"))
    state: Mapped[CallState] = mapped_column(Word)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    began_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(Word, default="")
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(ANSWER_LENGTH), default="")
    body: Mapped[str] = mapped_column(Text, default="")
