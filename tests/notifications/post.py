"""Deliveries without the digests that cause them: one message for a few people."""

from collections.abc import Sequence
from itertools import count

from agencies.states import Channel
from config.database import writing
from notifications.models import Delivery
from notifications.posting import Letter, Sheet, post
from notifications.services.enrolment import ensure_recipients
from notifications.states import Kind
from notifications.words import Words
from tests.notifications.hours import deliveries, recipient_of

_occasions = count()


def posted(
    people: Sequence[int], channel: Channel = Channel.MAIL, *, urgent: bool = False
) -> list[Delivery]:
    """A delivery of the same words for each of these people, to addresses named by their ids."""
    with writing():
        ensure_recipients(people)
    ids = [recipient_of(person_id).id for person_id in people]
    sheet = Sheet(
        Kind.DIGEST, channel, "zh", f"{next(_occasions)}", Words("摘要", "正文\n", "<p>正文</p>")
    )
    letters = [
        Letter(sheet, one, f"to-{person_id}@changtong.example", urgent=urgent)
        for one, person_id in zip(ids, people, strict=True)
    ]
    before = {one.id for one in deliveries()}
    with writing():
        post(letters)
    return [one for one in deliveries() if one.id not in before]
