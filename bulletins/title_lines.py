"""A title in lines of about the same length, broken where sense allows: GB/T 9704-2012, 7.3.1."""

from collections.abc import Sequence
from functools import cache

WIDTH = 20
"""Characters of a title on a line."""

_ONE_MORE = 8
_ENDS_WELL, _BEGINS_WELL = frozenset("》”）、，的和及与"), frozenset("《“（")
_ABOUT = "关于"


def lines_of(title: str, names: Sequence[str]) -> list[str]:
    """The title's lines; ``names`` of organs that stand in it are kept whole where they can be.

    A blank at which a line ends is left out. One line more than the fewest is taken where it
    spares a name.
    """
    within = _within(title, names)

    @cache
    def best(start: int, left: int) -> tuple[int, tuple[str, ...]] | None:
        """The harm done to what begins at ``start`` by breaking it into so many lines, and they."""
        rest = title[start:].strip()
        if left == 1:
            return (0, (rest,)) if 0 < len(rest) <= WIDTH else None
        begin = len(title) - len(title[start:].lstrip())
        even, found = len(rest) // left, None
        for length in range(1, min(WIDTH, len(rest) - 1) + 1):
            cut = begin + length
            after = best(cut, left - 1)
            if after is None:
                continue
            harm = abs(length - even) + _harm(title, cut, within) + after[0]
            if found is None or harm < found[0]:
                found = harm, (title[begin:cut].strip(), *after[1])
        return found

    fewest = -(-len(title) // WIDTH)
    plain, spared = best(0, fewest), best(0, fewest + 1)
    if spared and (plain is None or spared[0] + _ONE_MORE < plain[0]):
        plain = spared
    return list(plain[1]) if plain else [title]


def _within(title: str, names: Sequence[str]) -> frozenset[int]:
    """The places in the title at which one of the names would be cut."""
    found: set[int] = set()
    for name in filter(None, names):
        at = title.find(name)
        while at >= 0:
            found.update(range(at + 1, at + len(name)))
            at = title.find(name, at + 1)
    return frozenset(found)


def _harm(title: str, cut: int, within: frozenset[int]) -> int:
    """How much further from the middle a line may end so as not to be cut there."""
    before, after = title[cut - 1], title[cut]
    if cut in within:
        return 40
    if before.isspace() or after.isspace():
        beside = title[:cut].rstrip()[-1:] + title[cut:].lstrip()[:1]
        return 0 if beside.isascii() else -8
    if before in _ENDS_WELL or after in _BEGINS_WELL or title.startswith(_ABOUT, cut):
        return 0
    is_one_word = before.isascii() and before.isalnum() and (after.isascii() or before.isdigit())
    is_cut = after in _ENDS_WELL or before in _BEGINS_WELL or before + after == _ABOUT
    return 9 if is_one_word or is_cut else 5
