"""Templates of text messages: written, submitted at the vendor, approved or refused there."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.permissions import require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.models import SmsTemplate
from notifications.texting.states import EDITABLE, MOVES, TemplateAction, TemplateState


def create(actor: Actor, data: TemplateInput) -> SmsTemplate:
    """Write down a template; raises Invalid where its vendor's code is there already."""
    require(actor, "sms.manage")
    with writing():
        _refuse_again(data, 0)
        now = clock.now()
        template = SmsTemplate(
            **data.model_dump(),
            state=TemplateState.DRAFT,
            created_by=actor.person_id,
            created_at=now,
            changed_at=now,
        )
        db.session.add(template)
        db.session.flush()
        _keep(actor, template, "template.created")
        return template


def edit(actor: Actor, template_id: int, data: TemplateInput) -> SmsTemplate:
    """Change a template that is not at its vendor; raises NotFound, Conflict, Invalid."""
    require(actor, "sms.manage")
    with writing():
        template = _locked(template_id)
        if template.state not in EDITABLE:
            raise Conflict(
                _("已送审或已通过的模板不能修改。"),
                hint=_("请先撤回，改好后重新送运营商审核。"),
            )
        _refuse_again(data, template_id)
        for name, value in data.model_dump().items():
            setattr(template, name, value)
        template.state, template.reason = TemplateState.DRAFT, ""
        template.changed_at = clock.now()
        _keep(actor, template, "template.changed")
        return template


def decide(actor: Actor, template_id: int, data: DecisionInput) -> SmsTemplate:
    """Note where a template stands with its vendor; raises NotFound, Conflict, Invalid."""
    require(actor, "sms.manage")
    before, after = MOVES[data.action]
    if data.action == TemplateAction.REJECT and not data.reason:
        raise Invalid(errors={"reason": _("请填写运营商给出的驳回原因。")})
    with writing():
        template = _locked(template_id)
        if template.state not in before:
            raise Conflict(_("这个模板的状态已经改变，请刷新后再看。"))
        template.state = after
        template.reason = data.reason if data.action == TemplateAction.REJECT else ""
        template.changed_at = clock.now()
        _keep(actor, template, "template.decided", state=after)
        return template


def _locked(template_id: int) -> SmsTemplate:
    return found(select(SmsTemplate).where(SmsTemplate.id == template_id), lock=True)


def _refuse_again(data: TemplateInput, but: int) -> None:
    same = select(SmsTemplate.id).where(
        SmsTemplate.vendor == data.vendor, SmsTemplate.code == data.code, SmsTemplate.id != but
    )
    if db.session.scalar(same) is not None:
        raise Invalid(errors={"code": _("这个编号的模板已经有了。")})


def _keep(actor: Actor, template: SmsTemplate, kind: str, **facts: Any) -> None:
    journal.record(
        kind, subject=("sms_template", template.id), by=actor, vendor=template.vendor, **facts
    )
