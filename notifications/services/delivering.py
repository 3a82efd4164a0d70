"""Delivering: what one task of the pool does with the deliveries it was handed."""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, or_, update

from agencies.states import Channel
from config import clock
from config.database import among, db, end_reading, writing
from config.text import harmless
from notifications.channels.base import Parcel, Result
from notifications.leases import lease, take_back
from notifications.models import Delivery
from notifications.packing import packed
from notifications.services import attempts as tries
from notifications.services.judging import judge_way
from notifications.services.pauses import rests
from notifications.services.returns import note_refused
from notifications.services.routing import Share, planned
from notifications.states import Action, sources, target

PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720, 720, 720)
)
"""How long a delivery waits after each temporary failure: two days in all, then it has failed."""

DETAIL_LENGTH = 200

_UNTRIED = (Action.SPARE, Action.DROP, Action.REST)

log = structlog.get_logger(__name__)


def deliver(channel: Channel, ids: Sequence[int]) -> None:
    """Send these deliveries as far as they are still queued; several may try, one does.

    ``calling`` is committed for a few at a time before the provider is called, outside of any
    transaction; what became of them is committed together with the next few.
    """
    if rests(channel):
        with writing():
            take_back(ids)  # others found out meanwhile; nobody has to wait for it once more
        return
    run = _Run(channel, claim=secrets.token_hex(8))
    claimed = run.take(ids)
    if not claimed:
        return
    ready = packed(claimed)
    plan = planned(channel, ready.parcels, run.claim)
    end_reading()
    run.attempts = ready.attempts
    run.results = ready.refused + plan.refused
    for share in plan.shares:
        run.send(share)
    run.end()


@dataclass
class _Run:
    channel: Channel
    claim: str
    attempts: dict[int, int] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    share: Share | None = None
    until: float = field(default_factory=lambda: time.monotonic() + lease().total_seconds() / 3)

    @property
    def way(self) -> str:
        """The way out that is taken, as the ledger shows it; empty while none is."""
        if self.share is None:
            return ""
        route = self.share.route
        by_sms = self.channel == Channel.SMS
        return route.name if by_sms else type(route.provider).__name__.lower()

    def take(self, ids: Sequence[int]) -> list[int]:
        """Claim what is still queued, in one statement."""
        now = clock.now()
        with writing():
            claimed = db.session.execute(
                update(Delivery)
                .where(
                    among(Delivery.id, ids),
                    Delivery.channel == self.channel,
                    Delivery.state.in_(sources(Action.CLAIM)),
                    Delivery.next_try_at <= now,
                )
                .values(state=target(Action.CLAIM), claim=self.claim, claimed_at=now)
                .returning(Delivery.id)
            )
            return sorted(claimed.scalars())

    def send(self, share: Share) -> None:
        """Hand over chunk by chunk; the rest is queued again when the provider is down or slow.

        So all that was claimed has been called for, or is free again, before the lease is over.
        """
        self.end()
        self.share, parcels = share, share.parcels
        size, patience = share.route.provider.chunk, lease().total_seconds() / 3
        for start in range(0, len(parcels), size):
            called = self._turn(parcels[start : start + size])
            if not called:
                continue
            sent = share.route.provider.send(called, patience)
            self._take_in(sent.results, called)
            if sent.down:
                log.warning("channel_down", channel=self.channel, reason=sent.down)
                self._spare(parcels[start + size :])
                self._turn([], down=sent.down)
                return
            if time.monotonic() > self.until:
                self._spare(parcels[start + size :])
                break

    def end(self) -> None:
        """Write down what became of the last few."""
        self._turn([])

    def _take_in(self, results: Iterable[Result], called: Sequence[Parcel]) -> None:
        parts = {one.delivery_id: one.parts for one in called}
        self.results += [replace(one, parts=parts[one.delivery_id]) for one in results]
        answered = {result.delivery_id for result in self.results}
        self._spare(one for one in called if one.delivery_id not in answered)

    def _spare(self, parcels: Iterable[Parcel]) -> None:
        self.results += [Result(one.delivery_id, Action.SPARE, "") for one in parcels]

    def _turn(self, next_few: Sequence[Parcel], down: str = "") -> list[Parcel]:
        """Write down what became of the last few, and that the next few are being called for."""
        if not self.results and not next_few:
            return []
        with writing():
            write_results(self.results, self.attempts, self.claim, self.way)
            note_refused(self.results)
            if self.share:
                judge_way(self.channel, self.share, self.results, down)
            ids = self._call([one.delivery_id for one in next_few])
        self.results = []
        return [one for one in next_few if one.delivery_id in ids]

    def _call(self, ids: Sequence[int]) -> set[int]:
        if not ids:
            return set()
        called = db.session.execute(
            update(Delivery)
            .where(
                among(Delivery.id, ids),
                Delivery.state.in_(sources(Action.CALL)),
                Delivery.claim == self.claim,
            )
            .values(
                state=target(Action.CALL),
                calling_at=clock.now(),
                route=self.share.route.name if self.share else "",
            )
            .returning(Delivery.id)
        )
        return set(called.scalars())


