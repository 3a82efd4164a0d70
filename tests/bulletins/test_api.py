"""The same use cases by API, with a personal key."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.actors import token_hash
from agencies.models import Token
from bulletins.models import Receipt
from config import clock
from config.database import db, writing
from tests.bulletins.papers import TITLE, drafted, published, receipt_of
from tests.worlds import World


@dataclass
class Answer:
    """What came back."""

    status_code: int
    json: Any


class Caller:
    """Somebody who calls the API in their one seat."""

    def __init__(self, world: World, client: FlaskClient, name: str) -> None:
        actor = world.actor(name)
        with writing():
            db.session.add(
                Token(
                    person_id=actor.person_id,
                    seat_id=actor.seat_id,
                    label="test",
                    token_hash=token_hash(name),
                    created_at=clock.now(),
                )
            )
        self.client, self.headers = client, {"Authorization": f"Bearer {name}"}

    def __call__(self, method: str, path: str, data: Any = None) -> Answer:
        answer = self.client.open(f"/api/v1{path}", method=method, json=data, headers=self.headers)
        return Answer(answer.status_code, answer.get_json())


@pytest.fixture
def clerk(world: World, client: FlaskClient) -> Caller:
    return Caller(world, client, "province-clerk")


@pytest.fixture
def approver(world: World, client: FlaskClient) -> Caller:
    return Caller(world, client, "province-approver")


@pytest.fixture
def county(world: World, client: FlaskClient) -> Caller:
    return Caller(world, client, "county-clerk")


def test_from_draft_to_acknowledgement(
    world: World, clerk: Caller, approver: Caller, county: Caller
) -> None:
    written = {"title": TITLE, "body": "**内容**", "to_levels": ["county"], "cc_all": True}
    draft = clerk("POST", "/drafts", written | {"needs_acknowledgement": True})
    assert (draft.status_code, draft.json["revision"]) == (201, 1)
    number = draft.json["id"]
    assert draft.json["audience"] == [
        {
            "part": part,
            "kind": "subtree",
            "agency_id": world.agencies["province"],
            "level": level,
            "agency_kind": None,
        }
        for part, level in (("to", "county"), ("cc", None))
    ]
    saved = clerk("PUT", f"/drafts/{number}", written | {"revision": 1, "urgency": "flash"})
    assert saved.json["needs_acknowledgement"] is False
    again = {"revision": 2, "needs_acknowledgement": True}
    assert clerk("PUT", f"/drafts/{number}", written | again).json["revision"] == 3
    stale = clerk("PUT", f"/drafts/{number}", written | {"revision": 1, "body": "旧"})
    assert (stale.status_code, stale.json["code"]) == (409, "stale")
    named = "各区市场监督管理局，冀东水泥有限公司"
    assert clerk("POST", "/reach", written).json == {"to": 4, "cc": 2, "addressed": named}
    assert [one["id"] for one in clerk("GET", "/drafts").json["items"]] == [number]
    assert clerk("POST", f"/bulletins/{number}/submit").json["state"] == "submitted"
    returned = approver("POST", f"/bulletins/{number}/return", {"remark": "再核一遍"})
    assert returned.json["state"] == "returned"
    clerk("POST", f"/bulletins/{number}/submit")
    assert clerk("POST", f"/bulletins/{number}/withdraw").json["state"] == "draft"
    clerk("POST", f"/bulletins/{number}/submit")
    assert clerk("POST", f"/bulletins/{number}/sign", {}).status_code == 403
    assert approver("POST", f"/bulletins/{number}/sign", {"revision": 1}).status_code == 409
    signed = approver("POST", f"/bulletins/{number}/sign", {"revision": 3})
    assert (signed.json["state"], signed.json["version"]) == ("published", 1)

    (item,) = county("GET", "/inbox?show=unacknowledged").json["items"]
    assert (item["title"], item["part"], item["delivered_at"]) == (TITLE, "to", None)
    assert county("GET", "/inbox").json["items"][0]["delivered_at"] is not None
    read = county("GET", f"/inbox/{item['id']}").json
    assert (read["html"], read["version"]) == ("<p><strong>内容</strong></p>", 1)
    assert read["opened_at"] is not None
    assert read["acknowledged_at"] is None
    done = county("POST", f"/inbox/{item['id']}/acknowledge")
    assert done.json["acknowledged_at"] is not None

    (sent,) = clerk("GET", "/bulletins").json["items"]
    counts = {"sent": 6, "delivered": 1, "opened": 1, "acknowledged": 1, "to_acknowledge": 6}
    assert (sent["id"], sent["progress"]) == (number, counts)
    holds = {"ended_kind": None, "ended_on": None, "replaced_by_id": None}
    told = clerk("GET", f"/bulletins/{number}/progress").json
    assert told == {**counts, "standing": holds}
    waiting = clerk("GET", f"/bulletins/{number}/receipts?show=unopened&limit=2").json
    assert [one["code"] for one in waiting["items"]] == ["130100", "130104"]
    rest = clerk("GET", f"/bulletins/{number}/receipts?show=unopened&after={waiting['next']}").json
    assert (len(rest["items"]), rest["next"]) == (3, None)
    reminded = clerk("POST", f"/bulletins/{number}/remind", {"which": "unopened"})
    assert reminded.json == {"count": 5, "left_out": 0}
    assert clerk("DELETE", f"/drafts/{number}").status_code == 409


def test_wrong_input_is_named_by_field(clerk: Caller) -> None:
    answer = clerk(
        "POST",
        "/drafts",
        {"title": " ", "body": "x\0", "urgency": "soon", "to_agencies": ["x"], "to_levels": "city"},
    )
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"title", "body", "urgency", "to_agencies", "to_levels"}
    assert clerk("POST", "/drafts", {"title": "x", "to_agencies": [999]}).status_code == 422
    assert clerk("POST", "/drafts", []).status_code == 422


def test_what_is_not_ones_own_is_not_found(world: World, county: Caller) -> None:
    draft, sent = drafted(world), published(world)
    other = receipt_of(world, "sibling", sent)
    for method, path in (
        ("GET", f"/inbox/{other.id}"),
        ("POST", f"/inbox/{other.id}/acknowledge"),
        ("GET", f"/bulletins/{draft.id}"),
        ("GET", f"/bulletins/{sent.id}"),
        ("DELETE", f"/drafts/{draft.id}"),
        ("POST", f"/bulletins/{draft.id}/submit"),
        ("GET", f"/bulletins/{draft.id}/receipts"),
        ("GET", f"/bulletins/{sent.id}/progress?agency={world.agencies['city']}"),
    ):
        answer = county(method, path)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), path
    reminded = county("POST", f"/bulletins/{sent.id}/remind", {"which": "unopened"})
    assert reminded.status_code == 404
    opened = select(Receipt.id).where(Receipt.opened_at.is_not(None))
    assert db.session.scalars(opened).all() == []


def test_without_a_key_nothing_is_told(world: World, client: FlaskClient) -> None:
    bulletin = published(world)
    for path in ("/inbox", "/drafts", f"/bulletins/{bulletin.id}"):
        assert client.get(f"/api/v1{path}").status_code == 401


def test_a_draft_sent_twice_with_its_key_is_made_once(clerk: Caller) -> None:
    draft = {"title": TITLE, "body": "甲", "key": "0b0f3c1e-7a63-4a4b-8f43-3c1a6f0d9b11"}
    first, again = (
        clerk("POST", "/drafts", draft),
        clerk("POST", "/drafts", {**draft, "body": "乙"}),
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json["id"], again.json["body"]) == (first.json["id"], "乙")
    assert len(clerk("GET", "/drafts").json["items"]) == 1
    assert clerk("POST", "/drafts", {**draft, "key": "short"}).status_code == 422


def test_an_answer_to_no_question_is_refused(world: World, approver: Caller) -> None:
    path = f"/bulletins/{published(world).id}/answers"
    nothing: tuple[dict[str, Any], ...] = ({}, {"questions": []})
    for given in nothing:
        refused = approver("POST", path, {"text": "月底前。", **given})
        assert refused.status_code == 422
        assert set(refused.json["errors"]) == {"questions"}
