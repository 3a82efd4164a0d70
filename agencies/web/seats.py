"""A seat's page: who holds it, who stands in, who held it before."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import directory, holdings
from agencies.actors import acting
from agencies.inputs import HolderInput
from agencies.models import Seat
from agencies.permissions import permission
from agencies.services import seats as service
from agencies.web.blueprint import bp
from config.errors import Conflict, Invalid
from config.forms import Form


@bp.get("/seats/<int:seat_id>")
@permission("seat.give")
def seat(seat_id: int) -> ResponseReturnValue:
    """Who holds the seat now and held it before."""
    return _drawn(service.seat(seat_id), Form.blank(), 200)


def _drawn(shown: Seat, form: Form[HolderInput], status: int) -> ResponseReturnValue:
    history = directory.history(shown.id)
    html = render_template(
        "agencies/seat.html",
        seat=shown,
        history=history,
        now=[tenure for tenure in history if tenure.ended_at is None],
        held=sum(holdings.open_counts("seat", shown.id).values()),
        form=form,
    )
    return html, status


@bp.post("/seats/<int:seat_id>/give")
@permission("seat.give")
def give_seat(seat_id: int) -> ResponseReturnValue:
    """Let a person hold the seat, or stand in."""
    form = Form.posted(HolderInput)
    status = 422
    if form.data is not None:
        given = form.data
        try:
            service.give(acting(), seat_id, given.username, is_deputy=given.is_deputy)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.errors[""], status = str(error), 409
        else:
            flash(_("已安排。"), "ok")
            return redirect(url_for("agencies.seat", seat_id=seat_id), 303)
    return _drawn(service.seat(seat_id), form, status)


@bp.post("/seats/<int:seat_id>/end")
@permission("seat.end")
def end_seat(seat_id: int) -> ResponseReturnValue:
    """Do away with the seat."""
    agency_id = service.seat(seat_id).agency_id
    service.end(acting(), seat_id)
    flash(_("岗位已撤销。"), "ok")
    return redirect(url_for("agencies.agency", agency_id=agency_id), 303)


@bp.post("/tenures/<int:tenure_id>/end")
@permission("seat.take")
def take_seat(tenure_id: int) -> ResponseReturnValue:
    """Take the seat from a person."""
    seat_id = service.take(acting(), tenure_id)
    flash(_("已收回岗位。"), "ok")
    return redirect(url_for("agencies.seat", seat_id=seat_id), 303)
