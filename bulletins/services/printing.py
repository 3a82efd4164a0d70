"""Papers in their official layout as PDF: each is set once, official ones before anybody asks."""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from flask import current_app, render_template
from sqlalchemy import select, update

from bulletins.models import BulletinVersion
from bulletins.official import Official
from bulletins.services import official
from config import clock, typesetting
from config.database import db, end_reading, writing
from config.errors import NotFound, StorageFull, Unavailable
from config.files import store

FOLDER = "official"
KEPT = timedelta(days=30)
MOST_AHEAD = 20
"""How many papers one run sets ahead: what a minute or less is enough for."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Printed:
    """A PDF with the name under which it is saved; ``digest`` stands for all that is in it."""

    name: str
    content: bytes
    digest: str


def printed(paper: Official) -> Printed:
    """A paper as PDF: kept by what is in it, so that each is set once.

    Raises Unavailable where it can't be set now.
    """
    html, css = render_template("bulletins/official_pdf.html", paper=paper), _style()
    digest = typesetting.digest(html, css)
    key = f"{FOLDER}/{digest[:2]}/{digest}.pdf"
    end_reading()
    return Printed(f"{paper.number} {paper.title}.pdf".strip(), _content(key, html, css), digest)


def _content(key: str, html: str, css: str) -> bytes:
    try:
        with store().open(key) as file:
            return file.read()
    except NotFound:
        pass
    except Unavailable as error:  # it can be set without being kept
        log.error("official_not_kept", exc_info=error)
        return typesetting.pdf_of(html, css)
    content = typesetting.pdf_of(html, css)
    try:
        store().put(key, io.BytesIO(content))
    except (StorageFull, Unavailable) as error:  # the operator is told; whoever asked has it
        log.error("official_not_kept", exc_info=error)
    return content


def _style() -> str:
    return (Path(current_app.static_folder or "") / "official.css").read_text(encoding="utf-8")


def print_ahead() -> int:
    """Set the official papers that were just published or ended; returns how many were tried.

    So thousands who ask in the same morning wait for none. Each is tried once: what can't be set
    now is set for who asks.
    """
    taken = _taken()
    for entry_id in taken:
        try:
            printed(official.published(_version(entry_id)))
        except Unavailable as error:
            log.info("official_not_set", entry=entry_id, reason=str(error))
        except Exception:  # one paper that fails must not hold up the others
            log.exception("official_failed", entry=entry_id)
            end_reading()
    return len(taken)


def _taken() -> list[int]:
    waiting = (
        select(BulletinVersion.entry_id)
        .where(BulletinVersion.is_to_print)
        .order_by(BulletinVersion.entry_id)
        .limit(MOST_AHEAD)
    )
    entry_ids = list(db.session.scalars(waiting))
    end_reading()
    if not entry_ids:
        return []
    with writing():
        taken = db.session.execute(
            update(BulletinVersion)
            .where(BulletinVersion.entry_id.in_(entry_ids), BulletinVersion.is_to_print)
            .values(is_to_print=False)
            .returning(BulletinVersion.entry_id)
        )
        return sorted(taken.scalars())


def _version(entry_id: int) -> BulletinVersion:
    query = select(BulletinVersion).where(BulletinVersion.entry_id == entry_id)
    return db.session.scalars(query).one()


def forget_old() -> None:
    """Remove what was set long ago; asked for again, it is set again."""
    kept = store()
    for key in list(kept.keys(FOLDER, clock.now() - KEPT)):
        kept.delete(key)
