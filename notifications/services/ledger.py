"""The operator's decisions on deliveries: send again, let go, give up; and holding all of them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select, update

from agencies.actors import Actor
from agencies.permissions import require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid
from config.journal import Acting
from notifications.models import Delivery
from notifications.states import Action, State, sources, target
from notifications.which import Which

_BATCH = 500
_PAST = {
    Action.RETRY: ("retried", "delivery.retried"),
    Action.CLOSE: ("closed", "delivery.closed"),
    Action.RELEASE: ("released", "delivery.released"),
}


def decide(actor: Actor | None, delivery_id: int, action: Action) -> None:
    """Retry, close or release one delivery; ``actor`` None is the operator's command line.

    Raises NotFound, and Conflict where its state leaves nothing to decide so.
    """
    if not _decided(actor, action, Delivery.id == delivery_id):
        found(select(Delivery.id).where(Delivery.id == delivery_id))
        raise Conflict(_("这条投递的状态已经改变，请刷新后再看。"))


def decide_all(actor: Actor | None, state: State, action: Action) -> int:
    """Retry, close or release everything that stands in ``state``; returns how many."""
    return len(_decided(actor, action, Delivery.state == state))


def decide_which(actor: Actor | None, which: Which, action: Action, state: State) -> int:
    """Retry, close or release some of what stands in ``state``; returns how many.

    Raises Invalid where nothing is named: all of them are ``decide_all``.
    """
    if actor is not None:
        require(actor, "delivery.decide")
    if which == Which():
        raise Invalid(_("请指明要处理哪些：发送方式、结果、某一时刻的摘要、某件公文或某项任务。"))
    matching = and_(Delivery.state == state, *which.conditions())
    return len(_decided(actor, action, matching))


def hold(which: Which, by: Acting | None, *narrower: ColumnElement[bool]) -> int:
    """Hold what waits of some deliveries; returns how many. Call inside ``writing()``."""
    count = 0
    waiting = and_(Delivery.state == State.QUEUED, *which.conditions(), *narrower)
    while some := _some(waiting):
        change = {"state": target(Action.HOLD), **_afresh(), "outcome": "stopped", "detail": ""}
        _apply(Delivery.id.in_(some), change)
        _keep("delivery.stopped", some, by)
        count += len(some)
    return count


def _decided(actor: Actor | None, action: Action, which: ColumnElement[bool]) -> Sequence[int]:
    if actor is not None:
        require(actor, "delivery.decide")
    outcome, kind = _PAST[action]
    change: dict[str, Any] = {"outcome": outcome, "detail": ""}
    if action == Action.CLOSE:
        change["ended_at"] = clock.now()
    else:
        change |= _afresh()
    ids: list[int] = []
    with writing():
        if action == Action.RETRY:
            # What may have arrived already is counted when it is sent once more.
            _apply(which & (Delivery.state == State.UNKNOWN), {"possibly_doubled": True})
        while some := _some(which & Delivery.state.in_(sources(action))):
            _apply(Delivery.id.in_(some), {"state": target(action), **change})
            _keep(kind, some, actor)
            ids += some
    return ids


def _some(which: ColumnElement[bool]) -> list[int]:
    query = select(Delivery.id).where(which).order_by(Delivery.id).limit(_BATCH)
    return list(db.session.scalars(query.with_for_update()))


def _apply(which: ColumnElement[bool], change: dict[str, Any]) -> None:
    db.session.execute(
        update(Delivery).where(which).values(change).execution_options(synchronize_session=False)
    )


def _afresh() -> dict[str, Any]:
    return {
        "attempts_before": Delivery.attempts,
        "next_try_at": clock.now(),
        "handed_out_at": None,
        "claim": None,
        "claimed_at": None,
        "ended_at": None,
    }


def _keep(kind: str, ids: Sequence[int], by: Acting | None) -> None:
    journal.record(kind, subject=("delivery", ids[0]), by=by, deliveries=ids)


def hold_all() -> int:
    """Hold everything that has not gone out for certain; returns how many.

    After a restore the database says of deliveries what was true when it was backed up.
    """
    held = 0
    with writing():
        while some := _some(Delivery.state.in_(sources(Action.HOLD))):
            _apply(
                Delivery.id.in_(some),
                {"state": target(Action.HOLD), **_afresh(), "outcome": "restored", "detail": ""},
            )
            _keep("delivery.held", some, None)
            held += len(some)
    return held


def after_restore() -> str | None:
    """Hold all deliveries, so that nobody gets twice what went out after the backup was made.

    Digests and notices that were due before the restore are composed and held as well: see
    ``queries.restored_at``. Returns what the operator is told.
    """
    held = hold_all()
    return (
        f"{held} deliveries are held, and so are digests that were due before this restore: "
        "`flask --app app deliveries list --state held` shows them, "
        "`deliveries release` sends and `deliveries close` drops them"
    )
