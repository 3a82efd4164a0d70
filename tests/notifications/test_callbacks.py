"""What clouds report: in any order, again and again, forged by the thousand."""

from itertools import permutations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config.database import db, writing
from notifications.channels.base import Parcel
from notifications.inputs import WishInput
from notifications.models import Delivery
from notifications.states import Rhythm, State
from notifications.texting.models import SmsReply
from tests.conftest import CALLBACK_WORD
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.providers import Told
from tests.notifications.texts import texted, use
from tests.worlds import World

BOTH = WishInput(rhythm=Rhythm.WORKDAYS, urgent_at_once=True)
HERE = f"/notifications/sms/{CALLBACK_WORD}"


def sent(world: World, serial: str = "900619^0") -> Delivery:
    """A message that a cloud took."""
    [one] = texted([world.people["county-clerk"]])
    round_of_work()
    with writing():
        found = db.session.get_one(Delivery, one.id)
        found.serial, found.route = serial, "aliyun"
    return deliveries()[-1]


def aliyun_report(one: Delivery, *, success: bool = True) -> dict[str, object]:
    return {
        "phone_number": one.address.removeprefix("+86"),
        "success": success,
        "err_code": "DELIVERED" if success else "MOBILE_NOT_ON_SERVICE",
        "biz_id": one.serial,
        "out_id": one.claim,
    }


def state() -> str:
    return deliveries()[-1].state


def test_both_clouds_report_and_read_the_answer_they_want(
    province: World, told: Told, client: FlaskClient
) -> None:
    one = sent(province)
    answer = client.post(f"{HERE}/aliyun/reports", json=[aliyun_report(one)])
    assert (answer.status_code, answer.json) == (200, {"code": 0, "msg": "接收成功"})
    assert state() == State.DELIVERED
    other = sent(province, "5000:1045")
    said = {"sid": "5000:1045", "mobile": other.address[3:], "report_status": "FAIL"}
    answer = client.post(f"{HERE}/tencent/reports", json=[said])
    assert (answer.status_code, answer.json) == (200, {"result": 0, "errmsg": "OK"})
    assert state() == State.FAILED


@pytest.mark.parametrize("order", list(permutations((True, False, True))))
def test_once_delivered_it_stays_so(
    province: World, told: Told, client: FlaskClient, order: tuple[bool, ...]
) -> None:
    one = sent(province)
    body = [aliyun_report(one, success=success) for success in order]
    client.post(f"{HERE}/aliyun/reports", json=body)
    client.post(f"{HERE}/aliyun/reports", json=body)
    assert state() == State.DELIVERED


def test_a_report_before_the_answer_to_the_call_finds_its_message(
    province: World, told: Told, client: FlaskClient
) -> None:
    def report_at_once(parcel: Parcel) -> None:
        said = {"phone_number": parcel.address[3:], "success": True, "out_id": parcel.batch}
        client.post(f"{HERE}/aliyun/reports", json=[said | {"biz_id": "1^0"}])

    told.before = report_at_once
    texted([province.people["county-clerk"]])
    round_of_work()
    assert (state(), deliveries()[0].serial) == (State.DELIVERED, "1^0")


def test_ten_thousand_forged_reports_change_nothing(
    province: World, told: Told, client: FlaskClient
) -> None:
    one = sent(province)
    forged = [
        {"phone_number": one.address[3:], "success": False, "biz_id": f"{number}^1"}
        for number in range(10_000)
    ]
    for start in range(0, 10_000, 1000):
        some = forged[start : start + 1000]
        assert client.post(f"{HERE}/aliyun/reports", json=some).status_code == 200
    assert state() == State.SENT
    assert db.session.scalar(select(func.count()).select_from(SmsReply)) == 0


def test_a_list_however_long_is_taken_in(province: World, told: Told, client: FlaskClient) -> None:
    one = sent(province)
    forged = [{"phone_number": one.address[3:], "biz_id": f"{n}^1"} for n in range(1500)]
    answer = client.post(f"{HERE}/aliyun/reports", json=[*forged, aliyun_report(one)])
    assert (answer.status_code, answer.json) == (200, {"code": 0, "msg": "接收成功"})
    assert state() == State.DELIVERED


def test_more_replies_than_a_call_takes_in_are_asked_for_again(
    province: World, told: Told, client: FlaskClient
) -> None:
    said = [
        {"phone_number": "13912345678", "content": "好", "send_time": str(n)} for n in range(201)
    ]
    first, again = (client.post(f"{HERE}/aliyun/replies", json=said) for _call in range(2))
    assert [(one.status_code, (one.json or {})["code"]) for one in (first, again)] == [
        (200, 1),
        (200, 0),
    ]
    assert db.session.scalar(select(func.count()).select_from(SmsReply)) == 201
    other = [{"mobile": "13912345678", "text": "好", "time": n} for n in range(201)]
    answer = client.post(f"{HERE}/tencent/replies", json=other)
    assert (answer.status_code, answer.json) == (200, {"result": 1, "errmsg": "again"})


@pytest.mark.parametrize(
    "body", [b"", b"x", b"1", b'"a"', b"[1, null]", b"[[]]", b"{}", b"[" * 9000, b"[{}]"]
)
def test_a_body_that_is_no_report_is_no_failure(
    province: World, told: Told, client: FlaskClient, body: bytes
) -> None:
    for path in ("aliyun/reports", "tencent/reports", "aliyun/replies", "tencent/replies"):
        answer = client.post(f"{HERE}/{path}", data=body, content_type="application/json")
        assert answer.status_code in (200, 404)


def test_who_does_not_know_the_word_or_is_not_on_the_list_finds_no_page(
    province: World, told: Told, client: FlaskClient
) -> None:
    one = sent(province)
    before = client.application.extensions["settings"]
    body = [aliyun_report(one)]
    assert client.post("/notifications/sms/guess/aliyun/reports", json=body).status_code == 404
    assert client.post(f"{HERE}/other/reports", json=body).status_code == 404
    use(sms_callback_from="10.0.0.0/8")
    assert client.post(f"{HERE}/aliyun/reports", json=body).status_code == 404
    use(sms_callback_word="")
    assert client.post("/notifications/sms//aliyun/reports", json=body).status_code == 404
    client.application.extensions["settings"] = before
    assert state() == State.SENT
