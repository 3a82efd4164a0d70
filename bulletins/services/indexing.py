"""Keeping the index of papers: one when it is published, all of them at the operator's command."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, IndexedPaper, Tag
from bulletins.queries import tags as filing
from bulletins.queries import words as file_words
from bulletins.queries.inbox import current_version
from bulletins.queries.issuers import issued_by, issuers_beside
from bulletins.search import index
from bulletins.search.reading import Words, text_of
from bulletins.services import relay_indexing
from config.database import db, writing

BATCH = 200


def index_papers(bulletin_ids: Collection[int]) -> None:
    """Let published papers be found by their current version; as often as one likes.

    Call inside ``writing()``.
    """
    gone = db.session.scalars(
        delete(IndexedPaper)
        .where(IndexedPaper.bulletin_id.in_(bulletin_ids))
        .returning(IndexedPaper.id)
    )
    index.PAPERS.take_out(gone.all())
    rows = papers(bulletin_ids)
    filed, beside = filing.of_papers(bulletin_ids), issuers_beside(bulletin_ids)
    indexed = [
        {
            "id": row.entry_id,
            "bulletin_id": row.id,
            "version": row.version,
            "issuer_id": row.issuer_id,
            "type": row.type,
            "published_on": published_on(row),
            "issuers": " ".join(map(str, (row.issuer_id, *beside.get(row.id, ())))),
            "tags": " ".join(tag.code for tag in filed.get(row.id, ())),
        }
        for row in rows
    ]
    db.session.execute(insert(IndexedPaper), indexed)
    files = file_words.of_papers(bulletin_ids)
    index.PAPERS.put(
        {row.entry_id: words(row, filed.get(row.id, ()), files.get(row.id, ())) for row in rows}
    )


def papers(bulletin_ids: Collection[int]) -> list[Any]:
    """What of the current version of published papers is searched."""
    query = (
        select(
            Bulletin.id,
            Bulletin.issuer_id,
            BulletinVersion.version,
            BulletinVersion.entry_id,
            BulletinVersion.type,
            BulletinVersion.signed_at,
            BulletinVersion.number,
            BulletinVersion.title,
            BulletinVersion.html,
            issued_by().label("issuer"),
        )
        .join(BulletinVersion, current_version())
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(Bulletin.id.in_(bulletin_ids))
    )
    return list(db.session.execute(query))


def published_on(row: Any) -> date:
    """The day of such a paper's publication, where the service runs."""
    signed_at: datetime = row.signed_at
    return signed_at.astimezone(current_app.extensions["settings"].zone).date()


def words(row: Any, tags: Iterable[Tag], files: Iterable[Any]) -> Words:
    """What such a paper is found by; its number counts as part of its title.

    Its topics and sectors are found by their names in both languages, its attachments by theirs and
    by what the worker has read of them.
    """
    title = f"{row.title}\n{row.number or ''}"
    names = (name for tag in tags for name in (tag.name, tag.name_en))
    of_files = (part for file in files for part in (file.name, file.text))
    body = "\n".join([text_of(row.html), *of_files])
    return Words(title=title, head="\n".join([row.issuer, *names]), body=body)


def rebuild() -> Iterator[int]:
    """Forget the index and make it anew, the oldest paper first; tells how many are done so far.

    What isn't done yet is not found meanwhile. Papers may be published beside it.
    """
    with writing():
        index.PAPERS.clear()
        relay_indexing.clear()
        db.session.execute(delete(IndexedPaper))
    done, last = 0, 0
    while ids := _following(last):
        with writing():
            index_papers(ids.values())
            relay_indexing.index_relays_of(ids.values())
        done, last = done + len(ids), max(ids)
        yield done


def index_restored() -> str:
    """A backup keeps no index: make it; tells the operator so."""
    done = max(rebuild(), default=0)
    return f"{done} papers can be searched again"


def _following(last: int) -> dict[int, int]:
    """The next papers by the entry that told of their current version."""
    query = (
        select(BulletinVersion.entry_id, BulletinVersion.bulletin_id)
        .join(Bulletin, current_version())
        .where(BulletinVersion.entry_id > last)
        .order_by(BulletinVersion.entry_id)
        .limit(BATCH)
    )
    return dict(db.session.execute(query).all())
