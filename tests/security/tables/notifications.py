"""Digests, deliveries, the outbox and recipients outside."""

from collections.abc import Sequence

from tests.security.tables.rows import (
    ALL,
    EVERYBODY,
    KEYED,
    PERSONAL,
    SEATS,
    SIGNED_IN,
    SYSTEM,
    WORKING,
    Row,
    get,
    post,
)

PAGES: Sequence[Row] = (
    get("/alerts", SEATS),
    get("/alerts/count", SEATS),
    get("/calls", WORKING),
    post("/calls/{to_call}", WORKING, sees=("own",), form={"note": "王五接听"}),
    get("/settings/digests", SEATS),
    get("/settings/digests/sms", SEATS),
    post("/settings/digests/mail", SEATS, form={"rhythm": "off", "times": "08:00"}),
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
        form={
            "name": "王芳",
            "agency": "130102",
            "mail": "a@changtong.example",
            "rhythm": "weekly",
            "weekdays": "0",
        },
    ),
    post("/recipients/{outsider}/end", SYSTEM, sees=ALL),
    get("/lost-readers", SEATS),
    post("/notifications/returned/{returned}", EVERYBODY, 204, sees=("always",)),
    # one click in a mail program, without cookie or token (RFC 8058)
    get("/unsubscribe/{unsubscribe}", EVERYBODY, sees=("always",)),
    post("/unsubscribe/{unsubscribe}", EVERYBODY, 200, sees=("always",)),
    get("/notifications/kannel/{report}?type=1", EVERYBODY, sees=("always",)),
)

API: Sequence[Row] = (
    get("/api/v1/alerts", SEATS),
    get("/api/v1/alerts/count", SEATS),
    post("/api/v1/alerts/seen", SEATS, 204, json={"upto": 1}),
    get("/api/v1/calls", WORKING),
    post("/api/v1/calls/{to_call}", WORKING, 204, sees=("own",), json={"note": "王五接听"}),
    get("/api/v1/subscriptions", SEATS),
    Row("PUT", "/api/v1/subscriptions/mail", SEATS, json={"rhythm": "off"}),
    get("/api/v1/deliveries/mine", KEYED),
    get("/api/v1/lost-readers", SEATS),
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
