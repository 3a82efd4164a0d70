"""The organs that issue a paper together with its host (联合行文)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person
from bulletins.models.papers import Bulletin
from config.database import Base, Key


class JointIssuer(Base):
    """One organ beside the host (主办机关), in their order, and its signature (会签).

    A signature is for the text as it was submitted last; submitting anew asks for it again.
    """

    __tablename__ = "joint_issuers"
    __table_args__ = (
        Index("ix_joint_issuers_bulletin_id", "bulletin_id", "place"),
        Index("ix_joint_issuers_agency_id", "agency_id", "bulletin_id"),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    place: Mapped[int]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    bulletin: Mapped[Bulletin] = relationship()
    agency: Mapped[Agency] = relationship()
    signer: Mapped[Person | None] = relationship()
