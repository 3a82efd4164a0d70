"""What every service has: its health, its files, the description of its API, the language."""

from collections.abc import Sequence

from tests.security.tables.rows import EVERYBODY, Row, get

PAGES: Sequence[Row] = (
    get("/healthz", EVERYBODY),
    get("/readyz", EVERYBODY),
    get("/metrics", EVERYBODY),  # from this host alone, see tests of operations
    get("/static/app.css", EVERYBODY),
    get("/bootstrap/static/css/bootstrap.min.css", EVERYBODY),
    get("/api/openapi.json", EVERYBODY),
    get("/language?lang=en", EVERYBODY, 302),
)
