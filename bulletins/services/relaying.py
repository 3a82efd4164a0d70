"""A paper goes down: an approver signs a relay, or the paper's rule serves those left waiting."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import Insert, Update, bindparam, select, update

from agencies import working_days
from agencies.actors import Actor
from agencies.permissions import require
from bulletins import relay as chain
from bulletins.audience import Rule
from bulletins.models import Bulletin, BulletinVersion, Receipt, Relay
from bulletins.queries import relays as queries
from bulletins.queries.relay_rules import stored_rules
from bulletins.services import counts
from bulletins.services.addressing import stored_rules as rules_of_paper
from bulletins.services.checks import today
from bulletins.services.relay_steps import (
    StaleRelay,
    hold_relay,
    nobody_new,
    own_copy,
)
from bulletins.states import Action, State
from config import clock, journal
from config.database import db, found, writing

log = structlog.get_logger(__name__)

BATCH = 200
"""Receipts looked at in one go when the papers' rules are applied."""

# Built once: a nation's cities sign hundreds of relays of one paper.
_RELAYED = (
    update(Receipt)
    .where(Receipt.id == bindparam("of_receipt"), Receipt.relayed_at.is_(None))
    .values(relayed_at=bindparam("at"), relayed_by=bindparam("by"))
)
_SIGNED = (
    update(Relay)
    .where(Relay.id == bindparam("of_relay"))
    .values(
        state=bindparam("to_state"),
        signed_at=bindparam("at"),
        signed_by=bindparam("by"),
        receipt_count=bindparam("count"),
        entry_id=bindparam("entry"),
        acknowledge_by=bindparam("until"),
    )
)


def sign_relay(actor: Actor, relay_id: int, revision: int | None = None) -> Relay:
    """Hand a paper down: receipts under the agency's own, the fact relayed, the journal entry.

    Nobody gets the paper twice: who has it is left out. ``revision`` is the one the approver has
    read; StaleRelay where the relay was changed since. Raises Invalid where it reaches nobody,
    NotFound, Forbidden, Conflict (also where the paper was corrected or ended meanwhile).
    """
    with writing(), db.session.no_autoflush:
        relay, state = hold_relay(actor, relay_id, Action.SIGN)
        if revision is not None and relay.revision != revision:
            raise StaleRelay
        receipt, version = own_copy(relay)
        now, day, rules = clock.now(), today(), stored_rules(relay_id)
        step = {"at": now, "by": actor.person_id}
        _run(_RELAYED, {"of_receipt": receipt.id, **step})
        adopted = 0
        if receipt.passed_over_at is not None:
            adopted = _run(chain.adopting(relay, receipt, rules, day))
        sent = _run(*chain.handing_down(relay, receipt, rules, day, now))
        if not sent + adopted:
            raise nobody_new()
        entry_id = _record(relay, version, actor)
        _sent(version, relay, receipt, sent, day)
        until = _due(relay, receipt, version)
        signed = {"to_state": state, "count": sent, "entry": entry_id, "until": until}
        _run(_SIGNED, {"of_relay": relay_id, **step, **signed})
    return relay


def act(actor: Actor, receipt_id: int) -> Receipt:
    """Note that the agency has dealt with a paper (办理); the first note stands.

    Raises NotFound, Forbidden.
    """
    with writing():
        receipt = found(select(Receipt).where(Receipt.id == receipt_id), lock=True)
        require(actor, "bulletin.act", receipt)
        if receipt.acted_at is None:
            receipt.acted_at, receipt.acted_by = clock.now(), actor.person_id
            journal.record(
                "receipt.acted",
                subject=("receipt", receipt_id),
                agency_id=receipt.agency_id,
                by=actor,
            )
    return receipt


def set_days(
    bulletin: Bulletin, within: int | None, rules: Sequence[Rule], relay_id: int | None, day: date
) -> None:
    """Give those just served so many working days to relay a paper, where it sets a rule.

    Call inside ``writing()``, after the receipts were sent.
    """
    if within is not None:
        until = working_days.after(day, within)
        _run(chain.giving_time(bulletin, rules, relay_id, until, day))


def serve_overdue() -> int:
    """Serve straight the bureaus under every agency that has let its day for relaying pass.

    Each is done in a transaction of its own and once only. Returns how many agencies were late.
    """
    late, last = 0, 0
    while ids := _overdue(last):
        last = ids[-1]
        late += sum(map(_served, ids))
    return late


