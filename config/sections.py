"""The port through which folders give digests their sections: what waits, is due, is new."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Span:
    """Journal positions after ``after`` up to and with ``upto``."""

    after: int
    upto: int


@dataclass(frozen=True)
class Item:
    """One line of a digest: its words, the path of the page that opens it, a remark behind it.

    ``receipt_id`` names the receipt that a provider's report on the message proves delivered,
    ``assignment_id`` the agency's part of a task: whoever sent either sees what became of it.
    ``outside_remark`` stands in the remark's place for somebody without an account, where the
    remark asks of the agency what they can't do.
    """

    text: str
    path: str
    remark: str = ""
    urgent: bool = False
    receipt_id: int | None = None
    assignment_id: int | None = None
    outside_remark: str | None = None


@dataclass(frozen=True)
class Part:
    """What one section has to say to one agency: at most a few items, and how many there are."""

    items: Sequence[Item] = field(default_factory=tuple)
    total: int = 0


Composer = Callable[[Sequence[int], Span], Mapping[int, Part]]


@dataclass(frozen=True)
class Section:
    """A kind of content of every digest.

    ``compose`` gets agency ids and a span and gives, in a fixed number of queries, a Part for each
    agency that has something. ``is_news``: it reads the span; otherwise it tells what holds now.
    ``by_seat``: it tells what waits for single seats; ``compose`` gets ids of seats instead, and
    whoever acts in one is told. ``sms`` is a phrase with ``%(count)s`` for the text message,
    ``path`` the page that lists what a digest has no room for. ``is_said_now``: this news stands
    among what holds now as well, so that it is for those alone who are told nothing but news.
    ``is_for_outside``: somebody without an account is told it too, since it is to be read, and asks
    for nothing to be done here.
    """

    kind: str
    title: LazyString
    sms: LazyString
    order: int
    is_news: bool
    compose: Composer
    by_seat: bool = False
    path: str = "/"
    is_said_now: bool = False
    is_for_outside: bool = False
