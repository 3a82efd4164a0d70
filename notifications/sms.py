"""The length of text messages: what they are paid for, and how words are made to fit. Pure."""

from collections.abc import Callable, Sequence

ONE_PART = 70  # UTF-16 units in a message of one part
LONG_PART = 67  # and in each part of a longer one, which carries a header
MOST_PARTS = 2
_FEWEST = 4  # a shorter rest of a title says nothing


def units(text: str) -> int:
    """The length of ``text`` as the network counts it: rare characters and emoji count twice."""
    return len(text.encode("utf-16-be")) // 2


def parts(text: str) -> int:
    """In how many parts ``text`` is sent; a character of two units is never split between two."""
    if units(text) <= ONE_PART:
        return 1
    count, filled = 1, 0
    for character in text:
        size = units(character)
        if filled + size > LONG_PART:
            count, filled = count + 1, 0
        filled += size
    return count


def shortened(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` units, with a mark of omission where it was cut."""
    if units(text) <= limit:
        return text
    kept, room = "", limit - 1
    for character in text:
        room -= units(character)
        if room < 0:
            break
        kept += character
    return f"{kept.rstrip()}…" if limit > 0 else ""


def fitted(render: Callable[[str], str], title: str, most_parts: int = MOST_PARTS) -> str:
    """What ``render`` makes of as much of ``title`` as stays within ``most_parts``.

    Where there is no room for a sensible rest of it, what it makes of an empty title.
    """
    longest = title
    while longest:
        text = render(longest)
        if parts(text) <= most_parts:
            return text
        limit = units(longest) - 1
        longest = shortened(title, limit) if limit >= _FEWEST else ""
    return render("")


def listed(
    render: Callable[[Sequence[str]], str], phrases: Sequence[str], most_parts: int = MOST_PARTS
) -> str:
    """What ``render`` makes of as many ``phrases`` as fit, from the first on."""
    for count in range(len(phrases), 0, -1):
        text = render(phrases[:count])
        if parts(text) <= most_parts:
            return text
    return shortened(render(phrases[:1]), ONE_PART)
