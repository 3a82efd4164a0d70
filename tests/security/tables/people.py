"""Signing in, one's own account, and people as administrators meet them."""

from collections.abc import Sequence

from tests.security.tables.rows import (
    ADMINS,
    ALL,
    EVERYBODY,
    KEYED,
    PERSONAL,
    SECURITY,
    SIGNED_IN,
    SYSTEM,
    Row,
    get,
    post,
)

DOOR: Sequence[Row] = (
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

ACCOUNT: Sequence[Row] = (
    get("/account", SIGNED_IN),
    post("/seat/{held}", SIGNED_IN, 302, sees=("mine",)),
    post(
        "/account/absences",
        SIGNED_IN,
        302,
        but=dict.fromkeys(ADMINS, 422),  # they hold no seat in which somebody could stand in
        form={"from_day": "{tomorrow}", "until_day": "{tomorrow}"},
    ),
    post(
        "/absences/{absence}/end",
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

ADMINISTERED: Sequence[Row] = (
    get("/people", ADMINS),
    get("/people/new", SYSTEM),
    post("/people/new", SYSTEM, 302, form={"username": "wangfang", "name": "王芳"}),
    get("/people/{member}", ADMINS, sees=ALL),
    post("/people/{member}/name", SYSTEM, 302, form={"name": "王芳"}, sees=ALL),
    post(
        "/people/{member}/absences",
        SYSTEM,
        302,
        form={"from_day": "{tomorrow}", "until_day": "{tomorrow}"},
        sees=ALL,
    ),
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
    post(
        "/people/{newcomer}/contacts",
        SYSTEM,
        302,
        form={"channel": "mail", "address": "li@changtong.example"},
        sees=ALL,
    ),
    post(
        "/people/{member}/contacts",
        SYSTEM,
        403,
        form={"channel": "mail", "address": "li@changtong.example"},
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

API: Sequence[Row] = (
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
    post(
        "/api/v1/people/{newcomer}/contacts",
        SYSTEM,
        200,
        json={"channel": "sms", "address": "13800138000"},
        sees=ALL,
    ),
    post(
        "/api/v1/people/{member}/contacts",
        SYSTEM,
        403,
        json={"channel": "sms", "address": "13800138000"},
        sees=ALL,
    ),
    get("/api/v1/people/{member}/absences", KEYED, sees=(), sees_too={"system": ALL}),
    get("/api/v1/people/{self}/absences", KEYED, sees=("mine",)),
    post(
        "/api/v1/people/{member}/absences",
        KEYED,
        201,
        sees=(),
        sees_too={"system": ALL},
        json={"from_day": "{tomorrow}", "until_day": "{tomorrow}"},
    ),
    post(
        "/api/v1/people/{self}/absences",
        KEYED,
        201,
        sees=("mine",),
        but=dict.fromkeys(ADMINS, 422),
        json={"from_day": "{tomorrow}", "until_day": "{tomorrow}"},
    ),
    Row(
        "DELETE",
        "/api/v1/absences/{absence}",
        KEYED,
        204,
        sees=("mine",),
        sees_too={"system": PERSONAL},
    ),
)
