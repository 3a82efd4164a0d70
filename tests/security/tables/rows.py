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
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALL = ("own", "upper", "lower", "sibling", "unrelated")
PERSONAL = ("mine", "colleague", "upper", "lower", "sibling", "unrelated")

READER, CLERK, APPROVER = ("reader",), ("clerk",), ("approver",)
OFFICE = (*CLERK, *APPROVER)
CONNECTING = (*CLERK, "liaison")
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
