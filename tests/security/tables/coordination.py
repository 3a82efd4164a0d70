"""Tasks, as given and as got."""

from collections.abc import Sequence

from tests.security.tables.rows import OFFICE, SEATS, WORKING, Row, get, post

TASK = {
    "title": "燃气安全排查",
    "body": "请**逐户**排查。",
    "days": "10",
    "to_agencies": "{lower_agency}",
}
TASK_JSON = {"title": "燃气安全排查", "days": 10, "to_agencies": ["{lower_agency}"]}

PAGES: Sequence[Row] = (
    get("/tasks", SEATS),
    get("/tasks/issued", SEATS),
    get("/tasks/new", OFFICE),
    post("/tasks/new", OFFICE, form=TASK),
    get("/tasks/new?bulletin_id={published}", OFFICE),
    get("/tasks/new?bulletin_id={addressed}", OFFICE, sees=("upper", "lower")),
    get("/tasks/new?bulletin_id={draft}", OFFICE, sees=()),
    post("/tasks/new?ground={published}", OFFICE, form={**TASK, "bulletin_id": "{published}"}),
    post("/tasks/reach", OFFICE, 200, form=TASK),
    post("/tasks/preview", OFFICE, 200, form={"body": "**要**"}),
    get("/tasks/issued/{task}", SEATS),
    post("/tasks/issued/{task}/cancel", OFFICE, form={"reason": "情况有变。"}),
    get("/tasks/{assignment}", SEATS),
    get("/tasks/{handed_in}", SEATS),
    post("/tasks/{assignment}/accept", WORKING),
    post("/tasks/{accepted}/report", WORKING, form={"text": "已排查一半。", "percent": "50"}),
    post("/tasks/{accepted}/submit", WORKING, form={"text": "已全部排查。"}),
    post("/tasks/{assignment}/submit", WORKING, 409, form={"text": "已全部排查。"}),
    post("/tasks/{handed_in}/close", OFFICE),
    post("/tasks/{handed_in}/send-back", OFFICE, form={"text": "请补充名单。"}),
    # who gave a task doesn't answer it, who got it doesn't judge it
    post("/tasks/{handed_in}/accept", WORKING, 403),
    post("/tasks/{handed_in}/report", WORKING, 403, form={"text": "已办。"}),
    post("/tasks/{handed_in}/submit", WORKING, 403, form={"text": "已办。"}),
    post("/tasks/{accepted}/close", OFFICE, 403),
    post("/tasks/{accepted}/send-back", OFFICE, 403, form={"text": "请补充。"}),
)

API: Sequence[Row] = (
    get("/api/v1/tasks", SEATS),
    post("/api/v1/tasks", OFFICE, 201, json=TASK_JSON),
    post(
        "/api/v1/tasks?ground={published}",
        OFFICE,
        201,
        json={**TASK_JSON, "bulletin_id": "{published}"},
    ),
    get("/api/v1/tasks/{task}", SEATS),
    get("/api/v1/tasks/{task}/assignments", SEATS),
    post("/api/v1/tasks/{task}/cancel", OFFICE, 200, json={"reason": "情况有变。"}),
    get("/api/v1/assignments", SEATS),
    get("/api/v1/assignments/{assignment}", SEATS),
    get("/api/v1/assignments/{handed_in}", SEATS),
    get("/api/v1/assignments/{assignment}/steps", SEATS),
    post("/api/v1/assignments/{assignment}/accept", WORKING, 200),
    post("/api/v1/assignments/{accepted}/report", WORKING, 200, json={"text": "已查一半。"}),
    post("/api/v1/assignments/{accepted}/submit", WORKING, 200, json={"text": "已查完。"}),
    post("/api/v1/assignments/{handed_in}/send-back", OFFICE, 200, json={"text": "请补充。"}),
    post("/api/v1/assignments/{handed_in}/close", OFFICE, 200),
    post("/api/v1/assignments/{handed_in}/submit", WORKING, 403, json={"text": "已办。"}),
    post("/api/v1/assignments/{accepted}/close", OFFICE, 403),
)
