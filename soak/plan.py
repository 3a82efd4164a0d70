"""When to kill what: drawn from a seed, before anything runs."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice

KILLS_A_ROUND = 10


class Moment(StrEnum):
    """What is being done when the kill comes."""

    SIGNING = "signing"
    READING = "reading"
    SCHEDULING = "scheduling"
    COMPOSING = "composing"
    SENDING = "sending"


ON_WEB = (Moment.SIGNING, Moment.READING)
_PATTERN = (
    *(Moment.SIGNING, Moment.SENDING, Moment.COMPOSING, Moment.READING, Moment.SENDING),
    *(Moment.SIGNING, Moment.COMPOSING, Moment.SENDING, Moment.SCHEDULING, Moment.SENDING),
)
_ORDER = list(Moment)


@dataclass(frozen=True)
class Kill:
    """One ``kill -9``: in the midst of ``moment``, once ``share`` of it (0 to 1) is done.

    ``pause`` more seconds pass before it, so that it hits any line of the code.
    """

    moment: Moment
    share: float
    pause: float


def rounds(seed: int, kills: int) -> list[list[Kill]]:
    """The kills of each round, in the order in which they come."""
    dice = random.Random(seed)
    moments = list(islice(cycle(_PATTERN), kills))
    return [
        _in_order(dice, moments[start : start + KILLS_A_ROUND])
        for start in range(0, kills, KILLS_A_ROUND)
    ]


def _in_order(dice: random.Random, moments: Sequence[Moment]) -> list[Kill]:
    drawn = [Kill(moment, dice.random(), dice.uniform(0, 0.02)) for moment in moments]
    return sorted(drawn, key=lambda kill: (_ORDER.index(kill.moment), kill.share))
