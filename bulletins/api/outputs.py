"""What the API answers about papers and receipts."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from agencies.states import AgencyKind, Level
from bulletins.audience import Rule
from bulletins.models import Bulletin, BulletinVersion
from bulletins.queries import issuers, tags
from bulletins.queries.inbox import Reading
from bulletins.queries.papers import Progress
from bulletins.queries.stated import stated
from bulletins.states import BulletinType, Layout, Part, RuleKind, State, TagKind, Urgency


class FromRow(BaseModel):
    """Read off a row of a query, a mapped object or a dataclass."""

    model_config = ConfigDict(from_attributes=True)


class ParticularsOut(FromRow):
    """What papers of some types state besides their text; null or empty where not stated."""

    contact_name: str
    contact_phone: str
    refers_to: str
    held_on: date | None
    held_until: date | None
    place: str
    participants: str
    excused: str
    observers: str
    signer_post: str
    enrol_by: date | None


class InboxItemOut(FromRow):
    """A receipt in the list of its agency."""

    id: int
    part: Part
    number: str | None
    title: str
    type: BulletinType
    urgency: Urgency
    issuer: str
    sent_at: datetime
    delivered_at: datetime | None
    opened_at: datetime | None
    needs_acknowledgement: bool
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    ended_kind: State | None
    ended_on: date | None
    is_corrected: bool
    relay_by: date | None
    relayed_at: datetime | None
    passed_over_at: datetime | None
    acted_at: datetime | None


class InboxOut(BaseModel):
    items: list[InboxItemOut]
    next: str | None


class NamedOut(FromRow):
    """An attachment by its name; `GET /attachments/{id}` gives the file."""

    id: int
    name: str


class WordsOut(FromRow):
    """What an agency on the paper's way added: before the original, and after it."""

    agency: str
    note_html: str
    additions_html: str
    acknowledge_by: date | None
    signed_at: datetime | None
    by_rule: bool
    attachments: list[NamedOut]


class ReceiptOut(InboxItemOut):
    """A receipt with the paper itself; asking for it is noted as opening it."""

    bulletin_id: int
    version: int
    body: str
    html: str
    words: list[WordsOut]
    particulars: ParticularsOut

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """The receipt with what its version says."""
        receipt, version = reading.receipt, reading.version
        return cls(
            id=receipt.id,
            part=receipt.part,
            number=version.number,
            title=version.title,
            type=version.type,
            urgency=version.urgency,
            issuer=reading.bulletin.issuer_names,
            sent_at=receipt.sent_at,
            delivered_at=receipt.delivered_at,
            opened_at=receipt.opened_at,
            needs_acknowledgement=receipt.needs_acknowledgement,
            acknowledge_by=reading.acknowledge_by,
            acknowledged_at=receipt.acknowledged_at,
            ended_kind=reading.bulletin.ended_kind,
            ended_on=reading.bulletin.ended_on,
            is_corrected=receipt.version < reading.bulletin.version,
            relay_by=receipt.relay_by,
            relayed_at=receipt.relayed_at,
            passed_over_at=receipt.passed_over_at,
            acted_at=receipt.acted_at,
            bulletin_id=receipt.bulletin_id,
            version=receipt.version,
            body=version.body,
            html=version.html,
            words=[WordsOut.model_validate(one) for one in reading.words],
            particulars=ParticularsOut.model_validate(reading.stated),
        )


class RuleOut(FromRow):
    """One line of an audience: an agency, or what stands in its subtree of a level or kind."""

    part: Part
    kind: RuleKind
    agency_id: int
    level: Level | None
    agency_kind: AgencyKind | None


class BulletinOut(FromRow):
    """An agency's own paper; `version` is 0 until it is published."""

    id: int
    state: State
    version: int
    revision: int
    organ_code_id: int | None
    number: str | None
    note: str
    publish_at: datetime | None
    title: str
    body: str
    html: str
    type: BulletinType
    urgency: Urgency
    needs_acknowledgement: bool
    acknowledge_by: date | None
    relay_within: int | None
    updated_at: datetime
    submitted_at: datetime | None
    signed_at: datetime | None
    host_signed_at: datetime | None
    ended_kind: State | None
    ended_on: date | None
    replaced_by_id: int | None
    for_followers: bool
    layout: Layout | None
    joint_agencies: list[int]
    topics: list[str]
    sectors: list[str]
    particulars: ParticularsOut
    audience: list[RuleOut]

    @classmethod
    def of(cls, bulletin: Bulletin, rules: list[Rule]) -> Self:
        """The paper with its audience and what its draft states."""
        beside = ("audience", "joint_agencies", "particulars", "topics", "sectors")
        filed = tags.of_version(bulletin.id, 0)
        names = [name for name in cls.model_fields if name not in beside]
        return cls(
            **{name: getattr(bulletin, name) for name in names},
            topics=[tag.code for tag in filed if tag.kind == TagKind.TOPIC],
            sectors=[tag.code for tag in filed if tag.kind == TagKind.SECTOR],
            joint_agencies=issuers.beside(bulletin.id),
            audience=[RuleOut.model_validate(rule) for rule in rules],
            particulars=ParticularsOut.model_validate(stated(bulletin.id, 0)),
        )

    def as_published(self, version: BulletinVersion) -> Self:
        """The same with what readers were given, whatever a correction makes of it."""
        names = (
            *("title", "body", "html", "type", "urgency", "note", "signed_at"),
            *("needs_acknowledgement", "acknowledge_by", "layout"),
        )
        said = {name: getattr(version, name) for name in names}
        return type(self).model_validate(self.model_dump() | said)


class DraftItemOut(FromRow):
    """A paper in the list of those still at work."""

    id: int
    title: str
    type: BulletinType
    urgency: Urgency
    state: State
    updated_at: datetime
    submitted_at: datetime | None


class DraftsOut(BaseModel):
    items: list[DraftItemOut]
    next: str | None


class ProgressOut(FromRow):
    """How many receipts have which fact."""

    sent: int
    delivered: int
    opened: int
    acknowledged: int
    to_acknowledge: int


class SentItemOut(BaseModel):
    """A published paper and how far it has come."""

    id: int
    version: int
    number: str | None
    title: str
    type: BulletinType
    urgency: Urgency
    signed_at: datetime
    needs_acknowledgement: bool
    acknowledge_by: date | None
    ended_kind: State | None
    ended_on: date | None
    progress: ProgressOut

    @classmethod
    def of(cls, row: Any, progress: Progress) -> Self:
        """A row of the list with its counts."""
        columns = {name: getattr(row, name) for name in cls.model_fields if name != "progress"}
        return cls(**columns, progress=ProgressOut.model_validate(progress))


class SentOut(BaseModel):
    items: list[SentItemOut]
    next: str | None


class LineOut(FromRow):
    """One agency's receipt as the issuer sees it; `id` and `code` are the agency's."""

    id: int
    code: str
    name: str
    part: Part
    sent_at: datetime
    delivered_at: datetime | None
    delivered_how: str | None
    opened_at: datetime | None
    needs_acknowledgement: bool
    acknowledged_at: datetime | None
    relay_by: date | None
    relayed_at: datetime | None
    passed_over_at: datetime | None
    acted_at: datetime | None
    reminded_at: datetime | None


class LinesOut(BaseModel):
    items: list[LineOut]
    next: str | None


class RemindedOut(FromRow):
    """How many were reminded, and how many were left out as reminded less than a day ago."""

    count: int
    left_out: int


class ReachOut(BaseModel):
    """How many agencies an audience reaches now; `addressed` is whom a paper itself will name."""

    to: int
    cc: int
    addressed: str = ""
