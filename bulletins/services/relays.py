"""Writing a relay: the words beside a paper that was received, and to whom below it shall go."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins import relay as chain
from bulletins.audience import Rule
from bulletins.inputs import RelayInput
from bulletins.models import Bulletin, BulletinVersion, Receipt, Relay, RelayRule
from bulletins.permissions import relay_action
from bulletins.queries import relays as queries
from bulletins.queries.relay_rules import stored_rules
from bulletins.rendering import html_of
from bulletins.services.addressing import check_reach
from bulletins.services.checking import Unchecked
from bulletins.services.checks import check_due, today
from bulletins.services.relay_checking import examine_relay
from bulletins.services.relay_steps import (
    NotInForce,
    StaleRelay,
    check_downward,
    nobody_new,
    own_copy,
    take_relay,
)
from bulletins.states import Action, Part, State
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid
from config.journal import Entry

_FIELDS = ("note", "additions", "needs_acknowledgement")


def count_newcomers(bulletin: Bulletin, agency_id: int, rules: Sequence[Rule]) -> dict[Part, int]:
    """How many agencies a relay with these rules would newly reach, addressed and copied."""
    if not rules:
        return {}
    rows = db.session.execute(chain.counting(bulletin, agency_id, rules, today()))
    return {Part(part): number for part, number in rows}


def count_served(receipt: Receipt, rules: Sequence[Rule]) -> int:
    """How many have the paper straight by its rule, and would see a relay's words beside it."""
    if not rules or receipt.passed_over_at is None:
        return 0
    served = select(func.count()).select_from(Receipt)
    return db.session.scalar(served.where(*chain.served_by_rule(receipt, rules, today()))) or 0


def save_relay(
    actor: Actor,
    receipt_id: int,
    data: RelayInput,
    revision: int | None = None,
    key: str | None = None,
) -> Relay:
    """Begin to relay the paper of a receipt, or save what was begun over its ``revision``.

    Each agency has one open relay of a paper. Saving what is stored already changes nothing; the
    form whose ``key`` came with the last save goes on from it, for its answer may have been lost.
    Raises StaleRelay where somebody saved it in between, Invalid for an audience out of reach or a
    day past or later than the one above, NotInForce where the paper is not so in this version,
    NotFound, Forbidden.
    """
    htmls = _rendered(data)
    with writing():
        receipt = found(select(Receipt).where(Receipt.id == receipt_id))
        require(actor, "relay.draft", receipt)
        bulletin = _held(receipt)
        rules = data.rules(receipt.agency_id)
        _check(receipt, data, rules)
        relay = queries.open_relay(receipt.agency_id, receipt.bulletin_id)
        if relay is None:
            if revision:
                raise StaleRelay
            relay = _begun(actor, receipt)
            _record("relay.drafted", relay, actor)
        else:
            relay = take_relay(actor, relay.id, Action.EDIT)
            if _holds(relay, receipt, data, rules):
                return relay
            if relay.revision != (revision or 0) and not (key and key == relay.form_key):
                raise StaleRelay
            relay.revision += 1
        for name in _FIELDS:
            setattr(relay, name, getattr(data, name))
        relay.note_html, relay.additions_html = htmls
        relay.acknowledge_by = _due(receipt, data)
        relay.version, relay.form_key = bulletin.version, key
        relay.updated_at, relay.updated_by = clock.now(), actor.person_id
        db.session.flush()
        _keep(relay.id, rules)
    return relay


def submit_relay(actor: Actor, relay_id: int) -> Relay:
    """Lay a relay before the approver.

    Raises Invalid where it reaches nobody new, Unchecked where something must be mended,
    NotInForce, NotFound, Forbidden, Conflict.
    """
    relay = queries.relay(relay_id)
    require(actor, relay_action(Action.SUBMIT), relay)
    report = examine_relay(relay)
    if report.refused:
        raise Unchecked(report)
    with writing():
        relay = take_relay(actor, relay_id, Action.SUBMIT)
        receipt, _version = own_copy(relay)
        rules = stored_rules(relay_id)
        new = count_newcomers(relay.bulletin, relay.agency_id, rules)
        if not new and not count_served(receipt, rules):
            raise nobody_new()
        relay.submitted_at, relay.submitted_by = clock.now(), actor.person_id
        _record("relay.submitted", relay, actor)
    return relay


