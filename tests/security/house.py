"""A tree in which things stand to the county as its own, upper, lower, sibling's and a stranger's.

Everybody who may knock is a Caller with a cookie, its CSRF token and an API key. What a test
changed is put back from a copy, so that every call meets the same world.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apiflask import APIFlask
from flask import session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update
from werkzeug.test import TestResponse

from agencies import tree
from agencies.actors import COOKIE_KEY, token_hash
from agencies.inputs import TokenInput
from agencies.models import Agency, SignIn, Token
from agencies.services import tokens
from agencies.states import AgencyKind, Level, SeatKind
from app import create_app
from config import clock
from config.database import db, writing
from config.settings import Settings
from parts.postgresql import PostgreSQL
from tests.security.keepers import Keeper, PostgreSQLKeeper, SQLiteKeeper
from tests.security.tables.rows import Row
from tests.security.things import ADMINS, SEATED, Ids, One, callers, made
from tests.worlds import World, add_person, seat_person

ROLES = ("anonymous", "seatless", *SEATED, *ADMINS)

LOWER = (
    ("township", "130102001", Level.TOWNSHIP, AgencyKind.BUREAU, "county"),
    ("office", "130102001001", Level.TOWNSHIP, AgencyKind.OFFICE, "township"),
    ("other_township", "130104002", Level.TOWNSHIP, AgencyKind.BUREAU, "sibling"),
    ("sibling_office", "130104001", Level.TOWNSHIP, AgencyKind.OFFICE, "sibling"),
    ("unrelated_city", "140100", Level.CITY, AgencyKind.BUREAU, "unrelated"),
    ("unrelated_county", "140105", Level.COUNTY, AgencyKind.BUREAU, "unrelated_city"),
)


@dataclass(frozen=True)
class Caller:
    """What a role's browser and program carry; all empty but ``csrf`` where nobody signed in."""

    cookie: str
    csrf: str
    key: str = ""


@dataclass(repr=False)
class House:
    """The service over one database, with everybody who may knock and everything they may want."""

    app: APIFlask
    world: World
    ids: Ids
    callers: Mapping[str, Caller]
    keeper: Keeper
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client(use_cookies=False)

    def relations(self, name: str) -> tuple[str, ...]:
        """How things of this name can stand to whoever asks."""
        return tuple(self.ids[name])

    def thing(self, name: str, role: str, relation: str | None = None) -> One:
        """The thing that stands in this relation; where there is none, the one of this role.

        Empty where this role has none.
        """
        things = self.ids[name]
        one = next(things[one] for one in (relation, "always", "mine") if one in things)
        return one.get(role, "") if isinstance(one, Mapping) else one

    def filled(self, template: Any, role: str, relation: str | None = None) -> Any:
        """``template`` with the thing for each ``{name}`` in its strings."""
        if isinstance(template, Mapping):
            return {key: self.filled(value, role, relation) for key, value in template.items()}
        if isinstance(template, list):
            return [self.filled(value, role, relation) for value in template]
        if not isinstance(template, str):
            return template
        if whole := re.fullmatch(r"{(\w+)}", template):
            return self.thing(whole[1], role, relation)
        return re.sub(r"{(\w+)}", lambda m: str(self.thing(m[1], role, relation)), template)

    def path(self, row: Row, role: str, relation: str | None) -> str:
        """The row's address with the thing in it; without relation, with any that there is."""
        relation = relation or (self.relations(row.thing)[0] if row.thing else None)
        path: str = self.filled(row.path, role, relation)
        return path

    def ask(
        self, row: Row, role: str, relation: str | None = None, *, as_program: bool = False
    ) -> TestResponse:
        """What the role gets for the thing that stands in this relation; failures as a page.

        ``as_program``: failures as JSON, which takes less time.
        """
        body = {"json": self.filled(row.json, role, relation)} if row.json is not None else {}
        if row.form is not None:
            body = {"data": _with_files(self.filled(row.form, role, relation))}
        headers = {"X-Requested-With": "fetch"} if as_program else None
        return self.call(role, row.method, self.path(row, role, relation), headers=headers, **body)

    def call(self, role: str, method: str, path: str, **request: Any) -> TestResponse:
        """What the service answers; a form carries its CSRF token unless one is given."""
        caller = self.callers[role]
        headers = dict(request.pop("headers", None) or {})
        if path.startswith("/api/"):
            if caller.key:
                headers.setdefault("Authorization", f"Bearer {caller.key}")
        else:
            headers.setdefault("Cookie", f"session={caller.cookie}")
            if method == "POST":
                headers.setdefault("X-CSRFToken", caller.csrf)
        return self.client.open(path, method=method, headers=headers, buffered=True, **request)


def _with_files(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (io.BytesIO(value), "file.csv") if isinstance(value, bytes) else value
        for name, value in form.items()
    }


def built(settings: Settings, server: PostgreSQL | None = None) -> House:
    """The whole service with its world, over an empty database that has all tables."""
    app = create_app(settings)
    with app.app_context():
        world = World.built()
        _grow(world)
        with writing():
            world.people["seatless"] = add_person("seatless", "nobody's seat").id
        keys = {role: _key(world, role) for role in ROLES[1:]}
        ids = made(world)
        _use_keys()
        knocking = {role: _caller(app, world, role, keys.get(role, "")) for role in ROLES}
        db.session.remove()
        db.engine.dispose()
    keeper: Keeper
    if server is None:
        keeper = SQLiteKeeper(settings.data_dir / "changtong.sqlite3")
    else:
        keeper = PostgreSQLKeeper(server, settings.database_url.rpartition("/")[2], app)
    return House(app, world, ids, knocking, keeper)


def _grow(world: World) -> None:
    """Give the county, its sibling and the strangers somebody under them."""
    with writing():
        for name, code, level, kind, parent in LOWER:
            agency = Agency(
                code=code,
                name=f"{name} {code}",
                level=level,
                kind=kind,
                parent_id=world.agencies[parent],
                created_at=clock.now(),
            )
            tree.plant(agency)
            world.agencies[name] = agency.id
            for seat_kind in SeatKind:
                person = add_person(f"{name}-{seat_kind}", f"{name} {seat_kind}")
                seat_person(person.id, agency.id, seat_kind)
                world.people[person.username] = person.id


def _key(world: World, role: str) -> str:
    actor = world.actor(callers()[role])
    if role == "seatless":
        return ""  # a key is for a seat or a role
    return tokens.issue(actor, TokenInput(label="tests", seat_id=actor.seat_id))


def _use_keys() -> None:
    """Note that the keys were used today, which the first use of a day does."""
    with writing():
        db.session.execute(update(Token).values(used_on=clock.now().date()))


def _caller(app: APIFlask, world: World, role: str, key: str) -> Caller:
    token = f"security-{role}"
    if role != "anonymous":
        now = clock.now()
        with writing():
            db.session.add(
                SignIn(
                    token_hash=token_hash(token),
                    person_id=world.people[callers()[role]],
                    created_at=now,
                    expires_at=now.replace(year=now.year + 1),
                )
            )
    return Caller(*cookie_of(app, {} if role == "anonymous" else {COOKIE_KEY: token}), key)


def cookie_of(app: APIFlask, content: Mapping[str, object]) -> tuple[str, str]:
    """A session cookie that holds this, and a CSRF token good with it."""
    with app.app_context(), app.test_request_context():
        csrf = generate_csrf()
        session.update(content)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return signer.dumps(dict(session)), csrf
