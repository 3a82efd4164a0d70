"""Which papers another one could answer or explain."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.inbox import current_version
from bulletins.queries.readable import readable_by
from bulletins.states import BulletinType
from config.database import db

ASKING = (BulletinType.REQUEST, BulletinType.LETTER)
OFFERED = 50
"""How many papers a form offers to refer to: the newest ones."""


def _named(query: Select[*tuple[Any, ...]]) -> Sequence[tuple[int, str]]:
    rows = db.session.execute(query.order_by(BulletinVersion.signed_at.desc()).limit(OFFERED))
    return [(row.id, named(row.title, row.number)) for row in rows]


def named(title: str, number: str | None) -> str:
    """A paper as another one cites it: its title first, then its number."""
    return f"《{title}》（{number}）" if number else f"《{title}》"


def _papers() -> Select[*tuple[Any, ...]]:
    return select(Bulletin.id, BulletinVersion.title, BulletinVersion.number).join(
        BulletinVersion, current_version()
    )


def asked(agency_id: int) -> Sequence[tuple[int, str]]:
    """The newest requests and letters that an agency has received."""
    received = (
        (Receipt.bulletin_id == Bulletin.id)
        & (Receipt.version == Bulletin.version)
        & (Receipt.agency_id == agency_id)
    )
    return _named(_papers().join(Receipt, received).where(BulletinVersion.type.in_(ASKING)))


def issued(agency_id: int) -> Sequence[tuple[int, str]]:
    """The newest papers of an agency itself."""
    return _named(_papers().where(Bulletin.issuer_id == agency_id))


def readable(agency_id: int, bulletin_id: int) -> BulletinVersion | None:
    """The version in force of a paper that an agency may read; None for any other."""
    return db.session.scalar(
        select(BulletinVersion)
        .join(Bulletin, current_version())
        .where(
            Bulletin.id == bulletin_id,
            readable_by(
                agency_id,
                issuer=Bulletin.issuer_id,
                bulletin=Bulletin.id,
                version=Bulletin.version,
            ),
        )
    )
