"""What every operation of the API shares: its key, its errors, its lists. See docs/api.md."""

from typing import Annotated, Any

from apiflask import APIFlask
from pydantic import BaseModel, Field

from config.pages import Page

PREFIX = "/api/v1/"
ERRORS = {
    "401": "No valid key: send `Authorization: Bearer <key>`",
    "403": "The seat or role of this key may not do that",
    "404": "There is no such thing, or it is not for this agency to see",
    "422": "The input is wrong; `errors` names each field",
}


class PageQuery(BaseModel):
    """Where a list goes on: the `next` of the page before, and how many at most."""

    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Problem(BaseModel):
    """Every failure of the API."""

    code: str
    message: str
    errors: dict[str, str] | None = None


def listing(page: Page[Any], items: list[Any]) -> dict[str, Any]:
    """A page of a list as every list of the API answers: its items and the mark of the next."""
    return {"items": items, "next": page.next_mark}


def _completed(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """Give each operation the key it wants and the errors it may answer with."""
    assert isinstance(spec, dict)  # a string only where the document is written as YAML
    components = spec.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Error{status}": {"description": text, "content": content}
        for status, text in ERRORS.items()
    }
    for path, operations in spec["paths"].items():
        if not path.startswith(PREFIX):
            continue
        for operation in operations.values():
            operation.setdefault("security", [{"BearerAuth": []}])
            for status in ERRORS:
                reference = {"$ref": f"#/components/responses/Error{status}"}
                operation["responses"][status] = reference
    return spec


def init_app(app: APIFlask) -> None:
    """Describe the API as a whole; its document stands at /api/openapi.json."""
    app.security_schemes = {"BearerAuth": {"type": "http", "scheme": "bearer"}}
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        INFO={"description": "Bulletins, receipts and tasks between the levels of government."},
    )
    app.spec_processor(_completed)
