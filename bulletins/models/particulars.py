"""What papers of some types state besides their text: whom to ask, a meeting, a training."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bulletins.models.columns import CONTACT_LENGTH, PARTICULAR_LENGTH
from config.database import Base


class Particulars(Base):
    """The particulars of one version of a paper; version 0 is the draft's.

    ``refers_to`` names in words the paper that this one answers or explains, ``refers_to_id`` the
    same where it is kept here. ``held_on`` to ``held_until`` are a meeting's or training's days;
    ``participants`` attend it, ``excused`` do not (请假), ``observers`` sit in (列席).
    ``signer_post`` stands beside the signature of an order.
    """

    __tablename__ = "paper_particulars"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    contact_name: Mapped[str] = mapped_column(String(CONTACT_LENGTH), default="")
    contact_phone: Mapped[str] = mapped_column(String(CONTACT_LENGTH), default="")
    refers_to_id: Mapped[int | None] = mapped_column(ForeignKey("bulletins.id"), index=True)
    refers_to: Mapped[str] = mapped_column(String(PARTICULAR_LENGTH), default="")
    held_on: Mapped[date | None]
    held_until: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(PARTICULAR_LENGTH), default="")
    participants: Mapped[str] = mapped_column(String(PARTICULAR_LENGTH), default="")
    excused: Mapped[str] = mapped_column(String(PARTICULAR_LENGTH), default="", server_default="")
    observers: Mapped[str] = mapped_column(String(PARTICULAR_LENGTH), default="", server_default="")
    signer_post: Mapped[str] = mapped_column(String(CONTACT_LENGTH), default="", server_default="")
    enrol_by: Mapped[date | None]
