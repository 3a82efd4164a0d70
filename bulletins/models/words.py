"""The words of files, for the index of papers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import WIDE, Base


class FileWords(Base):
    """What could be read of a content, its beginning; empty where nothing could.

    A search finds papers by it and shows the place. It goes with the content.
    """

    __tablename__ = "file_words"

    file_id: Mapped[int] = mapped_column(
        WIDE, ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime]
