"""Packing: claimed deliveries become parcels, each recipient's own parts filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select

from agencies import contacts, invitations
from agencies.models import Agency, Contact, Invitation, Person
from agencies.states import Channel
from config import clock
from config.database import among, db
from config.settings import Settings
from notifications import sms
from notifications.channels.base import Blank, Parcel, Result
from notifications.links import confirm_url, report_path, unsubscribe_url
from notifications.marks import Skeleton
from notifications.mime import Copy, Frame, Mold, wire_address
from notifications.models import Delivery, Message, Notice, Recipient, Subscription
from notifications.quiet import awake, quiet_of
from notifications.states import OF_PAPERS, SECRET_KINDS, Action, Kind, Rhythm
from notifications.texting.models import SmsStop
from notifications.words import base_url

_PAPER_PATH = "/inbox/"
_THREAD = "bulletin-"
_AGENCY_LENGTH = 20  # in a text message


class ObsoleteError(Exception):
    """The message says nothing any more: its code or link has expired or was used."""


@dataclass
class Packed:
    """Parcels to send, and what can't be sent at all or not yet."""

    parcels: list[Parcel] = field(default_factory=list)
    refused: list[Result] = field(default_factory=list)
    attempts: dict[int, int] = field(default_factory=dict)


def packed(delivery_ids: Sequence[int]) -> Packed:
    """Parcels of these deliveries, in a fixed number of queries."""
    rows = db.session.execute(_rows(delivery_ids)).all()
    packer = _Packer(
        settings=current_app.extensions["settings"],
        messages=_messages({row.message_id for row in rows}),
        secrets=_Secrets.of(rows),
        at=clock.now(),
    )
    done = Packed(attempts={row.id: row.attempts for row in rows})
    for row in rows:
        if row.unwanted:
            done.refused.append(Result(row.id, Action.DROP, "unwanted"))
            continue
        if (until := packer.rests_until(row)) is not None:
            done.refused.append(Result(row.id, Action.REST, "quiet", until=until))
            continue
        try:
            done.parcels.append(packer.parcel(row))
        except ObsoleteError:
            done.refused.append(Result(row.id, Action.REFUSE, "obsolete"))
        except ValueError:
            done.refused.append(Result(row.id, Action.REFUSE, "address"))
    return done


