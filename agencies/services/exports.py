"""The tree of agencies as a table that can be imported again."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from agencies.actors import Actor
from agencies.csv_import import COLUMNS, CONTACTS
from agencies.exports import ports
from agencies.exports.ports import Exporter, Source
from agencies.models import Agency
from agencies.permissions import require
from config.database import db, end_reading
from config.sheets import Cell

PIECE = 1000


class EveryAgency(BaseModel):
    """All living agencies; there is nothing to choose."""


def _open(actor: Actor, _given: EveryAgency) -> Source:
    require(actor, "agency.export")
    count = select(func.count()).select_from(Agency).where(Agency.ended_on.is_(None))
    return Source("agencies", _("全部机构"), db.session.scalar(count) or 0, _rows)


def _rows() -> Iterator[Sequence[Cell]]:
    """All living agencies by code, so that the upper stand before the lower."""
    parent = aliased(Agency)
    query = (
        select(
            Agency.code,
            Agency.name,
            Agency.level,
            parent.code,
            Agency.kind,
            *(getattr(Agency, name) for name in CONTACTS),
        )
        .outerjoin(parent, parent.id == Agency.parent_id)
        .where(Agency.ended_on.is_(None))
        .order_by(Agency.code)
        .limit(PIECE)
    )
    yield COLUMNS
    rows = db.session.execute(query).all()
    while rows:
        end_reading()
        yield from ([cell or "" for cell in row] for row in rows)
        rows = db.session.execute(query.where(Agency.code > rows[-1][0])).all()


AGENCIES = Exporter("agencies", _l("机构表"), EveryAgency, _open)


def fill() -> None:
    """Let the tree be exported."""
    ports.add(AGENCIES)
