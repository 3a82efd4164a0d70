"""Attempts: each call of a provider is written down with its outcome, many in one statement."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, case, func, insert, literal, select

from config import clock
from config.database import among, db
from notifications.models import Attempt, Delivery
from notifications.states import State

_COLUMNS = "delivery_id number queue provider begun_at ended_at outcome detail".split()
_QUEUE = case((Delivery.urgent, Delivery.channel.concat(".urgent")), else_=Delivery.channel)
_BEGUN = func.coalesce(Delivery.calling_at, Delivery.claimed_at, Delivery.created_at)


def keep(outcomes: Mapping[int, tuple[str, str]], claim: str, provider: str) -> None:
    """Write down what a provider made of some deliveries: by id, the outcome and its words.

    As far as they still stand under ``claim``: nobody else has counted the attempt then, and their
    rows stay locked for the update that follows. Call inside ``writing()``.
    """
    if not outcomes:
        return
    standing = db.session.execute(
        select(Delivery.id, Delivery.attempts, _QUEUE, _BEGUN)
        .where(
            among(Delivery.id, outcomes),
            Delivery.claim == claim,
            Delivery.state.in_((State.CLAIMED, State.CALLING)),
        )
        .order_by(Delivery.id)
        .with_for_update()
    )
    now = clock.now()
    rows = [
        dict(
            zip(
                _COLUMNS,
                (delivery_id, tried + 1, queue, provider, begun, now, *outcomes[delivery_id]),
                strict=True,
            )
        )
        for delivery_id, tried, queue, begun in standing
    ]
    if rows:
        db.session.execute(insert(Attempt), rows)


def keep_unanswered(which: Sequence[ColumnElement[bool]], outcome: str, detail: str = "") -> None:
    """Write down an attempt for each delivery that is being called for and matches ``which``.

    For what others tell of the call: a report that came first, or that no answer came at all. Call
    inside ``writing()``, before the state changes.
    """
    now = clock.now()
    told = (
        select(
            Delivery.id,
            Delivery.attempts + 1,
            _QUEUE,
            literal(""),
            _BEGUN,
            literal(now, Attempt.ended_at.type),
            literal(outcome),
            literal(detail),
        )
        .where(Delivery.state == State.CALLING, *which)
        .with_for_update()
    )
    db.session.execute(insert(Attempt).from_select(_COLUMNS, told))
