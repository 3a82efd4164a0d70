"""Text messages for programs: templates and their approval, this month's use, replies."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from config.http import csrf
from config.openapi import PageQuery, listing
from notifications.services import replies, templates
from notifications.texting import queries
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.models import SmsTemplate

bp = APIBlueprint("texting_api", __name__, url_prefix="/api/v1", tag="Text messages")
csrf.exempt(bp)


class TemplateOut(BaseModel):
    """A template with what its vendor says of it."""

    id: int
    vendor: str
    kind: str
    language: str
    code: str
    sign: str
    text: str
    state: str
    reason: str
    changed_at: datetime

    @classmethod
    def of(cls, one: SmsTemplate) -> "TemplateOut":
        """A template as the API shows it."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class TemplatesOut(BaseModel):
    items: list[TemplateOut]
    next: str | None


class WayOut(BaseModel):
    """One way out this month; ``cost`` in yuan, null where no price is set."""

    name: str
    is_set: bool
    attempts: int
    failures: int
    parts: int
    cost: float | None
    failing_since: datetime | None


class WithoutTemplateOut(BaseModel):
    """The kinds of messages that a cloud in use has no approved template for."""

    vendor: str
    kinds: list[str]


class UsageOut(BaseModel):
    """This month's text messages; ``budget`` in yuan, 0 for none."""

    since: datetime
    parts: int
    cost: float
    budget: float
    ways: list[WayOut]
    without_template: list[WithoutTemplateOut]


class ReplyOut(BaseModel):
    """What somebody answered, and what that came to."""

    id: int
    name: str | None
    phone: str
    text: str
    became: str
    why: str
    receipt_id: int | None
    received_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "ReplyOut":
        """A reply as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class RepliesOut(BaseModel):
    items: list[ReplyOut]
    next: str | None


@bp.get("/sms/usage")
@permission("sms.manage")
@bp.output(UsageOut)
@bp.doc(summary="What went out by SMS this month, over which way, and what it costs")
def sms_usage() -> UsageOut:
    usage = queries.usage()
    ways = [
        WayOut(
            name=way.name,
            is_set=way.is_set,
            attempts=way.attempts,
            failures=way.failures,
            parts=way.parts,
            cost=way.cost,
            failing_since=way.trouble.since if way.trouble else None,
        )
        for way in usage.ways
    ]
    return UsageOut(
        since=usage.since,
        parts=usage.parts,
        cost=usage.cost,
        budget=usage.budget,
        ways=ways,
        without_template=[
            WithoutTemplateOut(vendor=vendor, kinds=list(kinds))
            for vendor, kinds in queries.without_template()
        ],
    )


@bp.get("/sms/templates")
@permission("sms.manage")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(TemplatesOut)
@bp.doc(summary="Templates of text messages with their approval, newest first")
def list_templates(page: PageQuery) -> dict[str, object]:
    found = queries.templates(size=page.limit)
    return listing(found, [TemplateOut.of(one) for one in found.items])


@bp.post("/sms/templates")
@permission("sms.manage")
@bp.input(TemplateInput, arg_name="data")
@bp.output(TemplateOut, status_code=201)
@bp.doc(summary="Write down a template as its vendor is to approve it")
def create_template(data: TemplateInput) -> TemplateOut:
    return TemplateOut.of(templates.create(acting(), data))


@bp.get("/sms/templates/<int:template_id>")
@permission("sms.manage")
@bp.output(TemplateOut)
@bp.doc(summary="One template")
def show_template(template_id: int) -> TemplateOut:
    return TemplateOut.of(queries.template(template_id))


@bp.put("/sms/templates/<int:template_id>")
@permission("sms.manage")
@bp.input(TemplateInput, arg_name="data")
@bp.output(TemplateOut)
@bp.doc(summary="Change a template that is not at its vendor")
def edit_template(template_id: int, data: TemplateInput) -> TemplateOut:
    return TemplateOut.of(templates.edit(acting(), template_id, data))


@bp.post("/sms/templates/<int:template_id>/decide")
@permission("sms.manage")
@bp.input(DecisionInput, arg_name="data")
@bp.output(TemplateOut)
@bp.doc(summary="Note where a template stands with its vendor")
def decide_template(template_id: int, data: DecisionInput) -> TemplateOut:
    return TemplateOut.of(templates.decide(acting(), template_id, data))


@bp.get("/sms/strays")
@permission("sms.manage")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(RepliesOut)
@bp.doc(summary="Replies that no duty seat reads, newest first")
def list_strays(page: PageQuery) -> dict[str, object]:
    found = queries.strays(size=page.limit)
    return listing(found, [ReplyOut.of(row) for row in found.items])


@bp.get("/replies")
@permission("reply.read")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(RepliesOut)
@bp.doc(summary="What people of my agency answered by SMS, newest first")
def list_replies(page: PageQuery) -> dict[str, object]:
    found = queries.replies_for(acting().agency_id or 0, size=page.limit)
    return listing(found, [ReplyOut.of(row) for row in found.items])


@bp.post("/replies/<int:reply_id>/read")
@permission("reply.read")
@bp.output({}, status_code=204)
@bp.doc(summary="Note that a reply was dealt with")
def read_reply(reply_id: int) -> str:
    replies.mark_read(acting(), reply_id)
    return ""
