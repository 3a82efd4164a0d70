"""The calendar of working days, and for the system administrator its exceptions."""

from datetime import date
from typing import Annotated

from flask import current_app
from pydantic import BaseModel, Field

from agencies import working_days
from agencies.actors import acting
from agencies.api.blueprint import bp
from agencies.api.outputs import CalendarOut, SpecialDayOut
from agencies.inputs import SpecialDayInput
from agencies.permissions import permission
from agencies.services import calendar as service
from config import clock
from config.errors import NotFound


class CalendarQuery(BaseModel):
    """Which year; this one where none is named."""

    year: Annotated[int, Field(ge=service.FIRST, le=service.LAST)] | None = None


def _year(year: int) -> CalendarOut:
    days = [SpecialDayOut.model_validate(one) for one in working_days.exceptions(year)]
    return CalendarOut(year=year, is_announced=working_days.is_announced(year), days=days)


@bp.get("/working-days")
@permission("calendar.read")
@bp.input(CalendarQuery, location="query", arg_name="query")
@bp.output(CalendarOut)
@bp.doc(summary="A year's days that differ from Monday to Friday, or that were decided here")
def calendar(query: CalendarQuery) -> CalendarOut:
    today = clock.today(current_app.extensions["settings"].zone)
    return _year(query.year or today.year)


@bp.post("/working-days")
@permission("calendar.edit")
@bp.input(SpecialDayInput, arg_name="data")
@bp.output(CalendarOut)
@bp.doc(summary="Decide whether people work on a day; answers with its year")
def set_day(data: SpecialDayInput) -> CalendarOut:
    service.set_day(acting(), data)
    return _year(data.day.year)


@bp.delete("/working-days/<day>")
@permission("calendar.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Leave a day (YYYY-MM-DD) to the national calendar again")
def clear_day(day: str) -> str:
    try:
        cleared = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    service.clear_day(acting(), cleared)
    return ""
