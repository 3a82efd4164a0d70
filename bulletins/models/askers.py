"""Which agencies ask a question too, beside the one whose words it is."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base


class QuestionAsker(Base):
    """That an agency asks too what another has asked for all to see, and is told of the answer.

    One that asks no more has no row; what is answered keeps its askers.
    """

    __tablename__ = "question_askers"
    __table_args__ = (
        Index("ix_question_askers_agency", "agency_id", "question_id"),
        Index("ix_question_askers_list", "question_id", "joined_at", "agency_id"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    joined_at: Mapped[datetime]
    joined_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
