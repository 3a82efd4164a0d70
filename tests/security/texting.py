"""What the operator and the duty seats have of text messages: templates, and replies."""

from uuid import uuid4

from config import clock
from config.database import db, writing
from notifications.services import templates
from notifications.states import Kind
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.models import SmsReply
from notifications.texting.states import Became, TemplateAction, Vendor
from tests.worlds import World


def _template(world: World, _agency: str) -> int:
    data = TemplateInput(
        vendor=Vendor.ALIYUN,
        kind=Kind.DIGEST,
        code=f"SMS_{uuid4().hex[:12]}",
        text="您有${to_acknowledge}件待签收",
    )
    return templates.create(world.actor("system"), data).id


def _submitted(world: World, agency: str) -> int:
    template_id = _template(world, agency)
    submit = DecisionInput(action=TemplateAction.SUBMIT)
    return templates.decide(world.actor("system"), template_id, submit).id


def _reply(world: World, agency: str) -> int:
    """What somebody of the agency answered."""
    with writing():
        reply = SmsReply(
            key=uuid4().hex,
            provider="kannel",
            phone="+8613800138000",
            text="收到，明天办",
            became=Became.PASSED,
            why="",
            agency_id=world.agencies[agency],
            received_at=clock.now(),
        )
        db.session.add(reply)
        db.session.flush()
        return reply.id


OF_AGENCIES = {"sms_template": _template, "submitted_template": _submitted, "reply": _reply}
"""By name: what makes one for an agency; templates are nobody's own."""
