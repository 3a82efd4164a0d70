"""Who acts in this request: a person in one of their seats, or an administrator in their role."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import current_app, g, has_request_context, request, session
from sqlalchemy import and_, exists, inspect, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from agencies.models import Absence, Agency, Person, Seat, SignIn, Tenure, Token
from agencies.states import LOCKED_FOR_GOOD, AdminRole, SeatKind
from config import clock
from config.database import db, writing
from config.errors import NotFound

COOKIE_KEY = "sign_in"
FORMS_KEY = "csrf_token"  # under which Flask-WTF keeps the word that a session's forms carry


@dataclass(frozen=True)
class Actor:
    """A person who acts in ``seat`` (with their other ``seats``), or in an administrator's role.

    ``deputed``: the ids of those seats that they hold as a deputy.
    ``office`` is the kind of their seat.
    ``at_console``: the operator at the machine's own command line, whom no rule turns away.
    """

    person: Person
    seat: Seat | None = None
    role: AdminRole | None = None
    seats: tuple[Seat, ...] = field(default_factory=tuple)
    deputed: frozenset[int] = frozenset()
    at_console: bool = False
    seat_id: int | None = field(init=False, default=None)
    agency_id: int | None = field(init=False, default=None)
    office: SeatKind | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        # Known from now on: every transaction that begins to write forgets what the seat holds.
        if self.seat is not None:
            object.__setattr__(self, "seat_id", self.seat.id)
            object.__setattr__(self, "agency_id", self.seat.agency_id)
            object.__setattr__(self, "office", SeatKind(self.seat.kind))

    @property
    def agency(self) -> Agency | None:
        return self.seat.agency if self.seat else None

    @property
    def person_id(self) -> int:
        identity = inspect(self.person).identity  # never changes, so no reason to read them anew
        return int(identity[0]) if identity else self.person.id


def token_hash(token: str) -> str:
    """What the database keeps of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def console() -> Actor:
    """The operator at the command line; the journal keeps no person for what they do."""
    return Actor(Person(name="console"), role=AdminRole.SYSTEM, at_console=True)


def seats_of(person_id: int, day: date) -> list[Seat]:
    """The seats in which a person acts on ``day``: held, or as deputy of one who is away."""
    return list(_held(person_id, day))


def _held(person_id: int, day: date) -> dict[Seat, bool]:
    """The seats in which a person acts on ``day``, and whether as deputy only."""
    holder = aliased(Tenure)
    away = exists().where(
        holder.seat_id == Tenure.seat_id,
        holder.ended_at.is_(None),
        holder.is_deputy.is_(False),
        Absence.person_id == holder.person_id,
        Absence.from_day <= day,
        Absence.until_day >= day,
    )
    vacant = ~exists().where(
        holder.seat_id == Tenure.seat_id, holder.ended_at.is_(None), holder.is_deputy.is_(False)
    )
    query = (
        select(Seat, Tenure.is_deputy)
        .join(Tenure, and_(Tenure.seat_id == Seat.id, Tenure.ended_at.is_(None)))
        .join(Seat.agency)
        .options(contains_eager(Seat.agency))
        .where(
            Tenure.person_id == person_id,
            Seat.ended_at.is_(None),
            or_(Tenure.is_deputy.is_(False), away, vacant),
        )
        .order_by(Tenure.is_deputy.desc(), Seat.id)
    )
    held = dict(db.session.execute(query).all())
    return dict(sorted(held.items(), key=lambda one: (one[1], one[0].id)))


def actor_for(person: Person, seat_id: int | None) -> Actor:
    """``person`` acting in the seat asked for, else in their first one."""
    if person.role is not None:
        return Actor(person, role=AdminRole(person.role))
    settings = current_app.extensions["settings"]
    held = _held(person.id, clock.today(settings.zone))
    seat = next((one for one in held if one.id == seat_id), next(iter(held), None))
    deputed = frozenset(one.id for one, is_deputy in held.items() if is_deputy)
    return Actor(person, seat=seat, seats=tuple(held), deputed=deputed)


