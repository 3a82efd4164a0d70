"""The tree, the working days and the journal."""

from collections.abc import Sequence

from tests.security.tables.rows import ALL, AUDIT, KEYED, SIGNED_IN, SYSTEM, Row, get, post

PAGES: Sequence[Row] = (
    get("/agencies", SIGNED_IN),
    get("/agencies?at={agency}", SIGNED_IN, sees=ALL),
    get("/agencies?q=县", SIGNED_IN),
    get("/agencies/{agency}", SIGNED_IN, sees=ALL),
    get("/agencies/{agency}/edit", SYSTEM, sees=ALL),
    post(
        "/agencies/{agency}/edit",
        SYSTEM,
        302,
        form={"contact_name": "王芳"},
        sees=ALL,
    ),
    post(
        "/agencies/{agency}/seats",
        SYSTEM,
        302,
        form={"kind": "reader", "label": "三号"},
        sees=ALL,
    ),
    get("/agencies/import", SYSTEM),
    post("/agencies/import", SYSTEM, 302, form={"file": "{file}"}),
    post("/agencies/import/faults.csv", SYSTEM, 302, form={"file": "{file}"}),
    get("/agencies/export.csv", SYSTEM),
    get("/working-days", SIGNED_IN),
    post("/working-days", SYSTEM, 302, form={"day": "2026-10-10", "is_working": "1"}),
    post("/working-days/{special_day}/clear", SYSTEM, 302, sees=("always",)),
    get("/journal", AUDIT),
    post("/journal/verify", AUDIT, 200),
)

API: Sequence[Row] = (
    get("/api/v1/me", KEYED),
    get("/api/v1/agencies", KEYED),
    get("/api/v1/agencies/{agency}", KEYED, sees=ALL),
    post("/api/v1/agencies/import", SYSTEM, 200, form={"file": "{file}"}),
    post("/api/v1/agencies/import/check", SYSTEM, 200, form={"file": "{file}"}),
    post(
        "/api/v1/agencies/{agency}/seats",
        SYSTEM,
        201,
        json={"kind": "reader", "label": "三号"},
        sees=ALL,
    ),
    get("/api/v1/working-days", KEYED),
    post("/api/v1/working-days", SYSTEM, 200, json={"day": "2026-10-10", "is_working": True}),
    Row("DELETE", "/api/v1/working-days/{special_day}", SYSTEM, 204, sees=("always",)),
    get("/api/v1/journal", AUDIT),
)
