"""What breaks in a storm, and when: drawn from a seed, before anything runs."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Something that breaks while digests go out."""

    WORKERS_KILLED = "workers killed"
    LEADER_KILLED = "leader killed"
    SESSION_CUT = "leader's session cut"
    BROKER_STOPPED = "RabbitMQ stopped"
    BROKER_EMPTIED = "RabbitMQ emptied"
    BROKER_KILLED = "RabbitMQ killed"
    BROKER_FULL = "RabbitMQ's disk full"
    DATABASE_RESTARTED = "PostgreSQL restarted"
    DISK_FULL = "PostgreSQL's disk full"
    MAIL_REFUSED = "mail server gone"
    MAIL_HANGS = "mail server hangs"
    MAIL_DEFERRED = "mail server answers 4xx"
    MAIL_BROKEN_OFF = "mail server closes in the middle of DATA"
    MAIL_TAKEN_AND_GONE = "mail server takes it and dies"
    SMS_GONE = "Kannel gone"


@dataclass(frozen=True)
class Blow:
    """A fault that comes once ``share`` (0 to 1) of all has arrived, and lasts ``seconds``.

    ``luck`` (0 to 1) chooses its victim where there are several.
    """

    fault: Fault
    share: float
    seconds: float
    luck: float


def blows(seed: int, rounds: int, seconds: float) -> list[Blow]:
    """Every fault ``rounds`` times in an order of their own, spread over the whole.

    Each lasts about ``seconds``.
    """
    dice = random.Random(seed)
    order = [fault for _ in range(rounds) for fault in dice.sample(list(Fault), len(Fault))]
    return [
        Blow(
            fault,
            share=(number + dice.random()) / (len(order) + 1),
            seconds=seconds * dice.uniform(0.5, 1.5),
            luck=dice.random(),
        )
        for number, fault in enumerate(order)
    ]
