"""Composing notices: one message for all who are told the same, their links filled in later."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Row, case, func, select, update
from sqlalchemy.orm import aliased

from agencies.models import Agency, Contact, Person
from agencies.states import Channel
from bulletins import labels
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.inbox import standing
from bulletins.queries.issuers import issued_by
from bulletins.states import State as BulletinState
from bulletins.states import Urgency
from config import clock
from config.database import db, end_reading, writing
from config.journal import Entry
from notifications import sms, words
from notifications.audience import address, unconfirmed
from notifications.marks import LINK, unmarked
from notifications.models import Notice, Recipient, Stop
from notifications.posting import Letter, Sheet, post, why_held
from notifications.queries import restored_at
from notifications.services.stops import going_on
from notifications.states import OF_PAPERS, SECRET_KINDS, Kind, WorkState
from notifications.words import Words

_BATCH = 1000
_LINK_LENGTH = len("/inbox/") + 10


@dataclass(frozen=True)
class Paper:
    """What a notice says of a paper."""

    title: str
    issuer: str
    urgency: str
    deadline: str
    needs_acknowledgement: bool
    standing: str
    is_void: bool
    replaced_by: str
    is_correction: bool


def compose_notices(batch: int = _BATCH) -> int:
    """Compose and post every notice that waits; returns how many were posted."""
    count, last, sheets = 0, 0, _Sheets()
    while waiting := db.session.execute(_waiting(last, batch)).all():
        last = waiting[-1].id
        restored, stops = restored_at(), going_on()
        sheets.learn(waiting)
        end_reading()
        count += _write([(row, _letter(row, sheets, restored, stops)) for row in waiting])
    end_reading()
    return count


def _waiting(after_id: int, batch: int) -> Any:
    unproved = (
        select(Contact.address)
        .join(Person, Person.id == Contact.person_id)
        .where(
            Contact.person_id == Recipient.person_id,
            Contact.channel == Notice.channel,
            Person.active,
        )
        .correlate_except(Contact, Person)
        .scalar_subquery()
    )
    # An invitation or a code goes where nothing is proved yet: that is what it is for.
    where_to = case(
        (Notice.kind == Kind.CONFIRMATION, unconfirmed(Notice.channel)),
        (Notice.kind.in_(SECRET_KINDS), unproved),
        else_=address(Notice.channel),
    )
    return (
        select(
            *(Notice.id, Notice.kind, Notice.channel, Notice.entry_id),
            *(Notice.recipient_id, Notice.receipt_id, Notice.subject_id, Entry.at),
            func.coalesce(Person.language, Recipient.language).label("language"),
            Recipient.person_id.is_(None).label("is_outside"),
            where_to.label("address"),
        )
        .join(Recipient, Recipient.id == Notice.recipient_id)
        .join(Entry, Entry.id == Notice.entry_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(Notice.state == WorkState.DUE, Notice.id > after_id)
        .order_by(Notice.id)
        .limit(batch)
    )


def _letter(
    row: Row[Any], sheets: "_Sheets", restored: datetime | None, stops: Sequence[Stop]
) -> Letter | None:
    if row.address is None:
        return None
    return Letter(
        sheets.sheet(row),
        row.recipient_id,
        row.address,
        notice_id=row.id,
        urgent=True,
        at_any_hour=sheets.wakes(row),
        held=why_held(
            restored is not None and row.at <= restored,
            any(one.covers(row.channel, None, _paper_of(row)) for one in stops),
        ),
    )


def _paper_of(row: Row[Any]) -> int | None:
    return row.subject_id if row.kind in OF_PAPERS else None


def _write(pairs: Sequence[tuple[Row[Any], Letter | None]]) -> int:
    """Post a batch; of several that composed the same notice one comes first."""
    with writing():
        letters = {row.id: letter for row, letter in pairs if letter}
        won = _processed(list(letters), WorkState.COMPOSED)
        post([letter for notice_id, letter in letters.items() if notice_id in won])
        _processed([row.id for row, letter in pairs if not letter], WorkState.UNREACHABLE)
    return len(won)


def _processed(ids: Sequence[int], state: WorkState) -> set[int]:
    if not ids:
        return set()
    done = db.session.execute(
        update(Notice)
        .where(Notice.id.in_(ids), Notice.state == WorkState.DUE)
        .values(state=state, processed_at=clock.now())
        .returning(Notice.id)
    )
    return set(done.scalars())


@dataclass
class _Sheets:
    """The messages of a run, each composed once."""

    papers: dict[int, tuple[int, int]] = field(default_factory=dict)  # by receipt
    versions: dict[tuple[int, int], Any] = field(default_factory=dict)
    said: dict[tuple[Any, ...], Words] = field(default_factory=dict)
    made: dict[tuple[Any, int], Sheet] = field(default_factory=dict)

    def learn(self, waiting: Sequence[Row[Any]]) -> None:
        """Read the papers that these notices are about."""
        ids = {row.receipt_id for row in waiting if row.receipt_id}
        rows = db.session.execute(
            select(Receipt.id, Receipt.bulletin_id, Receipt.version).where(Receipt.id.in_(ids))
        )
        self.papers |= {row.id: (row.bulletin_id, row.version) for row in rows}
        for key in set(self.papers.values()) - set(self.versions):
            self.versions[key] = db.session.execute(_version(*key)).one()

    def sheet(self, row: Row[Any]) -> Sheet:
        """The message of a notice."""
        paper = self.papers[row.receipt_id] if row.receipt_id else None
        alike = Kind(row.kind), Channel(row.channel), row.language, bool(row.is_outside), paper
        if (alike, row.entry_id) not in self.made:
            kind, channel, language, _outside, _paper_key = alike
            said = self._said(*alike)
            self.made[alike, row.entry_id] = Sheet(kind, channel, language, str(row.entry_id), said)
        return self.made[alike, row.entry_id]

    def wakes(self, row: Row[Any]) -> bool:
        """Whether a notice goes out in quiet hours too: of a 特急 paper, or a code asked for."""
        if row.receipt_id is None:
            return bool(row.kind == Kind.CODE)
        return bool(self.versions[self.papers[row.receipt_id]].urgency == Urgency.FLASH)

    def _said(
        self,
        kind: Kind,
        channel: Channel,
        language: str,
        outside: bool,
        key: tuple[int, int] | None,
    ) -> Words:
        alike = kind, channel, language, outside, key
        if alike not in self.said:
            with force_locale(language):
                self.said[alike] = (
                    _of_paper(kind, channel, language, _paper(self.versions[key]), outside=outside)
                    if key
                    else _of_secret(kind, channel, language)
                )
        return self.said[alike]


def _version(bulletin_id: int, version: int) -> Any:
    other, replacing = aliased(Bulletin), aliased(BulletinVersion)
    return (
        select(
            *(BulletinVersion.title, BulletinVersion.urgency, BulletinVersion.acknowledge_by),
            BulletinVersion.version,
            *(BulletinVersion.needs_acknowledgement, issued_by().label("issuer")),
            *standing(),
            (BulletinVersion.version < Bulletin.version).label("is_corrected"),
            replacing.title.label("replaced_by"),
        )
        .join(Bulletin, Bulletin.id == BulletinVersion.bulletin_id)
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .outerjoin(other, other.id == Bulletin.replaced_by_id)
        .outerjoin(
            replacing,
            (replacing.bulletin_id == other.id) & (replacing.version == other.version),
        )
        .where(BulletinVersion.bulletin_id == bulletin_id, BulletinVersion.version == version)
    )


def _paper(row: Any) -> Paper:
    deadline, said = "", ""
    if row.ended_kind:
        said = labels.ended(row)
    elif row.is_corrected:
        said = _("已更正")
    elif row.needs_acknowledgement and row.acknowledge_by:
        deadline = _("请于 %(day)s 前签收", day=row.acknowledge_by.isoformat())
    return Paper(
        title=unmarked(row.title),
        issuer=unmarked(row.issuer),
        urgency=labels.urgency(row.urgency),
        deadline=deadline,
        needs_acknowledgement=row.needs_acknowledgement and not said,
        standing=said,
        is_void=row.ended_kind == BulletinState.VOID,
        replaced_by=unmarked(row.replaced_by or ""),
        is_correction=row.version > 1,
    )


def _of_paper(kind: Kind, channel: Channel, language: str, paper: Paper, *, outside: bool) -> Words:
    headline = _headline(kind, paper)
    if outside:  # who can't sign in can acknowledge nothing
        paper = replace(paper, deadline="", needs_acknowledgement=False)
    if channel == Channel.MAIL:
        subject = _("%(headline)s：%(title)s", headline=headline, title=paper.title)
        return words.mail(kind, language, subject, paper=paper, headline=headline, outside=outside)
    # The link is each recipient's own; its place is kept free for the longest there is.
    longest = "" if outside else words.base_url() + "0" * _LINK_LENGTH

    def render(title: str) -> str:
        return words.text_message(
            kind,
            headline=headline,
            issuer=paper.issuer,
            title=title,
            link=longest,
            outside=outside,
        )

    text = sms.fitted(render, paper.title)
    named = {"headline": headline, "issuer": paper.issuer, "title": paper.title}
    return Words("", text.replace(longest, LINK) if longest else text, variables=named)


def _headline(kind: Kind, paper: Paper) -> str:
    if paper.standing:  # it was composed after the paper had ended
        return paper.standing
    if kind == Kind.REMINDER:
        return _("催办")
    if kind == Kind.PASSED_OVER:
        return _("逾期未转发")
    if kind == Kind.ESCALATION:
        return _("特急未阅")
    return _("%(urgency)s更正", urgency=paper.urgency) if paper.is_correction else paper.urgency


def _of_secret(kind: Kind, channel: Channel, language: str) -> Words:
    if channel == Channel.SMS:
        return Words("", words.text_message(kind))
    subjects = {
        Kind.CONFIRMATION: _("请确认是否接收消息"),
        Kind.INVITATION: _("请设置您的密码"),
        Kind.CODE: _("您的验证码"),
    }
    return words.mail(kind, language, subjects[kind])
