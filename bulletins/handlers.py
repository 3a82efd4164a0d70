"""What follows from entries of the journal: a paper can be searched, and searches find it."""

from bulletins.services import relay_indexing
from bulletins.services.indexing import index_papers
from bulletins.services.matching import match
from config.handling import Handlers, heavy
from config.journal import Entry


@heavy
def index(entry: Entry) -> None:
    """The paper is found by what it says now."""
    index_papers([entry.subject_id])


@heavy
def index_relay(entry: Entry) -> None:
    """The paper is found by what the relay adds to it, by those below."""
    relay_indexing.index_relays([entry.subject_id])


@heavy
def match_published(entry: Entry) -> None:
    """Whoever follows a search that finds the paper is told."""
    match(entry.subject_id)


@heavy
def match_relayed(entry: Entry) -> None:
    """The same for those whom it reached through a relay, by what this adds too."""
    bulletin_id = entry.facts["bulletin"]
    assert isinstance(bulletin_id, int)
    match(bulletin_id, entry.subject_id)


HANDLERS: Handlers = {
    "bulletin.published": [index, match_published],
    "relay.signed": [index_relay, match_relayed],
    "relay.passed_over": [match_relayed],
}
