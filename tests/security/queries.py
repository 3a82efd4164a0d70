"""What the pages read of their addresses, and what somebody may write there instead."""

import base64
import json

HOSTILE_VALUES = (
    "a%00b",
    "%ff",
    "-1",
    "1.5",
    "9" * 19,
    "9" * 5000,
    "0001-01-01",
    "10000-01-01",
    "%3Cscript%3E",
    "x" * 5000,
)
"""Already written as they stand in an address."""

RESERVED = ("endpoint", "values", "self", "_external", "_scheme", "_method", "_anchor", "filename")
"""Words that functions which make addresses take for themselves."""


def _mark(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


MARKS = (
    "%ff",
    "!",
    "bnVsbA",
    "W" * 9001,
    _mark(),
    _mark(2**63, 1),
    _mark("a\0b", 1),
    _mark("\ud800", 1),
    _mark("2026-01-01T00:00:00", 1),
    _mark("0001-01-01T00:00:00+14:00", 1),
    _mark("0001-01-01T00:00:00+00:00", -(2**63) + 1),
    base64.urlsafe_b64encode(b"[" * 50_000).decode(),
)
"""Places in a list that we never gave out."""

QUERIES = {
    "/": (),
    "/sign-in": ("next",),
    "/language": ("lang", "next"),
    "/inbox": ("show", "type", "tag", "after", "before"),
    "/bulletins/drafts": ("after", "before"),
    "/bulletins/to-sign": ("after",),
    "/bulletins/sent": ("after",),
    "/bulletins/{published}/receipts": ("agency", "after"),
    "/bulletins/{published}/receipts/unopened": ("agency", "after"),
    "/bulletins/{published}/receipts/unacknowledged": ("agency", "after"),
    "/bulletins/{published}/receipts/unrelayed": ("agency", "after"),
    "/bulletins/{published}/receipts/print": ("agency", "after"),
    "/bulletins/{published}/receipts.csv": ("agency",),
    "/bulletins/{published}/chain": ("agency",),
    "/bulletins/{published}/chain/table": ("agency", "after"),
    "/bulletins/{published}/chain/print": ("agency",),
    "/bulletins/{published}/chain.csv": ("agency",),
    "/bulletins/{published}/chain.xlsx": ("agency",),
    "/bulletins/to-review": ("after",),
    "/bulletins/{corrected}/changes": ("version", "view"),
    "/inbox/{corrected_receipt}/changes": ("version", "view"),
    "/bulletins/numbers": ("code", "year", "after"),
    "/bulletins/numbers/print": ("code", "year"),
    "/attachments/{file_received}": ("page",),
    "/library": ("type", "issuer", "topic", "sector", "after"),
    "/library/offers": ("show", "after"),
    "/joint": ("after",),
    "/followed": ("after",),
    "/questions": ("show", "after"),
    "/bulletins/{published}/questions": ("show", "after"),
    "/questions/{remark_received}/askers": ("after",),
    "/search": ("q", "type", "issuer", "topic", "sector", "since", "until", "sort", "after"),
    "/tasks": ("state", "after"),
    "/tasks/issued": ("state", "after"),
    "/tasks/new": ("bulletin_id",),
    "/tasks/issued/{task}": ("state", "under", "all", "after"),
    "/tasks/{assignment}": ("after",),
    "/agencies": ("at", "q", "after"),
    "/agencies/{agency}": ("after",),
    "/people": ("q", "state", "after"),
    "/working-days": ("year",),
    "/journal": (
        "kind",
        "subject_kind",
        "subject_id",
        "agency",
        "username",
        "from_day",
        "until_day",
        "after",
    ),
    "/exports": ("after",),
    "/exports/{export}": ("then",),
    "/exports/new": ("table", "format", "bulletin_id", "agency"),
    "/alerts": ("after",),
    "/calls": ("after",),
    "/bulletins/{published}/messages": ("show", "after"),
    "/tasks/issued/{task}/messages": ("show", "after"),
    "/deliveries": ("name", "channel", "state", "kind", "after"),
    "/settings/deliveries": ("after",),
    "/outbox": ("after",),
    "/recipients": ("after",),
    "/recipients/links": ("after",),
    "/lost-readers": ("after",),
    "/sms/templates": ("after",),
    "/sms/strays": ("after",),
    "/replies": ("after",),
    "/endpoints": ("after",),
    "/endpoints/{endpoint}": ("after",),
    "/endpoints/{endpoint}/calls": ("after",),
    "/notifications/sms/secret-word-of-tests/kannel/replies": ("from", "text", "ts"),
    "/notifications/kannel/{report}": ("type", "reply"),
}
"""The names that each page reads; ``before`` is read by what reads ``after``."""
