"""Making and ending seats, for the system administrator."""

from agencies import directory
from agencies.actors import acting
from agencies.api.blueprint import bp
from agencies.api.outputs import SeatOut
from agencies.inputs import SeatInput
from agencies.permissions import permission
from agencies.services import seats as service


@bp.post("/agencies/<int:agency_id>/seats")
@permission("seat.create")
@bp.input(SeatInput, arg_name="data")
@bp.output(SeatOut, status_code=201)
@bp.doc(summary="Make a seat in an agency, or open an ended one again")
def create_seat(agency_id: int, data: SeatInput) -> SeatOut:
    made = service.create(acting(), agency_id, data)
    return next(SeatOut.of(row) for row in directory.seats_in(agency_id) if row.seat.id == made.id)


@bp.delete("/seats/<int:seat_id>")
@permission("seat.end")
@bp.output({}, status_code=204)
@bp.doc(summary="End a seat; who holds it loses it", responses={409: "Open work hangs on it"})
def end_seat(seat_id: int) -> str:
    service.end(acting(), seat_id)
    return ""
