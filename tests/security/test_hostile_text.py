"""Text that hides, reorders or breaks something, in every field: refused in words, and kept."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from werkzeug.test import TestResponse

from tests.security.conftest import TESTED_AT
from tests.security.fields import FIELDS, Field
from tests.security.house import House
from tests.security.test_hostile_requests import caller

CHINESE = re.compile(r"[\u4e00-\u9fff]")

HOSTILE = {
    "NUL": "通\0知",
    "escape": "通\x1b[31m知",
    "delete": "通\x7f知",
    "C1 control": "通\x85知",
    "right-to-left override": "通\u202e知",
    "isolate": "通\u2066知",
    "mark": "通\u200f知",
    "private use": "通\ue000知",
    "broken UTF-8": "通\ufffd知",
}
SURROGATES = {"half a character": "通\ud800知", "the other half": "通\udfff知"}
INVISIBLE = {
    "nothing": "",
    "blanks": " \t ",
    "ideographic blanks": "\u3000\u3000",
    "zero width": "\u200b\u2060\ufeff",
    "fillers": "\u3164\u115f\u2800",
    "joiners": "\u200c\u200d",
    "marks on nothing": "\u0301\ufe0f",
}
SAVED = [f for f in FIELDS if not f.named and not f.row.is_api and "autosave" not in f.row.path]
LONG = "长" * 300_000  # some 900 KB


def _sent(house: House, field: Field, value: object) -> TestResponse:
    body = field.body(value)
    row = replace(field.row, form=body.get("data"), json=body.get("json"))
    relation = (
        next((one for one in ("own", "mine") if one in row.sees), None) if row.thing else None
    )
    return house.ask(row, caller(row), relation, as_program=row.path.endswith("/autosave"))


def _faults(house: House, field: Field, value: str) -> Iterator[str]:
    response = _sent(house, field, value)
    if house.keeper.changed():
        yield "something was written"
        house.keeper.restore()
    if response.status_code != 422:
        yield f"422 expected, {response.status_code} {response.text[-200:]}"
    elif response.is_json:
        message = response.json["errors"].get(field.name, "")  # type: ignore[index]
        if not CHINESE.search(message):
            yield f"said at the field: {message!r}"
    else:
        page = html.unescape(response.text)
        if f'href="#f-{field.name}"' not in page:
            yield "no message at the field"
        if value and value not in page:
            yield "what was typed is gone"


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_hidden_and_reordering_characters(quick_house: House, field: Field) -> None:
    hostile = HOSTILE | (SURROGATES if field.row.json is not None else {})
    wrong = [
        f"{name}: {fault}"
        for name, value in hostile.items()
        for fault in _faults(quick_house, field, value)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("field", [one for one in FIELDS if one.required], ids=str)
def test_nothing_to_see_counts_as_empty(quick_house: House, field: Field) -> None:
    wrong = [
        f"{name}: {fault}"
        for name, value in INVISIBLE.items()
        for fault in _faults(quick_house, field, value)
        if value.strip() or fault != "what was typed is gone"  # nobody misses blanks
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_too_long(quick_house: House, field: Field) -> None:
    wrong = [
        f"{len(value)}: {fault}"
        for value in ("长" * (field.most + 1), LONG)[: 2 if field in FIELDS[::6] else 1]
        for fault in _faults(quick_house, field, value)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("field", SAVED, ids=str)
def test_just_long_enough(postgresql_house: House, field: Field) -> None:
    """What is as long as may be fits into the column, in letters of four bytes.

    On PostgreSQL, which keeps to a column's length; the API writes into the same ones.
    """
    with time_machine.travel(TESTED_AT):
        response = _sent(postgresql_house, field, "𠮷" * field.most)
    assert response.status_code < 400, response.text[-300:]
    postgresql_house.keeper.restore()


@pytest.mark.parametrize("field", [f for f in FIELDS if f.row.json is not None], ids=str)
@pytest.mark.parametrize("value", [None, 5, True, ["a"], {"a": "b"}, 1.5], ids=repr)
def test_json_of_another_type(quick_house: House, field: Field, value: object) -> None:
    response = _sent(quick_house, field, value)
    assert response.status_code == 422, response.text[-300:]
    assert CHINESE.search(response.json["errors"][field.name])  # type: ignore[index]
