"""The picture of a chain: where each row, step and bar stands in the drawing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletins.queries.chain import Node
from bulletins.states import Fact
from bulletins.steps_taken import Step, Steps

ROW = 24
HEAD = 30
NAME_WIDTH = 270
STEP_WIDTH = 54
BAR_LEFT = NAME_WIDTH + STEP_WIDTH * len(Fact) + 16
BAR_WIDTH = 240
WIDTH = BAR_LEFT + BAR_WIDTH + 64


@dataclass(frozen=True)
class Piece:
    """A part of a bar: so many of those below have come so far."""

    fact: Fact
    x: int
    width: int
    count: int


@dataclass(frozen=True)
class Line:
    """One agency's row."""

    node: Node
    y: int
    steps: Sequence[Step]
    pieces: Sequence[Piece]


class Picture:
    """The rows of a drawing and its measures, in the drawing's own units."""

    width = WIDTH
    row = ROW
    bar_left = BAR_LEFT
    step_width = STEP_WIDTH - 4

    def __init__(self, nodes: Sequence[Node], steps: Steps) -> None:
        self._nodes = nodes
        self._steps = steps
        self.height = HEAD + ROW * len(nodes)
        self.columns = [(fact, self.x_of(fact)) for fact in Fact]

    def x_of(self, fact: Fact) -> int:
        """Where a fact's column begins."""
        return NAME_WIDTH + STEP_WIDTH * list(Fact).index(fact)

    def __iter__(self) -> Iterator[Line]:
        for number, node in enumerate(self._nodes):
            taken = self._steps.of(node.receipt) if node.receipt else ()
            yield Line(node, HEAD + ROW * number, taken, list(_pieces(node)))


def _pieces(node: Node) -> Iterator[Piece]:
    done, x = 0, BAR_LEFT
    for fact in reversed(Fact):
        count = node.below.get(fact, 0)
        if count:
            done += count
            until = BAR_LEFT + BAR_WIDTH * done // node.count_below
            yield Piece(fact, x, until - x, count)
            x = until
