"""Other systems and chat groups that are called."""

from collections.abc import Sequence

from tests.security.tables.rows import CONNECTING, Row, get, post

ENDPOINT = {
    "kind": "webhook",
    "name": "办公系统",
    "url": "https://oa.changtong.example/hook",
    "events": ["bulletin.arrived"],
}

CHANGE = {"name": "新办公系统", "events": ["task.assigned"]}

PAGES: Sequence[Row] = (
    get("/endpoints", CONNECTING),
    post("/endpoints", CONNECTING, form=ENDPOINT),
    get("/endpoints/{endpoint}", CONNECTING),
    get("/endpoints/{endpoint}/calls", CONNECTING),
    post("/endpoints/{endpoint}/change", CONNECTING, form=CHANGE),
    post("/endpoints/{endpoint}/test", CONNECTING),
    post("/endpoints/{endpoint}/rotate", CONNECTING),
    post("/endpoints/{rotated_endpoint}/retire-old", CONNECTING),
    post("/endpoints/{endpoint}/disable", CONNECTING),
    post("/endpoints/{disabled_endpoint}/enable", CONNECTING),
    post("/endpoints/{endpoint}/end", CONNECTING),
    post("/endpoint-calls/{endpoint_call}/replay", CONNECTING),
)

API: Sequence[Row] = (
    get("/api/v1/endpoints", CONNECTING),
    post("/api/v1/endpoints", CONNECTING, 201, json=ENDPOINT),
    get("/api/v1/endpoints/{endpoint}", CONNECTING),
    Row("PUT", "/api/v1/endpoints/{endpoint}", CONNECTING, json=CHANGE),
    Row("DELETE", "/api/v1/endpoints/{endpoint}", CONNECTING, 204),
    post("/api/v1/endpoints/{endpoint}/test", CONNECTING, 204),
    post("/api/v1/endpoints/{endpoint}/rotate", CONNECTING, 201),
    post("/api/v1/endpoints/{rotated_endpoint}/retire-old", CONNECTING, 204),
    post("/api/v1/endpoints/{endpoint}/disable", CONNECTING, 204),
    post("/api/v1/endpoints/{disabled_endpoint}/enable", CONNECTING, 204),
    get("/api/v1/endpoints/{endpoint}/calls", CONNECTING),
    post("/api/v1/endpoint-calls/{endpoint_call}/replay", CONNECTING, 204),
)
