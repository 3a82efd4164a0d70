"""Who may ask for what, and what they are told: written by hand from what the service is for.

A row names an address with the thing that it is about in braces. Whoever isn't in ``who`` is turned
away without anything being looked up: asked to sign in (401, or led to the sign-in page), or
refused (403). For them of ``who`` the thing exists if it stands to them in one of the relations of
``sees``; otherwise there is no such thing (404). ``ok`` is what they get then.

Relations of an agency's things: to the county, whose seats everybody here holds. Those of a
person's things: ``mine``, a ``colleague``'s in the same agency, or another agency's clerk's. What
is ``forged`` doesn't exist, and what isn't for one to see must look exactly like it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALL = ("own", "upper", "lower", "sibling", "unrelated")
PERSONAL = ("mine", "colleague", "upper", "lower", "sibling", "unrelated")

READER, CLERK, APPROVER = ("reader",), ("clerk",), ("approver",)
OFFICE = (*CLERK, *APPROVER)
WORKING = (*OFFICE, "liaison", "duty")
SEATS = (*READER, *WORKING)
SYSTEM, SECURITY, AUDIT = ("system",), ("security",), ("audit",)
ADMINS = (*SYSTEM, *SECURITY, *AUDIT)
SIGNED_IN = ("seatless", *SEATS, *ADMINS)
KEYED = (*SEATS, *ADMINS)  # a key is for a seat, or for an administrator's role
EVERYBODY = ("anonymous", *SIGNED_IN)


@dataclass(frozen=True)
class Row:
    """One address and what becomes of it for everybody."""

    method: str
    path: str
    who: tuple[str, ...]
    ok: int = 200
    sees: tuple[str, ...] = ("own",)
    sees_too: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    but: Mapping[str, int] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None
    json: Mapping[str, Any] | None = None

    @property
    def thing(self) -> str | None:
        """The name of the thing that the address is about: the last one in it."""
        found = re.findall(r"{(\w+)}", self.path)
        return found[-1] if found else None

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/v1/")

    def expected(self, role: str, relation: str | None) -> int:
        """The status that this role gets for the thing that stands in this relation to it."""
        if role not in self.who:
            if role == "anonymous" or (role == "seatless" and self.is_api):
                return 302 if self.method == "GET" and not self.is_api else 401
            return 403
        if relation is not None and relation not in self.sees_too.get(role, self.sees):
            return 404
        return self.but.get(role, self.ok)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def get(path: str, who: tuple[str, ...], ok: int = 200, **more: Any) -> Row:
    """A page, or what the API answers."""
    return Row("GET", path, who, ok, **more)


def post(path: str, who: tuple[str, ...], ok: int = 302, **more: Any) -> Row:
    """A button or form."""
    return Row("POST", path, who, ok, **more)


DRAFT = {"title": "关于检查的通知", "body": "请落实。", "to_agencies": "{lower_agency}"}
TASK = {
    "title": "燃气安全排查",
    "body": "请**逐户**排查。",
    "days": "10",
    "to_agencies": "{lower_agency}",
}
DRAFT_JSON = {**DRAFT, "to_agencies": ["{lower_agency}"]}
TASK_JSON = {"title": "燃气安全排查", "days": 10, "to_agencies": ["{lower_agency}"]}

PUBLIC: Sequence[Row] = (
    get("/healthz", EVERYBODY),
    get("/readyz", EVERYBODY),
    get("/metrics", EVERYBODY),  # from this host alone, see tests of operations
    get("/static/app.css", EVERYBODY),
    get("/bootstrap/static/css/bootstrap.min.css", EVERYBODY),
    get("/api/openapi.json", EVERYBODY),
    get("/help", EVERYBODY),
    get("/language?lang=en", EVERYBODY, 302),
    get("/sign-in", EVERYBODY, 302, but={"anonymous": 200}),
    post("/sign-in", EVERYBODY, 302, form={"username": "county-clerk", "password": "{password}"}),
    post("/sign-out", EVERYBODY, 302),
    get("/forgotten", EVERYBODY),
    post("/forgotten", EVERYBODY, 200, form={"username": "county-reader"}),
    get("/invitation", EVERYBODY),
    post(
        "/invitation", EVERYBODY, 302, form={"username": "newcomer-county", "code": "{slip_code}"}
    ),
    get("/invitation/{invitation}", EVERYBODY, sees=("always",)),
    post(
        "/invitation/{invitation}",
        EVERYBODY,
        302,
        sees=("always",),
        form={"password": "荷塘月色-清华园-1927", "password_again": "荷塘月色-清华园-1927"},
    ),
)

HOME: Sequence[Row] = (get("/", SIGNED_IN),)

ACCOUNT: Sequence[Row] = (
    get("/account", SIGNED_IN),
    post("/seat/{held}", SIGNED_IN, 302, sees=("mine",)),
    post(
        "/account/absences",
        SIGNED_IN,
        302,
        form={"from_day": "{tomorrow}", "until_day": "{tomorrow}"},
    ),
    post(
        "/absences/{absence}/withdraw",
        SIGNED_IN,
        302,
        sees=("mine",),
        sees_too={"system": PERSONAL},
    ),
    get("/account/password", SIGNED_IN),
    post(
        "/account/password",
        SIGNED_IN,
        302,
        form={
            "current_password": "{password}",
            "password": "荷塘月色-清华园-1927",
            "password_again": "荷塘月色-清华园-1927",
        },
    ),
    post("/account/language", SIGNED_IN, 302, form={"language": "en"}),
    post(
        "/account/contacts",
        SIGNED_IN,
        302,
        form={"channel": "mail", "address": "new@changtong.example"},
    ),
    get("/account/contacts/{phone}", SIGNED_IN, sees=("mine",)),
    post("/account/contacts/{phone}/code", SIGNED_IN, 302, sees=("mine",)),
    post(
        "/account/contacts/{mail}/verify", SIGNED_IN, 302, sees=("mine",), form={"code": "{code}"}
    ),
    post("/account/contacts/{mail}/remove", SIGNED_IN, 302, sees=("mine",)),
    get("/account/keys", SIGNED_IN),
    post(
        "/account/keys",
        SIGNED_IN,
        201,
        but={"seatless": 422},
        form={"label": "台账", "seat_id": "{held}", "days": "30"},
    ),
    post("/keys/{key}/revoke", SIGNED_IN, 302, sees=("mine",), sees_too={"security": PERSONAL}),
)

DIRECTORY: Sequence[Row] = (
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
    get("/agencies/export.csv", SYSTEM),
    get("/working-days", SIGNED_IN),
    post("/working-days", SYSTEM, 302, form={"day": "2026-10-10", "is_working": "1"}),
    post("/working-days/{special_day}/clear", SYSTEM, 302, sees=("always",)),
    get("/journal", AUDIT),
    post("/journal/verify", AUDIT, 200),
)

PEOPLE: Sequence[Row] = (
    get("/people", ADMINS),
    get("/people/new", SYSTEM),
    post("/people/new", SYSTEM, 302, form={"username": "wangfang", "name": "王芳"}),
    get("/people/{member}", ADMINS, sees=ALL),
    post("/people/{member}/name", SYSTEM, 302, form={"name": "王芳"}, sees=ALL),
    post(
        "/people/{member}/seats",
        SYSTEM,
        302,
        form={"kind": "liaison", "agency": "130102", "label": "三号"},
        sees=ALL,
    ),
    post(
        "/people/{self}/seats",
        SYSTEM,
        422,
        sees=("mine",),
        form={"kind": "clerk", "agency": "130102"},
    ),
    post("/people/{member}/deactivate", SYSTEM, 302, sees=ALL),
    post("/people/{self}/deactivate", SYSTEM, 403, sees=("mine",)),
    post("/people/{member}/activate", SYSTEM, 302, sees=ALL),
    post("/people/{member}/lock", SECURITY, 302, sees=ALL),
    post("/people/{self}/lock", SECURITY, 403, sees=("mine",)),
    post("/people/{member}/unlock", SECURITY, 302, sees=ALL),
    post("/people/{self}/unlock", SECURITY, 403, sees=("mine",)),
    post("/people/{member}/end-sign-ins", SECURITY, 302, sees=ALL),
    # newcomers are invited by the system administrator, passwords reset by the security one
    post(
        "/people/{newcomer}/invite",
        ADMINS,
        302,
        but={"security": 403, "audit": 403},
        form={"way": "slip"},
        sees=ALL,
    ),
    post(
        "/people/{member}/invite",
        ADMINS,
        302,
        but={"system": 403, "audit": 403},
        form={"way": "slip"},
        sees=ALL,
    ),
    post("/people/{self}/invite", ADMINS, 403, sees=("mine",), form={"way": "slip"}),
    get(
        "/invitations/{slip}/slip",
        ADMINS,
        but={"security": 403, "audit": 403},
        sees=ALL,
    ),
    get(
        "/invitations/{reset_slip}/slip",
        ADMINS,
        but={"system": 403, "audit": 403},
        sees=ALL,
    ),
    get("/seats/{vacant}", SYSTEM, sees=ALL),
    post("/seats/{vacant}/give", SYSTEM, 302, form={"username": "county-other"}, sees=ALL),
    post("/seats/{vacant}/end", SYSTEM, 302, sees=ALL),
    post("/tenures/{tenure}/end", SYSTEM, 302, sees=ALL),
)

PAPERS: Sequence[Row] = (
    get("/inbox", SEATS),
    get("/inbox/{receipt}", SEATS),
    post("/inbox/{receipt}/acknowledge", WORKING),
    get("/bulletins/drafts", OFFICE),
    get("/bulletins/to-sign", APPROVER),
    get("/bulletins/sent", SEATS),
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
    get("/bulletins/{of_the_county}/receipts?agency={agency}", SEATS, sees=("own", "lower")),
)

TASKS: Sequence[Row] = (
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

MAILS: Sequence[Row] = (
    get("/settings/digests", SEATS),
    get("/settings/digests/sms", SEATS),
    post("/settings/digests/mail", SEATS, form={"rhythm": "off", "hour": "8"}),
    get("/settings/digests/mail/preview", SEATS),
    get("/settings/deliveries", SIGNED_IN),
    get("/deliveries", SYSTEM),
    get("/deliveries/{delivery}", SIGNED_IN, sees=("mine",), sees_too={"system": PERSONAL}),
    post("/deliveries/{failed}/retry", SYSTEM, sees=PERSONAL),
    post("/deliveries/{held_back}/release", SYSTEM, sees=PERSONAL),
    post("/deliveries/{held_back}/close", SYSTEM, sees=PERSONAL),
    post("/deliveries/{delivery}/close", SYSTEM, 409, sees=PERSONAL),
    post("/deliveries/all/failed/retry", SYSTEM),
    get("/outbox", SYSTEM),
    get("/outbox/{delivery}", SYSTEM, sees=PERSONAL),
    get("/outbox/{delivery}/html", SYSTEM, sees=PERSONAL),
    get("/recipients", SYSTEM),
    get("/recipients/new", SYSTEM),
    post(
        "/recipients/new",
        SYSTEM,
        form={"name": "王芳", "agency": "130102", "mail": "a@changtong.example", "rhythm": "off"},
    ),
    post("/recipients/{outsider}/end", SYSTEM, sees=ALL),
    # one click in a mail program, without cookie or token (RFC 8058)
    get("/unsubscribe/{unsubscribe}", EVERYBODY, sees=("always",)),
    post("/unsubscribe/{unsubscribe}", EVERYBODY, 200, sees=("always",)),
    get("/notifications/kannel/{report}?type=1", EVERYBODY, sees=("always",)),
)

API: Sequence[Row] = (
    get("/api/v1/me", KEYED),
    get("/api/v1/agencies", KEYED),
    get("/api/v1/agencies/{agency}", KEYED, sees=ALL),
    post("/api/v1/agencies/import", SYSTEM, 200, form={"file": "{file}"}),
    get("/api/v1/people", ADMINS),
    post("/api/v1/people", SYSTEM, 201, json={"username": "wangfang", "name": "王芳"}),
    get("/api/v1/people/{member}", ADMINS, sees=ALL),
    post(
        "/api/v1/people/{member}/seats",
        SYSTEM,
        200,
        sees=ALL,
        json={"kind": "liaison", "agency": "130102", "label": "三号"},
    ),
    post("/api/v1/people/{member}/deactivate", SYSTEM, 200, sees=ALL),
    post("/api/v1/people/{self}/deactivate", SYSTEM, 403, sees=("mine",)),
    Row("DELETE", "/api/v1/tenures/{tenure}", SYSTEM, 204, sees=ALL),
    get("/api/v1/journal", AUDIT),
    get("/api/v1/inbox", SEATS),
    get("/api/v1/inbox/{receipt}", SEATS),
    post("/api/v1/inbox/{receipt}/acknowledge", WORKING, 200),
    get("/api/v1/drafts", OFFICE),
    post("/api/v1/drafts", CLERK, 201, json=DRAFT_JSON),
    Row("PUT", "/api/v1/drafts/{draft}", CLERK, json={**DRAFT_JSON, "revision": 1}),
    Row("DELETE", "/api/v1/drafts/{draft}", CLERK),
    Row("DELETE", "/api/v1/drafts/{published}", CLERK, 409),
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
    get("/api/v1/subscriptions", SEATS),
    Row("PUT", "/api/v1/subscriptions/mail", SEATS, json={"rhythm": "off"}),
    get("/api/v1/deliveries/mine", KEYED),
    get("/api/v1/deliveries", SYSTEM),
    get("/api/v1/recipients", SYSTEM),
    post(
        "/api/v1/recipients",
        SYSTEM,
        201,
        json={"name": "王芳", "agency": "130102", "mail": "a@changtong.example"},
    ),
    Row("DELETE", "/api/v1/recipients/{outsider}", SYSTEM, 204, sees=ALL),
)

TABLE: Sequence[Row] = (
    *PUBLIC,
    *HOME,
    *ACCOUNT,
    *DIRECTORY,
    *PEOPLE,
    *PAPERS,
    *TASKS,
    *MAILS,
    *API,
)
