"""Attachments and uploads."""

from collections.abc import Sequence

from tests.security.tables.rows import CLERK, OFFICE, SEATS, Row, get, post

FILE = {"name": "检查表.pdf", "size": 4000, "mark": "1"}

PAGES: Sequence[Row] = (
    get("/bulletins/{draft}/attachments", CLERK),
    post("/bulletins/{draft}/attachments", CLERK),
    post("/bulletins/{draft}/uploads", CLERK, 200, form=FILE),
    get("/relays/{relay}/attachments", CLERK),
    post("/relays/{relay}/attachments", CLERK),
    post("/relays/{relay}/uploads", CLERK, 200, form=FILE),
    post("/attachments/{file_of_draft}/remove", CLERK),
    post("/attachments/{file_of_draft}/arrange", CLERK, form={"name": "表.pdf", "place": "1"}),
    post("/attachments/{file_of_paper}/remove", CLERK, 409),
    get("/attachments/{file_of_draft}/file", SEATS, but={"reader": 403}),
    get("/attachments/{file_of_paper}/file", SEATS),
    get("/attachments/{file_received}", SEATS),
    get("/attachments/{file_of_draft}", SEATS, but={"reader": 403}),
    get("/attachments/{file_received}/pages/1", SEATS),
    get("/attachments/{file_received}/file", SEATS),
    get("/uploads/{upload}", CLERK),
    post("/uploads/{upload}/parts/0", CLERK, 422),
    post("/uploads/{upload}/finish", CLERK, 409),
    post("/uploads/{upload}/cancel", CLERK),
)

API: Sequence[Row] = (
    get("/api/v1/bulletins/{draft}/attachments", SEATS, but={"reader": 403}),
    get("/api/v1/inbox/{receipt}/attachments", SEATS),
    post("/api/v1/bulletins/{draft}/attachments", CLERK, 201, form={"file": "{file}"}),
    get("/api/v1/relays/{relay}/attachments", OFFICE),
    post("/api/v1/relays/{relay}/attachments", CLERK, 201, form={"file": "{file}"}),
    post("/api/v1/relays/{relay}/uploads", CLERK, 201, json=FILE),
    post("/api/v1/bulletins/{draft}/uploads", CLERK, 201, json=FILE),
    get("/api/v1/attachments/{file_of_draft}", SEATS, but={"reader": 403}),
    get("/api/v1/attachments/{file_received}", SEATS),
    get("/api/v1/attachments/{file_received}/pages/1", SEATS),
    Row("DELETE", "/api/v1/attachments/{file_of_draft}", CLERK, 204),
    Row("PATCH", "/api/v1/attachments/{file_of_draft}", CLERK, json={"name": "表.pdf"}),
    get("/api/v1/uploads/{upload}", CLERK),
    Row("PUT", "/api/v1/uploads/{upload}/parts/0", CLERK, 422),
    post("/api/v1/uploads/{upload}/finish", CLERK, 409),
    Row("DELETE", "/api/v1/uploads/{upload}", CLERK, 204),
)
