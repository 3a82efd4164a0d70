"""The call list: whom the issuer of a 特急 paper has to ring up, since nobody there opened it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select

from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.states import Channel, SeatKind
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.inbox import of_version, standing, waiting
from bulletins.states import Waiting
from config.database import db
from config.pages import Page, keyset
from notifications.models import Escalation
from notifications.states import Rung

_AT_THE_PHONE = (SeatKind.DUTY, SeatKind.LIAISON, SeatKind.CLERK)


def to_call(issuer_id: int | None) -> Select[int]:
    """The receipts about which an agency has to ring somebody up."""
    return (
        select(Escalation.receipt_id)
        .join(Receipt, Receipt.id == Escalation.receipt_id)
        .where(
            Escalation.issuer_id == issuer_id,
            Escalation.rung == Rung.CALL,
            Escalation.next_at.is_(None),
            Escalation.called_at.is_(None),
            waiting(Waiting.UNOPENED),
        )
    )


def listed(issuer_id: int | None, size: int = 50) -> Page[Any]:
    """The agencies to ring up, with the paper and the agency's own number; the longest first."""
    query = (
        select(
            Escalation.receipt_id,
            Receipt.sent_at,
            Receipt.bulletin_id,
            Receipt.agency_id,
            BulletinVersion.title,
            *standing(),
            Agency.name.label("agency"),
            Agency.contact_name,
            Agency.contact_phone,
        )
        .join(Receipt, Receipt.id == Escalation.receipt_id)
        .join(BulletinVersion, of_version())
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .join(Agency, Agency.id == Receipt.agency_id)
        .where(Escalation.receipt_id.in_(to_call(issuer_id)))
    )
    key = (Escalation.receipt_id,)
    return keyset(query, key, lambda row: (row.receipt_id,), size=size, descending=False)


def people_of(agency_ids: Collection[int]) -> Sequence[Any]:
    """Who can be rung up in these agencies, with their proved numbers: the duty seat first."""
    rows = db.session.execute(
        select(Seat.agency_id, Seat.kind, Person.name, Contact.address)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .join(Person, Person.id == Tenure.person_id)
        .join(Contact, Contact.person_id == Person.id)
        .where(
            Seat.agency_id.in_(agency_ids),
            Seat.kind.in_(_AT_THE_PHONE),
            Seat.ended_at.is_(None),
            Tenure.ended_at.is_(None),
            Person.active,
            Contact.channel == Channel.SMS,
            Contact.verified_at.is_not(None),
        )
        .order_by(Seat.agency_id, Seat.id, Tenure.is_deputy)
    ).all()
    return sorted(rows, key=lambda row: (row.agency_id, _AT_THE_PHONE.index(row.kind)))
