"""Subscriptions: what a recipient wishes on each channel, and ending it by a link in a mail."""

from functools import cache

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from agencies import working_days
from agencies.actors import Actor
from agencies.contacts import verified_addresses
from agencies.permissions import require
from agencies.states import Channel
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid, NotFound
from config.journal import Acting
from notifications.audience import address
from notifications.inputs import WishInput
from notifications.links import address_tag, unsubscribing
from notifications.models import Digest, Recipient, Subscription
from notifications.queries import subscription_of
from notifications.quiet import SMS_NIGHT, are_endless
from notifications.schedule import UNTIMED, Rule, next_due
from notifications.services.enrolment import ensure_recipients
from notifications.states import Rhythm, WorkState
from notifications.texting.models import SmsStop


class BadLink(NotFound):
    """A link from a mail that was altered, or belongs to an address that has changed hands."""

    code = "bad_link"
    message = _l("这个链接不完整，或者已经失效。")
    hint = _l(
        "请打开最近收到的一封邮件，直接点其中的链接，不要手工抄写或改动。"
        "仍打不开时，登录后在“摘要与提醒”中设置，或联系发来邮件的机构。"
    )


def choose(actor: Actor, channel: Channel, wish: WishInput) -> Subscription:
    """Set one's own wish on one channel; switching on begins with what comes from now on.

    Raises Invalid where the channel has no verified address, and for a time in quiet hours.
    """
    require(actor, "digest.choose")
    zone = (actor.agency.timezone if actor.agency else None) or _zone_name()
    with writing():
        wanted = wish.rhythm != Rhythm.OFF or wish.urgent_at_once
        if wanted and not verified_addresses([actor.person_id], channel):
            raise Invalid(errors={"rhythm": _("请先验证邮箱或手机号，再打开提醒。")})
        ensure_recipients([actor.person_id])
        recipient = found(select(Recipient).where(Recipient.person_id == actor.person_id))
        if wanted and channel == Channel.SMS:
            want_again(verified_addresses([actor.person_id], channel)[actor.person_id])
        return set_wish(recipient, channel, wish, zone, actor)


def want_again(phone: str) -> bool:
    """Let text messages go again to a number that had stopped them; whether it had.

    Call inside ``writing()``.
    """
    begun = delete(SmsStop).where(SmsStop.phone == phone).returning(SmsStop.phone)
    return db.session.execute(begun).first() is not None


def set_wish(
    recipient: Recipient, channel: Channel, wish: WishInput, zone: str, by: Acting | None
) -> Subscription:
    """Write a wish down and when its next digest is due. Call inside ``writing()``.

    ``zone`` holds where the wish names none. Raises Invalid for a time in quiet hours.
    """
    now = clock.now()
    subscription = subscription_of(recipient.id, channel)
    if subscription is None:
        subscription = Subscription(
            recipient_id=recipient.id, channel=channel, rhythm=Rhythm.OFF, cursor=0
        )
    if subscription.rhythm == Rhythm.OFF:
        subscription.cursor, subscription.covered_at = journal.head(), None
    overdue = subscription.next_due_at
    _take(subscription, wish, zone)
    rule = Rule.of(subscription)
    _refuse_quiet(rule, channel)
    subscription.next_due_at = next_due(rule, now, cache(working_days.is_working))
    if overdue and overdue <= now and wish.rhythm != Rhythm.OFF:
        subscription.next_due_at = overdue  # nobody has worked since: it is owed all the same
    subscription.changed_at = subscription.planned_at = now
    db.session.add(subscription)  # only now that it is whole: the questions above would flush it
    if wish.rhythm == Rhythm.OFF:
        _drop_waiting(subscription)
    _keep(subscription, "subscription.changed", by)
    return subscription


def _take(subscription: Subscription, wish: WishInput, zone: str) -> None:
    subscription.rhythm = wish.rhythm
    subscription.times = " ".join(wish.times)
    subscription.weekdays, subscription.month_day = wish.mask, wish.month_day
    subscription.zone = wish.zone or zone
    subscription.quiet_from, subscription.quiet_until = wish.quiet_from, wish.quiet_until
    subscription.even_when_away = wish.even_when_away
    subscription.urgent_at_once = wish.urgent_at_once


