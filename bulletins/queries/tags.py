"""Topics and sectors, what is filed under them, and what came to whom by following them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from sqlalchemy import Select, select

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, Follow, FollowedPaper, PaperTag, Tag
from bulletins.queries.inbox import current_version, standing
from bulletins.queries.issuers import issued_by
from bulletins.states import TagKind
from config.database import db, found

KEY = (FollowedPaper.entry_id, FollowedPaper.bulletin_id)


def name(tag: Tag) -> str:
    """What a tag is called in the reader's language."""
    return tag.name_en if str(get_locale()) == "en" else tag.name


def every() -> Sequence[Tag]:
    """All topics and sectors, in their order."""
    return db.session.scalars(select(Tag).order_by(Tag.place, Tag.id)).all()


def offered() -> dict[TagKind, list[tuple[str, str]]]:
    """The tags of each kind to choose from: code and name."""
    tags = every()
    return {kind: [(one.code, name(one)) for one in tags if one.kind == kind] for kind in TagKind}


def of_version(bulletin_id: int, version: int) -> Sequence[Tag]:
    """What a version of a paper is filed under; 0 is the draft."""
    mine = (PaperTag.bulletin_id == bulletin_id, PaperTag.version == version)
    return db.session.scalars(
        select(Tag).join(PaperTag, PaperTag.tag_id == Tag.id).where(*mine).order_by(Tag.place)
    ).all()


def of_papers(bulletin_ids: Collection[int]) -> Mapping[int, list[Tag]]:
    """What the versions in force of these papers are filed under, by paper."""
    query = (
        select(PaperTag.bulletin_id, Tag)
        .join(Tag, Tag.id == PaperTag.tag_id)
        .join(Bulletin, Bulletin.id == PaperTag.bulletin_id)
        .where(Bulletin.id.in_(bulletin_ids), PaperTag.version == Bulletin.version)
        .order_by(Tag.place)
    )
    found: dict[int, list[Tag]] = {}
    for bulletin_id, tag in db.session.execute(query):
        found.setdefault(bulletin_id, []).append(tag)
    return found


def by_codes(codes: Collection[str]) -> Sequence[Tag]:
    """The tags of these codes, those that there are."""
    return db.session.scalars(select(Tag).where(Tag.code.in_(codes)).order_by(Tag.place)).all()


def followed_by(agency_id: int) -> Sequence[Tag]:
    """The tags that an agency follows."""
    mine = select(Follow.tag_id).where(Follow.agency_id == agency_id, Follow.ended_at.is_(None))
    return db.session.scalars(select(Tag).where(Tag.id.in_(mine)).order_by(Tag.place)).all()


def came_to(agency_id: int) -> Select[*tuple[Any, ...]]:
    """The papers that came to an agency because it follows their tags, as they are in force."""
    return (
        select(
            FollowedPaper.bulletin_id,
            FollowedPaper.entry_id,
            BulletinVersion.title,
            BulletinVersion.type,
            BulletinVersion.urgency,
            BulletinVersion.number,
            BulletinVersion.signed_at,
            *standing(),
            issued_by().label("issuer"),
        )
        .join(Bulletin, Bulletin.id == FollowedPaper.bulletin_id)
        .join(BulletinVersion, current_version())
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(FollowedPaper.agency_id == agency_id)
    )


def mark_of(row: Any) -> tuple[Any, ...]:
    """A row's place in the list."""
    return row.entry_id, row.bulletin_id


def followed_paper(bulletin_id: int, agency_id: int | None) -> FollowedPaper:
    """That a paper came to an agency which follows its tags; raises NotFound."""
    return found(
        select(FollowedPaper).where(
            FollowedPaper.bulletin_id == bulletin_id, FollowedPaper.agency_id == agency_id
        )
    )
