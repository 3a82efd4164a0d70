"""What is attached where, and who has it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from bulletins.models import (
    Answer,
    Attachment,
    Bulletin,
    JointIssuer,
    Question,
    Relay,
    StoredFile,
    Upload,
    VersionAttachment,
)
from bulletins.permissions import Held
from bulletins.queries import questions, relays
from bulletins.queries.readable import readable_by
from bulletins.states import OPEN, OwnerKind, State
from config.database import db, found


def attached(owner_kind: OwnerKind, owner_id: int) -> Select[Attachment]:
    """What is with an owner now."""
    return select(Attachment).where(
        Attachment.owner_kind == owner_kind,
        Attachment.owner_id == owner_id,
        Attachment.removed_at.is_(None),
    )


def working(bulletin_id: int) -> Sequence[Attachment]:
    """The attachments of a paper as it is being written, in their order."""
    return db.session.scalars(
        attached(OwnerKind.BULLETIN, bulletin_id)
        .options(joinedload(Attachment.file))
        .order_by(Attachment.place, Attachment.id)
    ).all()


def of_version(bulletin_id: int, version: int) -> Sequence[Attachment]:
    """The attachments with which a version was signed, in their order."""
    return db.session.scalars(
        select(Attachment)
        .join(VersionAttachment, VersionAttachment.attachment_id == Attachment.id)
        .where(VersionAttachment.bulletin_id == bulletin_id, VersionAttachment.version == version)
        .options(joinedload(Attachment.file))
        .order_by(VersionAttachment.place, Attachment.id)
    ).all()


def of_issuer(bulletin: Bulletin, is_at_desk: bool) -> Sequence[Attachment]:
    """The attachments of a paper as its issuer sees it: at its desk, those of a correction too."""
    if bulletin.version and not (is_at_desk and bulletin.state in OPEN):
        return of_version(bulletin.id, bulletin.version)
    return working(bulletin.id)


def held(attachment_id: int, agency_id: int | None) -> Held:
    """An attachment and how that agency has it; raises NotFound where there is none."""
    attachment = found(
        select(Attachment)
        .where(Attachment.id == attachment_id)
        .options(joinedload(Attachment.file), joinedload(Attachment.bulletin))
    )
    if attachment.owner_kind == OwnerKind.RELAY:
        return _held_by_relay(attachment, agency_id or 0)
    if attachment.owner_kind in (OwnerKind.QUESTION, OwnerKind.ANSWER):
        return _held_by_reply(attachment, agency_id or 0)
    signed = exists().where(
        VersionAttachment.attachment_id == attachment_id,
        Bulletin.id == VersionAttachment.bulletin_id,
        readable_by(
            agency_id or 0,
            issuer=Bulletin.issuer_id,
            bulletin=VersionAttachment.bulletin_id,
            version=VersionAttachment.version,
        ),
    )
    together = exists().where(
        JointIssuer.bulletin_id == attachment.bulletin.id,
        JointIssuer.agency_id == agency_id,
        Bulletin.id == JointIssuer.bulletin_id,
        Bulletin.state == State.SUBMITTED,
    )
    asked = attachment.removed_at is None and attachment.owner_kind == OwnerKind.BULLETIN
    readable = select(or_(signed, together) if asked else signed)
    return Held(attachment, attachment.bulletin, bool(db.session.scalar(readable)))


def _held_by_relay(attachment: Attachment, agency_id: int) -> Held:
    """What a relay brings is read by whom the paper reached through it, and where it was signed."""
    relay = relays.relay(attachment.owner_id)
    is_signed = relay.state == State.PUBLISHED and attachment.removed_at is None
    is_readable = is_signed and (relay.agency_id == agency_id or relays.passed(relay, agency_id))
    return Held(attachment, attachment.bulletin, is_readable, relay)


def _held_by_reply(attachment: Attachment, agency_id: int) -> Held:
    """What came with a question or an answer is read by whoever may read that."""
    if attachment.owner_kind == OwnerKind.QUESTION:
        mine = questions.question_visible_to(agency_id)
        seen = select(Question.id).where(Question.id == attachment.owner_id, mine)
    else:
        mine = questions.answer_visible_to(agency_id)
        seen = select(Answer.id).where(Answer.id == attachment.owner_id, mine)
    is_readable = (
        attachment.removed_at is None
        and db.session.scalar(seen) is not None
        and questions.discussed(agency_id, attachment.bulletin_id).is_visible
    )
    return Held(attachment, attachment.bulletin, is_readable, is_of_reply=True)


def on_the_way(bulletin_id: int, person_id: int, relay_id: int | None = None) -> Sequence[Upload]:
    """The uploads to a paper, or a relay of it, that a person began and has not finished."""
    return db.session.scalars(
        select(Upload)
        .where(
            Upload.bulletin_id == bulletin_id,
            Upload.relay_id == relay_id,
            Upload.person_id == person_id,
            Upload.attachment_id.is_(None),
        )
        .order_by(Upload.id)
    ).all()


def load(bulletin_id: int, but_upload_id: int | None = None) -> tuple[int, int]:
    """How many files, and how many bytes, are with a paper or announced for it."""
    return _sums(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0))
        .select_from(Attachment)
        .join(StoredFile)
        .where(
            Attachment.owner_kind == OwnerKind.BULLETIN,
            Attachment.owner_id == bulletin_id,
            Attachment.removed_at.is_(None),
        ),
        _announced(Upload.bulletin_id == bulletin_id, Upload.relay_id.is_(None), but_upload_id),
    )


def load_of_relay(relay: Relay, but_upload_id: int | None = None) -> tuple[int, int]:
    """How many files, and how many bytes, are with a relay or announced for it."""
    mine = Upload.bulletin_id == relay.bulletin_id, Upload.relay_id == relay.id
    return _sums(
        attached(OwnerKind.RELAY, relay.id)
        .join(StoredFile)
        .with_only_columns(func.count(), func.coalesce(func.sum(StoredFile.size), 0)),
        _announced(*mine, but_upload_id),
    )


def _announced(
    of_paper: ColumnElement[bool], of_relay: ColumnElement[bool], but_upload_id: int | None
) -> Select[int, int]:
    return select(func.count(), func.coalesce(func.sum(Upload.size), 0)).where(
        of_paper,
        of_relay,
        Upload.attachment_id.is_(None),
        Upload.id != (but_upload_id or 0),
    )


def _sums(*queries: Select[int, int]) -> tuple[int, int]:
    rows = [db.session.execute(query).one() for query in queries]
    return sum(row[0] for row in rows), sum(int(row[1]) for row in rows)
