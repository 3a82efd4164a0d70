"""People, as administrators see them: the list, a new account, one person's page."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import directory, labels
from agencies.actors import acting
from agencies.inputs import AbsenceInput, ContactInput, PersonInput, PlacementInput, RenameInput
from agencies.models import Person
from agencies.permissions import can, permission
from agencies.queries import absences_of, is_taken, sign_ins_of
from agencies.services import people as service
from agencies.services import seats, tokens
from agencies.states import SeatKind
from agencies.web.blueprint import bp
from config import clock
from config.errors import Conflict, Invalid
from config.forms import Form


@bp.get("/people")
@permission("person.read")
def people() -> ResponseReturnValue:
    """Everybody by user name, searched and narrowed."""
    words, state = request.args.get("q", "")[:100], request.args.get("state", "")
    page = directory.people(words, state)
    return render_template(
        "agencies/people.html",
        page=page,
        tenures=directory.tenures_of([person.id for person in page.items]),
        words=words,
        state=state,
        state_of=directory.state_of,
    )


@bp.get("/people/new")
@permission("person.create")
def new_person() -> ResponseReturnValue:
    """The form for a new account."""
    return render_template("agencies/new_person.html", form=Form.blank())


@bp.post("/people/new")
@permission("person.create")
def create_person() -> ResponseReturnValue:
    """Make a new account."""
    form = Form.posted(PersonInput)
    if form.data is not None:
        try:
            made = service.create(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("账号已建立。请安排岗位，再发出邀请。"), "ok")
            return redirect(url_for("agencies.person", person_id=made.id), 303)
    elif "username" not in form.errors and is_taken(form.values["username"]):
        form.errors["username"] = _("这个用户名已有人使用。")
    return render_template("agencies/new_person.html", form=form), 422


@bp.get("/people/<int:person_id>")
@permission("person.read")
def person(person_id: int) -> ResponseReturnValue:
    """One person: account, seats, addresses, absences; for security also sessions and keys."""
    return drawn(service.person(person_id), 200)


def drawn(
    shown: Person,
    status: int,
    placing: Form[PlacementInput] | None = None,
    naming: Form[RenameInput] | None = None,
    absence: Form[AbsenceInput] | None = None,
    contact: Form[ContactInput] | None = None,
) -> ResponseReturnValue:
    """A person's page, with a form that was refused where there is one."""
    tenures = directory.tenures_of([shown.id])[shown.id]
    oversees = can(acting(), "token.oversee")
    html = render_template(
        "agencies/person.html",
        person=shown,
        state=directory.state_of(shown),
        tenures=tenures,
        deputies=directory.deputies_of(tenures),
        contacts=directory.contacts_of(shown.id),
        absences=absences_of(shown.id),
        absence=absence or Form.blank(),
        contact=contact or Form.blank(),
        today=clock.today(current_app.extensions["settings"].zone),
        sign_ins=sign_ins_of(shown.id) if oversees else [],
        tokens=tokens.live(shown.id) if oversees else [],
        placing=placing or Form.blank(kind=SeatKind.READER),
        naming=naming or Form.blank(name=shown.name),
        seat_choices=labels.seat_choices(),
    )
    return html, status


@bp.post("/people/<int:person_id>/name")
@permission("person.edit")
def rename_person(person_id: int) -> ResponseReturnValue:
    """Give the person another name."""
    form = Form.posted(RenameInput)
    if form.data is None:
        return drawn(service.person(person_id), 422, naming=form)
    service.rename(acting(), person_id, form.data.name)
    flash(_("已保存。"), "ok")
    return _back(person_id)


@bp.post("/people/<int:person_id>/seats")
@permission("seat.give")
def place_person(person_id: int) -> ResponseReturnValue:
    """Let the person hold a seat of an agency."""
    form = Form.posted(PlacementInput)
    status = 422
    if form.data is not None:
        try:
            seats.place(acting(), person_id, form.data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.errors[""], status = f"{error}{error.hint}", 409
        else:
            flash(_("已安排。"), "ok")
            return _back(person_id)
    return drawn(service.person(person_id), status, placing=form)


def _back(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("agencies.person", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/deactivate")
@permission("person.deactivate")
def deactivate_person(person_id: int) -> ResponseReturnValue:
    """Shut the account."""
    service.deactivate(acting(), person_id)
    flash(_("账号已停用，岗位已收回。"), "ok")
    return _back(person_id)


@bp.post("/people/<int:person_id>/activate")
@permission("person.deactivate")
def activate_person(person_id: int) -> ResponseReturnValue:
    """Open the account again."""
    service.activate(acting(), person_id)
    flash(_("账号已启用，请重新安排岗位。"), "ok")
    return _back(person_id)


@bp.post("/people/<int:person_id>/lock")
@permission("person.lock")
def lock_person(person_id: int) -> ResponseReturnValue:
    """Keep the person out."""
    service.lock(acting(), person_id)
    flash(_("账号已锁定，已在各处退出登录。"), "ok")
    return _back(person_id)


@bp.post("/people/<int:person_id>/unlock")
@permission("person.unlock")
def unlock_person(person_id: int) -> ResponseReturnValue:
    """Let the person in again."""
    service.unlock(acting(), person_id)
    flash(_("账号已解锁。"), "ok")
    return _back(person_id)


@bp.post("/people/<int:person_id>/end-sign-ins")
@permission("person.end_sign_ins")
def end_sign_ins(person_id: int) -> ResponseReturnValue:
    """Sign the person out everywhere."""
    service.end_sign_ins(acting(), person_id)
    flash(_("已在各处退出登录。"), "ok")
    return _back(person_id)
