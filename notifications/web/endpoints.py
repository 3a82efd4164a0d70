"""Other systems and chat groups that hear of what reaches one's agency, and every call of them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import once
from agencies.actors import acting, opened_elsewhere
from agencies.permissions import permission, require
from config import clock
from config.errors import Invalid
from config.forms import Form
from notifications.hooks import labels, queries
from notifications.hooks.inputs import EndpointChangeInput, EndpointInput
from notifications.hooks.models import Endpoint
from notifications.hooks.states import CHOICES, EndpointKind, Event
from notifications.services import endpoint_secrets
from notifications.services import endpoints as service
from notifications.services.endpoint_targets import is_allowed
from notifications.web.blueprint import bp

_USUAL = [Event.ARRIVED, Event.CORRECTED, Event.REMINDED, Event.ASSIGNED, Event.OVERDUE]


@bp.get("/endpoints")
@permission("endpoint.edit")
def endpoints() -> ResponseReturnValue:
    """The agency's endpoints, and the form for a new one."""
    return _listed(Form[EndpointInput].blank(kind=EndpointKind.WEBHOOK, events=_USUAL))


@bp.post("/endpoints")
@permission("endpoint.edit")
def add_endpoint() -> ResponseReturnValue:
    """Register an endpoint; the secret of a webhook is shown once, on the page that follows."""
    form = Form.posted(EndpointInput)
    if form.data is not None:
        try:
            _check_seat()
            endpoint, secret = service.add(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            return _registered(endpoint, secret)
    _forget_secret(form)
    return _listed(form), 422


def _registered(endpoint: Endpoint, secret: str) -> ResponseReturnValue:
    if secret:
        once.keep(_page(endpoint.id), secret)
    else:
        flash(_("已登记。请发一条测试，看群里是否收到。"), "ok")
    return redirect(_page(endpoint.id), 303)


def _page(endpoint_id: int) -> str:
    return url_for("notifications.endpoint", endpoint_id=endpoint_id)


def _forget_secret(form: Form[EndpointInput]) -> None:
    """Like a password it is not shown again; whoever typed one is told to do so once more."""
    if form.values.pop("secret", None):
        form.errors.setdefault("secret", _("密钥不会再显示，请重新填写。"))


def _check_seat() -> None:
    actor = acting()
    if opened_elsewhere(actor):
        agency = actor.agency.name if actor.agency else ""
        words = _("您已切换岗位。现在会登记到“%(agency)s”，请核对后再登记。", agency=agency)
        raise Invalid(errors={"name": words})


def _listed(form: Form[EndpointInput]) -> str:
    return render_template(
        "notifications/endpoints.html",
        form=form,
        page=queries.of_agency(acting().agency_id),
        hooks=labels,
        allowed=lambda row: is_allowed(EndpointKind(row.kind), row.shown),
        kinds=[(kind.value, labels.kind(kind)) for kind in EndpointKind],
        events=_choices(),
    )


def _choices() -> list[tuple[str, str]]:
    return [(event.value, labels.event(event)) for event in CHOICES]


@bp.get("/endpoints/<int:endpoint_id>")
@permission("endpoint.edit")
def endpoint(endpoint_id: int) -> ResponseReturnValue:
    """One endpoint: its state, and what became of each call; a new secret this once."""
    return _one(endpoint_id)


@bp.get("/endpoints/<int:endpoint_id>/calls")
@permission("endpoint.edit")
def endpoint_calls(endpoint_id: int) -> ResponseReturnValue:
    """The calls alone, for the page that shows them anew."""
    shown = _own(endpoint_id)
    return render_template(
        "notifications/_endpoint_calls.html",
        endpoint=shown,
        page=queries.calls_of(shown),
        hooks=labels,
    )


def _own(endpoint_id: int) -> Endpoint:
    shown = queries.one(endpoint_id)
    require(acting(), "endpoint.edit", shown)
    return shown


def _one(
    endpoint_id: int,
    form: Form[EndpointChangeInput] | None = None,
) -> str:
    secret = once.taken(_page(endpoint_id))
    shown = _own(endpoint_id)
    events = queries.events_of(endpoint_id)
    return render_template(
        "notifications/endpoint.html",
        endpoint=shown,
        allowed=is_allowed(EndpointKind(shown.kind), shown.shown),
        secret=secret,
        heard=[labels.event(event) for event in events],
        form=form or Form[EndpointChangeInput].blank(name=shown.name, events=events),
        events=_choices(),
        old_until=queries.old_signs_until(endpoint_id, clock.now()),
        page=queries.calls_of(shown),
        hooks=labels,
    )


@bp.post("/endpoints/<int:endpoint_id>/change")
@permission("endpoint.edit")
def change_endpoint(endpoint_id: int) -> ResponseReturnValue:
    """Name it anew, and choose what it hears of."""
    form = Form.posted(EndpointChangeInput)
    if form.data is None:
        return _one(endpoint_id, form), 422
    service.change(acting(), endpoint_id, form.data)
    flash(_("已保存。"), "ok")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


@bp.post("/endpoints/<int:endpoint_id>/rotate")
@permission("endpoint.edit")
def rotate_secret(endpoint_id: int) -> ResponseReturnValue:
    """Give a webhook a new secret, which is shown once, on the page that follows."""
    secret, _until = endpoint_secrets.rotate(acting(), endpoint_id)
    once.keep(_page(endpoint_id), secret)
    return redirect(_page(endpoint_id), 303)


@bp.post("/endpoints/<int:endpoint_id>/retire-old")
@permission("endpoint.edit")
def retire_old_secrets(endpoint_id: int) -> ResponseReturnValue:
    """Let earlier secrets sign no more."""
    endpoint_secrets.retire_old(acting(), endpoint_id)
    flash(_("旧密钥已失效，今后只用新密钥签名。"), "ok")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


@bp.post("/endpoints/<int:endpoint_id>/test")
@permission("endpoint.edit")
def test_endpoint(endpoint_id: int) -> ResponseReturnValue:
    """Call it once, to see whether that works."""
    service.test(acting(), endpoint_id)
    flash(_("测试已发出，几秒后下面就有结果。"), "ok")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


@bp.post("/endpoints/<int:endpoint_id>/disable")
@permission("endpoint.edit")
def disable_endpoint(endpoint_id: int) -> ResponseReturnValue:
    """Call it no more for now."""
    service.disable(acting(), endpoint_id)
    flash(_("已停用，今后的事项不再发给它。"), "ok")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


@bp.post("/endpoints/<int:endpoint_id>/enable")
@permission("endpoint.edit")
def enable_endpoint(endpoint_id: int) -> ResponseReturnValue:
    """Call it again."""
    service.enable(acting(), endpoint_id)
    flash(_("已启用。"), "ok")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


@bp.post("/endpoints/<int:endpoint_id>/end")
@permission("endpoint.edit")
def end_endpoint(endpoint_id: int) -> ResponseReturnValue:
    """Forget it."""
    service.end(acting(), endpoint_id)
    flash(_("已删除，地址和密钥不再保存。"), "ok")
    return redirect(url_for(".endpoints"), 303)


@bp.post("/endpoint-calls/<int:call_id>/replay")
@permission("endpoint.edit")
def replay_call(call_id: int) -> ResponseReturnValue:
    """Make a call again."""
    endpoint_id = service.replay(acting(), call_id)
    flash(_("已排队重发，几秒后下面就有结果。"), "ok")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)
