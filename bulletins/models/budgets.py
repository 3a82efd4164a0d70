"""How many papers an agency means to send in a year (减负)."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from config.database import WIDE, Base


class PaperBudget(Base):
    """The number that an agency set itself for a year; its papers may be more, but not unseen."""

    __tablename__ = "paper_budgets"

    agency_id: Mapped[int] = mapped_column(WIDE, ForeignKey("agencies.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    most: Mapped[int]
    updated_at: Mapped[datetime]
    updated_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
