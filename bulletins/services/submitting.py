"""From the clerk's desk to the approver's and back: submitted, withdrawn, returned."""

from collections.abc import Collection

from agencies.actors import Actor
from bulletins.models import Bulletin, Remark
from bulletins.queries.issuers import issuers
from bulletins.queries.reviews import plan_of
from bulletins.services import attachments, reviews
from bulletins.services.addressing import check_reach, count, stored_rules
from bulletins.services.checking import examined, passed_over
from bulletins.services.checks import check_complete, nobody, today
from bulletins.services.corrections import check_correction
from bulletins.services.joint import ask
from bulletins.services.paper_rules import check_type
from bulletins.services.steps import record, take
from bulletins.states import Action
from config import clock
from config.database import db, writing


def submit(actor: Actor, bulletin_id: int, looked_at: Collection[str] = ()) -> Bulletin:
    """Lay a draft before its reviewers, or where it has none before the approver.

    ``looked_at`` names the checks before publishing whose warnings the clerk has seen; raises
    Unchecked where they stop it. Raises Invalid where it has no text, reaches nobody or is due in
    the past, and for a correction that changes nothing or doesn't say why; NotFound, Forbidden,
    Conflict.
    """
    report = examined(actor, bulletin_id, Action.SUBMIT)
    with writing():
        plan = plan_of(bulletin_id)
        bulletin = take(actor, bulletin_id, Action.REVIEW if plan else Action.SUBMIT)
        check_complete(bulletin)
        if bulletin.version:
            check_correction(bulletin)
        else:
            _check_audience(bulletin)
        check_type(bulletin, stored_rules(bulletin_id))
        passed = passed_over(report, bulletin, looked_at)
        bulletin.revision += attachments.changed_since_submitted(bulletin)
        bulletin.submitted_at = clock.now()
        bulletin.submitted_by = actor.person_id
        ask(bulletin)
        if plan:
            begun = reviews.begin(bulletin, plan)
            record("bulletin.review_begun", bulletin, actor, round=begun, **passed)
        else:
            record("bulletin.submitted", bulletin, actor, **passed)
    return bulletin


def _check_audience(bulletin: Bulletin) -> None:
    rules = stored_rules(bulletin.id)
    check_reach(bulletin.issuer_id, rules, bulletin.type)
    if not sum(count(issuers(bulletin), rules, today(), bulletin.type).values()):
        raise nobody()


def withdraw(actor: Actor, bulletin_id: int) -> Bulletin:
    """Take a submitted paper back to the clerk's desk. Raises NotFound, Forbidden, Conflict."""
    with writing():
        bulletin = take(actor, bulletin_id, Action.WITHDRAW)
        reviews.close_round(bulletin_id)
        record("bulletin.withdrawn", bulletin, actor)
    return bulletin


def return_draft(actor: Actor, bulletin_id: int, remark: str) -> Bulletin:
    """Give a submitted paper back to the clerk with the reason (at most 500 characters).

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.RETURN)
        entry = record("bulletin.returned", bulletin, actor)
        db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin_id, text=remark))
    return bulletin
