"""The first page and help."""

from collections.abc import Sequence

from tests.security.tables.rows import EVERYBODY, SIGNED_IN, Row, get

PAGES: Sequence[Row] = (
    get("/", SIGNED_IN),
    get("/help", EVERYBODY),
)
