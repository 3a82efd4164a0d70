"""What waits in somebody's other seats: who stands in for another must not overlook it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agencies.actors import Actor
from agencies.models import Seat
from agencies.permissions import can
from bulletins.queries import inbox, joint, library, papers, questions, relays
from config.navigation import Waiting, counted
from coordination.queries import answering


def _to_sign(agency_id: int) -> Waiting:
    return [papers.to_sign(agency_id), relays.to_sign(agency_id), joint.waiting(agency_id)]


_WAYS: Sequence[tuple[str, Callable[[int], Waiting]]] = (
    ("bulletin.acknowledge", lambda agency_id: [inbox.to_acknowledge(agency_id)]),
    ("assignment.answer", lambda agency_id: [answering.to_do(agency_id)]),
    ("bulletin.sign", _to_sign),
    ("question.answer", lambda agency_id: [questions.unanswered(agency_id)]),
    ("offer.decline", lambda agency_id: [library.undecided(agency_id)]),
)


@dataclass(frozen=True)
class Elsewhere:
    """Another seat, and how much waits there that can't be done in the present one."""

    seat: Seat
    is_deputed: bool
    to_acknowledge: int
    todo: int
    to_sign: int
    to_answer: int
    to_choose: int


def elsewhere(actor: Actor) -> list[Elsewhere]:
    """The actor's other seats in which something waits; one statement, none without such seats."""
    others = [seat for seat in actor.seats if seat.id != actor.seat_id]
    asked = [[_queries(actor, seat, *way) for way in _WAYS] for seat in others]
    counts = iter(counted([query for ways in asked for queries in ways for query in queries]))
    found = []
    for seat, ways in zip(others, asked, strict=True):
        numbers = [sum(next(counts) for _query in queries) for queries in ways]
        if any(numbers):
            found.append(Elsewhere(seat, seat.id in actor.deputed, *numbers))
    return found


def _queries(actor: Actor, seat: Seat, action: str, waiting: Callable[[int], Waiting]) -> Waiting:
    is_here = seat.agency_id == actor.agency_id and can(actor, action)
    return [] if is_here or not can(replace(actor, seat=seat), action) else waiting(seat.agency_id)
