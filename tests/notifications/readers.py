"""A simple model of who is meant by a piece of news, without positions, cursors or schedules."""

from collections import defaultdict
from dataclasses import dataclass, field

OWN, VACANT = 0, -1
"""Why somebody is meant: a seat of their own, or one they are deputy of and nobody holds.

Any other number is the absence of the holder for whom they stand in.
"""


@dataclass
class Seat:
    """A seat of the model: who holds it, and who is the deputy."""

    id: int
    place: int
    holder: int | None = None
    deputy: int | None = None
    tenures: dict[int, int] = field(default_factory=dict)  # by person


@dataclass
class Reader:
    """What the model knows of a person; ``owed`` says of each piece of news why."""

    person_id: int
    is_on: bool = False
    owed: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    allowed: set[int] = field(default_factory=set)

    def forget(self, told: set[int]) -> None:
        """Nothing of what was not told yet is owed any more."""
        for one in set(self.owed) - told:
            del self.owed[one]

    def excuse(self, absence: int) -> None:
        """An absence was taken back: what was owed because of it alone may be told or not."""
        for one, reasons in list(self.owed.items()):
            reasons.discard(absence)
            if not reasons:
                del self.owed[one]
                self.allowed.add(one)


@dataclass
class Office:
    """All readers and seats, which absences have begun, and what was told where."""

    readers: list[Reader]
    seats: list[Seat] = field(default_factory=list)
    away: dict[int, int] = field(default_factory=dict)  # reader to absence
    news: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, place: int, entry: int) -> None:
        """A piece of news: everybody who is meant and listens is owed it."""
        self.news[place].append(entry)
        for seat in self.seats:
            for who, reason in self._meant(seat) if seat.place == place else ():
                if self.readers[who].is_on:
                    self.readers[who].owed[entry].add(reason)

    def _meant(self, seat: Seat) -> list[tuple[int, int]]:
        meant = [] if seat.holder is None else [(seat.holder, OWN)]
        if seat.deputy is not None:
            if seat.holder is None:
                meant.append((seat.deputy, VACANT))
            elif seat.holder in self.away:
                meant.append((seat.deputy, self.away[seat.holder]))
        return meant

    def begin(self, who: int, absence: int) -> None:
        """An absence begins: the deputy may be told what its holder was not told any more."""
        self.away[who] = absence
        for seat in self.seats:
            if seat.holder == who and seat.deputy is not None:
                self.readers[seat.deputy].allowed |= set(self.news[seat.place])
