"""Relaying a paper: the form beside the locked original, the page of a relay, its buttons."""

from collections.abc import Sequence

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import forms, services, wording
from bulletins.audience import Rule
from bulletins.inputs import AudienceInput, RelayInput, RemarkInput
from bulletins.models import Attachment, Receipt, Relay
from bulletins.queries import attachments, inbox, relays
from bulletins.queries.endings import ending_of
from bulletins.queries.relay_rules import stored_rules
from bulletins.services.checks import today
from bulletins.services.relay_checking import examine_relay
from bulletins.services.relays import count_newcomers, count_served
from bulletins.states import Part, RuleKind, State
from bulletins.web.blueprint import bp
from bulletins.web.relay_over import is_in_force, over_page
from config.database import found
from config.errors import Invalid
from config.forms import Form


@bp.get("/inbox/<int:receipt_id>/relay")
@permission("relay.draft")
def relay(receipt_id: int) -> ResponseReturnValue:
    """The form of a relay: the one begun, or a new one; nothing is kept until it is saved.

    A paper that is not in force in this version says so instead.
    """
    receipt = _mine(receipt_id)
    begun = relays.open_relay(receipt.agency_id, receipt.bulletin_id)
    if begun is not None and begun.state == State.SUBMITTED:
        return redirect(url_for("bulletins.show_relay", relay_id=begun.id))
    if not is_in_force(receipt):
        return over_page(receipt, begun)
    if begun is None:
        form = Form[RelayInput].blank(to_all=True, revision=0, form_key=forms.new_key())
    else:
        form = forms.stored_relay(begun, stored_rules(begun.id))
    return _page(form, receipt, begun)


@bp.post("/inbox/<int:receipt_id>/relay")
@permission("relay.draft")
def save_relay(receipt_id: int) -> ResponseReturnValue:
    """Save a relay, submit it, or redraw the form with what was asked for."""
    receipt, wanted = _mine(receipt_id), request.form.get("action", "save")
    form = forms.posted_relay()
    if not is_in_force(receipt):
        return _overtaken(form, receipt_id)
    begun = relays.open_relay(receipt.agency_id, receipt.bulletin_id)
    if wanted in ("find", "reach"):
        form.errors.clear()
        return _page(form, receipt, begun, reach=_typed_reach(receipt, form))
    if form.data is None:
        return _page(form, receipt, begun), Invalid.status
    try:
        saved = services.save_relay(acting(), receipt_id, form.data, forms.revision(), forms.key())
        form.values["revision"] = saved.revision
        if wanted == "submit":
            services.submit_relay(acting(), saved.id)
    except services.StaleRelay as error:
        return _conflict(form, receipt_id, error)
    except services.NotInForce:
        return _overtaken(form, receipt_id)
    except Invalid as error:
        form.refuse(error)
        return _page(form, receipt, begun), Invalid.status
    if wanted == "submit":
        flash(_("已送签，等待签发。"), "success")
        return redirect(url_for("bulletins.show_relay", relay_id=saved.id))
    flash(_("已保存。"), "success")
    return redirect(url_for("bulletins.relay", receipt_id=receipt_id))


def _overtaken(form: Form[RelayInput], receipt_id: int) -> ResponseReturnValue:
    """What was typed, where the paper ended meanwhile; of a corrected one the form goes on."""
    receipt = _mine(receipt_id)
    begun = relays.open_relay(receipt.agency_id, receipt.bulletin_id)
    newer = relays.receipt_of(receipt.agency_id, receipt.bulletin)
    if receipt.bulletin.ended_kind or newer is None or newer.id == receipt_id:
        return over_page(receipt, begun, form), services.NotInForce.status
    form.errors = {"": _("原件在此期间已更正。请对照更正后的原件，再保存或送签。")}
    return _page(form, newer, begun), services.NotInForce.status


@bp.post("/inbox/<int:receipt_id>/relay/autosave")
@permission("relay.draft")
def autosave_relay(receipt_id: int) -> ResponseReturnValue:
    """The page's script saves a relay, for the first time or again."""
    form = forms.posted_relay()
    if form.data is None:
        raise Invalid(errors=form.errors)
    saved = services.save_relay(acting(), receipt_id, form.data, forms.revision(), forms.key())
    return jsonify(revision=saved.revision, saved_at=saved.updated_at.isoformat())


def _conflict(
    form: Form[RelayInput], receipt_id: int, error: services.StaleRelay
) -> ResponseReturnValue:
    """Both texts: the one stored now, and the one typed, neither of which is lost."""
    receipt = _mine(receipt_id)
    now = relays.open_relay(receipt.agency_id, receipt.bulletin_id)
    form.values["revision"] = now.revision if now else 0
    form.values["form_key"] = forms.new_key()
    return _page(form, receipt, now, error), error.status


@bp.post("/inbox/<int:receipt_id>/relay/reach")
@permission("relay.draft")
def relay_reach(receipt_id: int) -> ResponseReturnValue:
    """How many agencies the audience ticked so far would newly reach."""
    count, text = _counted(_mine(receipt_id))
    return jsonify(count=count, text=text)


