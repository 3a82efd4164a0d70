"""The API of tasks: the same steps and the same refusals as the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from werkzeug.test import TestResponse

from agencies.actors import token_hash
from agencies.models import Person, Token
from config import clock
from config.database import db, writing
from coordination.models import Task
from tests.coordination.tasks import given, part_of, submitted
from tests.worlds import World

Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(app: APIFlask, world: World) -> Ask:
    """Ask the API as one of the world's people, with a key of theirs."""

    def asked(who: str, method: str, path: str, data: Any = None) -> TestResponse:
        key, person = f"key-of-{who}", db.session.get_one(Person, world.people[who])
        if not db.session.scalars(
            db.select(Token.id).where(Token.token_hash == token_hash(key))
        ).all():
            with writing():
                db.session.add(
                    Token(
                        person_id=person.id,
                        label="test",
                        token_hash=token_hash(key),
                        created_at=clock.now(),
                    )
                )
        headers = {"Authorization": f"Bearer {key}"}
        return app.test_client().open(f"/api/v1{path}", method=method, json=data, headers=headers)

    return asked


def test_from_assigning_to_closing(world: World, ask: Ask) -> None:
    data = {"title": "排查", "days": 5, "to_agencies": [world.agencies["county"]]}
    made = ask("province-clerk", "POST", "/tasks", data)
    assert made.status_code == 201
    task = made.get_json()
    assert (task["state"], task["progress"]["assigned"]) == ("open", 1)
    listed = ask("county-clerk", "GET", "/assignments").get_json()
    (item,) = listed["items"]
    assert (item["title"], item["state"], item["is_overdue"]) == ("排查", "assigned", False)
    here = f"/assignments/{item['id']}"
    assert ask("county-clerk", "POST", f"{here}/accept").get_json()["state"] == "accepted"
    report = {"text": "过半", "percent": 55}
    assert ask("county-clerk", "POST", f"{here}/report", report).get_json()["percent"] == 55
    done = ask("county-clerk", "POST", f"{here}/submit", {"text": "办完"})
    assert done.get_json()["state"] == "submitted"
    back = ask("province-clerk", "POST", f"{here}/send-back", {"text": "补", "days": 2})
    assert back.get_json()["state"] == "sent_back"
    assert back.get_json()["due_at"] != item["due_at"]
    ask("county-clerk", "POST", f"{here}/submit", {"text": "补齐"})
    assert ask("province-clerk", "POST", f"{here}/close").get_json()["state"] == "closed"
    steps = ask("county-clerk", "GET", f"{here}/steps").get_json()["items"]
    assert [step["action"] for step in reversed(steps)] == [
        "accept", "report", "submit", "send_back", "submit", "close",
    ]  # fmt: skip
    closed = ask("province-clerk", "GET", "/tasks?state=closed").get_json()["items"]
    assert [one["id"] for one in closed] == [task["id"]]
    assert ask("county-clerk", "GET", here).get_json()["body"] == ""


def test_the_parts_of_a_task(world: World, ask: Ask) -> None:
    task = given(world, "province-clerk", "county", "sibling", "other_county")
    submitted(task, world)
    path = f"/tasks/{task.id}/assignments"
    rows = ask("province-clerk", "GET", f"{path}?state=submitted").get_json()["items"]
    assert [row["agency_id"] for row in rows] == [world.agencies["county"]]
    under = ask("province-clerk", "GET", f"{path}?under={world.agencies['city']}").get_json()
    assert len(under["items"]) == 2
    first = ask("province-clerk", "GET", f"{path}?limit=2").get_json()
    rest = ask("province-clerk", "GET", f"{path}?limit=2&after={first['next']}").get_json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_cancelling(world: World, ask: Ask) -> None:
    task_id = given(world).id
    path = f"/tasks/{task_id}/cancel"
    assert ask("province-clerk", "POST", path, {"reason": ""}).status_code == 422
    gone = ask("province-clerk", "POST", path, {"reason": "停"})
    assert (gone.status_code, gone.get_json()["state"]) == (200, "cancelled")
    assert ask("province-clerk", "POST", path, {"reason": "停"}).status_code == 409


REFUSED: list[tuple[str, str, str, Any, int]] = [
    ("county-clerk", "GET", "/tasks/{task}", None, 404),
    ("city-clerk", "GET", "/assignments/{part}", None, 404),
    ("city-clerk", "GET", "/assignments/{part}/steps", None, 404),
    ("city-clerk", "GET", "/tasks/{task}/assignments", None, 404),
    ("unrelated-clerk", "POST", "/assignments/{part}/accept", None, 404),
    ("unrelated-clerk", "POST", "/tasks/{task}/cancel", {"reason": "x"}, 404),
    ("province-clerk", "POST", "/assignments/{part}/accept", None, 403),
    ("county-clerk", "POST", "/assignments/{part}/close", None, 403),
    ("county-reader", "POST", "/assignments/{part}/accept", None, 403),
    ("province-reader", "POST", "/tasks", {"title": "x"}, 403),
    ("system", "GET", "/assignments", None, 403),
    ("county-clerk", "POST", "/assignments/{part}/report", {"text": "x"}, 409),
    ("county-clerk", "POST", "/assignments/{part}/report", {}, 422),
    ("county-clerk", "POST", "/assignments/{part}/report", [], 422),
    ("county-clerk", "GET", "/assignments?state=x", None, 422),
    ("county-clerk", "GET", "/assignments?after=x", None, 400),
    ("county-clerk", "GET", "/assignments/99999999999999999999", None, 404),
]


def test_refusals(world: World, ask: Ask) -> None:
    task = given(world)
    ids = {"task": task.id, "part": part_of(task, world).id}
    for who, method, path, data, status in REFUSED:
        answer = ask(who, method, path.format(**ids), data)
        assert answer.status_code == status, (who, path)
        assert "排查" not in answer.get_data(as_text=True)
    assert part_of(db.session.get_one(Task, ids["task"]), world).state == "assigned"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"due_on": "2020-01-01", "days": None}, "due_on"),
    ({"days": "soon"}, "days"),
    ({"to_agencies": [7777]}, "to_agencies"),
    ({"to_agencies": []}, "to_agencies"),
    ({"title": "题\u0000"}, "title"),
    ({"surprise": True}, "surprise"),
    ({"bulletin_id": -1}, "bulletin_id"),
]


def test_wrong_input_is_named(world: World, ask: Ask) -> None:
    right = {"title": "排查", "days": 5, "to_agencies": [world.agencies["county"]]}
    for fields, field in WRONG:
        answer = ask("province-clerk", "POST", "/tasks", right | fields)
        assert answer.status_code == 422, fields
        assert set(answer.get_json()["errors"]) == {field}


def test_a_cookie_does_not_count_here(world: World, browser_of: Callable[[int], Any]) -> None:
    client = browser_of(world.people["county-clerk"])
    assert client.get("/api/v1/assignments").status_code == 401
