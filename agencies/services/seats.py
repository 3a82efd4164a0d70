"""Seats: making and ending them, and who holds them from when to when."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from agencies import holdings
from agencies.actors import Actor
from agencies.inputs import PlacementInput, SeatInput
from agencies.models import Agency, Person, Seat, Tenure
from agencies.permissions import require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid


def seat(seat_id: int, *, lock: bool = False) -> Seat:
    """One living seat; raises NotFound."""
    return found(select(Seat).where(Seat.id == seat_id, Seat.ended_at.is_(None)), lock=lock)


def create(actor: Actor, agency_id: int, data: SeatInput) -> Seat:
    """A new seat in an agency. Raises Invalid where it has one of that kind and label."""
    require(actor, "seat.create")
    try:
        with writing():
            agency = found(select(Agency).where(Agency.id == agency_id, Agency.ended_on.is_(None)))
            return make(actor, agency.id, data)
    except IntegrityError as error:
        message = _("本机构已有同类同名的岗位，请另取岗位名称。")
        raise Invalid(errors={"label": message}) from error


def make(actor: Actor, agency_id: int, data: SeatInput) -> Seat:
    """A seat, anew or opened again where one like it was ended. Call inside ``writing()``."""
    same = db.session.scalars(
        select(Seat)
        .where(Seat.agency_id == agency_id, Seat.kind == data.kind, Seat.label == data.label)
        .with_for_update()
    ).one_or_none()
    if same is not None and same.ended_at is not None:
        same.ended_at = None
        made = same
    else:
        made = Seat(agency_id=agency_id, kind=data.kind, label=data.label, created_at=clock.now())
        db.session.add(made)
        db.session.flush()
    journal.record("seat.created", subject=("seat", made.id), agency_id=agency_id, by=actor)
    return made


def end(actor: Actor, seat_id: int) -> None:
    """End a seat and its tenures. Raises Conflict while something open hangs on it."""
    require(actor, "seat.end")
    with writing():
        ended = seat(seat_id, lock=True)
        held = sum(holdings.open_counts("seat", ended.id).values())
        if held:
            raise Conflict(
                _("这个岗位上还有 %(count)s 项未办完，不能撤销。", count=held),
                hint=_("请先办完或移交。"),
            )
        for tenure in _open_tenures(ended.id):
            leave(tenure, actor)
        ended.ended_at = clock.now()
        journal.record(
            "seat.ended", subject=("seat", ended.id), agency_id=ended.agency_id, by=actor
        )


def _open_tenures(seat_id: int) -> list[Tenure]:
    query = select(Tenure).where(Tenure.seat_id == seat_id, Tenure.ended_at.is_(None))
    return list(db.session.scalars(query))


def give(actor: Actor, seat_id: int, username: str, *, is_deputy: bool = False) -> Tenure:
    """Let a person hold a seat (or be its deputy) from now on.

    Raises Invalid where the person can't, Conflict where somebody else does.
    """
    require(actor, "seat.give")
    with writing():
        given = seat(seat_id, lock=True)
        person = db.session.scalars(
            select(Person).where(Person.username == username.casefold()).with_for_update()
        ).one_or_none()
        if person is None:
            raise Invalid(errors={"username": _("没有这个用户名。")})
        return take_seat(actor, given, person, "username", is_deputy=is_deputy)


def take_seat(actor: Actor, given: Seat, person: Person, field: str, *, is_deputy: bool) -> Tenure:
    """Let a person hold a seat from the journal's entry on. Call inside ``writing()``."""
    if person.role is not None:
        raise Invalid(errors={field: _("管理员不能兼任岗位。")})
    if not person.active:
        raise Invalid(errors={field: _("这个账号已停用。")})
    for tenure in _open_tenures(given.id):
        if tenure.person_id == person.id:
            raise Invalid(errors={field: _("此人已在这个岗位上。")})
        if tenure.is_deputy == is_deputy:
            raise Conflict(
                _("这个岗位已由%(name)s担任。", name=tenure.person.name),
                hint=_("请先收回，或另设一个岗位。"),
            )
    tenure = Tenure(
        seat_id=given.id, person_id=person.id, is_deputy=is_deputy, began_at=clock.now()
    )
    db.session.add(tenure)
    db.session.flush()
    entry = journal.record(
        "seat.taken",
        subject=("tenure", tenure.id),
        agency_id=given.agency_id,
        by=actor,
        holder=person.id,
        seat=given.id,
    )
    tenure.began_entry_id = entry.id
    return tenure


def place(actor: Actor, person_id: int, data: PlacementInput) -> Tenure:
    """Let a person hold a seat named by agency, kind and label; it is made where it is missing."""
    require(actor, "seat.give")
    with writing():
        agency = _named(data.agency)
        person = found(select(Person).where(Person.id == person_id), lock=True)
        given = db.session.scalars(
            select(Seat)
            .where(
                Seat.agency_id == agency.id,
                Seat.kind == data.kind,
                Seat.label == data.label,
                Seat.ended_at.is_(None),
            )
            .with_for_update()
        ).one_or_none()
        if given is None:
            require(actor, "seat.create")
            given = make(actor, agency.id, data)
        return take_seat(actor, given, person, "", is_deputy=data.is_deputy)


def _named(words: str) -> Agency:
    found_ones = db.session.scalars(
        select(Agency)
        .where((Agency.code == words) | (Agency.name == words), Agency.ended_on.is_(None))
        .limit(2)
    ).all()
    if not found_ones:
        raise Invalid(errors={"agency": _("没有这个机构，请填写编码或全名。")})
    if len(found_ones) > 1:
        raise Invalid(errors={"agency": _("有几个机构叫这个名字，请填写编码。")})
    return found_ones[0]


def take(actor: Actor, tenure_id: int) -> int:
    """End a person's hold of a seat; returns the seat's id."""
    require(actor, "seat.take")
    with writing():
        tenure = found(select(Tenure).where(Tenure.id == tenure_id), lock=True)
        if tenure.ended_at is None:
            leave(tenure, actor)
        return tenure.seat_id


def leave(tenure: Tenure, actor: Actor) -> None:
    """End a tenure at the journal's entry of it. Call inside ``writing()``."""
    tenure.ended_at = clock.now()
    entry = journal.record(
        "seat.left",
        subject=("tenure", tenure.id),
        agency_id=tenure.seat.agency_id,
        by=actor,
        holder=tenure.person_id,
        seat=tenure.seat_id,
    )
    tenure.ended_entry_id = entry.id