def _rows(delivery_ids: Sequence[int]) -> Any:
    return (
        select(
            Delivery.id,
            Delivery.message_id,
            Delivery.recipient_id,
            Delivery.channel,
            Delivery.ref,
            # Pauses begin anew where the operator had it sent again.
            (Delivery.attempts - Delivery.attempts_before).label("attempts"),
            Delivery.claim,
            Delivery.address,
            Delivery.at_any_hour,
            Subscription.zone,
            func.coalesce(Subscription.quiet_from, "").label("quiet_from"),
            func.coalesce(Subscription.quiet_until, "").label("quiet_until"),
            func.coalesce(Person.name, Recipient.name).label("name"),
            Recipient.created_at.label("recipient_since"),
            Recipient.mail_confirmed_at,
            Recipient.phone_confirmed_at,
            Agency.name.label("agency"),
            Notice.kind,
            Notice.subject_id,
            Notice.receipt_id,
            _unwanted().label("unwanted"),
        )
        .join(Recipient, Recipient.id == Delivery.recipient_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .outerjoin(Agency, Agency.id == Recipient.agency_id)
        .outerjoin(Notice, Notice.id == Delivery.notice_id)
        .outerjoin(
            Subscription,
            and_(
                Subscription.recipient_id == Delivery.recipient_id,
                Subscription.channel == Delivery.channel,
            ),
        )
        .where(among(Delivery.id, delivery_ids))
        .order_by(Delivery.id)
    )


def _unwanted() -> ColumnElement[bool]:
    """Who left while it waited does not get it; an invitation or a code was asked for."""
    at_once = Notice.kind.in_(OF_PAPERS)
    return or_(
        Recipient.ended_at.is_not(None),
        Person.active.is_(False),
        and_(Notice.id.is_(None), Subscription.rhythm == Rhythm.OFF),
        and_(at_once, Subscription.urgent_at_once.is_(False)),
        and_(
            Delivery.channel == Channel.SMS,
            # Who wants a code has just asked for it.
            or_(Notice.kind.is_(None), Notice.kind != Kind.CODE),
            exists().where(SmsStop.phone == Delivery.address),
        ),
    )


def _messages(ids: set[int]) -> Mapping[int, Any]:
    rows = db.session.execute(
        select(
            *(Message.id, Message.key, Message.kind, Message.language),
            *(Message.subject, Message.text, Message.html, Message.variables),
        ).where(among(Message.id, ids))
    )
    return {row.id: row for row in rows}


@dataclass(frozen=True)
class _Secrets:
    """What invitations and codes say, made now and kept nowhere."""

    invitations: Mapping[int, Invitation]
    contacts: Mapping[int, Contact]

    @classmethod
    def of(cls, rows: Sequence[Row[Any]]) -> "_Secrets":
        """What these deliveries need, in two questions at most."""
        wanted: dict[str, set[int]] = {kind: set() for kind in SECRET_KINDS}
        for row in rows:
            if row.kind in wanted:
                wanted[row.kind].add(row.subject_id)
        invited = _by_id(Invitation, wanted[Kind.INVITATION])
        proving = {one.contact_id for one in invited.values() if one.contact_id}
        return cls(invited, _by_id(Contact, wanted[Kind.CODE] | proving))

    def secret(self, kind: Kind, subject_id: int, address: str, now: datetime) -> str:
        """The link or code; raises ObsoleteError where it would be of no use.

        Each proves the address it is sent to, so it never goes to one that was changed meanwhile.
        """
        if kind == Kind.CODE:
            contact = self.contacts.get(subject_id)
            if contact is None or contact.address != address or not _awaits_code(contact, now):
                raise ObsoleteError
            return contacts.code(contact)
        invitation = self.invitations.get(subject_id)
        if invitation is None or invitation.used_at or invitation.expires_at <= now:
            raise ObsoleteError
        invited_at = self.contacts.get(invitation.contact_id or 0)
        if invited_at is None or invited_at.address != address:
            raise ObsoleteError
        return invitations.link(invitation)


def _agency(row: Row[Any]) -> str:
    """The agency's name; in a text message no longer than its parts have room for."""
    name = row.agency or ""
    return sms.shortened(name, _AGENCY_LENGTH) if row.channel == Channel.SMS else name


def _by_id(model: Any, ids: set[int]) -> dict[int, Any]:
    if not ids:
        return {}
    return {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _awaits_code(contact: Contact, now: datetime) -> bool:
    return (
        contact.verified_at is None
        and contact.code_sent_at is not None
        and contact.code_sent_at + contacts.CODE_VALID_FOR > now
    )


@dataclass
class _Packer:
    """Makes parcels; what several share is prepared once."""

    settings: Settings
    messages: Mapping[int, Any]
    secrets: _Secrets
    at: datetime
    molds: dict[int, Mold] = field(default_factory=dict)
    texts: dict[int, Skeleton] = field(default_factory=dict)

    def rests_until(self, row: Row[Any]) -> datetime | None:
        """When the quiet hours of a delivery's recipient are over; None outside of them."""
        if row.at_any_hour:
            return None
        spans = quiet_of(Channel(row.channel), row.quiet_from, row.quiet_until)
        until = awake(self.at, ZoneInfo(row.zone or self.settings.timezone), spans)
        return until if until > self.at else None

    def parcel(self, row: Row[Any]) -> Parcel:
        """One delivery's parcel; raises ObsoleteError, and ValueError for a useless address."""
        values = self._values(row)
        if row.channel == Channel.MAIL:
            return self._mail(row, values)
        return self._text_message(row, values)

    def _text_message(self, row: Row[Any], values: Mapping[str, str]) -> Parcel:
        body, one = self._text(row.message_id).filled(values), self.messages[row.message_id]
        return Parcel(
            *(row.id, row.ref, row.address, body, report_path(row.ref, row.claim)),
            parts=sms.parts(body.decode()),
            blank=Blank(one.kind, one.language, one.variables, values["secret"]),
        )

    def _values(self, row: Row[Any]) -> dict[str, str]:
        secret = ""
        if row.kind == Kind.CONFIRMATION:
            secret = confirm_url(
                row.recipient_id, row.recipient_since, Channel(row.channel), row.address, self.at
            )
        elif row.kind in SECRET_KINDS:
            secret = self.secrets.secret(Kind(row.kind), row.subject_id, row.address, self.at)
        link = f"{base_url()}{_PAPER_PATH}{row.receipt_id}" if row.receipt_id else base_url()
        return {
            "name": row.name,
            "link": link,
            "secret": secret,
            "agency": _agency(row),
            "since": self._since(row),
            "unsubscribe": unsubscribe_url(
                row.recipient_id, row.recipient_since, Channel(row.channel), row.address
            ),
        }

    def _since(self, row: Row[Any]) -> str:
        """The day from which somebody outside has wanted this; empty for people of ours."""
        by_mail = row.channel == Channel.MAIL
        at = row.mail_confirmed_at if by_mail else row.phone_confirmed_at
        return at.astimezone(self.settings.zone).date().isoformat() if at else ""

    def _mail(self, row: Row[Any], values: Mapping[str, str]) -> Parcel:
        address = wire_address(row.address)
        one_click = "" if row.kind in SECRET_KINDS else values["unsubscribe"]
        copy = Copy(row.name, address, row.ref, values, one_click)
        return Parcel(row.id, row.ref, address, self._mold(row).copy(copy, self.at))

    def _mold(self, row: Row[Any]) -> Mold:
        if row.message_id not in self.molds:
            one = self.messages[row.message_id]
            thread = f"{_THREAD}{row.subject_id}" if row.kind in OF_PAPERS else ""
            frame = Frame(one.key, one.subject, one.language, thread)
            self.molds[row.message_id] = Mold.of(self.settings.mail_from, frame, one.text, one.html)
        return self.molds[row.message_id]

    def _text(self, message_id: int) -> Skeleton:
        if message_id not in self.texts:
            self.texts[message_id] = Skeleton.of(self.messages[message_id].text)
        return self.texts[message_id]
