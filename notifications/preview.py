"""What a digest would say now, without anything being sent or any cursor moved."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale

from agencies.states import Channel
from config import clock, journal
from config.sections import Span
from notifications import sms, words
from notifications.bounds import Listed, listed
from notifications.material import Material
from notifications.models import Subscription
from notifications.plans import Covered, Wanted, plans
from notifications.states import Rhythm
from notifications.words import Words


@dataclass(frozen=True)
class Preview:
    """What a digest lists and covers, and its message; no words: nothing would be sent."""

    listed: Listed
    words: Words | None
    covers: str

    @property
    def parts(self) -> int:
        """In how many parts the text message would be sent."""
        return sms.parts(self.words.text) if self.words else 0


def preview(subscription: Subscription) -> Preview:
    """What the subscription's next digest would say if it were due now."""
    wanted = Wanted(
        subscription.recipient_id,
        Channel(subscription.channel),
        Span(subscription.cursor, journal.head()),
        is_news_only=subscription.rhythm == Rhythm.AT_ONCE,
        covered=Covered.of(subscription.covered_at, clock.now(), subscription.zone),
    )
    [plan] = plans([wanted], clock.today(current_app.extensions["settings"].zone))
    material = Material()
    material.gather([plan])
    blocks = material.blocks(plan)
    said = words.of_digest(blocks, plan) if blocks else None
    with force_locale(plan.language):
        covers = words.covered(plan)
    return Preview(listed(blocks), said, covers)
