"""Text messages for the operator: what went out, what it costs, templates and their approval."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from config.errors import Invalid
from config.forms import Form
from notifications.labels import kind as kind_label
from notifications.services import templates as service
from notifications.states import Kind
from notifications.texting import labels, queries
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.models import SmsTemplate
from notifications.texting.states import EDITABLE, MOVES, TemplateAction, Vendor, names
from notifications.web.blueprint import bp

_FIELDS = ("vendor", "kind", "language", "code", "sign", "text")


@bp.get("/sms")
@permission("sms.manage")
def sms_usage() -> ResponseReturnValue:
    """What went out this month, by way out, and what it costs."""
    return render_template(
        "notifications/sms.html",
        usage=queries.usage(),
        warn_at=queries.WARN_AT,
        missing=_missing(),
        texting=labels,
    )


@bp.get("/sms/strays")
@permission("sms.manage")
def sms_strays() -> ResponseReturnValue:
    """Replies that no duty seat reads."""
    return render_template("notifications/sms_strays.html", page=queries.strays(), texting=labels)


@bp.get("/sms/templates")
@permission("sms.manage")
def sms_templates() -> ResponseReturnValue:
    """Every template with its state."""
    return render_template(
        "notifications/sms_templates.html",
        page=queries.templates(),
        missing=_missing(),
        texting=labels,
    )


@bp.get("/sms/templates/new")
@permission("sms.manage")
def new_sms_template() -> ResponseReturnValue:
    """The form for a new template."""
    form = Form[TemplateInput].blank(language="zh", kind=Kind.DIGEST.value)
    return _drawn(form)


@bp.post("/sms/templates/new")
@permission("sms.manage")
def create_sms_template() -> ResponseReturnValue:
    """Write down a template."""
    form = Form.posted(TemplateInput)
    if form.data is not None:
        try:
            made = service.create(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。请在运营商控制台申请同样的模板，再回来登记审核情况。"), "ok")
            return redirect(url_for(".sms_template", template_id=made.id), 303)
    return _drawn(form), 422


@bp.get("/sms/templates/<int:template_id>")
@permission("sms.manage")
def sms_template(template_id: int) -> ResponseReturnValue:
    """One template: its words, and what its vendor says of it."""
    template = queries.template(template_id)
    form = Form[TemplateInput].blank(**{name: getattr(template, name) for name in _FIELDS})
    return _drawn(form, template)


@bp.post("/sms/templates/<int:template_id>")
@permission("sms.manage")
def save_sms_template(template_id: int) -> ResponseReturnValue:
    """Change a template that is not at its vendor."""
    template = queries.template(template_id)
    form = Form.posted(TemplateInput)
    if form.data is not None:
        try:
            service.edit(acting(), template_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"), "ok")
            return redirect(url_for(".sms_template", template_id=template_id), 303)
    return _drawn(form, template), 422


@bp.post("/sms/templates/<int:template_id>/decide")
@permission("sms.manage")
def decide_sms_template(template_id: int) -> ResponseReturnValue:
    """Note where a template stands with its vendor."""
    template = queries.template(template_id)
    form = Form.posted(DecisionInput)
    if form.data is not None:
        try:
            service.decide(acting(), template_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已登记。"), "ok")
            return redirect(url_for(".sms_template", template_id=template_id), 303)
    shown = Form[TemplateInput].blank(**{name: getattr(template, name) for name in _FIELDS})
    return _drawn(shown, template, decision=form), 422


def _drawn(
    form: Form[TemplateInput],
    template: SmsTemplate | None = None,
    decision: Form[DecisionInput] | None = None,
) -> str:
    steps = [action for action, (before, _after) in MOVES.items() if _fits(template, before)]
    return render_template(
        "notifications/sms_template.html",
        form=form,
        template=template,
        decision=decision or Form[DecisionInput].blank(),
        steps=[one for one in steps if one != TemplateAction.REJECT],
        may_be_rejected=TemplateAction.REJECT in steps,
        is_editable=template is None or template.state in EDITABLE,
        vendors=[(one.value, labels.vendor(one)) for one in Vendor],
        kinds=list(Kind),
        gaps={kind: names(kind) for kind in Kind},
        texting=labels,
    )


def _missing() -> list[tuple[str, str]]:
    """Which cloud lacks templates for which messages, in words."""
    return [
        (labels.vendor(vendor), _("、").join(kind_label(one) for one in kinds))
        for vendor, kinds in queries.without_template()
    ]


def _fits(template: SmsTemplate | None, before: object) -> bool:
    return template is not None and isinstance(before, set) and template.state in before
