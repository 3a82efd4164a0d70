"""Two texts side by side: which paragraphs and which words in them changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from bulletins.search.reading import text_of

LONGEST = 2_000
"""Characters of a paragraph that are compared one by one; longer ones are shown as a whole."""


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph, and whether the other text lacks them."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Row:
    """A paragraph in both texts; the side that lacks it is empty."""

    old: Sequence[Piece]
    new: Sequence[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.is_changed for piece in (*self.old, *self.new))


def compared(old: str, new: str) -> list[Row]:
    """The paragraphs of both texts in their order, each beside the one it became."""
    before, after = _paragraphs(old), _paragraphs(new)
    rows: list[Row] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            rows += [Row([Piece(one, False)], [Piece(one, False)]) for one in before[a:b]]
        else:
            pairs = zip_longest(before[a:b], after[c:d], fillvalue="")
            rows += [_row(one, other) for one, other in pairs]
    return rows


def compared_html(old: tuple[str, str], new: tuple[str, str]) -> list[Row]:
    """The same for pairs of Markdown and its HTML: as readers see it, without Markdown's signs.

    Where only signs changed (a word made bold), the Markdown is what shows it.
    """
    rows = compared(text_of(old[1]), text_of(new[1]))
    if old[0] != new[0] and not any(row.is_changed for row in rows):
        return compared(old[0], new[0])
    return rows


def _paragraphs(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _row(old: str, new: str) -> Row:
    if not (old and new) or max(len(old), len(new)) > LONGEST:
        return Row(_whole(old), _whole(new))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:  # nothing of the one became the other
        return Row(_whole(old), _whole(new))
    steps = matcher.get_opcodes()
    return Row(
        list(_pieces((old[a:b], tag) for tag, a, b, _c, _d in steps)),
        list(_pieces((new[c:d], tag) for tag, _a, _b, c, d in steps)),
    )


def _whole(text: str) -> list[Piece]:
    return [Piece(text, True)] if text else []


def _pieces(parts: Iterator[tuple[str, str]]) -> Iterator[Piece]:
    return (Piece(text, tag != "equal") for text, tag in parts if text)
