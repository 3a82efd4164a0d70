"""Keeping the index of papers: one when it is published, all of them at the operator's command."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import delete, select

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, IndexedPaper
from bulletins.queries.inbox import current_version
from bulletins.search import index
from bulletins.search.reading import Words, text_of
from config.database import db, writing

BATCH = 200


def index_paper(bulletin_id: int) -> None:
    """Let a published paper be found by its current version; as often as one likes.

    Call inside ``writing()``.
    """
    bulletin, version, issuer = db.session.execute(
        select(Bulletin, BulletinVersion, Agency)
        .join(BulletinVersion, current_version())
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(Bulletin.id == bulletin_id)
    ).one()
    for earlier in db.session.scalars(
        delete(IndexedPaper)
        .where(IndexedPaper.bulletin_id == bulletin_id)
        .returning(IndexedPaper.id)
    ):
        index.take_out(earlier)
    zone = current_app.extensions["settings"].zone
    db.session.add(
        IndexedPaper(
            id=version.entry_id,
            bulletin_id=bulletin_id,
            version=version.version,
            issuer_id=bulletin.issuer_id,
            type=version.type,
            published_on=version.signed_at.astimezone(zone).date(),
        )
    )
    db.session.flush()
    index.put(version.entry_id, words(version, issuer))


def words(version: BulletinVersion, issuer: Agency) -> Words:
    """What a paper is found by."""
    return Words(title=version.title, head=issuer.name, body=text_of(version.html))


def rebuild() -> Iterator[int]:
    """Forget the index and make it anew, the oldest paper first; tells how many are done so far.

    What isn't done yet is not found meanwhile. Papers may be published beside it.
    """
    with writing():
        index.clear()
        db.session.execute(delete(IndexedPaper))
    done, last = 0, 0
    while ids := _following(last):
        with writing():
            for bulletin_id in ids.values():
                index_paper(bulletin_id)
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
