"""Who: agencies and their tree, people, seats, how people are reached and how they sign in."""

from datetime import date, datetime

from flask_security.core import UserMixin
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.states import AdminRole, AgencyKind, Channel, Level, SeatKind, Way
from config.database import Base, Key, Wide

Word = String(16)


class Agency(Base):
    """A bureau, association, enterprise or internal office: a node of the tree."""

    __tablename__ = "agencies"
    __table_args__ = (Index("ix_agencies_parent_id_code", "parent_id", "code"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[Level] = mapped_column(Word)
    kind: Mapped[AgencyKind] = mapped_column(Word)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    timezone: Mapped[str | None] = mapped_column(String(64))
    contact_name: Mapped[str] = mapped_column(String(50), default="")
    contact_phone: Mapped[str] = mapped_column(String(50), default="")
    contact_mail: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime]
    ended_on: Mapped[date | None]

    parent: Mapped["Agency | None"] = relationship(remote_side="Agency.id")


class Lineage(Base):
    """Every pair of an agency and one above it (itself at depth 0): subtrees are read by index."""

    __tablename__ = "agency_lineage"
    __table_args__ = (Index("ix_agency_lineage_below", "descendant_id", "ancestor_id"),)

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    depth: Mapped[int]


def _has_role(context: DefaultExecutionContext) -> bool:
    return bool((context.current_parameters or {}).get("role"))


class Person(Base, UserMixin):
    """Somebody who can sign in. An administrator holds one of the three roles and no seat.

    ``is_admin`` follows from the role; tenures refer to it, so that the database itself refuses a
    seat to an administrator and a role to whoever has held a seat.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("is_admin = (role IS NOT NULL)", name="is_admin"),
        UniqueConstraint("id", "is_admin"),
    )

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[AdminRole | None] = mapped_column(Word)
    is_admin: Mapped[bool] = mapped_column(default=_has_role)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    contacts: Mapped[list["Contact"]] = relationship(back_populates="person")
    tenures: Mapped[list["Tenure"]] = relationship(back_populates="person")


class Contact(Base):
    """An address of a person on one channel; it counts only once verified by a code.

    ``bounced_at``: a server said that nobody has it (any more); then it has to be verified anew.
    """

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("person_id", "channel"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    address: Mapped[str] = mapped_column(String(254), index=True)
    verified_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    code_sent_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="contacts")


class Seat(Base):
    """A duty in an agency; work and rights belong to it, people hold it for a time."""

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("agency_id", "kind", "label"),)

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[SeatKind] = mapped_column(Word)
    label: Mapped[str] = mapped_column(String(50), default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()
    tenures: Mapped[list["Tenure"]] = relationship(back_populates="seat")


class Tenure(Base):
    """That a person holds a seat, or is its deputy, from one journal entry to another.

    The entries give the time in positions: what a digest owes its reader follows from them.
    """

    __tablename__ = "tenures"
    __table_args__ = (
        Index(
            "uq_tenures_open",
            "seat_id",
            "is_deputy",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_tenures_person_id_ended_at", "person_id", "ended_at"),
        ForeignKeyConstraint(["person_id", "holder_is_admin"], ["people.id", "people.is_admin"]),
        CheckConstraint("NOT holder_is_admin", name="no_admin"),
    )

    id: Mapped[Key]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    person_id: Mapped[Wide]
    holder_is_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_deputy: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    began_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    ended_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))

    seat: Mapped[Seat] = relationship(back_populates="tenures")
    person: Mapped[Person] = relationship(back_populates="tenures")


class Absence(Base):
    """Days on which a person is away (both included); their deputies act in the meantime.

    The entries give the time in positions, once the first and the last day have come.
    """

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("until_day >= from_day", name="order"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date]
    created_at: Mapped[datetime]
    began_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    ended_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))


class Invitation(Base):
    """One chance to set one's first (or a forgotten) password; its link is signed when composed."""

    __tablename__ = "invitations"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    way: Mapped[Way] = mapped_column(Word)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    nonce: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser; ending the row ends every copy of its cookie.

    ``once``: sealed, what its next page shows a single time, up to ``once_until``.
    """

    __tablename__ = "sign_ins"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    once: Mapped[str] = mapped_column(Text, default="", server_default="")
    once_until: Mapped[datetime | None]


class Attempt(Base):
    """That something was tried which is limited by the hour: by whom, as a hash of the address."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_what_who_at", "what", "who", "at"),)

    id: Mapped[Key]
    what: Mapped[str] = mapped_column(Word)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Token(Base):
    """A personal key for the API: it acts as one person in one seat (or administrator's role)."""

    __tablename__ = "tokens"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id"), index=True)
    label: Mapped[str] = mapped_column(String(50))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    seat: Mapped[Seat | None] = relationship()


class SpecialDay(Base):
    """A day that the editable calendar decides, over what the holiday library says of it."""

    __tablename__ = "special_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    remark: Mapped[str] = mapped_column(String(50), default="")
    changed_by: Mapped[Wide | None]
