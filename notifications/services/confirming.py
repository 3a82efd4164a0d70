"""Double opt-in: somebody from outside gets nothing but a question until they have confirmed it."""

import hmac

from sqlalchemy import select

from agencies.models import Agency
from agencies.states import Channel
from config import clock, journal
from config.database import db, found, writing
from notifications.links import CONFIRM_WITHIN, confirm_word, confirming
from notifications.models import Recipient
from notifications.queries import subscription_of
from notifications.services.subscriptions import BadLink
from notifications.states import Rhythm, Standing
from notifications.texting.queries import stopped


def asked_of(word: str) -> tuple[Recipient, Channel, str]:
    """Whom the link of a question is about, the channel, and the agency's name; raises BadLink.

    It is good for a fortnight, for the address that it was sent to, and until they left.
    """
    parts = confirming(word)
    if parts is None:
        raise BadLink
    recipient_id, channel, asked_at = parts
    row = db.session.execute(
        select(Recipient, Agency.name)
        .join(Agency, Agency.id == Recipient.agency_id)
        .where(Recipient.id == recipient_id, Recipient.ended_at.is_(None))
    ).one_or_none()
    if row is None or asked_at + CONFIRM_WITHIN < clock.now():
        raise BadLink
    address = row[0].mail if channel == Channel.MAIL else row[0].phone
    # The number may have been given to somebody else after a restore, the address at any time.
    ours = confirm_word(recipient_id, row[0].created_at, channel, address or "", asked_at)
    if address is None or not hmac.compare_digest(ours, word):
        raise BadLink
    return row[0], channel, row[1]


def standing(recipient: Recipient, channel: Channel) -> Standing:
    """What somebody who was asked has said until now."""
    by_mail = channel == Channel.MAIL
    if not by_mail and stopped(recipient.phone):
        return Standing.STOPPED
    if (recipient.mail_confirmed_at if by_mail else recipient.phone_confirmed_at) is None:
        return Standing.ASKED
    wish = subscription_of(recipient.id, channel)
    is_on = wish is not None and (wish.rhythm != Rhythm.OFF or wish.urgent_at_once)
    return Standing.AGREED if is_on else Standing.LEFT


def confirm(word: str) -> tuple[Recipient, Channel, str]:
    """Let the messages come from now on; raises BadLink.

    Once more, or from a number that wants no text messages, nothing happens.
    """
    recipient_id = asked_of(word)[0].id
    with writing():
        found(select(Recipient.id).where(Recipient.id == recipient_id), lock=True)
        recipient, channel, agency = asked_of(word)
        if standing(recipient, channel) != Standing.ASKED:
            return recipient, channel, agency
        if channel == Channel.MAIL:
            recipient.mail_confirmed_at = clock.now()
        else:
            recipient.phone_confirmed_at = clock.now()
        if wish := subscription_of(recipient.id, channel):
            wish.cursor = journal.head()  # what came before they agreed is not theirs
        journal.record(
            "recipient.confirmed",
            subject=("recipient", recipient.id),
            agency_id=recipient.agency_id,
            channel=channel,
        )
    return recipient, channel, agency
