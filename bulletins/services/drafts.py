"""Writing a paper: a draft is created, saved again and again, or thrown away."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select

from agencies.actors import Actor
from agencies.models import Person
from agencies.permissions import require
from bulletins import paper_types
from bulletins.audience import Rule
from bulletins.inputs import DraftInput
from bulletins.models import AudienceRule, Bulletin
from bulletins.queries import papers
from bulletins.queries.reviews import plan_of
from bulletins.rendering import html_of
from bulletins.services import joint, numbers, particulars, tags
from bulletins.services.addressing import check_reach, stored_rules
from bulletins.services.checks import check_due
from bulletins.services.numbers import check_code
from bulletins.services.reviews import check_plan, drafters, keep_plan
from bulletins.services.steps import take
from bulletins.states import Action, State
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid, NotFound

_FIELDS = (
    *("title", "body", "type", "urgency", "needs_acknowledgement"),
    *("relay_within", "organ_code_id", "for_followers", "note"),
)


class Stale(Conflict):
    """Somebody else saved the draft since it was opened; nothing was overwritten."""

    code = "stale"
    message = _l("此稿在您编辑期间已被他人修改，您的文字没有覆盖它。")
    hint = _l("请对照两份文字，合并后再保存。")


def create_draft(actor: Actor, data: DraftInput, key: str | None = None) -> Bulletin:
    """A new draft of the actor's agency, or the one that ``key`` has made already.

    The key, of the person's own choice and at most 36 characters long, comes with the form: sent
    again, because no answer came, it saves the draft that it made the first time. Raises Forbidden,
    Invalid for an audience out of reach, and where the draft is there already what ``save_draft``
    raises: Stale where it was saved without the key since, Conflict, NotFound.
    """
    require(actor, "bulletin.draft")
    html = html_of(data.body)
    with writing():
        issuer_id = actor.agency_id
        if issuer_id is None:
            raise NotFound
        made = _made_with(actor, key) if key else None
        if made is not None:
            made = _save(actor, made.id, made.form_revision or 0, data, html)
            made.form_revision = made.revision
            return made
        rules = data.rules(issuer_id)
        check_due(_due(data))
        check_code(issuer_id, data.organ_code_id)
        check_reach(issuer_id, rules, data.type)
        check_plan(issuer_id, data.plan(), {actor.person_id})
        now = clock.now()
        bulletin = Bulletin(
            issuer_id=issuer_id,
            state=State.DRAFT,
            created_at=now,
            created_by=actor.person_id,
            updated_at=now,
            updated_by=actor.person_id,
            form_key=key,
            form_revision=1 if key else None,
        )
        _fill(bulletin, data, html)
        db.session.add(bulletin)
        db.session.flush()
        _keep(bulletin.id, rules)
        particulars.keep(bulletin, data)
        keep_plan(bulletin.id, data.plan())
        tags.keep(bulletin, data)
        joint.keep(bulletin, data)
        journal.record(
            "bulletin.drafted", subject=("bulletin", bulletin.id), agency_id=issuer_id, by=actor
        )
    return bulletin


def _made_with(actor: Actor, key: str) -> Bulletin | None:
    """The paper made with the key; the person is held, so that two with one key make one paper."""
    found(select(Person.id).where(Person.id == actor.person_id), lock=True)
    return papers.made_with(actor.person_id, key)


def save_draft(actor: Actor, bulletin_id: int, revision: int, data: DraftInput) -> Bulletin:
    """Save a draft over the ``revision`` that was being edited; its revision grows by one.

    Saving what is stored already changes nothing. Raises Stale where somebody else saved in
    between, NotFound, Forbidden, Conflict, and Invalid for an audience out of reach.
    """
    html = html_of(data.body)
    with writing():
        return _save(actor, bulletin_id, revision, data, html)


def _save(actor: Actor, bulletin_id: int, revision: int, data: DraftInput, html: str) -> Bulletin:
    bulletin = take(actor, bulletin_id, Action.EDIT)
    old_rules = stored_rules(bulletin_id)
    rules = data.rules(bulletin.issuer_id)
    if bulletin.version:  # a correction goes to those who had the paper, under its number
        rules = old_rules
        data = data.model_copy(update={"organ_code_id": bulletin.organ_code_id})
    plan, old_plan = data.plan(), plan_of(bulletin_id)
    beside = particulars.holds(bulletin_id, data) and tags.holds(bulletin_id, data)
    beside = beside and (bulletin.version > 0 or joint.holds(bulletin_id, data))
    if beside and _holds(bulletin, data) and (old_rules, old_plan) == (rules, plan):
        return bulletin
    if bulletin.revision != revision:
        raise Stale
    check_due(_due(data))
    if not bulletin.version:
        check_code(bulletin.issuer_id, data.organ_code_id)
        check_reach(bulletin.issuer_id, rules, data.type)
    if old_plan != plan:
        check_plan(bulletin.issuer_id, plan, {*drafters(bulletin), actor.person_id})
        keep_plan(bulletin_id, plan)
    if bulletin.updated_by != actor.person_id:
        journal.record(
            "bulletin.edited",
            subject=("bulletin", bulletin_id),
            agency_id=bulletin.issuer_id,
            by=actor,
        )
    _fill(bulletin, data, html)
    bulletin.revision = revision + 1
    bulletin.updated_at = clock.now()
    bulletin.updated_by = actor.person_id
    particulars.keep(bulletin, data)
    tags.keep(bulletin, data)
    if not bulletin.version:
        joint.keep(bulletin, data)
    if old_rules != rules:
        _keep(bulletin_id, rules)
    return bulletin


def discard(actor: Actor, bulletin_id: int, reason: str = "") -> Bulletin:
    """Throw a draft away; it is kept but on nobody's desk.

    One that was signed once has a number: ``reason`` is why that is voided. Raises Invalid where
    there is none, NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.DISCARD)
        if bulletin.number and not reason.strip():
            raise Invalid(errors={"reason": _("此稿已取号，作废时请写明原因，登记簿会保留。")})
        numbers.release(actor, bulletin, reason)
        journal.record(
            "bulletin.discarded",
            subject=("bulletin", bulletin_id),
            agency_id=bulletin.issuer_id,
            by=actor,
        )
    return bulletin


def _due(data: DraftInput) -> date | None:
    return data.acknowledge_by if data.needs_acknowledgement else None


def _fill(bulletin: Bulletin, data: DraftInput, html: str) -> None:
    for name in _FIELDS:
        setattr(bulletin, name, getattr(data, name))
    bulletin.acknowledge_by = _due(data)
    bulletin.layout = paper_types.layout(data.type, data.layout)
    bulletin.html = html


def _holds(bulletin: Bulletin, data: DraftInput) -> bool:
    layout = paper_types.layout(data.type, data.layout)
    return (bulletin.acknowledge_by, bulletin.layout) == (_due(data), layout) and all(
        getattr(bulletin, name) == getattr(data, name) for name in _FIELDS
    )


def _keep(bulletin_id: int, rules: Sequence[Rule]) -> None:
    db.session.execute(delete(AudienceRule).where(AudienceRule.bulletin_id == bulletin_id))
    rows = [
        {
            "bulletin_id": bulletin_id,
            "part": rule.part,
            "kind": rule.kind,
            "agency_id": rule.agency_id,
            "level": rule.level,
            "agency_kind": rule.agency_kind,
        }
        for rule in rules
    ]
    if rows:
        db.session.execute(insert(AudienceRule), rows)
