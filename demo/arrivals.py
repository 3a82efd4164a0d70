"""What should have arrived beside what did: counted at the far ends, never in the service."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width

from parts.mailbox import Mail
from parts.phone import Sms

_SECTION = re.compile(r"^【(.+?)】\d+$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """A thing counted; it is right if what arrived went to exactly those expected, once each."""

    what: str
    expected: int
    arrived: int
    right: bool


def addressed(what: str, expected: Iterable[str], arrived: Iterable[str]) -> Row:
    """Whether each address expected got one, and nobody else any."""
    wanted, got = Counter(expected), Counter(arrived)
    return Row(what, wanted.total(), got.total(), wanted == got)


def counted(what: str, expected: int, arrived: int) -> Row:
    """Whether two numbers are the same."""
    return Row(what, expected, arrived, expected == arrived)


def mailed(mails: Iterable[Mail]) -> list[str]:
    """To whom mails went."""
    return [address for mail in mails for address in mail.recipients]


def texted(messages: Iterable[Sms]) -> list[str]:
    """To whom text messages went."""
    return [one.receiver for one in messages]


def saying(mails: Iterable[Mail], section: str, title: str) -> list[str]:
    """To whom digests went that name ``title`` in that section."""
    return [
        address
        for mail in mails
        if title in _sections(mail.text).get(section, "")
        for address in mail.recipients
    ]


def _sections(text: str) -> dict[str, str]:
    """The parts of a digest by their heads."""
    pieces = _SECTION.split(text)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def table(rows: Collection[Row], say: Callable[[str], object] = print) -> bool:
    """Print the rows; whether all are right."""
    width = max(_width(row.what) for row in rows)
    say(f"{_padded('', width)}  expected  arrived")
    for row in rows:
        verdict = "" if row.right else "  WRONG"
        say(f"{_padded(row.what, width)}  {row.expected:8}  {row.arrived:7}{verdict}")
    return all(row.right for row in rows)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
