"""What administrators do with one account: its name, its locks, its invitation."""

from agencies.actors import acting
from agencies.api.blueprint import bp
from agencies.api.outputs import InvitationOut, PersonDetailOut
from agencies.api.people import detail
from agencies.inputs import InviteInput, RenameInput
from agencies.permissions import permission
from agencies.services import invitations
from agencies.services import people as service


@bp.patch("/people/<int:person_id>")
@permission("person.edit")
@bp.input(RenameInput, arg_name="data")
@bp.output(PersonDetailOut)
@bp.doc(summary="Give a person another name")
def rename_person(person_id: int, data: RenameInput) -> PersonDetailOut:
    service.rename(acting(), person_id, data.name)
    return detail(person_id)


@bp.post("/people/<int:person_id>/activate")
@permission("person.deactivate")
@bp.output(PersonDetailOut)
@bp.doc(summary="Open an account again; seats are given anew")
def activate_person(person_id: int) -> PersonDetailOut:
    service.activate(acting(), person_id)
    return detail(person_id)


@bp.post("/people/<int:person_id>/lock")
@permission("person.lock")
@bp.output(PersonDetailOut)
@bp.doc(summary="Keep a person out until unlocked; their sessions end, their seats stay theirs")
def lock_person(person_id: int) -> PersonDetailOut:
    service.lock(acting(), person_id)
    return detail(person_id)


@bp.post("/people/<int:person_id>/unlock")
@permission("person.unlock")
@bp.output(PersonDetailOut)
@bp.doc(summary="Let a person in again at once")
def unlock_person(person_id: int) -> PersonDetailOut:
    service.unlock(acting(), person_id)
    return detail(person_id)


@bp.post("/people/<int:person_id>/end-sign-ins")
@permission("person.end_sign_ins")
@bp.output(PersonDetailOut)
@bp.doc(summary="Sign a person out in all browsers")
def end_sign_ins(person_id: int) -> PersonDetailOut:
    service.end_sign_ins(acting(), person_id)
    return detail(person_id)


@bp.post("/people/<int:person_id>/invite")
@permission("person.read")
@bp.input(InviteInput, arg_name="data")
@bp.output(InvitationOut, status_code=201)
@bp.doc(
    summary="Invite a newcomer (system administrator), or let somebody set a new password "
    "(security administrator); a slip's link and code come with the answer"
)
def invite_person(person_id: int, data: InviteInput) -> InvitationOut:
    return InvitationOut.of(invitations.invite(acting(), person_id, data.way))
