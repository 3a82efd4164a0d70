"""Questions of the bell: what an agency was told of, and how much of it somebody has not seen."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from agencies.actors import Actor
from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.inbox import of_version
from bulletins.queries.issuers import issued_by
from config import clock
from config.pages import Page, keyset
from coordination.models import Assignment, Task
from notifications.models import Alert, AlertCursor

NEWCOMERS_SEE = timedelta(days=30)
"""Whoever comes into an agency finds what it was told of for so long, not all there ever was."""


def unseen(actor: Actor) -> Select[int]:
    """The alerts of the agency in hand that this person has not seen."""
    seen = (
        select(AlertCursor.seen)
        .where(AlertCursor.person_id == actor.person_id, AlertCursor.agency_id == actor.agency_id)
        .scalar_subquery()
    )
    return select(Alert.id).where(
        Alert.agency_id == actor.agency_id,
        Alert.id > func.coalesce(seen, 0),
        Alert.created_at > clock.now() - NEWCOMERS_SEE,
    )


def listed(actor: Actor, size: int = 25) -> Page[Any]:
    """What the agency was told of, newest first, each with its title and who it comes from.

    ``fresh``: this person has not seen it yet.
    """
    giver, doer, asked = aliased(Agency), aliased(Agency), aliased(Agency)
    about, latest = aliased(Bulletin), aliased(BulletinVersion)
    query = (
        select(
            *(Alert.id, Alert.kind, Alert.created_at, Alert.receipt_id, Alert.assignment_id),
            Alert.bulletin_id,
            func.coalesce(BulletinVersion.title, Task.title, latest.title).label("title"),
            case(
                (Alert.receipt_id.is_not(None), issued_by()),
                (Assignment.agency_id == actor.agency_id, giver.name),
                (Alert.assignment_id.is_not(None), doer.name),
                else_=asked.name,
            ).label("source"),
            Alert.id.in_(unseen(actor)).label("fresh"),
        )
        .outerjoin(Receipt, Receipt.id == Alert.receipt_id)
        .outerjoin(BulletinVersion, of_version())
        .outerjoin(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .outerjoin(Agency, Agency.id == Bulletin.issuer_id)
        .outerjoin(Assignment, Assignment.id == Alert.assignment_id)
        .outerjoin(Task, Task.id == Assignment.task_id)
        .outerjoin(giver, giver.id == Task.issuer_id)
        .outerjoin(doer, doer.id == Assignment.agency_id)
        .outerjoin(about, about.id == Alert.bulletin_id)
        .outerjoin(latest, (latest.bulletin_id == about.id) & (latest.version == about.version))
        .outerjoin(asked, asked.id == about.issuer_id)
        .where(Alert.agency_id == actor.agency_id)
    )
    return keyset(query, (Alert.id,), lambda row: (row.id,), size=size)
