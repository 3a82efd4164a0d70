"""Programs read what people from outside get, and how and since when they left."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient

from agencies.states import Channel
from notifications.links import unsubscribe_url
from notifications.services.replies import Incoming, take_in
from tests.agencies.test_tokens import Api, api, key_of
from tests.bulletins.queries import counted
from tests.notifications.outsiders import joined
from tests.worlds import World

__all__ = ["api"]
NOW = datetime(2018, 5, 4, 1, tzinfo=UTC)


def test_who_left_by_which_way_is_told_by_api_and_page(
    enrolled: World, client: FlaskClient, browser_of: Callable[[int], FlaskClient], api: Api
) -> None:
    given = {"name": "李四", "agency": "130102", "rhythm": "workdays", "urgent_at_once": True}
    one = joined(enrolled, {**given, "mail": "li@else.example", "phone": "13800138000"})
    key = key_of(enrolled, "system")

    def told() -> dict[str, tuple[str, str | None, datetime | None]]:
        [listed] = api(key, "GET", "/recipients")[1]["items"]
        return {
            each["channel"]: (
                each["rhythm"],
                each["left_by"],
                datetime.fromisoformat(each["left_at"]) if each["left_at"] else None,
            )
            for each in listed["gets"]
        }

    assert told() == {"mail": ("workdays", None, None), "sms": ("workdays", None, None)}
    take_in("kannel", [Incoming("13800138000", "TD", "1")])
    assert told() == {"mail": ("workdays", None, None), "sms": ("workdays", "reply", NOW)}
    leave = unsubscribe_url(one.id, one.created_at, Channel.MAIL, one.mail or "")
    client.post(leave.partition(":8000")[2])
    assert told() == {"mail": ("off", "link", NOW), "sms": ("workdays", "reply", NOW)}
    page = browser_of(enrolled.people["system"]).get("/recipients").text
    assert "邮件：已退订" in page
    assert "短信：已回复 TD 退订" in page


def test_a_list_of_many_asks_as_often_as_one_of_few(enrolled: World, api: Api) -> None:
    key = key_of(enrolled, "system")

    def cost() -> int:
        with counted() as seen:
            api(key, "GET", "/recipients")
        return len(seen)

    given = {"name": "李四", "agency": "130102", "rhythm": "workdays"}
    joined(enrolled, {**given, "mail": "a@else.example", "phone": "13800138000"})
    cost()
    before = cost()
    for number in range(3):
        joined(enrolled, {**given, "mail": f"{number}@else.example"})
    assert cost() == before
