"""Who plays in the story: a clerk in every bureau, two who sign, a few who want text messages."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from agencies.states import Level
from demo.bureaus import PROVINCE, Line
from demo.names import names
from demo.past import CITY

DOMAIN = "changtong.example"
TEXTED = 12


@dataclass(frozen=True)
class Player:
    """Somebody with one seat; without ``phone`` they want mail alone."""

    username: str
    name: str
    agency: Line
    seat: str
    phone: str = ""

    @property
    def mail(self) -> str:
        """Where their mail arrives."""
        return f"{self.username}@{DOMAIN}"


def cast(agencies: Sequence[Line]) -> list[Player]:
    """A clerk for each bureau, and approvers for the province and for one city."""
    people = names(seed=2018)
    seats = {PROVINCE: ("clerk", "approver"), CITY: ("clerk", "approver")}
    counties = [one.code for one in agencies if one.parent_code == CITY]
    phones = {code: f"+861380000{number:04d}" for number, code in enumerate(counties[:TEXTED], 1)}
    return [
        Player(f"{one.code}-{seat}", next(people), one, seat, phones.get(one.code, ""))
        for one in agencies
        for seat in seats.get(one.code, ("clerk",))
    ]


def below(players: Sequence[Player], code: str) -> list[Player]:
    """Those right under an agency."""
    return [one for one in players if one.agency.parent_code == code]


def receivers(players: Sequence[Player]) -> list[Player]:
    """Everybody below the province."""
    return [one for one in players if one.agency.level != Level.PROVINCE]


def as_csv(players: Sequence[Player]) -> bytes:
    """The table of people as the import takes it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["username", "name", "agency_code", "seats", "mail"])
    for one in players:
        writer.writerow([one.username, one.name, one.agency.code, one.seat, one.mail])
    return text.getvalue().encode()
