"""The words of signed relays, for the index and for the places at which a search found them."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, Relay
from bulletins.queries.inbox import current_version
from bulletins.queries.relays import files
from bulletins.search.reading import text_of
from bulletins.states import State
from config.database import db


def added(*which: ColumnElement[bool]) -> list[tuple[Any, str]]:
    """Each of these relays that has words of its own, with them: its note, additions and files.

    Of the files their names. With the relay come its agency's name, and the title and number of the
    paper in force.
    """
    query = (
        select(
            Relay.id,
            Relay.entry_id,
            Relay.bulletin_id,
            Relay.agency_id,
            Relay.note_html,
            Relay.additions_html,
            Agency.name.label("agency"),
            BulletinVersion.title,
            BulletinVersion.number,
        )
        .join(Agency, Agency.id == Relay.agency_id)
        .join(Bulletin, Bulletin.id == Relay.bulletin_id)
        .join(BulletinVersion, current_version())
        .where(Relay.state == State.PUBLISHED, ~Relay.by_rule, or_(*which))
        .order_by(Relay.id)
    )
    rows = db.session.execute(query).all()
    brought = files([row.id for row in rows]) if rows else {}
    texts = []
    for row in rows:
        names = [file.name for file in brought.get(row.id, ())]
        parts = [text_of(row.note_html), text_of(row.additions_html), *names]
        texts.append((row, "\n".join(part for part in parts if part)))
    return [(row, text) for row, text in texts if text]
