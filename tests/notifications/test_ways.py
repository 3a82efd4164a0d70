"""Ways out: only templates that are approved now are used, and what may have gone out is paid."""

from collections.abc import Iterator, Sequence

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from time_machine import Traveller

from config.database import db
from notifications import channels
from notifications.services import templates
from notifications.services.cloud_reports import Report, take_in
from notifications.states import Kind, State
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.models import RouteCount
from notifications.texting.states import TemplateAction, Vendor
from parts.sms_clouds import AliyunCloud
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries
from tests.notifications.texts import TEXT, approved, texted, use
from tests.worlds import World


@pytest.fixture
def aliyun(app: APIFlask, clock: Traveller) -> Iterator[AliyunCloud]:
    before = app.extensions["settings"]
    with AliyunCloud() as cloud:
        use(sms_url=f"aliyun://{cloud.endpoint}?sign=畅通&tls=0&timeout=0.3")
        yield cloud
    channels.close()
    app.extensions["settings"] = before


@pytest.mark.parametrize(
    "steps", [[], ["SUBMIT"], ["SUBMIT", "REJECT"], ["SUBMIT", "APPROVE", "WITHDRAW"]]
)
def test_what_is_not_approved_sends_nothing(
    province: World, aliyun: AliyunCloud, steps: Sequence[str]
) -> None:
    actor = province.actor("system")
    data = TemplateInput(vendor=Vendor.ALIYUN, kind=Kind.DIGEST, code="SMS_1000", text=TEXT)
    made = templates.create(actor, data)
    for step in steps:
        decision = DecisionInput(action=TemplateAction[step], reason="用语不妥")
        templates.decide(actor, made.id, decision)
    texted([province.people["county-clerk"]])
    round_of_work()
    assert [(one.state, one.outcome) for one in deliveries()] == [(State.FAILED, "no_template")]
    assert aliyun.calls == []


def test_the_newest_of_those_approved_is_used(province: World, aliyun: AliyunCloud) -> None:
    approved(province, text="您有${to_acknowledge}件待签收。")
    newest = approved(province)
    texted([province.people["county-clerk"]])
    round_of_work()
    assert [one.template for one in aliyun.taken] == [newest.code]


def test_what_may_have_been_taken_is_paid_for(province: World, aliyun: AliyunCloud) -> None:
    approved(province)
    aliyun.hangs = 0.6
    texted([province.people["county-clerk"]])
    round_of_work()
    aliyun.hangs = 0
    assert [one.state for one in deliveries()] == [State.UNKNOWN]
    months = select(RouteCount.parts).where(RouteCount.span == "month")
    assert db.session.scalars(months).all() == [1]


@pytest.mark.parametrize("digits", [0, 1, 4])
def test_the_end_of_a_number_names_nobody(
    province: World, aliyun: AliyunCloud, digits: int
) -> None:
    approved(province)
    [one] = texted([province.people["county-clerk"]])
    round_of_work()
    serial = deliveries()[0].serial or ""
    end = one.address[len(one.address) - digits :]
    take_in("aliyun", [Report(serial, end, delivered=False)])
    take_in("aliyun", [Report(serial, "13900009999", delivered=False)])
    assert [row.state for row in deliveries()] == [State.SENT]
