"""Papers, their signed versions, and the words that went with their steps."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, case, false, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person
from bulletins.models.columns import (
    FORM_KEY_LENGTH,
    JOINT_NAMES_LENGTH,
    NUMBER_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    Word,
)
from bulletins.states import ENDED, BulletinType, Layout, State, Urgency
from config.database import Base, Key

AT_WORK = text("state IN ('draft', 'review', 'submitted', 'returned', 'signed')")
"""The states that are open, letter by letter, so that the index of those papers is used."""


class Bulletin(Base):
    """A paper as its issuer works on it; what readers see are its versions.

    ``layout`` is in which it is printed, None: as papers of its type usually are.
    ``for_followers``: it also comes to whoever follows its tags. ``joint_names`` are the organs
    that issue it beside its host, as they were called when they were chosen; ``host_signed_at`` is
    when the host signed while others had not yet.

    ``revision`` counts the saves, so that a stale one is noticed; ``version`` is the last one
    published (0: none yet; readers see a paper from 1 on, whatever its state). ``html`` is ``body``
    rendered when it was saved. ``relay_within`` is the rule for those addressed who have others
    below them: so many working days to relay it, then these get it straight. A signed paper is
    published at ``publish_at``. ``ended_on`` is the day from which a repealed paper no longer
    holds; a void one never did. ``closed_at`` is when nothing of an ended paper waited any more.
    ``form_key`` came with the form that made the paper and ``form_revision`` is the last one saved
    by it, so that a form sent again for want of an answer finds its paper.
    """

    __tablename__ = "bulletins"
    __table_args__ = (
        Index("ix_bulletins_issuer_id_state_updated_at", "issuer_id", "state", "updated_at", "id"),
        Index("ix_bulletins_issuer_id_signed_at", "issuer_id", "signed_at", "id"),
        Index("ix_bulletins_number", "number"),
        Index(
            "ix_bulletins_at_work",
            "updated_at",
            "id",
            sqlite_where=AT_WORK,
            postgresql_where=AT_WORK,
        ),
        Index(
            "ix_bulletins_to_publish",
            "publish_at",
            sqlite_where=text("state = 'signed'"),
            postgresql_where=text("state = 'signed'"),
        ),
        Index(
            "ix_bulletins_to_close",
            "ended_on",
            sqlite_where=text("state = 'repealed' AND closed_at IS NULL"),
            postgresql_where=text("state = 'repealed' AND closed_at IS NULL"),
        ),
        Index(
            "ix_bulletins_form_key",
            "created_by",
            "form_key",
            unique=True,
            sqlite_where=text("form_key IS NOT NULL"),
            postgresql_where=text("form_key IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    type: Mapped[BulletinType] = mapped_column(Word)
    urgency: Mapped[Urgency] = mapped_column(Word)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    needs_acknowledgement: Mapped[bool] = mapped_column(default=False)
    acknowledge_by: Mapped[date | None]
    relay_within: Mapped[int | None]
    state: Mapped[State] = mapped_column(Word)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    host_signed_at: Mapped[datetime | None]
    host_signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    organ_code_id: Mapped[int | None] = mapped_column(ForeignKey("organ_codes.id"))
    number: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH))
    publish_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(REASON_LENGTH), default="", server_default="")
    asks_again: Mapped[bool] = mapped_column(default=False, server_default=false())
    joint_names: Mapped[str] = mapped_column(
        String(JOINT_NAMES_LENGTH), default="", server_default=""
    )
    for_followers: Mapped[bool] = mapped_column(default=False, server_default=false())
    layout: Mapped[Layout | None] = mapped_column(Word)
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("bulletins.id"))
    closed_at: Mapped[datetime | None]
    form_key: Mapped[str | None] = mapped_column(String(FORM_KEY_LENGTH))
    form_revision: Mapped[int | None]

    issuer: Mapped[Agency] = relationship()
    editor: Mapped[Person] = relationship(foreign_keys=updated_by)
    published: Mapped["BulletinVersion | None"] = relationship(
        primaryjoin=(
            "and_(Bulletin.id == foreign(BulletinVersion.bulletin_id),"
            " Bulletin.version == foreign(BulletinVersion.version))"
        ),
        viewonly=True,
        uselist=False,
    )

    @property
    def public_title(self) -> str:
        """The title that others may read: the published one, whatever a correction makes of it."""
        return self.published.title if self.published else self.title

    @property
    def issuer_names(self) -> str:
        """All issuers by name, the host first."""
        return "、".join(name for name in (self.issuer.name, self.joint_names) if name)

    @hybrid_property
    def ended_kind(self) -> str | None:
        """How the paper ended: ``void`` from the start, ``repealed`` from a day; None: it holds."""
        return str(self.state) if self.state in ENDED else None

    @ended_kind.inplace.expression
    @classmethod
    def _ended_kind(cls) -> ColumnElement[str | None]:
        return case((cls.state.in_(ENDED), cls.state), else_=None)


class BulletinVersion(Base):
    """What was signed and sent, unchangeable; ``entry_id`` is the journal entry that told of it.

    ``note`` says of a correction (更正) what was wrong. Only its counts grow: how many receipts it
    has, have each fact, ask to be acknowledged. ``is_to_print``: its PDF has not been made ahead.
    """

    __tablename__ = "bulletin_versions"
    __table_args__ = (
        Index(
            "ix_bulletin_versions_to_print",
            "entry_id",
            sqlite_where=text("is_to_print"),
            postgresql_where=text("is_to_print"),
        ),
    )

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), unique=True)
    type: Mapped[BulletinType] = mapped_column(Word)
    urgency: Mapped[Urgency] = mapped_column(Word)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    needs_acknowledgement: Mapped[bool]
    acknowledge_by: Mapped[date | None]
    relay_within: Mapped[int | None]
    receipt_count: Mapped[int]
    signed_at: Mapped[datetime]
    signed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    number: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH))
    note: Mapped[str] = mapped_column(String(REASON_LENGTH), default="", server_default="")
    delivered_count: Mapped[int] = mapped_column(default=0, server_default="0")
    opened_count: Mapped[int] = mapped_column(default=0, server_default="0")
    acknowledged_count: Mapped[int] = mapped_column(default=0, server_default="0")
    to_acknowledge_count: Mapped[int] = mapped_column(default=0, server_default="0")
    is_to_print: Mapped[bool] = mapped_column(default=False, server_default=false())
    layout: Mapped[Layout | None] = mapped_column(Word)

    bulletin: Mapped[Bulletin] = relationship()
    signer: Mapped[Person] = relationship()


class Remark(Base):
    """The words that went with a step of a paper; the step itself is a journal entry."""

    __tablename__ = "bulletin_remarks"

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))
