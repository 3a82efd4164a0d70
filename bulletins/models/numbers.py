"""Document numbers (发文字号): organ codes and the register of what was given out under each."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person
from bulletins.models.columns import ORGAN_CODE_LENGTH, REASON_LENGTH
from bulletins.models.papers import Bulletin
from config.database import Base, Key


class OrganCode(Base):
    """An agency's code (机关代字, 冀质监): nobody else has it, and its numbers run on by year.

    Numbers up to ``used_before`` of ``used_year`` were given out before this register began.
    ``is_of_orders``: a register of orders (令号): its numbers run on over the years.
    """

    __tablename__ = "organ_codes"

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    code: Mapped[str] = mapped_column(String(ORGAN_CODE_LENGTH), unique=True)
    is_default: Mapped[bool] = mapped_column(default=False)
    is_of_orders: Mapped[bool] = mapped_column(default=False, server_default=false())
    used_year: Mapped[int]
    used_before: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()


class DocumentNumber(Base):
    """One line of a register: a number, the paper that has it, or why it was voided."""

    __tablename__ = "document_numbers"
    __table_args__ = (UniqueConstraint("organ_code_id", "year", "number"),)

    id: Mapped[Key]
    organ_code_id: Mapped[int] = mapped_column(ForeignKey("organ_codes.id"))
    year: Mapped[int]
    number: Mapped[int]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    taken_at: Mapped[datetime]
    taken_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    void_reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))

    organ_code: Mapped[OrganCode] = relationship()
    bulletin: Mapped[Bulletin] = relationship()
    taker: Mapped[Person] = relationship(foreign_keys=taken_by)
