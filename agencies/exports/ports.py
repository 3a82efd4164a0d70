"""What folders export: each kind of table with its conditions, and who reads its rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString
from pydantic import BaseModel

from agencies.actors import Actor
from config.sheets import Cell


@dataclass(frozen=True)
class Source:
    """A table to be: ``count`` lines under its heads, ``rows`` reads them (the heads first).

    ``name`` is its file's, without an ending: ASCII letters, digits and ``-``. ``title`` says what
    it is of. Rows are read in pieces; between two of them no transaction is open.
    """

    name: str
    title: str
    count: int
    rows: Callable[[], Iterator[Sequence[Cell]]]


@dataclass(frozen=True)
class Exporter:
    """A kind of table. ``given`` is the model of its conditions, with a default or one word each.

    ``open`` looks at the permission and counts; it raises NotFound and Forbidden. It is asked when
    the table is asked for, when it is made, and when it is fetched.
    """

    kind: str
    label: LazyString
    given: type[BaseModel]
    open: Callable[[Actor, Any], Source]


EXPORTERS: dict[str, Exporter] = {}
"""By kind; filled by the app."""


def add(*exporters: Exporter) -> None:
    """Let tables of these kinds be asked for."""
    EXPORTERS.update((one.kind, one) for one in exporters)
