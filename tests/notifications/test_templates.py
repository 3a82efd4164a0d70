"""Templates for clouds: the vendors' rules, and where each stands with its vendor."""

import pytest

from app import SECTIONS
from config.errors import Conflict, Invalid
from notifications.channels.base import Blank
from notifications.services import templates
from notifications.states import Kind
from notifications.texting.filling import Filler, UnfitError, faults
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.states import MOVES, TemplateAction, TemplateState, Vendor, names
from tests.worlds import World


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("您有${to_acknowledge}件待签收，${due}项将到期", ""),
        ("【畅通】您有${due}件", "【】"),
        ("${due}", "固定的文字"),
        ("您有${due}${new}件", "紧挨着"),
        ("您有${due}件，拒收请回复R", "拒收"),
        ("您有${due}件培训通知", "培训"),
        ("您有${salary}件", "salary"),
        ("您有${due件", "写完整"),
    ],
)
def test_what_a_vendor_would_refuse_is_said(text: str, fault: str) -> None:
    found = "".join(faults(text, Kind.DIGEST))
    assert (fault in found) if fault else (found == "")


def test_a_digest_can_say_how_many_there_are_of_every_section() -> None:
    assert set(names(Kind.DIGEST)) == {section.kind for section in SECTIONS} | {"total"}


def test_gaps_are_filled_in_their_order_and_within_their_length() -> None:
    filler = Filler("SMS_1", "畅通", "${headline}：${issuer}《${title}》")
    said = '{"title": "%s", "headline": "催办", "issuer": "省局"}' % (
        "关于开展【专项】检查的通知" * 9
    )
    form, parts = filler.filled(Blank(Kind.REMINDER, "zh", said))
    assert list(form.values) == ["headline", "issuer", "title"]
    assert len(form.values["title"]) == 35
    assert "【" not in form.values["title"]
    assert parts == 1


def test_what_nothing_is_said_of_in_a_digest_is_none_of_it() -> None:
    form, _ = Filler("1", "畅通", "您有${to_relay}件").filled(Blank(Kind.DIGEST, "zh", "{}"))
    assert form.values == {"to_relay": "0"}


@pytest.mark.parametrize(
    ("variables", "secret"), [("{}", ""), ("{}", "https://example.cn/invitation/abc")]
)
def test_a_missing_variable_and_a_link_are_refused(variables: str, secret: str) -> None:
    filler = Filler("1", "畅通", "请打开：${link}")
    with pytest.raises(UnfitError, match="link"):
        filler.filled(Blank(Kind.INVITATION, "zh", variables, secret))


def _made(world: World, code: str = "SMS_1") -> int:
    data = TemplateInput(vendor=Vendor.ALIYUN, kind=Kind.DIGEST, code=code, text="有${due}件")
    return templates.create(world.actor("system"), data).id


@pytest.mark.parametrize("action", list(TemplateAction))
@pytest.mark.parametrize("state", list(TemplateState))
def test_each_step_leads_where_it_may(
    world: World, state: TemplateState, action: TemplateAction
) -> None:
    ways = {
        TemplateState.DRAFT: [],
        TemplateState.SUBMITTED: [TemplateAction.SUBMIT],
        TemplateState.APPROVED: [TemplateAction.SUBMIT, TemplateAction.APPROVE],
        TemplateState.REJECTED: [TemplateAction.SUBMIT, TemplateAction.REJECT],
    }
    actor, template_id = world.actor("system"), _made(world)
    for step in ways[state]:
        templates.decide(actor, template_id, DecisionInput(action=step, reason="不合规范"))
    decision = DecisionInput(action=action, reason="不合规范")
    before, after = MOVES[action]
    if state in before:
        assert templates.decide(actor, template_id, decision).state == after
    else:
        with pytest.raises(Conflict):
            templates.decide(actor, template_id, decision)


def test_what_was_approved_does_not_change_and_no_code_is_there_twice(world: World) -> None:
    actor, template_id = world.actor("system"), _made(world)
    data = TemplateInput(vendor=Vendor.ALIYUN, kind=Kind.DIGEST, code="SMS_2", text="有${new}件")
    templates.edit(actor, template_id, data)
    with pytest.raises(Invalid):
        _made(world, "SMS_2")
    templates.decide(actor, template_id, DecisionInput(action=TemplateAction.SUBMIT))
    with pytest.raises(Conflict):
        templates.edit(actor, template_id, data)
    with pytest.raises(Invalid):
        templates.decide(actor, template_id, DecisionInput(action=TemplateAction.REJECT))
