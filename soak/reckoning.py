"""The account of a storm: each recipient's one digest, arrived, failed for good, or in doubt."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from agencies.states import Channel
from config.database import db
from notifications.models import Delivery, Digest
from notifications.states import State, WorkState
from parts.mailbox import Mail
from parts.phone import Sms
from soak.faults import Fault
from soak.mails import Post

_SHOWN = 20
_DONE = (State.SENT, State.DELIVERED)


@dataclass(frozen=True)
class Reckoning:
    """``doubled`` of ``unknown`` arrived twice; ``faults`` say in words what must not be."""

    digests: int
    arrived: int
    failed: int
    unknown: int
    lost: int
    doubled: int
    faults: Sequence[str]
    struck: Sequence[Fault]


def reckoned(
    recipients: Sequence[int],
    every: int,
    mails: Sequence[Mail],
    texts: Sequence[Sms],
    struck: Sequence[Fault],
) -> Reckoning:
    """Count what became of the digests of these recipients, each ``every``-th also by SMS."""
    db.session.rollback()
    rows = db.session.execute(
        select(
            *(Delivery.id, Delivery.channel, Delivery.ref, Delivery.address, Delivery.state),
            *(Delivery.outcome, Delivery.detail, Delivery.possibly_doubled),
        )
    ).all()
    times = _arrivals(rows, mails, texts)
    lost = [one for one in rows if one.state in _DONE and not times[one.id]]
    doubled = [one for one in rows if times[one.id] > 1]
    in_doubt = [one for one in rows if one.possibly_doubled or one.state == State.UNKNOWN]
    faults = [
        *_digests(recipients, every),
        *(f"delivery {one.id} is {one.state} and has not arrived" for one in lost),
        *_deliveries(rows, times),
    ]
    return Reckoning(
        digests=len(rows),
        arrived=sum(1 for one in rows if times[one.id]),
        failed=sum(one.state == State.FAILED for one in rows),
        unknown=len(in_doubt),
        lost=len(lost),
        doubled=len(doubled),
        faults=faults[:_SHOWN],
        struck=struck,
    )


def _arrivals(
    rows: Sequence[Any], mails: Sequence[Mail], texts: Sequence[Sms]
) -> Mapping[int, int]:
    """How often each delivery arrived; SMS carry no id, but each number gets one."""
    post, phones = Post.of(mails).arrived, Counter(one.receiver for one in texts)
    return {
        one.id: post[one.ref, one.address]
        if one.channel == Channel.MAIL
        else phones[one.address] or phones[one.address.removeprefix("+86")]
        for one in rows
    }


def _digests(recipients: Sequence[int], every: int) -> Iterator[str]:
    """Exactly one for each, composed, with exactly one delivery."""
    made: dict[tuple[int, str], list[Any]] = defaultdict(list)
    query = select(Digest.recipient_id, Digest.channel, Digest.state, Delivery.id).outerjoin(
        Delivery, Delivery.digest_id == Digest.id
    )
    for row in db.session.execute(query):
        made[row.recipient_id, row.channel].append(row)
    wanted = {(one, Channel.MAIL.value) for one in recipients}
    wanted |= {(one, Channel.SMS.value) for one in recipients[::every]}
    if set(made) != wanted:
        yield f"digests of {len(made)} recipients and channels instead of {len(wanted)}"
    for (recipient_id, channel), rows in made.items():
        if len(rows) != 1 or rows[0].state != WorkState.COMPOSED or rows[0].id is None:
            yield f"recipient {recipient_id} has by {channel}: {[tuple(row) for row in rows]}"


def _deliveries(rows: Sequence[Any], times: Mapping[int, int]) -> Iterator[str]:
    """Arrived, or failed for good with a reason, or in doubt; twice only where that is marked."""
    for one in rows:
        if one.state not in (*_DONE, State.FAILED, State.UNKNOWN):
            yield f"delivery {one.id} is still {one.state}"
        if one.state == State.FAILED and not one.outcome:
            yield f"delivery {one.id} failed without a reason"
        if times[one.id] > 1 and not (one.possibly_doubled or one.state == State.UNKNOWN):
            yield f"delivery {one.id} arrived {times[one.id]} times and is not marked"
