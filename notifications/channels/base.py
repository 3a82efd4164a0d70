"""What every channel to the outside is: it takes a few parcels and says what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from notifications.states import Action


class DownError(Exception):
    """The provider takes nothing at present; nothing was handed over."""


class SilentError(Exception):
    """The call was made and nobody knows what came of it."""


@dataclass(frozen=True)
class Form:
    """A message as a cloud takes it: an approved template of its own, and what fills its gaps.

    ``values`` stand in the order in which the template has them.
    """

    code: str
    sign: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Blank:
    """What an SMS says, for templates to be filled with: ``variables`` is JSON, by name.

    ``secret`` is the code or link of a message that has one.
    """

    kind: str
    language: str
    variables: str
    secret: str = ""


@dataclass(frozen=True)
class Parcel:
    """One message ready for one address; ``ref`` is the same at every attempt.

    ``body`` is a whole mail, or the text of an SMS in UTF-8. ``report_path`` is where the provider
    tells us what became of it. ``batch`` is a word of ours that those sent together share, and
    ``parts`` what a text is paid for as. Clouds take no text but ``form``, made of ``blank``.
    """

    delivery_id: int
    ref: str
    address: str
    body: bytes
    report_path: str = ""
    batch: str = ""
    parts: int = 0
    blank: Blank | None = None
    form: Form | None = None


@dataclass(frozen=True)
class Result:
    """What became of a parcel: ``outcome`` is a code word, ``detail`` the provider's own words.

    ``until``: when quiet hours are over for which it waits.
    ``serial`` is the provider's own number for it, by which it reports and is asked; ``parts``
    is what was paid for.
    """

    delivery_id: int
    action: Action
    outcome: str
    detail: str = ""
    until: datetime | None = None
    serial: str = ""
    parts: int = 0


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


@dataclass(frozen=True)
class Trace:
    """What a cloud's own records say of a message: it took it, and what became of it."""

    serial: str
    action: Action
    detail: str = ""


class Cloud(Provider, Protocol):
    """A provider that takes templates alone, and can be asked what became of a message."""

    def traces(self, address: str, batch: str, at: datetime) -> list[Trace]:
        """What it took for ``address`` in ``batch``, which was sent at ``at``.

        Raises DownError or SilentError where it does not say.
        """
        ...
