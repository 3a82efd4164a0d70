"""Questions of the bell: what an agency was told of, and how much of it somebody has not seen."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from agencies.actors import Actor
from agencies.exports.models import Export
from config import clock
from config.pages import Page, keyset
from coordination.models import Assignment
from notifications.models import Alert, AlertCursor
from notifications.things import with_thing

NEWCOMERS_SEE = timedelta(days=30)
"""Whoever comes into an agency finds what it was told of for so long, not all there ever was."""


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Alert.agency_id == actor.agency_id,
        or_(Alert.person_id.is_(None), Alert.person_id == actor.person_id),
    )


def unseen(actor: Actor) -> Select[int]:
    """The alerts of the agency in hand that this person has not seen."""
    seen = (
        select(AlertCursor.seen)
        .where(AlertCursor.person_id == actor.person_id, AlertCursor.agency_id == actor.agency_id)
        .scalar_subquery()
    )
    return select(Alert.id).where(
        *_mine(actor),
        Alert.id > func.coalesce(seen, 0),
        Alert.created_at > clock.now() - NEWCOMERS_SEE,
    )


def listed(actor: Actor, size: int = 25) -> Page[Any]:
    """What the agency was told of, newest first, each with its title and who it comes from.

    ``fresh``: this person has not seen it yet.
    """
    alerts = (
        select(
            *(Alert.id, Alert.kind, Alert.created_at, Alert.receipt_id, Alert.assignment_id),
            *(Alert.bulletin_id, Alert.export_id, Alert.id.in_(unseen(actor)).label("fresh")),
        )
        .outerjoin(Export, Export.id == Alert.export_id)
        .where(*_mine(actor))
    )
    query = with_thing(alerts, Alert, actor.agency_id, Export.title)
    query = query.add_columns(Assignment.task_id)
    return keyset(query, (Alert.id,), lambda row: (row.id,), size=size)
