"""The files of whatever else than a paper itself owns some: relays, questions, answers."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bulletins.models import Attachment
from bulletins.states import OwnerKind
from config.database import db


def files_of(kind: OwnerKind, owner_ids: Collection[int]) -> Mapping[int, Sequence[Attachment]]:
    """What is with each of these owners, in its order."""
    if not owner_ids:
        return {}
    rows = db.session.scalars(
        select(Attachment)
        .where(
            Attachment.owner_kind == kind,
            Attachment.owner_id.in_(owner_ids),
            Attachment.removed_at.is_(None),
        )
        .options(joinedload(Attachment.file))
        .order_by(Attachment.place, Attachment.id)
    )
    found: dict[int, list[Attachment]] = {}
    for one in rows:
        found.setdefault(one.owner_id, []).append(one)
    return found
