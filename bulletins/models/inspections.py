"""What was found in the words of a content when it was kept: never the words themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bulletins.models.columns import MARKING_LENGTH
from config.database import WIDE, Base


class FileInspection(Base):
    """``is_read``: its words could be read, all of them; otherwise a person must look at it.

    ``marking`` is the classification marking found (a new file with one is refused), the others
    count the numbers of persons.
    """

    __tablename__ = "file_inspections"

    file_id: Mapped[int] = mapped_column(
        WIDE, ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True
    )
    is_read: Mapped[bool]
    marking: Mapped[str | None] = mapped_column(String(MARKING_LENGTH))
    identities: Mapped[int]
    cards: Mapped[int]
    phones: Mapped[int]
    inspected_at: Mapped[datetime]
