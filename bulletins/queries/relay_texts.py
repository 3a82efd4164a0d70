"""The words of signed relays, for the index and for the places at which a search found them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from agencies.models import Agency
from bulletins.models import Relay
from bulletins.queries import words
from bulletins.search.reading import text_of
from bulletins.states import State
from config.database import db


@dataclass(frozen=True)
class Added:
    """What a relay adds: ``own`` are its note and additions, ``files`` have a name and a text.

    ``agency`` is the name of the one that relays, ``entry_id`` the journal entry that told of it.
    """

    relay_id: int
    entry_id: int
    bulletin_id: int
    agency_id: int
    agency: str
    own: str
    files: Sequence[Any]

    @property
    def text(self) -> str:
        """All of it."""
        of_files = (part for file in self.files for part in (file.name, file.text))
        return "\n".join(part for part in (self.own, *of_files) if part)


def added(*which: ColumnElement[bool]) -> list[Added]:
    """What each of these relays adds, of those that add anything."""
    query = (
        select(
            Relay.id,
            Relay.entry_id,
            Relay.bulletin_id,
            Relay.agency_id,
            Agency.name.label("agency"),
            Relay.note_html,
            Relay.additions_html,
        )
        .join(Agency, Agency.id == Relay.agency_id)
        .where(Relay.state == State.PUBLISHED, ~Relay.by_rule, or_(*which))
        .order_by(Relay.id)
    )
    rows = db.session.execute(query).all()
    files = words.of_relays([row.id for row in rows])
    every = [_added(row, files.get(row.id, ())) for row in rows]
    return [one for one in every if one.text]


def _added(row: Any, files: Sequence[Any]) -> Added:
    parts = [text_of(row.note_html), text_of(row.additions_html)]
    return Added(
        relay_id=row.id,
        entry_id=row.entry_id,
        bulletin_id=row.bulletin_id,
        agency_id=row.agency_id,
        agency=row.agency,
        own="\n".join(part for part in parts if part),
        files=files,
    )
