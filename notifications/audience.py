"""Who is meant: the agencies in which people act, and the recipients that can be reached."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Absence, Contact, Person, Seat, Tenure
from agencies.states import Channel, SeatKind
from notifications.models import Recipient


def acts(day: date) -> ColumnElement[bool]:
    """Whether a tenure is acted in on ``day``: its holder always, a deputy for one who is away."""
    holder = aliased(Tenure)
    held = and_(
        holder.seat_id == Tenure.seat_id, holder.ended_at.is_(None), holder.is_deputy.is_(False)
    )
    away = exists().where(
        held,
        Absence.person_id == holder.person_id,
        Absence.from_day <= day,
        Absence.until_day >= day,
    )
    return or_(Tenure.is_deputy.is_(False), away, ~exists().where(held))


def acting(day: date) -> Select[int, int, SeatKind]:
    """Rows of agency_id, person_id and seat kind of everybody who acts anywhere on ``day``."""
    return (
        select(Seat.agency_id, Tenure.person_id, Seat.kind)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .where(Seat.ended_at.is_(None), Tenure.ended_at.is_(None), acts(day))
    )


def unconfirmed(channel: Any) -> ColumnElement[str | None]:
    """The address on ``channel`` that somebody outside is still to confirm; None for others."""
    return case(
        (Recipient.ended_at.is_not(None), None),
        (and_(channel == Channel.MAIL, Recipient.mail_confirmed_at.is_(None)), Recipient.mail),
        (and_(channel == Channel.SMS, Recipient.phone_confirmed_at.is_(None)), Recipient.phone),
    )


def address(channel: Any) -> ColumnElement[str | None]:
    """A recipient's address on ``channel`` (a value or column), None where they have none.

    A person's counts once verified and while they are active, one outside once it was confirmed;
    one that bounced doesn't.
    Select it beside ``Recipient``.
    """
    verified = (
        select(Contact.address)
        .join(Person, Person.id == Contact.person_id)
        .where(
            Contact.person_id == Recipient.person_id,
            Contact.channel == channel,
            Contact.verified_at.is_not(None),
            Person.active,
        )
        .correlate_except(Contact, Person)
        .scalar_subquery()
    )
    good_mail = and_(Recipient.mail_confirmed_at.is_not(None), Recipient.bounced_at.is_(None))
    outside = case(
        (and_(channel == Channel.MAIL, good_mail), Recipient.mail),
        (and_(channel == Channel.SMS, Recipient.phone_confirmed_at.is_not(None)), Recipient.phone),
    )
    return case(
        (Recipient.ended_at.is_not(None), None),
        (Recipient.person_id.is_not(None), verified),
        else_=outside,
    )
