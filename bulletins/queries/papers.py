"""An agency's own papers: on its desks, sent, and what became of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from agencies.models import Agency, Person
from bulletins.models import Bulletin, BulletinVersion, Remark
from bulletins.queries.inbox import standing
from bulletins.states import OPEN, State
from config.database import db, found
from config.journal import Entry

DESK_KEY = (Bulletin.updated_at, Bulletin.id)
SENT_KEY = (Bulletin.signed_at, Bulletin.id)


def bulletin(bulletin_id: int) -> Bulletin:
    """One paper; raises NotFound."""
    return found(select(Bulletin).where(Bulletin.id == bulletin_id))


def made_with(person_id: int | None, form_key: str) -> Bulletin | None:
    """The paper that a person's form of that key has made."""
    return db.session.scalar(
        select(Bulletin).where(Bulletin.created_by == person_id, Bulletin.form_key == form_key)
    )


def desk(agency_id: int, states: Collection[State] = OPEN) -> Select[*tuple[Any, ...]]:
    """The papers an agency still works on, with what a list shows of them."""
    editor, submitter = aliased(Person), aliased(Person)
    return (
        select(
            Bulletin.id,
            Bulletin.title,
            Bulletin.type,
            Bulletin.urgency,
            Bulletin.state,
            Bulletin.version,
            Bulletin.updated_at,
            Bulletin.submitted_at,
            editor.name.label("editor"),
            submitter.name.label("submitter"),
        )
        .join(editor, editor.id == Bulletin.updated_by)
        .outerjoin(submitter, submitter.id == Bulletin.submitted_by)
        .where(Bulletin.issuer_id == agency_id, Bulletin.state.in_(states))
    )


def desk_mark(row: Any) -> tuple[Any, ...]:
    """A row's place in the list of papers at work."""
    return row.updated_at, row.id


def to_sign(agency_id: int) -> Select[int]:
    """The papers that wait for the approver."""
    return select(Bulletin.id).where(Bulletin.issuer_id == agency_id, is_unsigned())


def is_unsigned() -> ColumnElement[bool]:
    """Whether ``Bulletin`` waits for its own approver, and not for other organs alone."""
    return (Bulletin.state == State.SUBMITTED) & Bulletin.host_signed_at.is_(None)


def sent(agency_id: int) -> Select[*tuple[Any, ...]]:
    """The papers an agency has published, by the version last signed."""
    return (
        select(
            Bulletin.id,
            Bulletin.version,
            Bulletin.signed_at,
            BulletinVersion.title,
            BulletinVersion.number,
            *standing(),
            BulletinVersion.type,
            BulletinVersion.urgency,
            BulletinVersion.needs_acknowledgement,
            BulletinVersion.acknowledge_by,
            BulletinVersion.receipt_count,
            BulletinVersion.delivered_count,
            BulletinVersion.opened_count,
            BulletinVersion.acknowledged_count,
            BulletinVersion.to_acknowledge_count,
        )
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == Bulletin.id)
            & (BulletinVersion.version == Bulletin.version),
        )
        .where(Bulletin.issuer_id == agency_id, Bulletin.signed_at.is_not(None))
    )


def sent_mark(row: Any) -> tuple[Any, ...]:
    """A row's place in the list of papers sent."""
    return row.signed_at, row.id


@dataclass(frozen=True)
class Progress:
    """How many receipts of a version have which fact."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    acknowledged: int = 0
    to_acknowledge: int = 0

    @classmethod
    def of(cls, version: Any) -> Self:
        """The counts kept with a version, read off it or off a row of ``sent``."""
        return cls(
            sent=version.receipt_count,
            delivered=version.delivered_count,
            opened=version.opened_count,
            acknowledged=version.acknowledged_count,
            to_acknowledge=version.to_acknowledge_count,
        )


@dataclass(frozen=True)
class Step:
    """One thing that happened to a paper; ``organ`` did it, where that is one beside its host."""

    kind: str
    at: datetime
    organ: str
    who: str
    note: str
    facts: dict[str, Any]


def history(bulletin_id: int) -> Sequence[Step]:
    """What happened to a paper, the latest first (at most 50 steps)."""
    rows = db.session.execute(
        select(Entry, Person.name, Remark.text)
        .outerjoin(Person, Person.id == Entry.person_id)
        .outerjoin(Remark, Remark.entry_id == Entry.id)
        .where(Entry.subject_kind == "bulletin", Entry.subject_id == bulletin_id)
        .order_by(Entry.id.desc())
        .limit(50)
    ).all()
    organs = _organs([entry.facts for entry, _name, _text in rows])
    return [
        Step(
            entry.kind,
            entry.at,
            organs.get(entry.facts.get("agency"), ""),
            name or "",
            text or "",
            entry.facts,
        )
        for entry, name, text in rows
    ]


def _organs(facts: Collection[dict[str, Any]]) -> dict[Any, str]:
    """The agencies beside a paper's host that its entries speak of, by name."""
    ids = {one["agency"] for one in facts if "agency" in one}
    if not ids:
        return {}
    return dict(db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids))).all())


def return_remark(bulletin_id: int) -> str | None:
    """Why a paper was returned the last time."""
    return db.session.scalar(
        select(Remark.text)
        .where(Remark.bulletin_id == bulletin_id)
        .order_by(Remark.entry_id.desc())
        .limit(1)
    )


def version(bulletin_id: int, number: int) -> BulletinVersion:
    """One version of a paper; raises NotFound."""
    return found(
        select(BulletinVersion).where(
            BulletinVersion.bulletin_id == bulletin_id, BulletinVersion.version == number
        )
    )


def versions(bulletin_id: int) -> Sequence[BulletinVersion]:
    """The signed versions of a paper, the latest first."""
    return db.session.scalars(
        select(BulletinVersion)
        .where(BulletinVersion.bulletin_id == bulletin_id)
        .order_by(BulletinVersion.version.desc())
    ).all()
