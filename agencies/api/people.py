"""People and their seats, for administrators."""

from typing import Any

from agencies import directory
from agencies.actors import acting
from agencies.api.blueprint import bp
from agencies.api.outputs import PeopleOut, PersonDetailOut, PersonOut
from agencies.inputs import ContactInput, PersonInput, PlacementInput
from agencies.permissions import permission
from agencies.services import contacts, seats
from agencies.services import people as service
from config.openapi import PageQuery, listing


class PeopleQuery(PageQuery):
    """People whose name or user name contains `q`, or in one state."""

    q: str = ""
    state: str = ""


def detail(person_id: int) -> PersonDetailOut:
    """A person as the API shows one."""
    person = service.person(person_id)
    tenures = directory.tenures_of([person_id])[person_id]
    return PersonDetailOut.with_contacts(person, tenures, list(directory.contacts_of(person_id)))


@bp.get("/people")
@permission("person.read")
@bp.input(PeopleQuery, location="query", arg_name="query")
@bp.output(PeopleOut)
@bp.doc(summary="People by user name, for administrators")
def people(query: PeopleQuery) -> dict[str, Any]:
    page = directory.people(query.q, query.state, query.limit)
    tenures = directory.tenures_of([one.id for one in page.items])
    return listing(page, [PersonOut.of(one, tenures.get(one.id, [])) for one in page.items])


@bp.get("/people/<int:person_id>")
@permission("person.read")
@bp.output(PersonDetailOut)
@bp.doc(summary="One person with seats and addresses")
def person(person_id: int) -> PersonDetailOut:
    return detail(person_id)


@bp.post("/people")
@permission("person.create")
@bp.input(PersonInput, arg_name="data")
@bp.output(PersonDetailOut, status_code=201)
@bp.doc(summary="Make an account; its password is set by invitation")
def create_person(data: PersonInput) -> PersonDetailOut:
    return detail(service.create(acting(), data).id)


@bp.post("/people/<int:person_id>/contacts")
@permission("person.invite")
@bp.input(ContactInput, arg_name="data")
@bp.output(PersonDetailOut)
@bp.doc(summary="Set the address to which somebody without a password yet is invited")
def set_contact(person_id: int, data: ContactInput) -> PersonDetailOut:
    contacts.save_for(acting(), person_id, data)
    return detail(person_id)


@bp.post("/people/<int:person_id>/seats")
@permission("seat.give")
@bp.input(PlacementInput, arg_name="data")
@bp.output(PersonDetailOut)
@bp.doc(summary="Let a person hold a seat; it is made where it is missing", responses={409: "Held"})
def place_person(person_id: int, data: PlacementInput) -> PersonDetailOut:
    seats.place(acting(), person_id, data)
    return detail(person_id)


@bp.post("/people/<int:person_id>/deactivate")
@permission("person.deactivate")
@bp.output(PersonDetailOut)
@bp.doc(summary="Shut an account; its seats become vacant, its keys and sessions end")
def deactivate_person(person_id: int) -> PersonDetailOut:
    service.deactivate(acting(), person_id)
    return detail(person_id)


@bp.delete("/tenures/<int:tenure_id>")
@permission("seat.take")
@bp.output({}, status_code=204)
@bp.doc(summary="Take a seat from a person")
def take_seat(tenure_id: int) -> str:
    seats.take(acting(), tenure_id)
    return ""