def withdraw_relay(actor: Actor, relay_id: int) -> Relay:
    """Take a submitted relay back to the clerk's desk. Raises NotFound, Forbidden, Conflict."""
    return _moved(actor, relay_id, Action.WITHDRAW, "relay.withdrawn")


def discard_relay(actor: Actor, relay_id: int) -> Relay:
    """Give a relay up before it is signed. Raises NotFound, Forbidden, Conflict."""
    return _moved(actor, relay_id, Action.DISCARD, "relay.discarded")


def return_relay(actor: Actor, relay_id: int, remark: str) -> Relay:
    """Give a submitted relay back to the clerk with the reason (at most 500 characters).

    Raises NotFound, Forbidden, Conflict.
    """
    return _moved(actor, relay_id, Action.RETURN, "relay.returned", remark)


def _held(receipt: Receipt) -> Bulletin:
    """The paper, held; raises NotInForce where it is not so in the receipt's version."""
    bulletin = found(select(Bulletin).where(Bulletin.id == receipt.bulletin_id), lock=True)
    if bulletin.ended_kind or bulletin.version != receipt.version:
        raise NotInForce
    return bulletin


def _moved(actor: Actor, relay_id: int, action: Action, kind: str, remark: str = "") -> Relay:
    with writing():
        relay = take_relay(actor, relay_id, action)
        if remark:
            relay.remark = remark
        _record(kind, relay, actor)
    return relay


def _rendered(data: RelayInput) -> tuple[str, str]:
    try:
        note = html_of(data.note)
    except Invalid as error:
        raise Invalid(errors={"note": error.errors["body"]}) from error
    try:
        return note, html_of(data.additions)
    except Invalid as error:
        raise Invalid(errors={"additions": error.errors["body"]}) from error


def _check(receipt: Receipt, data: RelayInput, rules: Sequence[Rule]) -> None:
    due = _due(receipt, data)
    check_due(due)
    version = db.session.get_one(BulletinVersion, (receipt.bulletin_id, receipt.version))
    above = queries.deadline(receipt, version)
    if due and above and due > above:
        raise Invalid(
            errors={
                "acknowledge_by": _("本级期限不能晚于上级的期限 %(day)s。", day=above.isoformat())
            }
        )
    check_reach(receipt.agency_id, rules)
    check_downward(receipt.agency_id, rules)


def _holds(relay: Relay, receipt: Receipt, data: RelayInput, rules: Sequence[Rule]) -> bool:
    """Whether that very relay is stored already, of the version received."""
    stored = [getattr(relay, name) for name in (*_FIELDS, "acknowledge_by", "version")]
    given = [*(getattr(data, name) for name in _FIELDS), _due(receipt, data), receipt.version]
    return stored == given and stored_rules(relay.id) == list(rules)


def _due(receipt: Receipt, data: RelayInput) -> date | None:
    asks = receipt.needs_acknowledgement or data.needs_acknowledgement
    return data.acknowledge_by if asks else None


def _begun(actor: Actor, receipt: Receipt) -> Relay:
    now = clock.now()
    relay = Relay(
        bulletin_id=receipt.bulletin_id,
        agency_id=receipt.agency_id,
        version=receipt.version,
        state=State.DRAFT,
        created_at=now,
        created_by=actor.person_id,
        updated_at=now,
        updated_by=actor.person_id,
    )
    db.session.add(relay)
    db.session.flush()
    return relay


def _keep(relay_id: int, rules: Sequence[Rule]) -> None:
    db.session.execute(delete(RelayRule).where(RelayRule.relay_id == relay_id))
    rows = [
        {
            "relay_id": relay_id,
            "part": rule.part,
            "kind": rule.kind,
            "agency_id": rule.agency_id,
            "level": rule.level,
            "agency_kind": rule.agency_kind,
        }
        for rule in rules
    ]
    if rows:
        db.session.execute(insert(RelayRule), rows)


def _record(kind: str, relay: Relay, actor: Actor) -> Entry:
    return journal.record(
        kind,
        subject=("relay", relay.id),
        agency_id=relay.agency_id,
        by=actor,
        bulletin=relay.bulletin_id,
    )