def write_results(
    results: Sequence[Result], attempts: Mapping[int, int], claim: str, way: str
) -> None:
    """Write down results, unless something else has decided meanwhile. Call inside ``writing()``.

    A claim that ran out has been freed, a report may have come first: both leave nothing to do.
    ``way`` names the provider for the ledger.
    """
    alike: dict[Action, list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        final = _final(result, attempts.get(result.delivery_id, 0))
        alike[final.action].append(_row(final, attempts.get(result.delivery_id, 0), claim))
    tried = (row for action in alike if action not in _UNTRIED for row in alike[action])
    tries.keep({row["key"]: (row["word"], row["words"]) for row in tried}, claim, way)
    for action, rows in alike.items():
        db.session.connection().execute(_STATEMENTS[action], rows)


def _final(result: Result, attempts: int) -> Result:
    """A temporary failure is for good once the pauses are used up."""
    if result.action == Action.DEFER and attempts >= len(PAUSES):
        return replace(result, action=Action.REFUSE, outcome="gave_up")
    return result


def _row(result: Result, attempts: int, claim: str) -> dict[str, Any]:
    """What the statement of the result's action is given."""
    now = clock.now()
    row: dict[str, Any] = {"key": result.delivery_id, "by": claim}
    if result.action != Action.SPARE:
        row |= {"word": result.outcome, "words": harmless(result.detail)[:DETAIL_LENGTH]}
    if result.action == Action.DEFER:
        row["at"] = now + PAUSES[attempts]
    elif result.action == Action.REST:
        row["at"] = result.until
    elif result.action in _MOMENTS:
        row["at"] = now
    if result.action == Action.ACCEPT:
        row |= {"number": result.serial or None, "parts_paid": result.parts}
    return row


def _statement(action: Action) -> Any:
    """The update that one result makes, by the delivery's id and the claim it was made under."""
    table: Any = Delivery.__table__
    change: dict[str, Any] = {"state": target(action).value}
    if action in _MOMENTS:
        change[_MOMENTS[action]] = bindparam("at")
    if action in (Action.SPARE, Action.DEFER, Action.REST):
        change |= {"claim": None, "claimed_at": None, "handed_out_at": None}
    if action != Action.SPARE:
        change |= {"outcome": bindparam("word"), "detail": bindparam("words")}
    if action not in (Action.SPARE, Action.REST):
        change["attempts"] = table.c.attempts + 1
    if action == Action.ACCEPT:
        change |= {"serial": bindparam("number"), "parts": bindparam("parts_paid")}
    matching = (
        table.c.id == bindparam("key"),
        or_(*(table.c.state == state for state in sources(action))),
        table.c.claim == bindparam("by"),
    )
    return update(table).where(*matching).values(change)


_MOMENTS = {
    Action.ACCEPT: "sent_at",
    Action.DEFER: "next_try_at",
    Action.REST: "next_try_at",
    Action.REFUSE: "ended_at",
    Action.DROP: "ended_at",
}
_STATEMENTS = {action: _statement(action) for action in (*_MOMENTS, Action.LOSE, Action.SPARE)}
