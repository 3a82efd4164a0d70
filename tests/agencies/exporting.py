"""A table for tests that can be hidden and can break, and exports of it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import pytest
import time_machine
from flask.testing import FlaskClient
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, Field
from sqlalchemy import select

from agencies.actors import Actor
from agencies.exports import services
from agencies.exports.models import Export
from agencies.exports.ports import EXPORTERS, Exporter, Source, add
from config.database import db
from config.errors import NotFound
from config.journal import Entry
from config.sheets import Cell, Format
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
FAR = 2500  # more than is written at once
FORM = {"table": "numbers", "format": "csv", "upto": str(FAR)}


class Given(BaseModel):
    upto: Annotated[int, Field(ge=1, le=10_000)]


class Numbers:
    """A table of numbers that can be hidden, and that can break while it is read."""

    def __init__(self) -> None:
        self.is_hidden = False
        self.width = 10
        self.at: dict[int, Callable[[], object]] = {}

    def open(self, _actor: Actor, given: Given) -> Source:
        if self.is_hidden:
            raise NotFound

        def rows() -> Iterator[Sequence[Cell]]:
            yield [_("代码"), "=1+1"]
            for number in range(given.upto):
                self.at.get(number, lambda: None)()
                yield [number, "x" * self.width]

        return Source("numbers", "到此为止的数", given.upto, rows)


@pytest.fixture
def numbers() -> Iterator[Numbers]:
    made = Numbers()
    add(Exporter("numbers", _l("数表"), Given, made.open))
    yield made
    del EXPORTERS["numbers"]


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-05-06T01:00:00+00:00", tick=False) as moved:
        yield moved


def rows() -> list[Export]:
    db.session.rollback()
    return list(db.session.scalars(select(Export).order_by(Export.id)))


def asked(world: World, name: str = "county-clerk", upto: int = FAR) -> Export:
    given = Given(upto=upto)
    return services.ask(world.actor(name), "numbers", Format.CSV, given, "zh")


def press(browser: FlaskClient, path: str = "/exports", **form: str) -> str:
    token = csrf_of(browser.get("/exports/new", query_string=FORM).text)
    answer = browser.post(path, data={"csrf_token": token, **form})
    assert answer.status_code == 303
    return str(answer.location)


def kinds() -> list[str]:
    return [one.kind for one in db.session.scalars(select(Entry).order_by(Entry.id))]
