"""The calendar of working days, and for the system administrator its exceptions."""

from datetime import date

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import working_days
from agencies.actors import acting
from agencies.inputs import SpecialDayInput
from agencies.permissions import permission
from agencies.services import calendar as service
from agencies.web.blueprint import bp
from config import clock
from config.errors import Invalid, NotFound
from config.forms import Form


@bp.get("/working-days")
@permission("calendar.read")
def calendar() -> ResponseReturnValue:
    """A year: which days off and on differ from Monday to Friday, and why."""
    today = clock.today(current_app.extensions["settings"].zone)
    year = request.args.get("year", today.year, type=int)
    if not service.FIRST <= year <= service.LAST:
        raise NotFound
    return _drawn(year, Form.blank(is_working="0"), 200)


def _drawn(year: int, form: Form[SpecialDayInput], status: int) -> ResponseReturnValue:
    html = render_template(
        "agencies/calendar.html",
        year=year,
        months=working_days.months(year),
        days=working_days.exceptions(year),
        announced=working_days.is_announced(year),
        form=form,
        bounds=(service.FIRST, service.LAST),
    )
    return html, status


@bp.post("/working-days")
@permission("calendar.edit")
def set_day() -> ResponseReturnValue:
    """Decide about a day."""
    form = Form.posted(SpecialDayInput)
    year = clock.today(current_app.extensions["settings"].zone).year
    if form.data is not None:
        try:
            service.set_day(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"), "ok")
            return redirect(url_for("agencies.calendar", year=form.data.day.year), 303)
    return _drawn(_year_of(form.values.get("day"), year), form, 422)


def _year_of(typed: object, otherwise: int) -> int:
    """The year in which a day lies that was typed, so that the page stays where it was."""
    year = str(typed)[:4]
    is_covered = year.isascii() and year.isdecimal() and service.FIRST <= int(year) <= service.LAST
    return int(year) if is_covered else otherwise


@bp.post("/working-days/<string:day>/clear")
@permission("calendar.edit")
def clear_day(day: str) -> ResponseReturnValue:
    """Leave a day to the library again."""
    try:
        cleared = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    service.clear_day(acting(), cleared)
    flash(_("已恢复。"), "ok")
    return redirect(url_for("agencies.calendar", year=cleared.year), 303)
