"""What a cloud says of several messages of one batch to one number: each to its own, or to none."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from time_machine import Traveller

from agencies.states import Channel
from config.database import db, writing
from notifications import channels
from notifications.channels.base import Parcel
from notifications.models import Delivery
from notifications.services.asking import ask
from notifications.services.cloud_reports import Report, take_in
from notifications.states import State
from notifications.texting.states import Vendor
from parts.sms_clouds import AliyunCloud, Cloud, TencentCloud
from tests.conftest import CALLBACK_WORD
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.providers import Told
from tests.notifications.texts import approved, texted, use
from tests.worlds import World

CLOUDS = {"aliyun": AliyunCloud, "tencent": TencentCloud}
HERE = f"/notifications/sms/{CALLBACK_WORD}"


@pytest.fixture
def cloud(app: APIFlask, province: World, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """The cloud that the test names, and nothing else."""
    before, name = app.extensions["settings"], request.param
    with CLOUDS[name]() as made:
        query = "sign=畅通&tls=0&app=1400006666&region=ap-guangzhou"
        use(sms_url=f"{name}://{made.endpoint}?{query}")
        approved(province, Vendor(name))
        yield made
    channels.close()
    app.extensions["settings"] = before


def pair(world: World, clock: Traveller, unknown: int) -> list[Delivery]:
    """Two messages of different words to one number in one batch; the last so many got no answer.

    A cloud's records of them are there.
    """
    texted([world.people["county-clerk"]])
    texted([world.people["county-clerk"]], variables={"to_acknowledge": "3", "due": "0"})
    round_of_work()
    ids = [one.id for one in deliveries()]
    with writing():
        for one in ids[2 - unknown :]:
            delivery = db.session.get_one(Delivery, one)
            delivery.state, delivery.serial = State.UNKNOWN, None
    clock.shift(timedelta(minutes=2))
    return deliveries()


def states() -> list[str]:
    return [one.state for one in deliveries()]


@pytest.mark.parametrize("cloud", ["tencent"], indirect=True)
def test_the_record_of_the_one_that_was_answered_is_not_the_others(
    province: World, cloud: Cloud, clock: Traveller
) -> None:
    pair(province, clock, unknown=1)
    first, second = (one.serial for one in cloud.taken)
    cloud.reports = {first: "DELIVRD", second: "NOTEXIST"}
    assert ask() == 1
    assert [(one.state, one.serial) for one in deliveries()] == [
        (State.SENT, first),
        (State.FAILED, second),
    ]


@pytest.mark.parametrize("cloud", list(CLOUDS), indirect=True)
@pytest.mark.parametrize("alike", [True, False])
def test_where_two_got_no_answer_only_what_became_of_both_is_known(
    province: World, cloud: Cloud, clock: Traveller, *, alike: bool
) -> None:
    pair(province, clock, unknown=2)
    well = "DELIVERED" if isinstance(cloud, AliyunCloud) else "DELIVRD"
    first, second = (one.serial for one in cloud.taken)
    cloud.reports = {first: well, second: well if alike else "UNDELIV"}
    ask()
    assert states() == [State.DELIVERED if alike else State.UNKNOWN] * 2


@pytest.mark.parametrize("cloud", ["aliyun"], indirect=True)
def test_a_report_that_fits_two_messages_changes_neither(
    province: World, cloud: Cloud, clock: Traveller
) -> None:
    one, other = pair(province, clock, unknown=2)
    assert (one.claim, one.address) == (other.claim, other.address)
    said = Report("1^0", one.address[3:], delivered=False, batch=one.claim or "")
    take_in("aliyun", [said])
    assert states() == [State.UNKNOWN] * 2


@pytest.mark.parametrize(
    ("vendor", "said"),
    [
        ("tencent", {"result": 1, "errmsg": "again"}),
        ("aliyun", {"code": 0, "msg": "接收成功"}),
    ],
)
def test_only_the_cloud_that_is_being_called_tells_an_early_report_again(
    province: World, app: APIFlask, told: Told, client: FlaskClient, vendor: str, said: object
) -> None:
    before, answers = app.extensions["settings"], []

    def report_at_once(parcel: Parcel) -> None:
        number = parcel.address.removeprefix("+86")
        body = {"mobile": number, "phone_number": number, "sid": "1:1", "biz_id": "1^0"}
        answers.append(client.post(f"{HERE}/{vendor}/reports", json=body).json)

    query = "sign=畅通&app=1400006666&region=ap-guangzhou"
    use(sms_url=f"tencent://key:secret@?{query}")
    app.extensions["providers"] = dict.fromkeys(Channel, told)
    approved(province, Vendor.TENCENT)
    told.before = report_at_once
    texted([province.people["county-clerk"]])
    round_of_work()
    app.extensions["settings"] = before
    assert answers == [said]
    assert states() == [State.SENT]
