"""The tables of what is tried with hostile words leave out no field and no query."""

import re
from collections import defaultdict
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from flask import Request
from pydantic import BaseModel
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

from tests.security.fields import ELSEWHERE, FIELDS
from tests.security.house import House
from tests.security.queries import QUERIES
from tests.security.tables import TABLE
from tests.security.test_hostile_requests import address, caller

FOLDERS = ("agencies", "bulletins", "coordination", "home", "notifications")
ANSWERS = ("Out",)
QUERIED = ("Query", "Filter", "Criteria")
"""Ends of names: what the API answers, and what comes with an address (``test_queries``)."""

ANYWHERE = {"auth_token", "before"}
"""What Flask-Security looks for on every page, and what ``after`` stands for in ``queries``."""


def _inputs(base: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for one in base.__subclasses__():
        yield from _inputs(one)
        is_ours = one.__module__.partition(".")[0] in FOLDERS
        if is_ours and not one.__name__.endswith((*ANSWERS, *QUERIED)):
            yield one


def _is_text(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType, list, tuple, set):
        return any(_is_text(part) for part in get_args(annotation))
    return annotation is str or (
        hasattr(annotation, "__metadata__") and _is_text(annotation.__origin__)
    )


def _declared(model: type[BaseModel], name: str) -> tuple[type[BaseModel], str]:
    """The class that a field of a model comes from."""
    return next(one for one in model.__mro__ if name in vars(one).get("__annotations__", {})), name


def test_every_text_that_people_put_in_is_among_the_fields(quick_house: House) -> None:
    tried = {_declared(one.model, one.name) for one in FIELDS}
    tried |= {(model, name) for model, names in ELSEWHERE.items() for name in names}
    missing = {
        f"{one.__module__}.{one.__name__}.{name}"
        for one in _inputs()
        for name, info in one.model_fields.items()
        if _is_text(info.annotation) and _declared(one, name) not in tried
    }
    assert not missing, f"Say in tests/security/fields.py what these take: {sorted(missing)}"


class _Heard(ImmutableMultiDict[str, str]):
    """What came with the address; notes the names that somebody asks for."""

    names: set[str]

    def get(self, key: str, *args: Any, **more: Any) -> Any:
        self.names.add(key)
        return super().get(key, *args, **more)

    def getlist(self, key: str, *args: Any, **more: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *args, **more)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


def _listening(names: set[str]) -> type[Request]:
    class Listening(Request):
        @cached_property
        def args(self) -> _Heard:
            heard = _Heard(super().args.items(multi=True))
            heard.names = names
            return heard

    return Listening


def _shape(path: str) -> str:
    """The address of a page, whatever thing it is about."""
    return re.sub(r"{\w+}", "{}", path.partition("?")[0])


def test_every_query_that_a_page_reads_is_among_the_queries(quick_house: House) -> None:
    house, known = quick_house, {_shape(path): {*names} for path, names in QUERIES.items()}
    unheard: defaultdict[str, set[str]] = defaultdict(set)
    usual = house.app.request_class
    try:
        for row in TABLE:
            if row.method == "GET" and not row.is_api and "/static/" not in row.path:
                names: set[str] = set()
                house.app.request_class = _listening(names)
                house.call(caller(row), "GET", address(house, row))
                page = _shape(row.path)
                unheard[page] |= names - known.get(page, set()) - ANYWHERE
    finally:
        house.app.request_class = usual
    missing = {page: sorted(names) for page, names in unheard.items() if names}
    assert not missing, f"Add to tests/security/queries.py what these read: {missing}"
