"""How many receipts of a version have each fact: kept with the fact, so that no list counts."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.models import BulletinVersion
from bulletins.queries.progress import counted
from config.database import db

Key = tuple[int, int]
"""A version: the id of its bulletin and its number."""
_GROWING = (
    update(BulletinVersion)
    .where(
        BulletinVersion.bulletin_id == bindparam("of_bulletin"),
        BulletinVersion.version == bindparam("of_version"),
    )
    .values(
        receipt_count=BulletinVersion.receipt_count + bindparam("more"),
        to_acknowledge_count=BulletinVersion.to_acknowledge_count + bindparam("more_asked"),
    )
)
Count = InstrumentedAttribute[int]


def add(count: Count, changed: Iterable[Key]) -> None:
    """Count each receipt of these versions once more. Call in the transaction of the fact, last.

    The versions are held in one order and only after their receipts, so that no two transactions
    wait for each other; and only briefly, since many open the same paper at once.
    """
    rows = [
        {"of_bulletin": bulletin_id, "of_version": version, "more": more}
        for (bulletin_id, version), more in sorted(Counter(changed).items())
    ]
    if rows:
        growing = (
            update(BulletinVersion)
            .where(
                BulletinVersion.bulletin_id == bindparam("of_bulletin"),
                BulletinVersion.version == bindparam("of_version"),
            )
            .values({count: count + bindparam("more")})
        )
        db.session.connection().execute(growing, rows)


def grow(bulletin_id: int, version: int, sent: int, asked: int) -> None:
    """Count what was just sent to more agencies, ``asked`` of them to acknowledge.

    Call in the transaction that sent them, after it has written the receipts of others.
    """
    grown = {
        "of_bulletin": bulletin_id,
        "of_version": version,
        "more": sent,
        "more_asked": asked,
    }
    db.session.connection().execute(_GROWING, grown)


def take(bulletin_id: int, version: int) -> None:
    """Count a version's receipts anew, after some were sent to more or with facts of their own.

    Call in the transaction that sent them, when it writes no other receipt that anybody may hold.
    """
    mine = (BulletinVersion.bulletin_id == bulletin_id, BulletinVersion.version == version)
    db.session.execute(select(BulletinVersion.version).where(*mine).with_for_update())
    found = counted(bulletin_id, version)
    db.session.execute(
        update(BulletinVersion)
        .where(*mine)
        .values(
            receipt_count=found.sent,
            delivered_count=found.delivered,
            opened_count=found.opened,
            acknowledged_count=found.acknowledged,
            to_acknowledge_count=found.to_acknowledge,
        )
        .execution_options(synchronize_session=False)
    )