def _counted(receipt: Receipt) -> tuple[int, str]:
    """How many agencies the form that was sent would newly reach, also in words; raises Invalid."""
    form = Form[AudienceInput].posted(AudienceInput)
    if form.data is None:
        raise Invalid(errors=form.errors)
    rules = form.data.rules(receipt.agency_id)
    counts = count_newcomers(receipt.bulletin, receipt.agency_id, rules)
    return sum(counts.values()), wording.newly(counts, count_served(receipt, rules))


def _typed_reach(receipt: Receipt, form: Form[RelayInput]) -> str:
    try:
        return _counted(receipt)[1]
    except Invalid as error:
        form.refuse(error)
        return ""


@bp.get("/relays/<int:relay_id>")
@permission("relay.show")
def show_relay(relay_id: int) -> ResponseReturnValue:
    """A relay as its own office sees it, with the original."""
    one = relays.relay(relay_id)
    require(acting(), "relay.show", one)
    return _shown(one, Form[RemarkInput].blank())


@bp.post("/relays/<int:relay_id>/withdraw")
@permission("relay.withdraw")
def withdraw_relay(relay_id: int) -> ResponseReturnValue:
    """Take a submitted relay back."""
    services.withdraw_relay(acting(), relay_id)
    flash(_("已撤回，可以继续修改。"), "success")
    return _back_to(relay_id)


@bp.post("/relays/<int:relay_id>/discard")
@permission("relay.discard")
def discard_relay(relay_id: int) -> ResponseReturnValue:
    """Give a relay up."""
    services.discard_relay(acting(), relay_id)
    flash(_("转发稿已作废。"), "success")
    return _back_to(relay_id)


@bp.post("/relays/<int:relay_id>/return")
@permission("relay.return")
def return_relay(relay_id: int) -> ResponseReturnValue:
    """Give a submitted relay back to the clerk with a remark."""
    form = Form[RemarkInput].posted(RemarkInput)
    if form.data is not None:
        services.return_relay(acting(), relay_id, form.data.remark)
        flash(_("已退回修改。"), "success")
        return _back_to(relay_id)
    one = relays.relay(relay_id)
    require(acting(), "relay.return", one)
    return _shown(one, form), Invalid.status


@bp.post("/relays/<int:relay_id>/sign")
@permission("relay.sign")
def sign_relay(relay_id: int) -> ResponseReturnValue:
    """Hand the paper down as the approver has read the relay."""
    read = forms.revision() if "revision" in request.form else None
    signed = services.sign_relay(acting(), relay_id, read)
    flash(_("已转发，%(count)s 个机构现在可以看到。", count=signed.receipt_count), "success")
    return _back_to(relay_id)


@bp.post("/inbox/<int:receipt_id>/act")
@permission("bulletin.act")
def act(receipt_id: int) -> ResponseReturnValue:
    """Note that the agency has dealt with a paper."""
    services.act(acting(), receipt_id)
    flash(_("已记为办理完毕。"), "success")
    return redirect(url_for("bulletins.read", receipt_id=receipt_id))


def _mine(receipt_id: int) -> Receipt:
    receipt = found(select(Receipt).where(Receipt.id == receipt_id))
    require(acting(), "relay.draft", receipt)
    return receipt


def _back_to(relay_id: int) -> ResponseReturnValue:
    return redirect(url_for("bulletins.show_relay", relay_id=relay_id))


def _page(
    form: Form[RelayInput],
    receipt: Receipt,
    begun: Relay | None,
    conflict: services.StaleRelay | None = None,
    reach: str | None = None,
) -> str:
    return render_template(
        "bulletins/relay_form.html",
        form=form,
        relay=begun,
        conflict=conflict,
        own_files=relays.files([begun.id]).get(begun.id, ()) if begun else (),
        reading=inbox.reading(receipt),
        attachments=_originals(receipt),
        choices=forms.choices(receipt.agency_id, form),
        report=examine_relay(begun) if begun else None,
        reach=_reach_of(receipt, begun) if reach is None else reach,
        today=today(),
    )


def _originals(receipt: Receipt) -> Sequence[Attachment]:
    """The files of the paper that is relayed, which go down with it."""
    return attachments.of_version(receipt.bulletin_id, receipt.version)


def _reach_of(receipt: Receipt, begun: Relay | None) -> str:
    everybody = [Rule(Part.TO, RuleKind.SUBTREE, receipt.agency_id)]
    rules = stored_rules(begun.id) if begun else everybody
    counts = count_newcomers(receipt.bulletin, receipt.agency_id, rules)
    return wording.newly(counts, count_served(receipt, rules))


def _shown(one: Relay, form: Form[RemarkInput]) -> str:
    receipt, rules = relays.own_receipt(one), stored_rules(one.id)
    open_reach = {} if one.signed_at else count_newcomers(one.bulletin, one.agency_id, rules)
    return render_template(
        "bulletins/relay.html",
        relay=one,
        form=form,
        reading=inbox.reading(receipt) if receipt else None,
        ending=ending_of(one.bulletin, one.agency_id),
        attachments=_originals(receipt) if receipt else (),
        own_files=relays.files([one.id]).get(one.id, ()),
        report=None if one.signed_at else examine_relay(one),
        audience=wording.audience(one.agency_id, rules),
        reach=wording.newly(open_reach, count_served(receipt, rules) if receipt else 0),
    )
