"""Tables for spreadsheets that the worker makes.

Whoever holds no seat has none of a paper, be it that they once asked for one.
"""

from collections.abc import Sequence

from tests.security.tables.rows import ADMINS, KEYED, SEATS, SIGNED_IN, Row, get, post

MINE = ("mine",)
NO_PAPERS = dict.fromkeys(("seatless", *ADMINS), 403)
OF_PAPER = {"table": "receipts", "format": "csv"}

PAGES: Sequence[Row] = (
    get("/exports", SIGNED_IN),
    get("/exports/new?table=receipts&format=csv&bulletin_id={published}", SEATS),
    post("/exports?of={published}", SEATS, form={**OF_PAPER, "bulletin_id": "{published}"}),
    get("/exports/{export}", SIGNED_IN, sees=MINE),
    get("/exports/{failed_export}", SIGNED_IN, sees=MINE),
    get("/exports/{export}/state", SIGNED_IN, sees=MINE),
    get("/exports/{export}/file", SIGNED_IN, sees=MINE, but=NO_PAPERS),
    get("/exports/{failed_export}/file", SIGNED_IN, 409, sees=MINE, but=NO_PAPERS),
    post("/exports/{failed_export}/again", SIGNED_IN, sees=MINE, but=NO_PAPERS),
    post("/exports/{export}/again", SIGNED_IN, 409, sees=MINE, but=NO_PAPERS),
)

API: Sequence[Row] = (
    get("/api/v1/exports", KEYED),
    post(
        "/api/v1/exports?of={published}",
        SEATS,
        202,
        json={**OF_PAPER, "given": {"bulletin_id": "{published}"}},
    ),
    get("/api/v1/exports/{export}", KEYED, 302, sees=MINE),
    get("/api/v1/exports/{failed_export}", KEYED, sees=MINE),
    get("/api/v1/exports/{export}/file", KEYED, sees=MINE, but=NO_PAPERS),
    post("/api/v1/exports/{failed_export}/again", KEYED, 202, sees=MINE, but=NO_PAPERS),
)
