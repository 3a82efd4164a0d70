"""Recipients from outside: an address and an agency whose digests go there, and no account."""

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from agencies.states import Channel
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid
from notifications.inputs import OutsideInput, WishInput
from notifications.models import Recipient, Subscription
from notifications.services.subscriptions import set_wish, switch_off


def add(actor: Actor, data: OutsideInput) -> Recipient:
    """Ask somebody from outside whether they want an agency's digests.

    Until they confirm, each address of theirs gets this one question and nothing else.

    Raises Invalid at the field that is wrong, also where the agency's digests go there already.
    """
    require(actor, "recipient.edit")
    mail, phone = data.mail or None, data.phone or None
    with writing():
        agency = named(data.agency, lock=True)
        _refuse_again(agency.id, mail, phone)
        recipient = Recipient(
            agency_id=agency.id,
            name=data.name,
            mail=mail,
            phone=phone,
            language=data.language,
            created_by=actor.person_id,
        )
        enter(recipient, agency, data, actor)
        return recipient


def enter(recipient: Recipient, agency: Agency, wish: WishInput, by: Actor | None) -> None:
    """Write down somebody who is then asked to confirm; ``by`` None: they came by themselves.

    Call inside ``writing()``.
    """
    recipient.created_at = clock.now()
    db.session.add(recipient)
    db.session.flush()
    kind = "recipient.added" if by else "recipient.joined"
    journal.record(kind, subject=("recipient", recipient.id), agency_id=agency.id, by=by)
    zone = agency.timezone or current_app.extensions["settings"].timezone
    for channel, address in ((Channel.MAIL, recipient.mail), (Channel.SMS, recipient.phone)):
        if address:
            set_wish(recipient, channel, wish, zone, by)


def named(code_or_name: str, *, lock: bool = False) -> Agency:
    """The agency of that code or name; raises Invalid."""
    matching = or_(Agency.code == code_or_name, Agency.name == code_or_name)
    query = select(Agency).where(matching, Agency.ended_on.is_(None)).limit(2)
    # Locked: of two who add the same address at once the second sees the first one's.
    some = db.session.scalars(query.with_for_update() if lock else query).all()
    if not some:
        raise Invalid(errors={"agency": _("没有这个机构，请填写完整名称或代码。")})
    if len(some) > 1:
        raise Invalid(errors={"agency": _("有同名机构，请填写代码。")})
    return some[0]


def _refuse_again(agency_id: int, mail: str | None, phone: str | None) -> None:
    for field, column, address in (
        ("mail", func.lower(Recipient.mail), mail and mail.lower()),
        ("phone", Recipient.phone, phone),
    ):
        known = select(Recipient.name).where(
            Recipient.agency_id == agency_id, Recipient.ended_at.is_(None), column == address
        )
        if address and (name := db.session.scalar(known.limit(1))) is not None:
            message = _("“%(name)s”已用这个地址接收该机构的摘要，不必再添加。", name=name)
            raise Invalid(errors={field: message})


def end(actor: Actor, recipient_id: int) -> None:
    """Send nothing more to somebody from outside. Raises NotFound."""
    require(actor, "recipient.edit")
    with writing():
        recipient = found(
            select(Recipient).where(
                Recipient.id == recipient_id,
                Recipient.person_id.is_(None),
                Recipient.ended_at.is_(None),
            ),
            lock=True,
        )
        recipient.ended_at = clock.now()
        for subscription in db.session.scalars(
            select(Subscription).where(Subscription.recipient_id == recipient_id)
        ):
            switch_off(subscription)
        journal.record(
            "recipient.ended",
            subject=("recipient", recipient_id),
            agency_id=recipient.agency_id,
            by=actor,
        )
