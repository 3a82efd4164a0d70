"""What readers ask about a paper, and what its issuer answers once for all who asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency
from bulletins.models.columns import Word
from bulletins.questions.states import QuestionKind, QuestionState
from config.database import Base, Key

QUESTION_LENGTH = 1000
TOPIC_LENGTH = 200
ANSWER_LENGTH = 3000


class Answer(Base):
    """What the issuer says to one or more questions on one paper.

    ``for_all``: whoever may read the paper sees it, not only who asked. ``topic`` then says what
    was asked where the questions themselves are not to be seen. ``entry_id`` told the askers of
    it, ``official_entry_id`` that it counts as the issuer's official word.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_paper", "bulletin_id", "answered_at", "id"),
        Index("ix_answers_issuer", "issuer_id", "id"),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    topic: Mapped[str] = mapped_column(String(TOPIC_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    for_all: Mapped[bool]
    answered_at: Mapped[datetime]
    answered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), unique=True)
    official_at: Mapped[datetime | None]
    official_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    official_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), index=True)


class Question(Base):
    """What an agency asks of, or remarks to, the issuer of a paper that it may read.

    ``for_all``: whoever may read the paper sees it; otherwise the asking agency and ``issuer``
    alone, who has to answer it. ``noted_entry_id`` told that the issuer took note of a remark.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_paper", "bulletin_id", "asked_at", "id"),
        Index("ix_questions_agency", "agency_id", "asked_at", "id"),
        Index(
            "ix_questions_to_answer",
            "issuer_id",
            "asked_at",
            "id",
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[QuestionKind] = mapped_column(Word)
    for_all: Mapped[bool]
    text: Mapped[str] = mapped_column(String(QUESTION_LENGTH))
    state: Mapped[QuestionState] = mapped_column(Word)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"), index=True)
    noted_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), index=True)

    agency: Mapped[Agency] = relationship(foreign_keys=agency_id)