def begin_sign_in(person: Person) -> None:
    """Remember this browser: a row here, its random token in the signed cookie.

    Who was signed in here before is signed out. Where the same person's session merely ran out,
    they go on in their seat, and what they typed in it is sent with one press. One that somebody
    ended leaves nothing: a cookie that was copied from it is worth nothing any more. Call inside
    ``writing()``.
    """
    token = secrets.token_urlsafe(32)
    hours = current_app.extensions["settings"].sign_in_hours
    now = clock.now()
    earlier = _not_ended_here()
    goes_on = earlier is not None and earlier.person_id == person.id
    if earlier is not None and earlier.expires_at > now:
        earlier.ended_at = now
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id,
            seat_id=earlier.seat_id if earlier is not None and goes_on else None,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    stay = ("language", FORMS_KEY) if goes_on else ("language",)
    kept = {key: session[key] for key in stay if key in session}
    session.clear()
    session.update({**kept, COOKIE_KEY: token})


def _not_ended_here() -> SignIn | None:
    """The row behind this browser's cookie that nobody has ended; it may have run out."""
    token = session.get(COOKIE_KEY)
    if not isinstance(token, str):
        return None
    return db.session.scalars(
        select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
    ).one_or_none()


def current_sign_in() -> SignIn | None:
    """The live row behind this browser's cookie."""
    row = _not_ended_here()
    return row if row is not None and row.expires_at > clock.now() else None


def current_actor() -> Actor | None:
    """Who acts in this request, by browser or by API token; None where nobody is signed in."""
    if not has_request_context():
        return None
    if "actor" not in g:
        g.actor = None  # should the database fail now, the page that says so asks again
        g.actor = _by_token() if request.path.startswith("/api/") else _by_browser()
        if g.actor is not None:
            g.language = session.get("language") or g.actor.person.language
            g.zone_name = g.actor.agency.timezone if g.actor.agency else None
    actor: Actor | None = g.actor
    return actor


def load_actor() -> None:
    """Know who acts before anything is said in their language; files need nobody."""
    if request.endpoint not in ("static", "bootstrap.static"):
        current_actor()


def acting() -> Actor:
    """Who acts in this request; for views that declared a permission."""
    actor = current_actor()
    if actor is None:
        raise NotFound
    return actor


def opened_elsewhere(actor: Actor) -> bool:
    """Whether the form that came was opened in another seat: it would be another agency's."""
    return request.form.get("seat", str(actor.seat_id)) != str(actor.seat_id)


def _by_browser() -> Actor | None:
    token = session.get(COOKIE_KEY)
    if not isinstance(token, str):
        return None
    row = db.session.execute(
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
            Person.active,
        )
    ).one_or_none()
    return actor_for(row[1], row[0].seat_id) if row else None


def _by_token() -> Actor | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    now = clock.now()
    token = db.session.scalars(
        select(Token)
        .options(joinedload(Token.person))
        .where(
            Token.token_hash == token_hash(secret.strip()),
            Token.revoked_at.is_(None),
            or_(Token.expires_at.is_(None), Token.expires_at > now),
        )
    ).one_or_none()
    if token is None or not token.person.active:
        return None
    if token.person.locked_until == LOCKED_FOR_GOOD:  # guesses at a password stop no program
        return None
    actor = actor_for(token.person, token.seat_id)
    if token.seat_id is not None and actor.seat_id != token.seat_id:
        return None  # the seat was left: its token is dead
    today = clock.today(current_app.extensions["settings"].zone)
    if token.used_on != today:
        _note_use(token, today)
    return actor


def _note_use(token: Token, today: date) -> None:
    """Once a day, so that a key that nobody uses can be told and revoked."""
    with writing():
        token.used_on = today
