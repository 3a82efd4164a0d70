"""Following topics: an agency chooses what it wants to hear of, and papers come to it."""

from datetime import date

from sqlalchemy import exists, insert, literal, or_, select

from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from bulletins.inputs import FilingInput
from bulletins.models import Bulletin, Follow, FollowedPaper, PaperTag, Receipt
from bulletins.queries.issuers import issuers
from bulletins.services.tags import chosen
from config import clock, journal
from config.database import db, writing
from config.errors import NotFound
from config.journal import Entry


def follow(actor: Actor, data: FilingInput) -> None:
    """Let the actor's agency follow these topics and sectors from now on, and no others.

    Raises Forbidden, and Invalid for a code that there is none of.
    """
    require(actor, "follow.change")
    agency_id = actor.agency_id
    if agency_id is None:
        raise NotFound
    with writing():
        wanted = {tag.id for tag in chosen(data)}
        now = clock.now()
        current = db.session.scalars(
            select(Follow).where(Follow.agency_id == agency_id, Follow.ended_at.is_(None))
        ).all()
        kept = {one.tag_id for one in current}
        for one in current:
            if one.tag_id not in wanted:
                one.ended_at = now
        for tag_id in sorted(wanted - kept):
            db.session.add(
                Follow(
                    agency_id=agency_id, tag_id=tag_id, created_at=now, created_by=actor.person_id
                )
            )
        if wanted != kept:
            journal.record(
                "follows.changed",
                subject=("agency", agency_id),
                agency_id=agency_id,
                by=actor,
                followed=sorted(wanted - kept),
                left=sorted(kept - wanted),
            )


def bring(bulletin: Bulletin, entry: Entry, today: date) -> None:
    """Bring a version just published to whoever follows its tags, where the issuer allows it.

    They are no part of the audience and get no receipt; who has one, or has the paper already, is
    left out. One statement; call inside ``writing()``, after the version was filed.
    """
    if not bulletin.for_followers:
        return
    db.session.flush()
    received = exists().where(
        Receipt.bulletin_id == bulletin.id, Receipt.agency_id == Follow.agency_id
    )
    has = exists().where(
        FollowedPaper.bulletin_id == bulletin.id, FollowedPaper.agency_id == Follow.agency_id
    )
    followers = (
        select(literal(bulletin.id), Follow.agency_id, literal(entry.id))
        .join(PaperTag, PaperTag.tag_id == Follow.tag_id)
        .join(Agency, Agency.id == Follow.agency_id)
        .where(
            PaperTag.bulletin_id == bulletin.id,
            PaperTag.version == bulletin.version,
            Follow.ended_at.is_(None),
            or_(Agency.ended_on.is_(None), Agency.ended_on > today),
            Follow.agency_id.not_in(issuers(bulletin)),
            ~received,
            ~has,
        )
        .distinct()
    )
    columns = ["bulletin_id", "agency_id", "entry_id"]
    db.session.execute(insert(FollowedPaper).from_select(columns, followers))
