"""Being away: noted and ended by the person, or for them by the system administrator."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.inputs import AbsenceInput
from agencies.permissions import permission
from agencies.services import absences as service
from agencies.services.people import person as person_of
from agencies.web import account, people
from agencies.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form


def _entered(person_id: int, form: Form[AbsenceInput]) -> bool:
    if form.data is None:
        return False
    try:
        service.enter(acting(), person_id, form.data.from_day, form.data.until_day)
    except Invalid as error:
        form.refuse(error)
        return False
    flash(_("请假已登记。"), "ok")
    return True


def _back(person_id: int) -> ResponseReturnValue:
    if person_id == acting().person_id:
        return redirect(url_for("agencies.account"), 303)
    return redirect(url_for("agencies.person", person_id=person_id), 303)


@bp.post("/account/absences")
@permission("account.own")
def enter_absence() -> ResponseReturnValue:
    """Note that one is away."""
    form = Form.posted(AbsenceInput)
    if _entered(acting().person_id, form):
        return _back(acting().person_id)
    return account.drawn(422, absence=form)


@bp.post("/people/<int:person_id>/absences")
@permission("person.edit")
def enter_absence_of(person_id: int) -> ResponseReturnValue:
    """Note for somebody that they are away."""
    form = Form.posted(AbsenceInput)
    if _entered(person_id, form):
        return _back(person_id)
    return people.drawn(person_of(person_id), 422, absence=form)


@bp.post("/absences/<int:absence_id>/end")
@permission("absence.set")
def end_absence(absence_id: int) -> ResponseReturnValue:
    """Back earlier, or not going: one's own absence or (system) anybody's."""
    whose = service.end(acting(), absence_id)
    flash(_("请假已结束。"), "ok")
    return _back(whose)
