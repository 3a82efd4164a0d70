"""The worker reads the words of attachments, so that papers and relays are found by these too."""

import time
from tempfile import TemporaryFile

import structlog

from bulletins import inspecting
from bulletins.filetypes import FileKind
from bulletins.models import FileWords
from bulletins.queries import words as queries
from bulletins.services.indexing import index_papers
from bulletins.services.keeping import copied
from bulletins.services.matching import match
from bulletins.services.relay_indexing import index_relays
from config import clock
from config.database import db, end_reading, writing

MOST_CHARACTERS = 50_000
"""Characters of one file by which papers are found: its beginning."""
_BATCH = 50
_PATIENCE = 50.0  # seconds after which a run begins no further file

log = structlog.get_logger(__name__)


def read_files() -> None:
    """Read what nobody has read yet; what fails or has no time is left to the next run."""
    last, until = 0, time.monotonic() + _PATIENCE
    while files := queries.unread(last, _BATCH):
        for file in files:
            if time.monotonic() > until:
                return
            _read(file.id, file.key, file.kind, file.size)
            last = file.id


def _read(file_id: int, key: str, kind: FileKind, size: int) -> None:
    end_reading()  # a reader's process may take its time
    try:
        with TemporaryFile() as content:  # not every store can go back in what it gives
            copied(key, content)
            text = inspecting.text_of(kind, content, size)
    except Exception as error:  # one file that can't be had must not hold up the others
        log.warning("file_not_read", kind=str(kind), size=size, error=type(error).__name__)
        return
    with writing():
        row = FileWords(file_id=file_id, text=text[:MOST_CHARACTERS].replace("\0", ""))
        row.read_at = clock.now()
        db.session.add(row)
        db.session.flush()
        if row.text:
            _find_by(file_id)


def _find_by(file_id: int) -> None:
    papers, relays = queries.papers_with(file_id), queries.relays_with(file_id)
    if papers:
        index_papers(papers)
    if relays:
        index_relays([relay.id for relay in relays])
    for bulletin_id in papers:
        match(bulletin_id)
    for relay in relays:
        match(relay.bulletin_id, relay.id)
