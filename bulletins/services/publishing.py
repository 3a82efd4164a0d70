"""Signing, and publishing at once or at a set time: everybody addressed has it in one stroke."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from bulletins import audience, paper_types
from bulletins.models import Bulletin, BulletinVersion, Remark
from bulletins.queries.issuers import issuers
from bulletins.services import attachments, counts, numbers, particulars, tags
from bulletins.services.addressing import check_reach, stored_rules
from bulletins.services.checking import examined, passed_over
from bulletins.services.checks import check_complete, nobody, today
from bulletins.services.corrections import last_version, resend
from bulletins.services.following import bring
from bulletins.services.joint import missing, sign_for_host
from bulletins.services.paper_rules import check_type
from bulletins.services.relaying import set_days
from bulletins.services.steps import moved, record, take
from bulletins.states import Action, State
from config import clock
from config.database import db, found, writing
from config.errors import Conflict, Invalid
from config.journal import Entry, Fact

log = structlog.get_logger(__name__)

BATCH = 100
AHEAD = timedelta(days=366)
"""How far ahead a paper may be signed, at most."""


def sign(
    actor: Actor,
    bulletin_id: int,
    revision: int | None = None,
    publish_at: datetime | None = None,
    asks_again: bool = False,
    looked_at: Collection[str] = (),
) -> Bulletin:
    """Sign a submitted paper: it has its number now, and is published now or at ``publish_at``.

    ``revision`` is the one the approver has read; Conflict where the paper was changed since.
    ``asks_again``: who acknowledged what this corrects is asked once more. ``looked_at`` names the
    checks before publishing whose warnings the approver has seen; raises Unchecked where they stop
    it. Of several organs the host's signature waits for the others, and the last one publishes.
    Raises Invalid where it reaches nobody or the time is over, NotFound, Forbidden, Conflict.
    """
    report = examined(actor, bulletin_id, Action.SIGN)
    with writing():
        bulletin = take(actor, bulletin_id, Action.SIGN)
        if revision is not None and bulletin.revision != revision:
            raise Conflict(_("此稿在您阅读期间已被修改。"), hint=_("请重新阅读后再签发。"))
        _check(bulletin)
        _check_moment(bulletin, publish_at)
        passed = passed_over(report, bulletin, looked_at)
        bulletin.publish_at = publish_at
        bulletin.asks_again = asks_again
        if missing(bulletin):
            sign_for_host(actor, bulletin, **passed)
        else:
            settle(bulletin, actor, actor.person_id, **passed)
    return bulletin


def _check(bulletin: Bulletin) -> None:
    """Raise Invalid for a paper that can't be published as it stands."""
    rules = stored_rules(bulletin.id)
    check_complete(bulletin)
    check_type(bulletin, rules)
    if not bulletin.version:
        check_reach(bulletin.issuer_id, rules, bulletin.type)


def settle(bulletin: Bulletin, actor: Actor, signer_id: int, **facts: Fact) -> None:
    """Publish a signed paper, or let it wait for its time. Call inside ``writing()``.

    ``signer_id`` is the approver of its issuer (of several the host), ``actor`` whose signature was
    the last; ``facts`` go into the entry. Raises Invalid where it can't be published any more.
    """
    _check(bulletin)
    now = clock.now()
    bulletin.signed_at = now
    bulletin.signed_by = signer_id
    if bulletin.publish_at is None:
        bulletin.state = moved(bulletin, Action.PUBLISH)
        _publish(bulletin, actor, now, numbered_by=actor, **facts)
    else:
        record("bulletin.signed", bulletin, actor, revision=bulletin.revision, **facts)
        if not bulletin.version:
            numbers.give(actor, bulletin)


def _check_moment(bulletin: Bulletin, publish_at: datetime | None) -> None:
    if publish_at is None:
        return
    now = clock.now()
    if not now < publish_at <= now + AHEAD:
        raise Invalid(errors={"publish_on": _("发布时间须在现在以后、一年以内。")})
    if bulletin.acknowledge_by and bulletin.acknowledge_by < publish_at.date():
        raise Invalid(errors={"publish_on": _("发布时间晚于签收期限，请提前发布或退回修改期限。")})


def publish_now(actor: Actor, bulletin_id: int) -> Bulletin:
    """Publish a signed paper before its time. Raises NotFound, Forbidden, Conflict, Invalid."""
    with writing():
        bulletin = take(actor, bulletin_id, Action.PUBLISH)
        _publish(bulletin, actor, clock.now())
    return bulletin