def _refuse_quiet(rule: Rule, channel: Channel) -> None:
    """Whoever asks for a time at which nothing is sent is told so at once."""
    if are_endless(rule.quiet):
        message = _("这样全天都不能发送，请缩短免打扰时段。")
        raise Invalid(errors={"quiet_from": message})
    for at in rule.times if rule.rhythm not in UNTIMED else ():
        if channel == Channel.SMS and SMS_NIGHT.holds(at):
            raise Invalid(errors={"times": _("短信夜间不发送，请选 08:00 至 20:59 之间的时间。")})
        if any(span.holds(at) for span in rule.quiet):
            message = _("%(time)s 在免打扰时段内，请改选别的时间。", time=f"{at:%H:%M}")
            raise Invalid(errors={"times": message})


def switch_off(subscription: Subscription) -> None:
    """Send nothing more over this channel. Call inside ``writing()``."""
    subscription.rhythm = Rhythm.OFF
    subscription.urgent_at_once = False
    subscription.next_due_at = None
    subscription.changed_at = clock.now()
    _drop_waiting(subscription)


def _drop_waiting(subscription: Subscription) -> None:
    """What fell due and is not composed yet is not wanted any more."""
    db.session.execute(
        update(Digest)
        .where(
            Digest.recipient_id == subscription.recipient_id,
            Digest.channel == subscription.channel,
            Digest.state == WorkState.DUE,
        )
        .values(state=WorkState.EMPTY, processed_at=clock.now())
    )


def unsubscribe(word: str) -> tuple[Recipient, Channel]:
    """End what the address in a mail leads to; once more, nothing more happens.

    Raises BadLink for an altered link, and for one to an address that is not theirs any more.
    """
    recipient, channel = unsubscribing_of(word)
    with writing():
        subscription = subscription_of(recipient.id, channel)
        if subscription is not None and _is_on(subscription):
            switch_off(subscription)
            _keep(subscription, "subscription.ended", None)
        return db.session.get_one(Recipient, recipient.id), channel


def end_mails(recipient_id: int) -> None:
    """End the mails of whoever complained that they were not wanted. Call inside ``writing()``."""
    subscription = subscription_of(recipient_id, Channel.MAIL)
    if subscription is not None and _is_on(subscription):
        switch_off(subscription)
        _keep(subscription, "subscription.ended", None)


def unsubscribing_of(word: str) -> tuple[Recipient, Channel]:
    """Whose messages the link in a mail is about, and the channel; raises BadLink."""
    parts = unsubscribing(word)
    if parts is None:
        raise BadLink
    recipient_id, stamp, channel, tag = parts
    row = db.session.execute(
        select(Recipient, address(channel)).where(Recipient.id == recipient_id)
    ).one_or_none()
    # The number may have been given to somebody else after a restore, the address at any time.
    if row is None or int(row[0].created_at.timestamp()) != stamp:
        raise BadLink
    if row[1] is None or address_tag(row[1]) != tag:
        raise BadLink
    return row[0], channel


def choose_by_link(word: str, wish: WishInput) -> tuple[Recipient, Channel]:
    """Set the wish that the link in a mail is about. Raises BadLink, Invalid."""
    recipient, channel = unsubscribing_of(word)
    with writing():
        recipient = db.session.get_one(Recipient, recipient.id)
        set_wish(recipient, channel, wish, _zone_name(), None)
    return recipient, channel


def _is_on(subscription: Subscription) -> bool:
    return subscription.rhythm != Rhythm.OFF or subscription.urgent_at_once


def _keep(subscription: Subscription, kind: str, by: Acting | None) -> None:
    db.session.flush()
    journal.record(
        kind,
        subject=("subscription", subscription.id),
        by=by,
        channel=subscription.channel,
        rhythm=subscription.rhythm,
        urgent=subscription.urgent_at_once,
    )


def _zone_name() -> str:
    name: str = current_app.extensions["settings"].timezone
    return name
