"""What a draft would be: its text as readers would see it, how many agencies it would reach."""

from collections.abc import Sequence

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import wording
from bulletins.audience import Rule
from bulletins.inputs import BODY_LENGTH, ReachInput
from bulletins.models import Bulletin
from bulletins.official import parted
from bulletins.queries.addressees import addressees
from bulletins.queries.issuers import issuers
from bulletins.queries.joint import may_join
from bulletins.rendering import html_of
from bulletins.services.addressing import count, stored_rules
from bulletins.services.checks import today
from bulletins.states import BulletinType, Part
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
    counts, text = typed_reach(acting().agency_id)
    return jsonify(count=sum(counts.values()), text=text)


def rendered(body: str) -> str:
    """A text as readers would see it; raises Invalid for one that is too long or too complex."""
    if len(body) > BODY_LENGTH:
        raise Invalid(errors={"body": _("正文不能超过 %(most)s 个字。", most=BODY_LENGTH)})
    return html_of(body)


def typed_reach(issuer_id: int | None) -> tuple[dict[Part, int], str]:
    """How many agencies the audience of the form that was sent reaches, also in words.

    Raises Invalid.
    """
    form = Form[ReachInput].posted(ReachInput)
    if form.data is None or issuer_id is None:
        raise Invalid(errors=form.errors)
    together = [issuer_id, *may_join(issuer_id, form.data.joint_agencies)]
    rules, kind = form.data.rules(issuer_id), form.data.type
    counts = count(together, rules, today(), kind)
    return counts, wording.reach(counts) + _named(together, rules, kind)


def stored_reach(bulletin: Bulletin) -> str:
    """How many agencies a draft would reach and, unless its text does, whom it would name."""
    together, rules = issuers(bulletin), stored_rules(bulletin.id)
    words = wording.reach(count(together, rules, today(), bulletin.type))
    names_them_itself = bool(parted(bulletin.html)[0])
    return words if names_them_itself else words + _named(together, rules, bulletin.type)


def _named(together: Sequence[int], rules: Sequence[Rule], kind: BulletinType) -> str:
    return wording.printed(addressees(kind, together, rules, today()).get(Part.TO, ""))
