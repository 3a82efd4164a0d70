"""How the ways out are doing: which are paused, up to when each lane is booked."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import Channel
from config.database import Base
from notifications.models.columns import Word


class ChannelPause(Base):
    """That a channel's provider could not be reached; nothing goes there until the pause ends."""

    __tablename__ = "channel_pauses"

    channel: Mapped[Channel] = mapped_column(Word, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))


class Pace(Base):
    """Up to when a lane (a queue and a mail domain) is booked: the next message may go then."""

    __tablename__ = "paces"

    lane: Mapped[str] = mapped_column(String(300), primary_key=True)
    free_at: Mapped[datetime]
