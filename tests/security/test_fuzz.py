"""Random addresses and forms, the same in every run: whatever comes, never a failure of ours."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.security.house import House
from tests.security.queries import HOSTILE_VALUES, MARKS, QUERIES
from tests.security.tables import TABLE
from tests.security.tables.rows import Row
from tests.security.test_hostile_requests import address, caller

PAGES = [row for row in TABLE if row.method == "GET"]
FORMS = [row for row in TABLE if row.method == "POST" and not row.is_api]
OPERATIONS = [row for row in TABLE if row.json is not None]

NAMES = sorted(
    {name for row in FORMS for name in row.form or ()} | {"action", "find", "next", "seat"}
)
ASKED = sorted({name for names in QUERIES.values() for name in names})

numbers = st.integers(-(2**70), 2**70) | st.sampled_from([0, 1, 2, 2**31, 2**63 - 1, 2**63, 10**30])
words = st.one_of(
    st.text(max_size=40),
    st.text("\0\r\n\t'\"<>%\\/.;:{}()[]=&+-_ 一𠮷\u202e\u200b\ufeff\ufffd", max_size=20),
    numbers.map(str),
    st.dates().map(str),
    st.sampled_from(["on", "true", "to_agencies", "mail", "sms", "clerk", "county", "zh", "save"]),
)
bounded = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _encoded(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


@bounded
@given(
    row=st.sampled_from(PAGES),
    pairs=st.lists(st.tuples(st.sampled_from(ASKED) | st.text(max_size=8), words), max_size=4),
    raw=st.sampled_from(("", *HOSTILE_VALUES, *MARKS)),
)
def test_pages(quick_house: House, row: Row, pairs: list[tuple[str, str]], raw: str) -> None:
    path = address(quick_house, row).partition("?")[0]
    query = f"{_encoded(pairs)}&after={raw}"
    response = quick_house.call(caller(row), "GET", f"{path}?{query}")
    assert response.status_code < 500, f"{path}?{query}"
    quick_house.keeper.restore()


def _values(row: Row) -> st.SearchStrategy[dict[str, list[str]]]:
    """Values for names that some form has, this one's own rather than others'."""
    own = st.sampled_from(sorted(row.form or ["title"]))
    return st.dictionaries(own | st.sampled_from(NAMES), st.lists(words, max_size=3), max_size=6)


@bounded
@given(data=st.data())
def test_forms(quick_house: House, data: st.DataObject) -> None:
    """Good input with some of its fields replaced, doubled or left out."""
    row = data.draw(st.sampled_from(FORMS))
    form: dict[str, Any] = quick_house.filled(dict(row.form or {}), caller(row), "own")
    good = {name: value for name, value in form.items() if isinstance(value, str | int)}
    form = {**good, **data.draw(_values(row))}
    path = address(quick_house, row)
    response = quick_house.call(caller(row), "POST", path, data=form)
    assert response.status_code < 500, f"{row} {form}"
    quick_house.keeper.restore()


anything = st.recursive(
    st.none() | st.booleans() | numbers | st.floats() | words | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@bounded
@given(data=st.data())
def test_json(quick_house: House, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(OPERATIONS))
    good = quick_house.filled(row.json, caller(row), "own")
    changes = data.draw(
        st.dictionaries(st.sampled_from(sorted(good) or ["title"]) | words, anything, max_size=3)
    )
    path = address(quick_house, row)
    response = quick_house.call(caller(row), row.method, path, json={**good, **changes})
    assert response.status_code < 500, f"{row} {changes}"
    assert response.is_json
    quick_house.keeper.restore()
