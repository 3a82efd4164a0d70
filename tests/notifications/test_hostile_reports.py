"""Reports and replies that nobody sent, or that hold what no provider says: nothing changes."""

import secrets
from collections.abc import Mapping

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from time_machine import Traveller

from config.database import db
from config.errors import NotFound
from config.journal import Entry
from notifications.links import report_path
from notifications.models import Delivery
from notifications.services.reports import report
from notifications.states import State
from notifications.texting.models import SmsReply, SmsStop
from tests.conftest import CALLBACK_WORD
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.providers import Told
from tests.notifications.texts import phone_of, texted
from tests.worlds import World, sign_in

HERE = f"/notifications/sms/{CALLBACK_WORD}"
REPORTS = ("aliyun/reports", "tencent/reports")
REPLIES = ("aliyun/replies", "tencent/replies")
ODD: dict[str, object] = {
    "nul": "900619^0\x00",
    "half a character": "\ud83d",
    "turned round": "\u202e900619",
    "very long": "9" * 5000,
    "a great number": 10**60,
    "below nothing": -1,
    "a list": ["900619^0"],
    "an object": {"biz_id": 1},
    "true": True,
    "nothing": None,
    "part": 0.5,
    "a statement": "' OR 1=1 --",
}
FIELDS = (
    *("phone_number", "biz_id", "out_id", "success", "err_code", "err_msg", "mobile", "sid"),
    *("report_status", "errmsg", "description", "nationcode", "content", "text", "sequence_id"),
    *("send_time", "time"),
)


@pytest.fixture
def pair(province: World, told: Told) -> list[Delivery]:
    """Two messages that a gateway took in one batch."""
    texted([province.people["county-clerk"], province.people["county-duty"]])
    round_of_work()
    return deliveries()


def states() -> list[str]:
    return [one.state for one in deliveries()]


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(Entry)) or 0


def test_ten_thousand_forged_reports_of_a_gateway_change_nothing(pair: list[Delivery]) -> None:
    before = entries()
    good = report_path(pair[0].ref, pair[0].claim or "").rpartition("/")[2]
    head, _, signature = good.rpartition(".")
    other = "B" if good.endswith("A") else "A"
    for number in range(10_000):
        forged = (
            f"{head}.{secrets.token_urlsafe(20)[: len(signature)]}" if number % 2 else good[:-1]
        )
        with pytest.raises(NotFound):
            report(forged + other * (number % 3), 1 + number % 2)
    assert states() == [State.SENT] * 2
    assert entries() == before


def test_a_report_reaches_its_own_message_of_a_batch(
    pair: list[Delivery], client: FlaskClient
) -> None:
    first, second = pair
    assert first.claim == second.claim
    client.get(report_path(second.ref, second.claim or ""), query_string={"type": 2})
    assert states() == [State.SENT, State.FAILED]
    client.get(report_path(first.ref, first.claim or ""), query_string={"type": 1})
    assert states() == [State.DELIVERED, State.FAILED]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("path", [*REPORTS, *REPLIES])
def test_what_no_vendor_says_changes_nothing(
    pair: list[Delivery], client: FlaskClient, path: str, odd: object
) -> None:
    phone = pair[0].address.removeprefix("+86")
    for body in (
        [dict.fromkeys(FIELDS, odd)],
        *([{name: odd, **_said(phone, name)}] for name in FIELDS),
    ):
        assert client.post(f"{HERE}/{path}", json=body).status_code == 200
    assert states() == [State.SENT] * 2
    assert db.session.scalar(select(func.count()).select_from(SmsStop)) == 0


def _said(phone: str, but: str) -> Mapping[str, object]:
    """What is right about a message that we never sent, without one field."""
    said = {"phone_number": phone, "mobile": phone, "biz_id": "1^1", "sid": "1:1", "success": True}
    return {name: value for name, value in said.items() if name != but}


def test_a_call_that_is_too_large_is_refused(pair: list[Delivery], client: FlaskClient) -> None:
    for path in (*REPORTS, *REPLIES):
        answer = client.post(f"{HERE}/{path}", json=[{"text": "长" * 90_000}])
        assert answer.status_code == 413
    assert states() == [State.SENT] * 2


@pytest.mark.parametrize("text", ["1", "TD", "", "\x00", "\u202e1", "长" * 5000, "<script>1"])
def test_an_unknown_number_changes_nothing_whatever_it_says(
    pair: list[Delivery], client: FlaskClient, text: str
) -> None:
    before = entries()
    for phone in ("13999990000", "+15550100", "", "abc", "\x00", "9" * 300, "%", "１３９"):
        said = {"from": phone, "text": text, "ts": "x"}
        assert client.get(f"{HERE}/kannel/replies", query_string=said).status_code == 200
        one = {"phone_number": phone, "content": text}
        two = {"mobile": phone, "nationcode": "86", "text": text}
        assert client.post(f"{HERE}/aliyun/replies", json=[one]).status_code == 200
        assert client.post(f"{HERE}/tencent/replies", json=two).status_code == 200
    assert set(db.session.scalars(select(SmsReply.became))) == {"stranger"}
    assert db.session.scalar(select(func.count()).select_from(SmsStop)) == 0
    assert entries() == before
    assert states() == [State.SENT] * 2


def test_a_page_shows_what_a_stranger_wrote_as_words(
    province: World, told: Told, client: FlaskClient, browser_of_system: FlaskClient
) -> None:
    said = {"from": "13999990000", "text": "<script>alert(1)</script>", "ts": "1"}
    client.get(f"{HERE}/kannel/replies", query_string=said)
    page = browser_of_system.get("/sms/strays").text
    assert "&lt;script&gt;alert(1)" in page


@pytest.fixture
def browser_of_system(app: APIFlask, province: World) -> FlaskClient:
    return sign_in(app, province.people["system"])


def test_a_late_report_of_a_cloud_finds_no_message_of_another_number(
    province: World, told: Told, client: FlaskClient, clock: Traveller
) -> None:
    """The vendor's number alone is not enough: the phone must be the one it went to."""
    texted([province.people["county-clerk"]])
    round_of_work()
    [one] = deliveries()
    other = phone_of(province.people["county-duty"]).removeprefix("+86")
    said = {"phone_number": other, "success": True, "biz_id": one.serial or "", "out_id": one.claim}
    client.post(f"{HERE}/aliyun/reports", json=[said])
    assert states() == [State.SENT]
