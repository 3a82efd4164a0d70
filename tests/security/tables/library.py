"""The library, and what is offered to it."""

from collections.abc import Sequence

from tests.security.tables.rows import (
    ALL,
    APPROVER,
    KEYED,
    OFFICE,
    SEATS,
    SIGNED_IN,
    Row,
    get,
    post,
)

UP = {"to": "{upper_agency}", "reason": "可复制推广。"}
DECLINED = {"remark": "请补充成效数据。"}

PAGES: Sequence[Row] = (
    get("/library", SIGNED_IN),
    get("/library?type=case", SIGNED_IN),
    get("/library/{chosen}", SIGNED_IN, sees=ALL),  # selected, it is for everybody
    post("/library/{chosen}/useful", SEATS, sees=ALL, form={"useful": "1"}),
    post("/library/{case}/useful", SEATS, form={"useful": "1"}),
    post("/library/{to_choose}/select", APPROVER, form={"note": "做法实。"}),
    post("/library/{chosen_here}/remove", APPROVER),
    get("/library/offers", SEATS),
    get("/library/offers?show=made", SEATS),
    get("/bulletins/{case}/offer", OFFICE),
    post("/bulletins/{case}/offer", OFFICE, form=UP),
    post("/bulletins/{published}/offer", OFFICE, 409, form=UP),  # a notice is no case
    post("/offers/{offer}/withdraw", OFFICE),
    post("/offers/{offered}/decline", APPROVER, form=DECLINED),
)

API: Sequence[Row] = (
    get("/api/v1/library", KEYED),
    get("/api/v1/library/{chosen}", KEYED, sees=ALL),
    Row("PUT", "/api/v1/library/{to_choose}", APPROVER, json={"note": "做法实。"}),
    Row("DELETE", "/api/v1/library/{chosen_here}", APPROVER, 204),
    Row("PUT", "/api/v1/library/{chosen}/useful", SEATS, sees=ALL),
    Row("DELETE", "/api/v1/library/{chosen}/useful", SEATS, 204, sees=ALL),
    get("/api/v1/offers", SEATS),
    post("/api/v1/bulletins/{case}/offers", OFFICE, 201, json=UP),
    post("/api/v1/offers/{offer}/withdraw", OFFICE, 200),
    post("/api/v1/offers/{offered}/decline", APPROVER, 200, json=DECLINED),
)
