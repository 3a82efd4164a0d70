"""What every channel to the outside is: it takes a few parcels and says what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from notifications.states import Action


@dataclass(frozen=True)
class Parcel:
    """One message ready for one address; ``ref`` is the same at every attempt.

    ``body`` is a whole mail, or the text of an SMS in UTF-8. ``report_path`` is where the provider
    tells us what became of it.
    """

    delivery_id: int
    ref: str
    address: str
    body: bytes
    report_path: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a parcel: ``outcome`` is a code word, ``detail`` the provider's own words.

    ``until``: when quiet hours are over for which it waits.
    """

    delivery_id: int
    action: Action
    outcome: str
    detail: str = ""
    until: datetime | None = None


@dataclass
class Sent:
    """The results of a call. A parcel without one was not handed over at all.

    ``down`` says why nothing can be sent at present, where that is so.
    """

    results: list[Result] = field(default_factory=list)
    down: str = ""


class Provider(Protocol):
    """The way out of one channel. Several threads may send at once."""

    chunk: int
    """How many parcels a call takes, and so how many are in doubt if we die in it."""

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Hand parcels over until all are, or ``seconds`` are over, or the provider is down."""
        ...

    def close(self) -> None:
        """Give up what is held open."""
        ...
