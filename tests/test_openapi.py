"""The API's description is valid, whole, and true of who is turned away."""

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """What stands at /api/openapi.json."""
    found: dict[str, Any] = client.get("/api/openapi.json").json or {}
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation under /api/v1 with its path and method."""
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        if path.startswith("/api/v1/")
        for method, operation in item.items()
        if method in METHODS
    ]


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)
    assert document["components"]["securitySchemes"]["BearerAuth"]["scheme"] == "bearer"


def test_every_operation_says_what_it_is_for_and_how_it_fails(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len(found) > 10
    ids = [operation["operationId"] for _path, _method, operation in found]
    assert len(set(ids)) == len(ids)
    for path, method, operation in found:
        name = f"{method} {path}"
        assert operation.get("summary"), name
        assert operation["security"] == [{"BearerAuth": []}], name
        assert {"401", "403", "404", "422"} <= operation["responses"].keys(), name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_every_list_goes_on_by_its_mark(document: dict[str, Any]) -> None:
    for path, _method, operation in operations(document):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        if "after" in names:
            assert "limit" in names, path


def test_the_description_covers_the_api_and_the_api_alone(
    app: APIFlask, document: dict[str, Any]
) -> None:
    routes = {
        rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert routes == {path for path in document["paths"] if path.startswith("/api/v1/")}


def test_nobody_learns_anything_without_a_key(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    for path, method, _operation in operations(document):
        address = path.replace("{", "1").replace("}", "")
        address = "/".join("1" if part.startswith("1") else part for part in address.split("/"))
        answer = client.open(address, method=method, json={})
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.json
        assert answer.json["code"] == "not_signed_in"
