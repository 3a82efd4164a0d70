"""From the clerk's desk to everybody addressed: submitted, withdrawn, returned, signed."""

from flask_babel import gettext as _

from agencies.actors import Actor
from bulletins import audience
from bulletins.models import Bulletin, BulletinVersion, Remark
from bulletins.services import attachments, numbers
from bulletins.services.addressing import check_reach, count, stored_rules
from bulletins.services.checks import check_due, check_text, today
from bulletins.services.relaying import set_days
from bulletins.services.steps import take
from bulletins.states import Action, State
from config import clock, journal
from config.database import db, writing
from config.errors import Conflict, Invalid
from config.journal import Entry


def submit(actor: Actor, bulletin_id: int) -> Bulletin:
    """Lay a draft before the approver.

    Raises Invalid where it has no text, reaches nobody or is due in the past; NotFound, Forbidden,
    Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.SUBMIT)
        _check_complete(bulletin)
        rules = stored_rules(bulletin_id)
        check_reach(bulletin.issuer_id, rules)
        if not sum(count(bulletin.issuer_id, rules, today()).values()):
            raise _nobody()
        bulletin.revision += attachments.changed_since_submitted(bulletin)
        bulletin.submitted_at = clock.now()
        bulletin.submitted_by = actor.person_id
        _record("bulletin.submitted", bulletin, actor)
    return bulletin


def withdraw(actor: Actor, bulletin_id: int) -> Bulletin:
    """Take a submitted paper back to the clerk's desk. Raises NotFound, Forbidden, Conflict."""
    with writing():
        bulletin = take(actor, bulletin_id, Action.WITHDRAW)
        _record("bulletin.withdrawn", bulletin, actor)
    return bulletin


def return_draft(actor: Actor, bulletin_id: int, remark: str) -> Bulletin:
    """Give a submitted paper back to the clerk with the reason (at most 500 characters).

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.RETURN)
        entry = _record("bulletin.returned", bulletin, actor)
        db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin_id, text=remark))
    return bulletin


def sign(actor: Actor, bulletin_id: int, revision: int | None = None) -> Bulletin:
    """Publish a submitted paper: version, receipts, number and entry in one transaction.

    ``revision`` is the one the approver has read; Conflict where the paper was changed since.
    Raises Invalid where it reaches nobody, NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.SIGN)
        bulletin.state = State.PUBLISHED
        if revision is not None and bulletin.revision != revision:
            raise Conflict(_("此稿在您阅读期间已被修改。"), hint=_("请重新阅读后再签发。"))
        _check_complete(bulletin)
        rules = stored_rules(bulletin_id)
        check_reach(bulletin.issuer_id, rules)
        now = clock.now()
        bulletin.version += 1
        bulletin.signed_at = now
        bulletin.signed_by = actor.person_id
        entry = _record(
            "bulletin.published",
            bulletin,
            actor,
            urgency=bulletin.urgency,
            version=bulletin.version,
        )
        statement = audience.sending(bulletin, rules, today(), now)
        sent = db.session.connection().execute(statement.execution_options(preserve_rowcount=True))
        if not sent.rowcount:
            raise _nobody()
        numbers.give(actor, bulletin)
        _keep_version(bulletin, entry, sent.rowcount)
        set_days(bulletin, bulletin.relay_within, rules, None, today())
        attachments.freeze(bulletin.id, bulletin.version)
    return bulletin


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
        )
    )


def _nobody() -> Invalid:
    return Invalid(errors={"to_all": _("没有任何机构会收到此稿，请选择主送机构。")})


def _check_complete(bulletin: Bulletin) -> None:
    check_text(bulletin.body)
    check_due(bulletin.acknowledge_by)


def _record(kind: str, bulletin: Bulletin, actor: Actor, **facts: journal.Fact) -> Entry:
    return journal.record(
        kind,
        subject=("bulletin", bulletin.id),
        agency_id=bulletin.issuer_id,
        by=actor,
        **facts,
    )