def cancel(actor: Actor, bulletin_id: int, reason: str) -> Bulletin:
    """Take a signed paper back before its time; it keeps its number for when it is signed again.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.CANCEL)
        _take_back(bulletin, record("bulletin.cancelled", bulletin, actor), reason)
    return bulletin


def _take_back(bulletin: Bulletin, entry: Entry, reason: str) -> None:
    bulletin.publish_at = None
    was = last_version(bulletin) if bulletin.version else None
    bulletin.signed_at = was.signed_at if was else None
    bulletin.signed_by = was.signed_by if was else None
    db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin.id, text=reason))


def publish_due() -> int:
    """Publish every signed paper whose time has come; returns how many. As often as one likes.

    Each is done in a transaction of its own: whoever is killed here leaves it undone or done, and
    the next turn finds what is left.
    """
    due = select(Bulletin.id).where(
        Bulletin.state == State.SIGNED, Bulletin.publish_at <= clock.now()
    )
    ids = db.session.scalars(due.order_by(Bulletin.publish_at).limit(BATCH)).all()
    return sum(map(_published_in_time, ids))


def _published_in_time(bulletin_id: int) -> bool:
    try:
        return _publish_scheduled(bulletin_id)
    except Invalid:
        _give_back(bulletin_id)
    except Exception:  # one paper's failure must never hold up the others
        log.exception("publishing_failed", bulletin_id=bulletin_id)
    return False


def _publish_scheduled(bulletin_id: int) -> bool:
    with writing():
        bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
        now = clock.now()
        is_due = bulletin.publish_at is not None and bulletin.publish_at <= now
        if bulletin.state != State.SIGNED or not is_due:
            return False  # published by somebody else, or taken back
        bulletin.state = moved(bulletin, Action.PUBLISH)
        _publish(bulletin, None, now)
    return True


def _give_back(bulletin_id: int) -> None:
    """A paper that reaches nobody any more is the clerk's again."""
    with writing():
        bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
        if bulletin.state == State.SIGNED:
            bulletin.state = moved(bulletin, Action.CANCEL)
            entry = record("bulletin.not_published", bulletin, None)
            reason = _("到了发布时间，但没有任何机构会收到此稿，请重新选择主送机构。")
            _take_back(bulletin, entry, reason)


def _publish(
    bulletin: Bulletin,
    by: Actor | None,
    at: datetime,
    *,
    numbered_by: Actor | None = None,
    **facts: Fact,
) -> None:
    """Version, receipts, entry and number (where it has none yet) in the transaction in hand."""
    bulletin.version += 1
    is_first = bulletin.version == 1
    if bulletin.layout:
        facts["layout"] = bulletin.layout
    entry = record(
        "bulletin.published",
        bulletin,
        by,
        urgency=bulletin.urgency,
        version=bulletin.version,
        **facts,
    )
    sent = _send(bulletin, at) if is_first else resend(bulletin, at)
    if numbered_by is not None and is_first:
        numbers.give(numbered_by, bulletin)
    _keep_version(bulletin, entry, sent)
    if not is_first:  # what was carried over counts
        db.session.flush()
        counts.take(bulletin.id, bulletin.version)
    attachments.freeze(bulletin.id, bulletin.version)
    particulars.freeze(bulletin)
    tags.freeze(bulletin)
    bring(bulletin, entry, today())


def _send(bulletin: Bulletin, at: datetime) -> int:
    rules, day = stored_rules(bulletin.id), today()
    statement = audience.sending(bulletin, issuers(bulletin), rules, day, at)
    sent = db.session.connection().execute(statement.execution_options(preserve_rowcount=True))
    if not sent.rowcount:
        raise nobody()
    set_days(bulletin, bulletin.relay_within, rules, None, day)
    return sent.rowcount


def _keep_version(bulletin: Bulletin, entry: Entry, receipt_count: int) -> None:
    db.session.add(
        BulletinVersion(
            bulletin_id=bulletin.id,
            version=bulletin.version,
            entry_id=entry.id,
            type=bulletin.type,
            urgency=bulletin.urgency,
            title=bulletin.title,
            body=bulletin.body,
            html=bulletin.html,
            needs_acknowledgement=bulletin.needs_acknowledgement,
            acknowledge_by=bulletin.acknowledge_by,
            relay_within=bulletin.relay_within,
            receipt_count=receipt_count,
            to_acknowledge_count=receipt_count if bulletin.needs_acknowledgement else 0,
            signed_at=bulletin.signed_at,
            signed_by=bulletin.signed_by,
            number=bulletin.number,
            note=bulletin.note,
            layout=bulletin.layout,
            is_to_print=paper_types.of(bulletin.type).is_official,
        )
    )
