"""Somebody from outside, as most tests want them: asked, and agreed."""

from agencies.states import Channel
from config import clock
from notifications.inputs import OutsideInput
from notifications.links import confirm_url
from notifications.models import Recipient
from notifications.services import outside
from notifications.services.confirming import confirm
from tests.worlds import World


def question(recipient: Recipient, channel: Channel = Channel.MAIL) -> str:
    """The path at which they confirm that channel."""
    address = (recipient.mail if channel == Channel.MAIL else recipient.phone) or ""
    url = confirm_url(recipient.id, recipient.created_at, channel, address, clock.now())
    return url.partition("8000")[2]


def joined(world: World, asked: object) -> Recipient:
    """Add them, and confirm every address of theirs."""
    recipient = outside.add(world.actor("system"), OutsideInput.model_validate(asked))
    given = {Channel.MAIL: recipient.mail, Channel.SMS: recipient.phone}
    for channel in (one for one, address in given.items() if address):
        confirm(question(recipient, channel).rpartition("/")[2])
    return recipient
