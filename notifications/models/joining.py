"""Links by which people from outside ask for an agency's digests."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency
from config.database import Base, Key, Wide


class JoinLink(Base):
    """A link that an administrator gave away, good until ``until`` or ``withdrawn_at``.

    What stands in it is signed and kept nowhere.
    """

    __tablename__ = "join_links"

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    created_by: Mapped[Wide]
    created_at: Mapped[datetime]
    until: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()
