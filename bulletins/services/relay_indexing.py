"""Keeping the index of what relays add to papers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, delete, insert

from bulletins.models import IndexedRelay, Relay
from bulletins.queries.relay_texts import Added, added
from bulletins.search import index
from bulletins.search.reading import Words
from config.database import db


def index_relays(relay_ids: Collection[int]) -> None:
    """Let papers be found by what these signed relays add to them; as often as one likes.

    Call inside ``writing()``.
    """
    _index(IndexedRelay.relay_id.in_(relay_ids), Relay.id.in_(relay_ids))


def index_relays_of(bulletin_ids: Collection[int]) -> None:
    """The same for all relays of these papers."""
    _index(IndexedRelay.bulletin_id.in_(bulletin_ids), Relay.bulletin_id.in_(bulletin_ids))


def clear() -> None:
    """Forget the words of all relays. Call inside ``writing()``."""
    index.RELAYS.clear()
    db.session.execute(delete(IndexedRelay))


def _index(indexed: ColumnElement[bool], which: ColumnElement[bool]) -> None:
    gone = db.session.scalars(delete(IndexedRelay).where(indexed).returning(IndexedRelay.id))
    index.RELAYS.take_out(gone.all())
    relays = added(which)
    if relays:
        db.session.execute(insert(IndexedRelay), [_row(relay) for relay in relays])
    index.RELAYS.put({relay.entry_id: words(relay) for relay in relays})


def words(relay: Added) -> Words:
    """What a relay is found by: it has no title of its own."""
    return Words(title="", head="", body=relay.text)


def _row(relay: Added) -> dict[str, Any]:
    return {
        "id": relay.entry_id,
        "relay_id": relay.relay_id,
        "bulletin_id": relay.bulletin_id,
        "agency_id": relay.agency_id,
    }
