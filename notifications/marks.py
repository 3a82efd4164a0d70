"""Marks in shared words: where each recipient's own parts are filled in when a message is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Two code points that Unicode keeps out of all text, so nothing anybody typed can be a mark.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([a-z]+){_CLOSE}")


def mark(name: str) -> str:
    """The mark for the personal part ``name``."""
    return f"{_OPEN}{name}{_CLOSE}"


NAME = mark("name")
LINK = mark("link")
SECRET = mark("secret")
UNSUBSCRIBE = mark("unsubscribe")
AGENCY = mark("agency")
SINCE = mark("since")
MARKS = {
    "name": NAME,
    "link": LINK,
    "secret": SECRET,
    "unsubscribe": UNSUBSCRIBE,
    "agency": AGENCY,
    "since": SINCE,
}


def unmarked(text: str) -> str:
    """``text`` without anything that could be taken for a mark."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def blanked(words: str) -> str:
    """``words`` as they are shown to others than their recipient."""
    return _MARK.sub("〔…〕", words)


@dataclass(frozen=True)
class Skeleton:
    """Words cut at their marks once, filled in for many."""

    literals: tuple[bytes, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, words: str) -> "Skeleton":
        """``words`` cut at their marks."""
        pieces = _MARK.split(words)
        return cls(tuple(one.encode() for one in pieces[::2]), tuple(pieces[1::2]))

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The words with ``values`` in their places, in UTF-8."""
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (values[name].encode(), literal)
        return b"".join(pieces)
