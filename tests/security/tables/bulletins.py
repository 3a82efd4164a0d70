"""Drafts, papers and receipts."""

from collections.abc import Sequence

from tests.security.tables.rows import APPROVER, CLERK, OFFICE, SEATS, WORKING, Row, get, post

DRAFT = {"title": "关于检查的通知", "body": "请落实。", "to_agencies": "{lower_agency}"}
DRAFT_JSON = {**DRAFT, "to_agencies": ["{lower_agency}"]}
REPEAL = {"reason": "已有新规定。", "ended_on": "{tomorrow}"}

PAGES: Sequence[Row] = (
    get("/inbox", SEATS),
    get("/inbox/{receipt}", SEATS),
    post("/inbox/{receipt}/acknowledge", WORKING),
    get("/bulletins/drafts", OFFICE),
    get("/bulletins/to-sign", APPROVER),
    get("/bulletins/sent", SEATS),
    get("/search", SEATS),
    get("/search?q=检查", SEATS),
    get("/bulletins/drafts/new", CLERK),
    post("/bulletins/drafts/new", CLERK, form=DRAFT),
    post("/bulletins/drafts/autosave", CLERK, 200, form=DRAFT),
    post("/bulletins/preview", CLERK, 200, form={"body": "**要**"}),
    post("/bulletins/reach", CLERK, 200, form={"to_all": "1"}),
    get("/bulletins/drafts/{draft}", CLERK),
    post("/bulletins/drafts/{draft}", CLERK, form={**DRAFT, "revision": "1"}),
    post("/bulletins/drafts/{draft}/autosave", CLERK, 200, form={**DRAFT, "revision": "1"}),
    # what is being written is no reader's business yet
    get("/bulletins/{draft}", SEATS, but={"reader": 403}),
    get("/bulletins/{submitted}", SEATS, but={"reader": 403}),
    get("/bulletins/{published}", SEATS),
    get("/bulletins/{addressed}", SEATS, 404, sees=()),  # it is read at its receipt
    post("/bulletins/{draft}/submit", CLERK),
    post("/bulletins/{draft}/discard", CLERK),
    post("/bulletins/{submitted}/withdraw", CLERK),
    post("/bulletins/{submitted}/return", APPROVER, form={"remark": "请补充依据。"}),
    post("/bulletins/{submitted}/sign", APPROVER, form={"revision": "1"}),
    post("/bulletins/{draft}/sign", APPROVER, 409),
    post("/bulletins/{published}/discard", CLERK, 409),
    post("/bulletins/{published}/remind", WORKING, form={"which": "unopened"}),
    post("/bulletins/{addressed}/remind", WORKING, sees=(), form={"which": "unopened"}),
    *(
        get(f"/bulletins/{{{thing}}}/{page}", SEATS, sees=relations)
        for page in (
            "receipts",
            "receipts/unopened",
            "receipts/unacknowledged",
            "receipts/print",
            "receipts.csv",
        )
        # who received a paper sees how far it is below them
        for thing, relations in (("published", ("own",)), ("addressed", ("upper", "lower")))
    ),
    get("/bulletins/{draft}/receipts", SEATS, 404, sees=()),
    get("/bulletins/{published}/end", APPROVER),
    get("/bulletins/{draft}/end", APPROVER, 302),
    post("/bulletins/{published}/void", APPROVER, form={"reason": "引用的文件有误。"}),
    post("/bulletins/{published}/repeal", APPROVER, form=REPEAL),
    post("/bulletins/{addressed}/void", APPROVER, sees=(), form={"reason": "有误。"}),
    get("/bulletins/numbers", OFFICE),
    get("/bulletins/numbers?code={organ_code}", OFFICE),
    get("/bulletins/numbers/print?code={organ_code}", OFFICE),
    post("/bulletins/numbers/codes", APPROVER, form={"code": "冀质监"}),
    post("/bulletins/numbers/codes/{organ_code}/default", APPROVER),
    post("/bulletins/numbers/codes/{organ_code}/end", APPROVER),
    get("/bulletins/{of_the_county}/receipts?agency={agency}", SEATS, sees=("own", "lower")),
)

API: Sequence[Row] = (
    get("/api/v1/inbox", SEATS),
    get("/api/v1/inbox/{receipt}", SEATS),
    post("/api/v1/inbox/{receipt}/acknowledge", WORKING, 200),
    get("/api/v1/search?q=检查", SEATS),
    get("/api/v1/drafts", OFFICE),
    post("/api/v1/drafts", CLERK, 201, json=DRAFT_JSON),
    Row("PUT", "/api/v1/drafts/{draft}", CLERK, json={**DRAFT_JSON, "revision": 1}),
    Row("DELETE", "/api/v1/drafts/{draft}", CLERK),
    Row("DELETE", "/api/v1/drafts/{published}", CLERK, 409),
    post("/api/v1/bulletins/{published}/void", APPROVER, 200, json={"reason": "有误。"}),
    post("/api/v1/bulletins/{published}/repeal", APPROVER, 200, json=REPEAL),
    get("/api/v1/organ-codes", OFFICE),
    post("/api/v1/organ-codes", APPROVER, 201, json={"code": "冀质监"}),
    post("/api/v1/organ-codes/{organ_code}/default", APPROVER, 200),
    post("/api/v1/organ-codes/{organ_code}/end", APPROVER, 200),
    get("/api/v1/organ-codes/{organ_code}/numbers?year=2026", OFFICE),
    post("/api/v1/reach", CLERK, 200, json={"to_all": True}),
    get("/api/v1/bulletins", SEATS),
    get("/api/v1/bulletins/{draft}", SEATS, but={"reader": 403}),
    get("/api/v1/bulletins/{published}", SEATS),
    get("/api/v1/bulletins/{addressed}", SEATS, sees=()),
    post("/api/v1/bulletins/{draft}/submit", CLERK, 200),
    post("/api/v1/bulletins/{submitted}/withdraw", CLERK, 200),
    post("/api/v1/bulletins/{submitted}/return", APPROVER, 200, json={"remark": "请补充依据。"}),
    post("/api/v1/bulletins/{submitted}/sign", APPROVER, 200, json={"revision": 1}),
    get("/api/v1/bulletins/{published}/progress", SEATS),
    get("/api/v1/bulletins/{addressed}/progress", SEATS, sees=("upper", "lower")),
    get("/api/v1/bulletins/{published}/receipts", SEATS),
    get("/api/v1/bulletins/{addressed}/receipts", SEATS, sees=("upper", "lower")),
    get("/api/v1/bulletins/{of_the_county}/receipts?agency={agency}", SEATS, sees=("own", "lower")),
    post("/api/v1/bulletins/{published}/remind", WORKING, 200, json={"which": "unopened"}),
    post("/api/v1/bulletins/{addressed}/remind", WORKING, sees=(), json={"which": "unopened"}),
)
