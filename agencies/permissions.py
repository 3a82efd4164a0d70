"""Rights as data: for each action who may do it by seat or role, to which things.

Seats are the only source of rights; the three administrators stand apart by their role.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, request

from agencies.actors import Actor, current_actor
from agencies.models import Person, Token
from agencies.states import AdminRole, SeatKind
from config.errors import Forbidden, NotFound, NotSignedIn

P = ParamSpec("P")
R = TypeVar("R")
Predicate = Callable[[Actor, Any], bool]

ALL_SEATS = frozenset(SeatKind)
ALL_ROLES = frozenset(AdminRole)
WORKING_SEATS = ALL_SEATS - {SeatKind.READER}


def always(_actor: Actor, _thing: Any) -> bool:
    """No condition on the thing."""
    return True


@dataclass(frozen=True)
class Rule:
    """Who may do an action: by seat kind or administrator's role, and to which things.

    ``anyone``: whoever is signed in, also without a seat.
    ``sees`` false: for this actor the thing doesn't exist (404, and nothing told).
    ``may`` false: it is seen but not allowed (403).
    """

    seats: frozenset[SeatKind] = field(default_factory=frozenset)
    roles: frozenset[AdminRole] = field(default_factory=frozenset)
    anyone: bool = False
    sees: Predicate = always
    may: Predicate = always


TABLE: dict[str, Rule] = {}
"""Every action of the service; each folder adds its own by ``register``."""


def register(rules: Mapping[str, Rule]) -> None:
    """Add a folder's rules to the table."""
    TABLE.update(rules)


def _by_office(actor: Actor, rule: Rule) -> bool:
    if rule.anyone:
        return True
    if actor.role is not None:
        return actor.role in rule.roles
    return actor.office in rule.seats


def can(actor: Actor | None, action: str, thing: Any = None) -> bool:
    """Whether ``actor`` may do ``action`` (to ``thing``, where one is given)."""
    if actor is None:
        return False
    if actor.at_console:
        return True
    rule = TABLE[action]
    if not _by_office(actor, rule):
        return False
    return thing is None or (rule.sees(actor, thing) and rule.may(actor, thing))


def require(actor: Actor | None, action: str, thing: Any = None) -> Actor:
    """The actor, if they may; raises NotSignedIn, NotFound or Forbidden."""
    if actor is None:
        raise NotSignedIn
    if actor.at_console:
        return actor
    rule = TABLE[action]
    if thing is not None and not rule.sees(actor, thing):
        raise NotFound
    if not _by_office(actor, rule) or (thing is not None and not rule.may(actor, thing)):
        raise Forbidden
    return actor


def permission(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a view's action and turn away whoever may never do it; services check the thing."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            require(current_actor(), action)
            return view(*args, **kwargs)

        guarded.permission = action  # type: ignore[attr-defined]
        return guarded

    return declare


def guard() -> None:
    """Turn away whoever may never do what this view declares, before anything of it is read."""
    view = current_app.view_functions.get(request.endpoint or "")
    action = getattr(view, "permission", None)
    if action is not None:
        require(current_actor(), action)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a view is open to everybody, signed in or not."""
    view.permission = None  # type: ignore[attr-defined]
    return view


SYSTEM = frozenset({AdminRole.SYSTEM})
SECURITY = frozenset({AdminRole.SECURITY})
AUDIT = frozenset({AdminRole.AUDIT})


def _own_or_system(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id or actor.role == AdminRole.SYSTEM


def _own_token(actor: Actor, token: Token) -> bool:
    return actor.person_id == token.person_id


def _no_administrator(_actor: Actor, person: Person) -> bool:
    """Administrators' accounts are kept at the command line: nobody comes by another's role."""
    return person.role is None


def _newcomer(actor: Actor, person: Person) -> bool:
    return _no_administrator(actor, person) and person.password is None


RULES: dict[str, Rule] = {
    "account.own": Rule(anyone=True),
    "seat.switch": Rule(anyone=True),
    "token.own": Rule(anyone=True, sees=_own_token),
    "absence.set": Rule(anyone=True, sees=_own_or_system),
    "agency.browse": Rule(anyone=True),
    "calendar.read": Rule(anyone=True),
    # the system administrator keeps the tree, the people and the seats
    "agency.edit": Rule(roles=SYSTEM),
    "agency.import": Rule(roles=SYSTEM),
    "agency.export": Rule(roles=SYSTEM),
    "calendar.edit": Rule(roles=SYSTEM),
    "person.create": Rule(roles=SYSTEM),
    "person.edit": Rule(roles=SYSTEM),
    "person.invite": Rule(roles=SYSTEM, may=_newcomer),
    "person.deactivate": Rule(roles=SYSTEM, may=_no_administrator),
    "seat.create": Rule(roles=SYSTEM),
    "seat.end": Rule(roles=SYSTEM),
    "seat.give": Rule(roles=SYSTEM),
    "seat.take": Rule(roles=SYSTEM),
    # the security administrator keeps the doors, the auditor reads what everybody did
    "person.reset": Rule(roles=SECURITY, may=_no_administrator),
    "person.lock": Rule(roles=SECURITY, may=_no_administrator),
    "person.unlock": Rule(roles=SECURITY, may=_no_administrator),
    "person.end_sign_ins": Rule(roles=SECURITY),
    "token.oversee": Rule(roles=SECURITY),
    "person.read": Rule(roles=ALL_ROLES),
    "journal.read": Rule(roles=AUDIT),
    "journal.verify": Rule(roles=AUDIT),
}
"""Who may do what with agencies, people, seats and accounts."""
