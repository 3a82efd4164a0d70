"""How much a digest lists: enough to act on, short enough to read. Pure.

What is not listed is counted, and a link leads to all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.sections import Part
from notifications.material import Block, Told

MOST_LINES = 40
"""Lines of a digest, over all of its agencies and sections."""

FEW = 3
"""Lines that each section has before a longer one gets more, as far as there is room."""


@dataclass(frozen=True)
class Listed:
    """The blocks with the lines that are listed, and how many things of other agencies are not."""

    blocks: tuple[Block, ...]
    left_out: int = 0


def listed(blocks: Sequence[Block], most: int = MOST_LINES) -> Listed:
    """At most ``most`` lines of what ``blocks`` tell, of urgent and early sections first.

    A section keeps a few lines; agencies for which there is no room at all are only counted.
    """
    lengths = [[len(told.part.items) for told in block.told] for block in blocks]
    room = most
    kept: list[list[int]] = []
    for lines in lengths:
        few = [min(FEW, count) for count in lines]
        if kept and sum(few) > room:
            break
        kept.append(_filled(few, [], max(room, 0)))
        room -= sum(kept[-1])
    for place, lines in enumerate(lengths[: len(kept)]):
        more = _filled(lines, kept[place], room + sum(kept[place]))
        room -= sum(more) - sum(kept[place])
        kept[place] = more
    shown = tuple(_cut(block, some) for block, some in zip(blocks, kept, strict=False))
    left_out = sum(told.part.total for block in blocks[len(kept) :] for told in block.told)
    return Listed(shown, left_out)


def _filled(wanted: Sequence[int], kept: Sequence[int], room: int) -> list[int]:
    """How many lines each section gets of ``room``, the first ones first, none less than kept."""
    given = list(kept) or [0] * len(wanted)
    room -= sum(given)
    for place, count in enumerate(wanted):
        more = max(0, min(count - given[place], room))
        given[place] += more
        room -= more
    return given


def _cut(block: Block, lines: Sequence[int]) -> Block:
    told = tuple(_first(one, count) for one, count in zip(block.told, lines, strict=True))
    return replace(block, told=told)


def _first(told: Told, count: int) -> Told:
    return Told(told.section, Part(told.part.items[:count], told.part.total))
