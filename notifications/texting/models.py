"""Text messages: templates, what came back, numbers that want none, and how the ways out do."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, Key, Wide
from notifications.states import Kind
from notifications.texting.states import Became, TemplateState, Vendor

Word = String(16)


class SmsTemplate(Base):
    """What a cloud has approved, or is to: ``text`` has gaps ``${name}`` for what differs.

    ``code`` is the vendor's own name for it, ``sign`` the signature that it goes out with; where it
    is empty, the one of the provider's address.
    """

    __tablename__ = "sms_templates"
    __table_args__ = (
        UniqueConstraint("vendor", "code"),
        Index("ix_sms_templates_kind", "vendor", "kind", "language"),
    )

    id: Mapped[Key]
    vendor: Mapped[Vendor] = mapped_column(Word)
    kind: Mapped[Kind] = mapped_column(Word)
    language: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(32))
    sign: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[TemplateState] = mapped_column(Word)
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[Wide | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SmsReply(Base):
    """What somebody answered by SMS. ``key`` makes the same one, told twice, one.

    ``agency_id`` is whose duty seat reads it; it and ``recipient_id`` are missing for a number that
    is nobody's. ``receipt_id`` is the paper that the message answered told of.
    """

    __tablename__ = "sms_replies"
    __table_args__ = (
        Index("ix_sms_replies_agency_id", "agency_id", "id"),
        Index("ix_sms_replies_became", "became", "id"),
        Index(
            "ix_sms_replies_unread",
            "agency_id",
            sqlite_where=text("became = 'passed' AND read_at IS NULL"),
            postgresql_where=text("became = 'passed' AND read_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    provider: Mapped[str] = mapped_column(Word)
    phone: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(500))
    became: Mapped[Became] = mapped_column(Word)
    why: Mapped[str] = mapped_column(String(32), default="")
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("recipients.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    receipt_id: Mapped[Wide | None]
    received_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by: Mapped[Wide | None]


class SmsStop(Base):
    """A number that gets nothing more by SMS, since it said so."""

    __tablename__ = "sms_stops"

    phone: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]


class RouteCount(Base):
    """What went over one way out in one stretch of time (``span``): ten seconds, or a month.

    ``failures`` are calls that were not answered; ``parts`` is what is paid for.
    """

    __tablename__ = "route_counts"

    route: Mapped[str] = mapped_column(Word, primary_key=True)
    span: Mapped[str] = mapped_column(String(8), primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    failures: Mapped[int]
    parts: Mapped[int]


class RouteTrouble(Base):
    """That a way out failed so often that others are used; it is tried again at ``probe_at``."""

    __tablename__ = "route_troubles"

    route: Mapped[str] = mapped_column(Word, primary_key=True)
    since: Mapped[datetime]
    probe_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
