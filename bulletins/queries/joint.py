"""Papers of several organs: who issues them together, and what waits for whose signature."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, joinedload

from agencies.models import Agency, Person
from agencies.states import AgencyKind
from bulletins.models import Bulletin, BulletinVersion, JointIssuer
from bulletins.queries.inbox import standing
from bulletins.queries.issuers import issued_by
from bulletins.states import State
from config.database import db, found
from config.journal import Entry

KEY = (Bulletin.submitted_at, Bulletin.id)
FOUND_AT_MOST = 50
SIGNATURES_AT_MOST = 200


def beside(bulletin_id: int) -> Sequence[JointIssuer]:
    """The organs that issue a paper beside its host, in their order, with their signatures."""
    return db.session.scalars(
        select(JointIssuer)
        .where(JointIssuer.bulletin_id == bulletin_id)
        .options(joinedload(JointIssuer.agency), joinedload(JointIssuer.signer))
        .order_by(JointIssuer.place)
    ).all()


def signers(bulletin: Bulletin, version: BulletinVersion | None) -> list[str]:
    """Who signed a paper for each organ that issues it, its host first, by name.

    A version keeps its own: the signatures at hand are those of the text that was laid before the
    organs last.
    """
    host = version.signed_by if version else bulletin.signed_by
    names = [db.session.scalar(select(Person.name).where(Person.id == host))]
    if bulletin.joint_names:
        told = _signed_before(version) if version else {}
        names += [
            told.get(one.agency_id, one.signer.name if one.signer else None)
            for one in beside(bulletin.id)
        ]
    return [name for name in names if name]


def _signed_before(version: BulletinVersion) -> dict[Any, str]:
    """Who signed last for each organ beside the host before a version was published."""
    rows = db.session.execute(
        select(Entry, Person.name)
        .join(Person, Person.id == Entry.person_id)
        .where(
            Entry.subject_kind == "bulletin",
            Entry.subject_id == version.bulletin_id,
            Entry.kind == "bulletin.cosigned",
            Entry.id < version.entry_id,
        )
        .order_by(Entry.id.desc())
        .limit(SIGNATURES_AT_MOST)
    )
    found: dict[Any, str] = {}
    for entry, name in rows:
        found.setdefault(entry.facts["agency"], name)
    return found


def own(bulletin_id: int, agency_id: int | None) -> JointIssuer:
    """An agency's part in a paper; raises NotFound where it has none."""
    return found(
        select(JointIssuer).where(
            JointIssuer.bulletin_id == bulletin_id, JointIssuer.agency_id == agency_id
        )
    )


def to_sign(agency_id: int) -> Select[*tuple[Any, ...]]:
    """The papers of others that wait for an agency's signature."""
    return papers(agency_id).where(
        Bulletin.state == State.SUBMITTED, JointIssuer.signed_at.is_(None)
    )


def papers(agency_id: int) -> Select[*tuple[Any, ...]]:
    """The papers that an agency issues beside their host, from when they were first submitted."""
    return (
        select(
            Bulletin.id,
            Bulletin.title,
            Bulletin.type,
            Bulletin.urgency,
            Bulletin.state,
            Bulletin.number,
            Bulletin.submitted_at,
            JointIssuer.signed_at,
            *standing(),
            issued_by().label("issuer"),
        )
        .join(JointIssuer, JointIssuer.bulletin_id == Bulletin.id)
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(
            JointIssuer.agency_id == agency_id,
            Bulletin.submitted_at.is_not(None),
            Bulletin.state != State.DISCARDED,
        )
    )


def mark_of(row: Any) -> tuple[Any, ...]:
    """A row's place in the list."""
    return row.submitted_at, row.id


def waiting(agency_id: int) -> Select[int]:
    """The papers of others that wait for an agency's signature."""
    return to_sign(agency_id).with_only_columns(Bulletin.id)


def candidates(
    issuer_id: int, chosen: Collection[int], find: str = ""
) -> Sequence[tuple[int, str]]:
    """Bureaus of the issuer's level: those beside it, those chosen, those that ``find`` names."""
    issuer = aliased(Agency)
    mine = select(issuer.parent_id).where(issuer.id == issuer_id).scalar_subquery()
    wanted = or_(Agency.parent_id == mine, Agency.id.in_(chosen))
    if find:
        wanted = or_(wanted, Agency.name.contains(find, autoescape=True))
    rows = db.session.execute(
        select(Agency.id, Agency.name)
        .where(of_level(issuer_id), wanted)
        .order_by(Agency.id.in_(chosen).desc(), Agency.code)
        .limit(FOUND_AT_MOST + len(chosen))
    )
    return [(agency_id, name) for agency_id, name in rows]


def of_level(issuer_id: int) -> ColumnElement[bool]:
    """Whether ``Agency`` may issue a paper together with a bureau: 条例 第十七条, 同级机关."""
    issuer = aliased(Agency)
    level = select(issuer.level).where(issuer.id == issuer_id, issuer.kind == AgencyKind.BUREAU)
    return (
        (Agency.level == level.scalar_subquery())
        & (Agency.kind == AgencyKind.BUREAU)
        & (Agency.id != issuer_id)
        & Agency.ended_on.is_(None)
    )


def may_join(issuer_id: int, agency_ids: Collection[int]) -> dict[int, str]:
    """Those of the agencies that may issue a paper with ``issuer_id``, by name."""
    query = select(Agency.id, Agency.name).where(Agency.id.in_(agency_ids), of_level(issuer_id))
    return dict(db.session.execute(query).all())


def text_of(own: JointIssuer, *, at_desk: bool) -> Bulletin | BulletinVersion | None:
    """What an issuer beside the host reads: what lies before it to be signed, or was published.

    None while the host still works on it. ``at_desk``: not one who only reads.
    """
    bulletin = own.bulletin
    if bulletin.state in (State.SUBMITTED, State.SIGNED) and at_desk:
        return bulletin
    if not bulletin.version:
        return None
    return db.session.get(BulletinVersion, (bulletin.id, bulletin.version))
