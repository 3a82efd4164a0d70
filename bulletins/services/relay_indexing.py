"""Keeping the index of what relays add to papers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, delete, insert

from bulletins.models import IndexedRelay, Relay
from bulletins.queries.relay_texts import added
from bulletins.search import index
from bulletins.search.reading import Words
from config.database import db


def index_relay(relay_id: int) -> None:
    """Let a paper be found by what a signed relay adds to it. Call inside ``writing()``."""
    _index(IndexedRelay.relay_id == relay_id, Relay.id == relay_id)


def index_relays_of(bulletin_ids: Collection[int]) -> None:
    """The same for all relays of these papers, as often as one likes."""
    _index(IndexedRelay.bulletin_id.in_(bulletin_ids), Relay.bulletin_id.in_(bulletin_ids))


def clear() -> None:
    """Forget the words of all relays. Call inside ``writing()``."""
    index.RELAYS.clear()
    db.session.execute(delete(IndexedRelay))


def _index(indexed: ColumnElement[bool], which: ColumnElement[bool]) -> None:
    gone = db.session.scalars(delete(IndexedRelay).where(indexed).returning(IndexedRelay.id))
    index.RELAYS.take_out(gone.all())
    texts = added(which)
    if texts:
        db.session.execute(insert(IndexedRelay), [_row(relay) for relay, _text in texts])
    index.RELAYS.put({relay.entry_id: _words(relay, text) for relay, text in texts})


def _row(relay: Any) -> dict[str, Any]:
    return {
        "id": relay.entry_id,
        "relay_id": relay.id,
        "bulletin_id": relay.bulletin_id,
        "agency_id": relay.agency_id,
    }


def _words(relay: Any, text: str) -> Words:
    """With the paper's title and number, for one asks for words of both at once."""
    return Words(title=f"{relay.title}\n{relay.number or ''}", head="", body=text)
