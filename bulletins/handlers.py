"""What follows from entries of the journal: a published paper can be searched."""

from bulletins.services.indexing import index_paper
from config.handling import Handlers
from config.journal import Entry


def index(entry: Entry) -> None:
    """The paper is found by what it says now."""
    index_paper(entry.subject_id)


HANDLERS: Handlers = {
    "bulletin.published": [index],
}
