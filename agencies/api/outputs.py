"""What the API tells of agencies, people, seats and the journal."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from agencies import invitations, labels
from agencies.actors import Actor
from agencies.directory import SeatRow, state_of
from agencies.models import Contact, Invitation, Person, Seat, Tenure
from agencies.states import AdminRole, AgencyKind, Channel, Level, SeatKind, Way
from config.journal import Entry


class Out(BaseModel):
    """Read from a row by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class AgencyOut(Out):
    """An agency and whom to ask there."""

    id: int
    code: str
    name: str
    level: Level
    kind: AgencyKind
    parent_id: int | None
    contact_name: str
    contact_phone: str
    contact_mail: str


class AgenciesOut(BaseModel):
    """A page of agencies by code."""

    items: list[AgencyOut]
    next: str | None


class SeatOut(BaseModel):
    """A seat and the names of who holds it (and whether they are away today) and who stands in."""

    id: int
    kind: SeatKind
    label: str
    holder: str | None = None
    deputy: str | None = None
    is_away: bool = False

    @classmethod
    def of(cls, row: SeatRow) -> Self:
        return cls(
            id=row.seat.id,
            kind=SeatKind(row.seat.kind),
            label=labels.seat(row.seat),
            holder=row.holder.person.name if row.holder else None,
            deputy=row.deputy.person.name if row.deputy else None,
            is_away=row.is_away,
        )


class AgencyDetailOut(AgencyOut):
    """An agency with the agencies above it (the uppermost first) and its seats."""

    above: list[AgencyOut]
    seats: list[SeatOut]


class HeldSeatOut(BaseModel):
    """A seat that somebody holds or stands in for, and where."""

    tenure_id: int | None = None
    seat_id: int
    kind: SeatKind
    label: str
    agency_id: int
    agency_name: str
    is_deputy: bool = False

    @classmethod
    def of_tenure(cls, tenure: Tenure) -> Self:
        held = cls.of_seat(tenure.seat)
        return held.model_copy(update={"tenure_id": tenure.id, "is_deputy": tenure.is_deputy})

    @classmethod
    def of_seat(cls, seat: Seat) -> Self:
        return cls(
            seat_id=seat.id,
            kind=SeatKind(seat.kind),
            label=labels.seat(seat),
            agency_id=seat.agency_id,
            agency_name=seat.agency.name,
        )


class MeOut(BaseModel):
    """Who this key acts as."""

    id: int
    username: str
    name: str
    role: AdminRole | None
    seat: HeldSeatOut | None

    @classmethod
    def of(cls, actor: Actor) -> Self:
        return cls(
            id=actor.person.id,
            username=actor.person.username,
            name=actor.person.name,
            role=actor.role,
            seat=HeldSeatOut.of_seat(actor.seat) if actor.seat else None,
        )


class ContactOut(Out):
    """An address and since when it is proven; ``bounced_at``: nobody has it any more."""

    channel: Channel
    address: str
    verified_at: datetime | None
    bounced_at: datetime | None


class PersonOut(BaseModel):
    """An account: active, invited (no password yet), locked or inactive."""

    id: int
    username: str
    name: str
    role: AdminRole | None
    state: str
    seats: list[HeldSeatOut]

    @classmethod
    def of(cls, person: Person, tenures: list[Tenure]) -> Self:
        return cls(
            id=person.id,
            username=person.username,
            name=person.name,
            role=AdminRole(person.role) if person.role else None,
            state=state_of(person),
            seats=[HeldSeatOut.of_tenure(tenure) for tenure in tenures],
        )


class PeopleOut(BaseModel):
    """A page of people by user name."""

    items: list[PersonOut]
    next: str | None


class PersonDetailOut(PersonOut):
    """An account with its addresses."""

    contacts: list[ContactOut]

    @classmethod
    def with_contacts(cls, person: Person, tenures: list[Tenure], found: list[Contact]) -> Self:
        plain = PersonOut.of(person, tenures)
        contacts = [ContactOut.model_validate(one) for one in found]
        return cls(**dict(plain), contacts=contacts)


class AbsenceOut(Out):
    """Days on which a person is away, both included."""

    id: int
    person_id: int
    from_day: date
    until_day: date


class AbsencesOut(BaseModel):
    """A page of absences that are not over, in the order they were entered."""

    items: list[AbsenceOut]
    next: str | None


class SpecialDayOut(Out):
    """A day that isn't what its weekday says, and why; `is_ours`: it was decided here."""

    day: date
    is_working: bool
    remark: str
    is_ours: bool


class CalendarOut(BaseModel):
    """A year of the calendar; `is_announced`: its holidays are known."""

    year: int
    is_announced: bool
    days: list[SpecialDayOut]


class InvitationOut(BaseModel):
    """An invitation; `link` and `code` are for a printed slip alone."""

    id: int
    person_id: int
    way: Way
    expires_at: datetime
    link: str | None = None
    code: str | None = None

    @classmethod
    def of(cls, made: Invitation) -> Self:
        shown = cls(
            id=made.id, person_id=made.person_id, way=Way(made.way), expires_at=made.expires_at
        )
        if shown.way == Way.SLIP:
            shown.link, shown.code = invitations.link(made), invitations.short_code(made)
        return shown


class ImportOut(Out):
    """How many agencies an import made, changed (of them moved) and left as they were."""

    created: int
    changed: int
    moved: int
    unchanged: int


class FaultOut(Out):
    """What is wrong with a line of a file; line 0 is the file as a whole."""

    line: int
    reason: str


class FaultsOut(BaseModel):
    """All that is wrong with a file, by line."""

    faults: list[FaultOut]


class EntryOut(BaseModel):
    """An entry of the journal; `body` is its exact record, over which `hash` is chained."""

    id: int
    position: int | None
    kind: str
    at: datetime
    body: str
    hash: str | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            id=entry.id,
            position=entry.position,
            kind=entry.kind,
            at=entry.at,
            body=entry.body,
            hash=entry.hash,
        )


class JournalOut(BaseModel):
    """A page of the journal, newest first."""

    items: list[EntryOut]
    next: str | None