def serve_straight(receipt_id: int) -> bool:
    """Apply a paper's rule to one receipt; False where it was relayed or passed over meanwhile."""
    with writing():
        receipt = found(select(Receipt).where(Receipt.id == receipt_id))
        bulletin = found(select(Bulletin).where(Bulletin.id == receipt.bulletin_id), lock=True)
        db.session.refresh(receipt, with_for_update=True)
        if receipt.relayed_at or receipt.passed_over_at or receipt.relay_by is None:
            return False
        if bulletin.ended_kind or bulletin.version != receipt.version:
            receipt.relay_by = None  # what is not in force waits for nobody
            return False
        now, day, rules = clock.now(), today(), rules_of_paper(bulletin.id)
        relay, version = _by_rule(receipt, now), _version(bulletin)
        relay.acknowledge_by = _due(relay, receipt, version)
        sent = _run(chain.serving_straight(relay, receipt, rules, day, now))
        if not sent:  # others have served them, so there is nothing to tell
            db.session.delete(relay)
            receipt.relay_by = None
            return False
        relay.receipt_count = sent
        receipt.passed_over_at = now
        relay.entry_id = _record(relay, version, None)
        _sent(version, relay, receipt, sent, day)
    return True


def _served(receipt_id: int) -> bool:
    try:
        return serve_straight(receipt_id)
    except Exception:  # one receipt's failure must never hold up the others
        log.exception("rule_failed", receipt_id=receipt_id)
        return False


def _overdue(after_id: int) -> Sequence[int]:
    return db.session.scalars(
        select(Receipt.id)
        .where(
            Receipt.relay_by < today(),
            Receipt.relay_by.is_not(None),
            Receipt.relayed_at.is_(None),
            Receipt.passed_over_at.is_(None),
            Receipt.id > after_id,
        )
        .order_by(Receipt.id)
        .limit(BATCH)
    ).all()


def _by_rule(receipt: Receipt, now: datetime) -> Relay:
    relay = Relay(
        bulletin_id=receipt.bulletin_id,
        agency_id=receipt.agency_id,
        version=receipt.version,
        by_rule=True,
        needs_acknowledgement=receipt.needs_acknowledgement,
        state=State.PUBLISHED,
        created_at=now,
        updated_at=now,
        signed_at=now,
    )
    db.session.add(relay)
    db.session.flush()
    return relay


def _version(bulletin: Bulletin) -> BulletinVersion:
    return db.session.get_one(BulletinVersion, (bulletin.id, bulletin.version))


def _due(relay: Relay, receipt: Receipt, version: BulletinVersion) -> date | None:
    """Where the relay sets no day of its own, the one above it holds for those below too."""
    return relay.acknowledge_by or queries.deadline(receipt, version)


def _sent(version: BulletinVersion, relay: Relay, receipt: Receipt, sent: int, day: date) -> None:
    """Count what a relay gave, and let the paper's rule run for it; last in the transaction.

    The version is held only after all receipts were written, as ``counts`` wants it.
    """
    if not sent:
        return
    if version.relay_within is not None:
        rules = rules_of_paper(version.bulletin_id)
        set_days(relay.bulletin, version.relay_within, rules, relay.id, day)
    asks = receipt.needs_acknowledgement or relay.needs_acknowledgement
    counts.grow(version.bulletin_id, version.version, sent, sent if asks else 0)


def _run(statement: Insert | Update, values: Mapping[str, Any] | None = None) -> int:
    """Execute on the connection in hand; how many rows were written."""
    run = db.session.connection().execute
    return int(run(statement, values, execution_options={"preserve_rowcount": True}).rowcount)


def _record(relay: Relay, version: BulletinVersion, actor: Actor | None) -> int:
    """``relay.signed``, or ``relay.passed_over`` where the paper's rule acted; the entry's id."""
    entry = journal.record(
        "relay.passed_over" if relay.by_rule else "relay.signed",
        subject=("relay", relay.id),
        agency_id=relay.agency_id,
        by=actor,
        bulletin=version.bulletin_id,
        version=version.version,
        urgency=version.urgency,
    )
    return entry.id
