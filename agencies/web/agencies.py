"""The directory of agencies: the tree, an agency's page, whom to ask there."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import branches, directory, labels, queries
from agencies.actors import acting
from agencies.inputs import AgencyInput, SeatInput
from agencies.models import Agency
from agencies.permissions import can, permission
from agencies.services import agencies as service
from agencies.services import seats
from agencies.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form


@bp.get("/agencies")
@permission("agency.browse")
def agencies() -> ResponseReturnValue:
    """The tree, opened down to one agency; or what a search found."""
    words = request.args.get("q", "").strip()
    if words:
        page = directory.search(words)
        counts = directory.child_counts([agency.id for agency in page.items])
        return render_template("agencies/search.html", page=page, counts=counts, words=words[:100])
    at = request.args.get("at", acting().agency_id or 0, type=int)
    path = [*reversed(queries.upper_agencies(at)), queries.agency(at)] if at else []
    return render_template("agencies/tree.html", branch=branches.tree(path), at=at)


@bp.get("/agencies/<int:agency_id>")
@permission("agency.browse")
def agency(agency_id: int) -> ResponseReturnValue:
    """One agency: whom to ask, its seats and their holders, what stands under it."""
    return _drawn(queries.agency(agency_id), Form.blank(), 200)


def _drawn(shown: Agency, form: Form[SeatInput], status: int) -> ResponseReturnValue:
    page = directory.children(shown.id, 25)
    html = render_template(
        "agencies/agency.html",
        agency=shown,
        path=list(reversed(queries.upper_agencies(shown.id))),
        seats=directory.seats_in(shown.id),
        page=page,
        counts=directory.child_counts([one.id for one in page.items]),
        form=form,
        seat_choices=labels.seat_choices(),
        may_edit=can(acting(), "agency.edit"),
    )
    return html, status


@bp.post("/agencies/<int:agency_id>/seats")
@permission("seat.create")
def create_seat(agency_id: int) -> ResponseReturnValue:
    """Make a new seat."""
    form = Form.posted(SeatInput)
    if form.data is not None:
        try:
            made = seats.create(acting(), agency_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("岗位已设立，请安排人员。"), "ok")
            return redirect(url_for("agencies.seat", seat_id=made.id), 303)
    return _drawn(queries.agency(agency_id), form, 422)


@bp.get("/agencies/<int:agency_id>/edit")
@permission("agency.edit")
def edit_agency(agency_id: int) -> ResponseReturnValue:
    """The form for whom to ask."""
    shown = queries.agency(agency_id)
    fields = AgencyInput.model_fields
    form: Form[AgencyInput] = Form.blank(**{name: getattr(shown, name) for name in fields})
    return render_template("agencies/edit.html", agency=shown, form=form)


@bp.post("/agencies/<int:agency_id>/edit")
@permission("agency.edit")
def save_agency(agency_id: int) -> ResponseReturnValue:
    """Keep whom to ask."""
    form = Form.posted(AgencyInput)
    if form.data is not None:
        try:
            service.edit(acting(), agency_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"), "ok")
            return redirect(url_for("agencies.agency", agency_id=agency_id), 303)
    shown = queries.agency(agency_id)
    return render_template("agencies/edit.html", agency=shown, form=form), 422
