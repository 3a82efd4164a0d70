"""What a draft would be: its text as readers would see it, how many agencies it would reach."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import wording
from bulletins.inputs import BODY_LENGTH, ReachInput
from bulletins.queries.joint import may_join
from bulletins.rendering import html_of
from bulletins.services.addressing import count
from bulletins.services.checks import today
from bulletins.states import Part
from bulletins.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form


@bp.post("/bulletins/preview")
@permission("bulletin.draft")
def preview() -> ResponseReturnValue:
    """The text typed so far as readers would see it."""
    return rendered(request.form.get("body", ""))


@bp.post("/bulletins/reach")
@permission("bulletin.draft")
def reach() -> ResponseReturnValue:
    """How many agencies the audience ticked so far reaches."""
    counts = counted(acting().agency_id)
    return jsonify(count=sum(counts.values()), text=wording.reach(counts))


def rendered(body: str) -> str:
    """A text as readers would see it; raises Invalid for one that is too long or too complex."""
    if len(body) > BODY_LENGTH:
        raise Invalid(errors={"body": _("正文不能超过 %(most)s 个字。", most=BODY_LENGTH)})
    return html_of(body)


def counted(issuer_id: int | None) -> dict[Part, int]:
    """How many agencies the audience of the form that was sent reaches; raises Invalid."""
    form = Form[ReachInput].posted(ReachInput)
    if form.data is None or issuer_id is None:
        raise Invalid(errors=form.errors)
    together = [issuer_id, *may_join(issuer_id, form.data.joint_agencies)]
    return count(together, form.data.rules(issuer_id), today(), form.data.type)
