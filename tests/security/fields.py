"""Every field into which people type text, with how much it takes; on pages and in the API."""

from dataclasses import dataclass
from typing import Any

from tests.security.tables import TABLE
from tests.security.tables.rows import Row

ROWS = {str(row): row for row in TABLE}


@dataclass(frozen=True)
class Field:
    """A field of a form, or of the API's JSON; ``most`` is how many characters it takes."""

    row: Row
    name: str
    most: int
    required: bool

    @property
    def named(self) -> bool:
        """Whether it names something that must exist, or be new."""
        return self.name in ("username", "agency")

    def body(self, value: object) -> dict[str, Any]:
        """The row's good input with this value in the field."""
        if self.row.json is not None:
            return {"json": {**self.row.json, self.name: value}}
        return {"data": {**(self.row.form or {}), self.name: value}}

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


def _fields(call: str, **most: int) -> list[Field]:
    """``most`` characters by name; negative where the field may be left empty."""
    return [Field(ROWS[call], name, abs(size), size > 0) for name, size in most.items()]


FIELDS = [
    *_fields("POST /bulletins/drafts/new", title=200, body=-50_000),
    *_fields("POST /bulletins/drafts/autosave", title=200, body=-50_000),
    *_fields("POST /bulletins/drafts/{draft}", title=200, body=-50_000),
    *_fields("POST /bulletins/drafts/{draft}/autosave", title=200, body=-50_000),
    *_fields("POST /bulletins/{submitted}/return", remark=500),
    *_fields("POST /tasks/new", title=200, body=-20_000),
    *_fields("POST /tasks/issued/{task}/cancel", reason=500),
    *_fields("POST /tasks/{accepted}/report", text=2000),
    *_fields("POST /tasks/{accepted}/submit", text=2000),
    *_fields("POST /tasks/{handed_in}/send-back", text=2000),
    *_fields("POST /account/keys", label=50),
    *_fields("POST /agencies/{agency}/edit", contact_name=-50, contact_phone=-50),
    *_fields("POST /agencies/{agency}/seats", label=-50),
    *_fields("POST /people/new", name=50, username=64),
    *_fields("POST /people/{member}/name", name=50),
    *_fields("POST /people/{member}/seats", label=-50, agency=100),
    *_fields("POST /seats/{vacant}/give", username=64),
    *_fields("POST /working-days", remark=-50),
    *_fields("POST /recipients/new", name=50, agency=100),
    *_fields("POST /api/v1/drafts", title=200, body=-50_000),
    *_fields("PUT /api/v1/drafts/{draft}", title=200, body=-50_000),
    *_fields("POST /api/v1/bulletins/{submitted}/return", remark=500),
    *_fields("POST /api/v1/tasks", title=200, body=-20_000),
    *_fields("POST /api/v1/tasks/{task}/cancel", reason=500),
    *_fields("POST /api/v1/assignments/{accepted}/report", text=2000),
    *_fields("POST /api/v1/assignments/{accepted}/submit", text=2000),
    *_fields("POST /api/v1/assignments/{handed_in}/send-back", text=2000),
    *_fields("POST /api/v1/people", name=50, username=64),
    *_fields("POST /api/v1/people/{member}/seats", label=-50, agency=100),
    *_fields("POST /api/v1/recipients", name=50, agency=100),
]
