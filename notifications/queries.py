"""Questions about what goes out."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from agencies.models import Agency, Person
from agencies.states import Channel
from config.database import among, db
from config.pages import Page, keyset
from config.restoring import Restore
from notifications.models import JoinLink, Recipient, Subscription


def restored_at() -> datetime | None:
    """When the database last came out of a backup: what is older may have gone out before."""
    return db.session.scalar(select(func.max(Restore.at)))


def subscription_of(recipient_id: int, channel: Channel) -> Subscription | None:
    """A recipient's wish on one channel."""
    return db.session.scalars(
        select(Subscription).where(
            Subscription.recipient_id == recipient_id, Subscription.channel == channel
        )
    ).one_or_none()


def wishes_of(person_id: int) -> dict[str, Subscription]:
    """A person's wishes by channel."""
    rows = db.session.scalars(
        select(Subscription)
        .join(Recipient, Recipient.id == Subscription.recipient_id)
        .where(Recipient.person_id == person_id)
    )
    return {row.channel: row for row in rows}


def outsiders(size: int = 25) -> Page[Any]:
    """Recipients from outside who were not ended, newest first, with their agencies."""
    query = (
        select(Recipient, Agency.name.label("agency"))
        .join(Agency, Agency.id == Recipient.agency_id)
        .where(Recipient.person_id.is_(None), Recipient.ended_at.is_(None))
    )
    return keyset(query, (Recipient.id,), lambda row: (row[0].id,), size=size)


def join_links(size: int = 25) -> Page[Any]:
    """The links that were given away, newest first: agency, who made it, how many came by it."""
    came = select(func.count()).where(Recipient.join_link_id == JoinLink.id).scalar_subquery()
    query = (
        select(
            JoinLink, Agency.name.label("agency"), Person.name.label("maker"), came.label("came")
        )
        .join(Agency, Agency.id == JoinLink.agency_id)
        .outerjoin(Person, Person.id == JoinLink.created_by)
    )
    return keyset(query, (JoinLink.id,), lambda row: (row[0].id,), size=size)


def wishes_by_recipient(recipient_ids: Collection[int]) -> dict[int, list[Subscription]]:
    """The wishes of these recipients, mail first."""
    rows = db.session.scalars(
        select(Subscription)
        .where(among(Subscription.recipient_id, recipient_ids))
        .order_by(Subscription.channel)
    )
    wishes: dict[int, list[Subscription]] = defaultdict(list)
    for row in rows:
        wishes[row.recipient_id].append(row)
    return wishes
