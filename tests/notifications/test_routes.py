"""Several ways out: the first that works and can carry a message; never twice what is unknown."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from time_machine import Traveller

from config.database import db
from notifications import channels
from notifications.services.asking import PAUSES, ask
from notifications.services.handing_out import recover
from notifications.states import Kind, State
from notifications.texting.models import RouteCount, RouteTrouble
from notifications.texting.states import NEEDED, Vendor
from parts.sms_clouds import AliyunCloud, TencentCloud
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.texts import approved, texted, use
from tests.worlds import World, sign_in

SOON = timedelta(seconds=61)


@pytest.fixture
def aliyun(app: APIFlask, clock: Traveller) -> Iterator[AliyunCloud]:
    before = app.extensions["settings"]
    with AliyunCloud() as cloud:
        yield cloud
    channels.close()
    app.extensions["settings"] = before


@pytest.fixture
def tencent() -> Iterator[TencentCloud]:
    with TencentCloud() as cloud:
        yield cloud


def both(aliyun: AliyunCloud, tencent: TencentCloud, timeout: float = 5) -> None:
    """Alibaba Cloud first, Tencent Cloud after it."""
    query = f"sign=畅通&tls=0&timeout={timeout}"
    use(
        sms_url=f"aliyun://{aliyun.endpoint}?{query} "
        f"tencent://{tencent.endpoint}?{query}&app=1400006666&region=ap-guangzhou"
    )


def alone(aliyun: AliyunCloud, timeout: float = 5, **others: object) -> None:
    use(sms_url=f"aliyun://{aliyun.endpoint}?sign=畅通&tls=0&timeout={timeout}", **others)


def some(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def states() -> list[str]:
    return [one.state for one in deliveries()]


def test_a_template_carries_the_words(province: World, aliyun: AliyunCloud) -> None:
    alone(aliyun)
    template = approved(province)
    texted(some(province, 3))
    round_of_work()
    assert states() == [State.SENT] * 3
    assert {one.route for one in deliveries()} == {"aliyun"}
    assert {one.serial for one in deliveries()} == {aliyun.taken[0].serial}
    assert {one.parts for one in deliveries()} == {1}
    assert aliyun.taken[0].template == template.code
    assert aliyun.taken[0].sign == "畅通"
    assert aliyun.taken[0].values == {"to_acknowledge": "2", "due": "1"}


def test_without_an_approved_template_it_stays_listed_with_the_reason(
    province: World, aliyun: AliyunCloud
) -> None:
    alone(aliyun)
    approved(province, kind=Kind.REMINDER, text="催办：${title}，请签收。")
    approved(province, Vendor.TENCENT)
    texted(some(province, 1))
    round_of_work()
    [one] = deliveries()
    assert (one.state, one.outcome) == (State.FAILED, "no_template")
    assert "aliyun" in one.detail
    assert aliyun.calls == []


def test_the_operator_sees_which_templates_are_lacking_before_anything_fails(
    province: World, aliyun: AliyunCloud, app: APIFlask
) -> None:
    system = sign_in(app, province.people["system"])
    assert "还缺模板" not in system.get("/sms").text
    alone(aliyun)
    for kind in NEEDED:
        if kind != Kind.REMINDER:
            text = "您的验证码是${code}。" if kind == Kind.CODE else "有新情况，请登录查看。"
            approved(province, kind=kind, text=text)
    for path in ("/sms", "/sms/templates"):
        assert "阿里云还缺模板：催办<" in system.get(path).text
    approved(province, kind=Kind.REMINDER, text="催办：${title}，请签收。")
    assert "还缺模板" not in system.get("/sms").text


def test_a_variable_that_is_missing_is_said(province: World, aliyun: AliyunCloud) -> None:
    alone(aliyun)
    approved(province, kind=Kind.REMINDER, text="催办：${title}，请签收。")
    texted(some(province, 1), kind=Kind.REMINDER, variables={"title": " 【】 "})
    round_of_work()
    [one] = deliveries()
    assert (one.state, one.outcome) == (State.FAILED, "no_template")
    assert "title" in one.detail


def test_what_one_can_not_carry_goes_by_the_next(
    province: World, aliyun: AliyunCloud, tencent: TencentCloud
) -> None:
    both(aliyun, tencent)
    approved(province, Vendor.TENCENT)
    texted(some(province, 2))
    round_of_work()
    assert states() == [State.SENT] * 2
    assert {one.route for one in deliveries()} == {"tencent"}
    assert tencent.taken[0].values == ["2", "1"]
    assert len({one.serial for one in deliveries()}) == 2


def test_one_failure_changes_no_way(
    province: World, aliyun: AliyunCloud, tencent: TencentCloud, clock: Traveller
) -> None:
    both(aliyun, tencent)
    approved(province)
    approved(province, Vendor.TENCENT)
    aliyun.stop()
    texted(some(province, 20))
    round_of_work()
    assert tencent.taken == []
    aliyun.start()
    clock.shift(SOON)
    round_of_work()
    assert states() == [State.SENT] * 20
    assert tencent.taken == []


def test_a_way_that_keeps_failing_is_left_and_taken_again_after_a_probe(
    province: World, aliyun: AliyunCloud, tencent: TencentCloud, clock: Traveller
) -> None:
    both(aliyun, tencent)
    approved(province)
    approved(province, Vendor.TENCENT)
    aliyun.stop()
    texted(some(province, 5))
    for _ in range(4):
        round_of_work()
        clock.shift(timedelta(seconds=20))
    assert states() == [State.SENT] * 5
    assert len(tencent.taken) == 5
    assert db.session.scalars(select(RouteTrouble.route)).all() == ["aliyun"]

    texted(some(province, 4))  # it is not tried before its minute is over
    round_of_work()
    assert len(tencent.taken) == 9
    clock.shift(SOON)
    texted(some(province, 4))  # one message tries it: in vain
    round_of_work()
    round_of_work()
    assert len(tencent.taken) == 13
    aliyun.start()
    clock.shift(SOON)
    texted(some(province, 4))
    round_of_work()
    assert (len(aliyun.taken), len(tencent.taken)) == (1, 16)
    texted(some(province, 4))
    round_of_work()
    assert (len(aliyun.taken), len(tencent.taken)) == (5, 16)
    assert set(states()) == {State.SENT}


def test_what_is_unknown_at_one_is_never_sent_by_the_other(
    province: World, aliyun: AliyunCloud, tencent: TencentCloud, clock: Traveller
) -> None:
    both(aliyun, tencent, timeout=0.2)
    approved(province)
    approved(province, Vendor.TENCENT)
    aliyun.hangs = 0.5
    texted(some(province, 2))
    round_of_work()
    assert states() == [State.UNKNOWN] * 2
    aliyun.hangs = 0
    for _ in range(5):
        clock.shift(SOON)
        recover()
        round_of_work()
    assert states() == [State.UNKNOWN] * 2
    assert len(aliyun.taken) == 2
    assert tencent.taken == []


def test_the_cloud_is_asked_with_growing_pauses_and_then_the_operator(
    province: World, aliyun: AliyunCloud, clock: Traveller
) -> None:
    alone(aliyun, timeout=0.2)
    approved(province)
    aliyun.hangs = 0.5
    first, second = texted(some(province, 2))
    round_of_work()
    aliyun.hangs = 0
    ask()
    assert "QuerySendDetails" not in aliyun.calls  # its records are not there at once
    clock.shift(SOON)
    aliyun.reports[first.address.removeprefix("+86")] = "DELIVERED"
    aliyun.taken = [one for one in aliyun.taken if first.address.endswith(one.number)]
    ask()
    assert states() == [State.DELIVERED, State.UNKNOWN]
    before = len(aliyun.calls)
    ask()
    assert len(aliyun.calls) == before
    for pause in PAUSES:
        clock.shift(pause)
        ask()
    for _ in range(3):
        clock.shift(timedelta(days=3))
        ask()
    # the second message alone: asked on two days where these differ, never more than six times
    asked = [one for one in aliyun.calls if one == "QuerySendDetails"]
    assert len(asked) == 1 + len(PAUSES)
    assert states() == [State.DELIVERED, State.UNKNOWN]
    assert deliveries()[1].id == second.id


def test_digests_stop_where_the_budget_is_used_up_and_urgent_ones_go_on(
    province: World, aliyun: AliyunCloud
) -> None:
    alone(aliyun, sms_prices="aliyun=0.05", sms_budget=0.1)
    approved(province)
    approved(province, kind=Kind.REMINDER, text="催办：${title}，请签收。")
    texted(some(province, 2))
    round_of_work()
    texted(some(province, 1))
    texted(some(province, 1), kind=Kind.REMINDER, variables={"title": "通知"})
    round_of_work()
    assert [(one.state, one.outcome) for one in deliveries()] == [
        (State.SENT, "accepted"),
        (State.SENT, "accepted"),
        (State.FAILED, "over_budget"),
        (State.SENT, "accepted"),
    ]


def test_the_budget_of_the_next_month_is_another(
    province: World, aliyun: AliyunCloud, clock: Traveller
) -> None:
    alone(aliyun, sms_prices="aliyun=0.05", sms_budget=0.05)
    approved(province)
    texted(some(province, 1))
    round_of_work()
    clock.move_to("2018-05-31T16:30:00+00:00")  # the first of June in Shanghai
    texted(some(province, 1))
    round_of_work()
    assert states() == [State.SENT] * 2
    months = db.session.execute(
        select(RouteCount.begins_at, RouteCount.parts)
        .where(RouteCount.span == "month")
        .order_by(RouteCount.begins_at)
    ).all()
    assert [row.parts for row in months] == [1, 1]
    assert months[1].begins_at.isoformat().startswith("2018-05-31T16:00")
