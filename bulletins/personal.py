"""Numbers in a text that tell of a person: identity numbers, bank cards, mobile phones."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    IDENTITY = "identity"
    CARD = "card"
    PHONE = "phone"


@dataclass(frozen=True)
class Number:
    """One number found; ``masked`` shows enough of it to find it, and no more."""

    kind: Kind
    masked: str


_ALONE = r"(?<![0-9A-Za-z])(?<![0-9][.\-]){}(?![0-9A-Za-z])(?![.\-][0-9])"
_IDENTITY = re.compile(
    _ALONE.format(r"[1-9]\d{5}[ \-]?(?:18|19|20)\d{2}[ \-]?\d{4}[ \-]?\d{3}[\dXx]"), re.ASCII
)
_PHONE = re.compile(_ALONE.format(r"(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}"), re.ASCII)
_CARD = re.compile(_ALONE.format(r"\d(?:[ \-]?\d){14,18}"), re.ASCII)
# UnionPay 62 (ISO/IEC 7812: 16 to 19 digits) and what Chinese banks issued before it; Visa;
# Mastercard; JCB; American Express (15 digits).
_ISSUED = re.compile(
    r"(?:62|60|9558|95599|9400)\d{10,17}|4\d{15}|5[1-5]\d{14}"
    r"|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|35\d{14}|3[47]\d{13}",
    re.ASCII,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def is_identity(digits: str) -> bool:
    """Whether 18 characters are an identity number: day of birth and check digit (GB 11643)."""
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(one) * weight for one, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return born.year >= 1850 and _CHECK_DIGITS[total % 11] == digits[17].upper()


def is_card(digits: str) -> bool:
    """Whether digits are a bank card's: its issuer is known, its last digit fits (Luhn)."""
    if not _ISSUED.fullmatch(digits) or not 15 <= len(digits) <= 19:
        return False
    total = 0
    for place, one in enumerate(reversed(digits)):
        value = int(one) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def numbers_in(text: str) -> Iterator[Number]:
    """Each such number in ``text``, wide digits and grouped ones too; none counts twice."""
    text = unicodedata.normalize("NFKC", text)
    taken: list[tuple[int, int]] = []
    for kind, pattern in ((Kind.IDENTITY, _IDENTITY), (Kind.CARD, _CARD), (Kind.PHONE, _PHONE)):
        for match in pattern.finditer(text):
            digits = re.sub(r"[ \-+]", "", match[0])
            if _holds(kind, digits) and not any(
                a < match.end() and match.start() < b for a, b in taken
            ):
                taken.append(match.span())
                yield Number(kind, _masked(kind, digits))


def _holds(kind: Kind, digits: str) -> bool:
    if kind == Kind.IDENTITY:
        return is_identity(digits)
    return is_card(digits) if kind == Kind.CARD else True


def _masked(kind: Kind, digits: str) -> str:
    if kind == Kind.PHONE:
        digits = digits[-11:]
    head, tail = {Kind.IDENTITY: (3, 2), Kind.CARD: (4, 4), Kind.PHONE: (3, 4)}[kind]
    return digits[:head] + "*" * (len(digits) - head - tail) + digits[-tail:]
