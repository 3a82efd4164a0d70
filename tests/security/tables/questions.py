"""Questions on papers, and their answers."""

from collections.abc import Sequence

from tests.security.tables.rows import APPROVER, OFFICE, SEATS, WORKING, Row, get, post

QUESTION = {"text": "企业自查的期限是哪一天？"}
NO_QUESTION = {"text": "以通知为准。"}

PAGES: Sequence[Row] = (
    get("/questions", SEATS),
    get("/questions?show=asked", SEATS),
    get("/bulletins/{published}/questions", SEATS),
    get("/bulletins/{addressed}/questions", SEATS, sees=("upper", "lower")),
    get("/bulletins/{draft}/questions", SEATS, sees=()),  # nothing is asked of what is no paper yet
    post("/bulletins/{addressed}/questions", WORKING, sees=("upper", "lower"), form=QUESTION),
    post("/bulletins/{published}/questions", WORKING, 409, form=QUESTION),  # to oneself
    post(
        "/bulletins/{addressed}/questions/similar",
        WORKING,
        200,
        sees=("upper", "lower"),
        form={"body": "期限"},
    ),
    post("/questions/{question}/withdraw", WORKING),
    post("/questions/{open_question}/join", WORKING),
    post("/questions/{open_question}/leave", WORKING),
    get("/questions/{remark_received}/askers", SEATS),
    post("/questions/{remark_received}/note", OFFICE),
    post("/questions/attachments/{file_of_question}/remove", WORKING),
    post("/bulletins/{published}/answers", OFFICE, 422, form=NO_QUESTION),
    post("/bulletins/{addressed}/answers", OFFICE, sees=(), form=NO_QUESTION),
    post("/answers/{answer}/official", APPROVER),
)

API: Sequence[Row] = (
    get("/api/v1/questions", SEATS),
    get("/api/v1/bulletins/{published}/questions", SEATS),
    get("/api/v1/bulletins/{addressed}/questions", SEATS, sees=("upper", "lower")),
    get("/api/v1/bulletins/{published}/answers", SEATS),
    get("/api/v1/bulletins/{addressed}/answers", SEATS, sees=("upper", "lower")),
    post(
        "/api/v1/bulletins/{addressed}/questions",
        WORKING,
        201,
        sees=("upper", "lower"),
        json=QUESTION,
    ),
    post(
        "/api/v1/bulletins/{addressed}/questions/similar",
        WORKING,
        200,
        sees=("upper", "lower"),
        json={"text": "期限"},
    ),
    post("/api/v1/questions/{question}/withdraw", WORKING, 200),
    post("/api/v1/questions/{open_question}/join", WORKING, 200),
    post("/api/v1/questions/{open_question}/leave", WORKING, 200),
    get("/api/v1/questions/{remark_received}/askers", SEATS),
    post("/api/v1/questions/{remark_received}/note", OFFICE, 200),
    post("/api/v1/questions/{question}/attachments", WORKING, 201, form={"file": "{file}"}),
    Row("DELETE", "/api/v1/questions/attachments/{file_of_question}", WORKING, 204),
    post("/api/v1/answers/{answer}/attachments", OFFICE, 201, form={"file": "{file}"}),
    post(
        "/api/v1/bulletins/{published}/answers",
        OFFICE,
        404,  # forged questions are none
        json={**NO_QUESTION, "questions": [999_999_999]},
    ),
    post("/api/v1/answers/{answer}/official", APPROVER, 200),
)
