"""Writing a draft: the form, and its autosave."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting, opened_elsewhere
from agencies.permissions import permission, require
from bulletins import forms, services, wording
from bulletins.inputs import DraftInput
from bulletins.models import Bulletin
from bulletins.queries import papers, remarks, reviews
from bulletins.services.addressing import stored_rules
from bulletins.services.checking import Report, Unchecked
from bulletins.services.checks import today
from bulletins.states import Action, after
from bulletins.web import previews
from bulletins.web.attachments import files_of
from bulletins.web.blueprint import bp
from config.errors import Conflict, Invalid
from config.forms import Form


@bp.get("/bulletins/drafts/new")
@permission("bulletin.draft")
def new() -> ResponseReturnValue:
    """An empty draft; nothing is kept until it is saved."""
    return _page(forms.blank(acting().agency_id or 0))


@bp.post("/bulletins/drafts/new")
@permission("bulletin.draft")
def create() -> ResponseReturnValue:
    """Save a new draft, or redraw the form with what was asked for."""
    return _posted(None)


@bp.get("/bulletins/drafts/<int:bulletin_id>")
@permission("bulletin.edit")
def draft(bulletin_id: int) -> ResponseReturnValue:
    """The form of a draft; a paper that can't be edited any more shows its page instead."""
    bulletin = _mine(bulletin_id)
    if after(bulletin.state, Action.EDIT) is None:
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return _page(forms.stored(bulletin, stored_rules(bulletin_id)), bulletin)


@bp.post("/bulletins/drafts/<int:bulletin_id>")
@permission("bulletin.edit")
def save(bulletin_id: int) -> ResponseReturnValue:
    """Save a draft, submit it, or redraw the form with what was asked for."""
    return _posted(_mine(bulletin_id))


def _mine(bulletin_id: int) -> Bulletin:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.edit", bulletin)
    return bulletin


def _posted(bulletin: Bulletin | None) -> ResponseReturnValue:
    form = forms.posted()
    wanted = request.form.get("action", "save")
    if wanted in ("preview", "reach", "find"):
        return _redrawn(form, bulletin, wanted)
    if form.data is None:
        return _page(form, bulletin), Invalid.status
    try:
        saved = _saved(bulletin, form, form.data)
        bulletin = saved
        form.values["revision"] = saved.revision
        if wanted == "submit":
            saved = services.submit(acting(), saved.id, forms.looked_at())
    except Unchecked as error:
        page = _page(forms.stopped(form, error), bulletin, report=error.report)
        return page, Invalid.status
    except Conflict as error:
        return _conflict(form, bulletin or _made_before(), error)
    except Invalid as error:
        form.refuse(error)
        return _page(form, bulletin), Invalid.status
    if wanted == "submit":
        flash(wording.laid_before(saved.state), "success")
        return redirect(url_for("bulletins.show", bulletin_id=saved.id))
    flash(_("已保存。"), "success")
    return redirect(url_for("bulletins.draft", bulletin_id=saved.id))


def _saved(bulletin: Bulletin | None, form: Form[DraftInput], data: DraftInput) -> Bulletin:
    if bulletin is None:
        _check_seat(form)
        return services.create_draft(acting(), data, forms.key())
    return services.save_draft(acting(), bulletin.id, forms.revision(), data)


def _made_before() -> Bulletin | None:
    """The paper that the form made when it was sent the first time."""
    key = forms.key()
    return papers.made_with(acting().person_id, key) if key else None


def _check_seat(form: Form[DraftInput]) -> None:
    """Refuse a new draft whose form was opened in another seat: it would be another agency's.

    Saved all the same, it is another draft than what the form may have made in that seat.
    """
    actor = acting()
    if opened_elsewhere(actor):
        form.values["form_key"] = forms.new_key()
        agency = actor.agency.name if actor.agency else ""
        raise Invalid(
            errors={
                "": _(
                    "您已切换岗位。此稿现在会以“%(agency)s”的名义起草，请核对后再保存。",
                    agency=agency,
                )
            }
        )


def _redrawn(form: Form[DraftInput], bulletin: Bulletin | None, wanted: str) -> ResponseReturnValue:
    form.errors.clear()
    preview, reach = None, ""
    try:
        if wanted == "preview":
            preview = previews.rendered(str(form.values.get("body", "")))
        elif wanted == "reach":
            _counts, reach = previews.typed_reach(acting().agency_id)
    except Invalid as error:
        form.refuse(error)
    return _page(form, bulletin, preview=preview, reach=reach)


def _conflict(
    form: Form[DraftInput], bulletin: Bulletin | None, error: Conflict
) -> ResponseReturnValue:
    """Both texts: the one stored now, and the one typed, neither of which is lost."""
    if bulletin is None:
        raise error
    now = papers.bulletin(bulletin.id)
    can_go_on = after(now.state, Action.EDIT) is not None
    form.values["revision"] = now.revision
    form.values["form_key"] = forms.new_key()
    page = _page(form, now, conflict=error, can_go_on=can_go_on)
    return page, Conflict.status


def _page(
    form: Form[DraftInput],
    bulletin: Bulletin | None = None,
    *,
    preview: str | None = None,
    reach: str = "",
    conflict: Conflict | None = None,
    can_go_on: bool = True,
    report: Report | None = None,
) -> str:
    issuer_id = acting().agency_id or 0
    return render_template(
        "bulletins/draft.html",
        form=form,
        bulletin=bulletin,
        choices=forms.choices(issuer_id, form, wide=True),
        reviewers=_reviewers(issuer_id, bulletin),
        remarks=remarks.of(bulletin) if bulletin else (),
        preview=preview,
        conflict=conflict,
        can_go_on=can_go_on,
        theirs=wording.audience(issuer_id, stored_rules(bulletin.id))
        if conflict and bulletin
        else (),
        reach=reach or (previews.stored_reach(bulletin) if bulletin and not form.errors else ""),
        remark=papers.return_remark(bulletin.id) if bulletin else None,
        today=today(),
        report=report,
        **(files_of(bulletin) if bulletin else {}),
    )


def _reviewers(issuer_id: int, bulletin: Bulletin | None) -> list[tuple[int, str]]:
    """Who can be asked to review; whoever wrote the paper is not offered."""
    wrote = services.drafters(bulletin) if bulletin else set()
    planned = [seat for _step, seat in reviews.plan_of(bulletin.id)] if bulletin else []
    return reviews.candidates(issuer_id, {*wrote, acting().person_id}, planned)


@bp.post("/bulletins/drafts/autosave")
@permission("bulletin.draft")
def autosave_new() -> ResponseReturnValue:
    """The page's script saves a draft for the first time."""
    form = forms.posted()
    _check_seat(form)
    return _autosaved(services.create_draft(acting(), _typed(form), forms.key()))


@bp.post("/bulletins/drafts/<int:bulletin_id>/autosave")
@permission("bulletin.edit")
def autosave(bulletin_id: int) -> ResponseReturnValue:
    """The page's script saves a draft again."""
    data = _typed(forms.posted())
    return _autosaved(services.save_draft(acting(), bulletin_id, forms.revision(), data))


def _typed(form: Form[DraftInput]) -> DraftInput:
    if form.data is None:
        raise Invalid(errors=form.errors)
    return form.data


def _autosaved(bulletin: Bulletin) -> ResponseReturnValue:
    return jsonify(
        revision=bulletin.revision,
        saved_at=bulletin.updated_at.isoformat(),
        edit_url=url_for("bulletins.draft", bulletin_id=bulletin.id),
        autosave_url=url_for("bulletins.autosave", bulletin_id=bulletin.id),
    )
