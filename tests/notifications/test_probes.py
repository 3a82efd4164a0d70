"""A way out that is left: trying it with one message holds up nothing, and proves little."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from time_machine import Traveller

from config.database import db
from notifications import channels
from notifications.models import ChannelPause
from notifications.states import State
from notifications.texting.models import RouteTrouble
from notifications.texting.states import Vendor
from parts.sms_clouds import AliyunCloud, TencentCloud
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.texts import approved, phone_of, texted, use
from tests.worlds import World


@pytest.fixture
def tencent(
    app: APIFlask, province: World, aliyun: AliyunCloud, clock: Traveller
) -> Iterator[TencentCloud]:
    """The first way out, which is left; Alibaba Cloud is the other. Its turn to be tried is now."""
    before = app.extensions["settings"]
    with TencentCloud() as cloud:
        query = "sign=畅通&tls=0&timeout=5"
        use(
            sms_url=f"tencent://{cloud.endpoint}?{query}&app=1400006666&region=ap-guangzhou "
            f"aliyun://{aliyun.endpoint}?{query}"
        )
        approved(province, Vendor.TENCENT)
        approved(province)
        cloud.stop()
        texted(sorted(province.people.values())[:5])
        for _ in range(4):
            round_of_work()
            clock.shift(timedelta(seconds=20))
        assert left() == ["tencent"]
        clock.shift(timedelta(seconds=61))
        yield cloud
    channels.close()
    app.extensions["settings"] = before


@pytest.fixture
def aliyun() -> Iterator[AliyunCloud]:
    with AliyunCloud() as cloud:
        yield cloud


def left() -> list[str]:
    return list(db.session.scalars(select(RouteTrouble.route)))


def test_one_that_is_tried_in_vain_holds_up_no_other(
    province: World, tencent: TencentCloud, aliyun: AliyunCloud
) -> None:
    [one] = texted([province.people["county-clerk"]])
    round_of_work()
    assert db.session.scalars(select(ChannelPause.channel)).all() == []
    round_of_work()
    assert deliveries()[-1].id == one.id
    assert (deliveries()[-1].state, deliveries()[-1].route) == (State.SENT, "aliyun")


def test_an_answer_that_it_takes_nothing_is_no_recovery(
    province: World, tencent: TencentCloud, aliyun: AliyunCloud
) -> None:
    tencent.start()
    number = phone_of(province.people["county-clerk"])
    tencent.codes[number] = "FailedOperation.InsufficientBalanceInSmsPackage"
    texted([province.people["county-clerk"]])
    round_of_work()
    assert tencent.calls == ["SendSms"]
    assert left() == ["tencent"]
