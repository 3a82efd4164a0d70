"""Being away: one's own absences, and for the system administrator anybody's."""

from typing import Any

from agencies.actors import acting
from agencies.api.blueprint import bp
from agencies.api.outputs import AbsenceOut, AbsencesOut
from agencies.inputs import AbsenceInput
from agencies.permissions import permission, require
from agencies.queries import absences_by_id
from agencies.services import absences as service
from agencies.services.people import person as person_of
from config.openapi import PageQuery, listing


@bp.get("/people/<int:person_id>/absences")
@permission("absence.set")
@bp.input(PageQuery, location="query", arg_name="query")
@bp.output(AbsencesOut)
@bp.doc(summary="When a person is away from now on: oneself, or (system administrator) anybody")
def absences(person_id: int, query: PageQuery) -> dict[str, Any]:
    require(acting(), "absence.set", person_of(person_id))
    page = absences_by_id(person_id, query.limit)
    return listing(page, [AbsenceOut.model_validate(one) for one in page.items])


@bp.post("/people/<int:person_id>/absences")
@permission("absence.set")
@bp.input(AbsenceInput, arg_name="data")
@bp.output(AbsenceOut, status_code=201)
@bp.doc(summary="Note that a person is away, both days included; their deputies act meanwhile")
def enter_absence(person_id: int, data: AbsenceInput) -> AbsenceOut:
    made = service.enter(acting(), person_id, data.from_day, data.until_day)
    return AbsenceOut.model_validate(made)


@bp.delete("/absences/<int:absence_id>")
@permission("absence.set")
@bp.output({}, status_code=204)
@bp.doc(summary="The person is back, or doesn't go", responses={409: "It is over"})
def end_absence(absence_id: int) -> str:
    service.end(acting(), absence_id)
    return ""
