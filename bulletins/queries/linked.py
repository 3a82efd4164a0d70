"""Papers that a paper links to, as whoever will receive it has them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, exists, select

from bulletins.models import Bulletin, Receipt
from bulletins.queries.readable import readable_by
from bulletins.states import State
from config.database import db


@dataclass(frozen=True)
class Standing:
    """``is_missing``: somebody who receives the paper never received this one."""

    title: str
    is_void: bool
    is_missing: bool


def standing(
    sender_id: int, recipients: Select[int, str], linked_ids: Collection[int]
) -> dict[int, Standing]:
    """By id, in one query; nothing of what the sender itself can't read, as if it weren't there."""
    if not linked_ids:
        return {}
    reached = recipients.subquery()
    received = (
        exists()
        .where(Receipt.bulletin_id == Bulletin.id, Receipt.agency_id == reached.c.agency_id)
        .correlate(Bulletin, reached)
    )
    missing = (
        select(reached.c.agency_id)
        .where(reached.c.agency_id != Bulletin.issuer_id, ~received)
        .correlate(Bulletin)
        .exists()
    )
    rows = db.session.execute(
        select(Bulletin.id, Bulletin.title, Bulletin.state, missing).where(
            Bulletin.id.in_(linked_ids),
            Bulletin.version > 0,
            readable_by(
                sender_id,
                issuer=Bulletin.issuer_id,
                bulletin=Bulletin.id,
                version=Bulletin.version,
            ),
        )
    )
    return {
        row_id: Standing(title, state == State.VOID, bool(lacks))
        for row_id, title, state, lacks in rows
    }
