"""Digests and mails: to each recipient one for each hour, and twice only where it is marked."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import select

from config.database import db
from notifications.models import Delivery, Digest, Subscription
from notifications.states import State, WorkState
from parts.mailbox import Mail
from soak.story import Story

_REF = re.compile(rb"^Message-ID: <([^@>\r\n]+)@", re.MULTILINE)


@dataclass(frozen=True)
class Post:
    """What the mail server took, counted by the id of the message and its recipient."""

    arrived: Counter[tuple[str, str]]
    mails: Sequence[Mail]

    @classmethod
    def of(cls, mails: Sequence[Mail]) -> Self:
        """Count ``mails``."""
        return cls(Counter(_key(mail) for mail in mails), mails)

    @property
    def doubled(self) -> list[tuple[str, str]]:
        """What came more than once."""
        return [key for key, times in self.arrived.items() if times > 1]


def _key(mail: Mail) -> tuple[str, str]:
    found = _REF.search(mail.content)
    return (found[1].decode() if found else "", ",".join(mail.recipients))


def _deliveries() -> Sequence[Any]:
    return db.session.execute(
        select(
            Delivery.id,
            Delivery.ref,
            Delivery.address,
            Delivery.state,
            Delivery.outcome,
            Delivery.detail,
            Delivery.possibly_doubled,
        )
    ).all()


def digests(story: Story) -> Iterator[str]:
    """Everybody has exactly one digest for each hour, and each digest one delivery."""
    made: dict[Any, Counter[int]] = defaultdict(Counter)
    query = select(Digest.scheduled_at, Digest.recipient_id, Digest.state, Delivery.id).outerjoin(
        Delivery, Delivery.digest_id == Digest.id
    )
    for hour, recipient_id, state, delivery_id in db.session.execute(query):
        made[hour][recipient_id] += 1
        if state != WorkState.COMPOSED or delivery_id is None:
            yield f"the digest of recipient {recipient_id} is {state}, its delivery {delivery_id}"
    if set(made) != set(story.hours):
        yield f"digests of {len(made)} hours instead of {len(story.hours)}"
    for hour, counter in made.items():
        for recipient_id in story.province.recipients:
            if counter[recipient_id] != 1:
                yield f"{hour}: recipient {recipient_id} has {counter[recipient_id]} digests"


def spans(story: Story) -> Iterator[str]:
    """Each recipient's spans follow one another without gap or overlap, up to the cursor."""
    upto: dict[int, int] = dict.fromkeys(story.province.recipients, 0)
    query = select(Digest.recipient_id, Digest.after, Digest.upto)
    for recipient_id, after, end in db.session.execute(query.order_by(Digest.scheduled_at)):
        if after != upto[recipient_id]:
            yield f"recipient {recipient_id}: a span begins at {after}, not {upto[recipient_id]}"
        upto[recipient_id] = end
    cursors = db.session.execute(select(Subscription.recipient_id, Subscription.cursor))
    for recipient_id, cursor in cursors:
        last = upto[recipient_id]
        if cursor != last:
            yield f"recipient {recipient_id}: the cursor stands at {cursor}, not {last}"


def lost(post: Post) -> Iterator[str]:
    """Deliveries that did not arrive, and of which the ledger does not say so."""
    for one in _deliveries():
        if one.state != State.FAILED and not post.arrived[one.ref, one.address]:
            yield f"delivery {one.id} is {one.state} and has not arrived"


def ledger(post: Post, refused: Collection[str]) -> Iterator[str]:
    """What arrived stands in the ledger as sent; what arrived twice is marked there."""
    known = set()
    for one in _deliveries():
        key = one.ref, one.address
        known.add(key)
        times = post.arrived[key]
        if times > 1 and not one.possibly_doubled:
            yield f"delivery {one.id} arrived {times} times and is not marked"
        if one.state != (State.FAILED if one.address in refused else State.SENT):
            yield f"delivery {one.id} to {one.address} is {one.state}"
        if one.state == State.FAILED and (times or not one.outcome or not one.detail):
            yield f"delivery {one.id} failed: {one.outcome!r}, {one.detail!r}, arrived {times}"
    for key in post.arrived.keys() - known:
        yield f"a mail arrived that the ledger does not know: {key}"


def words(post: Post, titles: Collection[str]) -> Iterator[str]:
    """Every paper was told to everybody who got mail."""
    told: dict[str, set[str]] = defaultdict(set)
    for (_ref, address), mail in {_key(mail): mail for mail in post.mails}.items():
        text = mail.text
        told[address].update(title for title in titles if title in text)
    for address, found in told.items():
        if len(found) != len(titles):
            yield f"{address} was told of {len(found)} papers of {len(titles)}"
