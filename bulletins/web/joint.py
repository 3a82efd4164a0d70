"""Papers that the agency issues beside their host: the list, a paper, signing and returning it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import services, wording
from bulletins.decisions import PlaceInput
from bulletins.forms import revision
from bulletins.inputs import RemarkInput
from bulletins.models import BulletinVersion, JointIssuer
from bulletins.queries import attachments, joint, remarks
from bulletins.queries.endings import ending_of
from bulletins.queries.stated import stated
from bulletins.services.addressing import stored_rules
from bulletins.states import State
from bulletins.web.blueprint import bp
from bulletins.web.paragraphs import choices
from config.errors import Invalid
from config.forms import Form
from config.pages import keyset


@bp.get("/joint")
@permission("joint.list")
def joint_papers() -> ResponseReturnValue:
    """The papers that the agency issues with others as their host, newest first."""
    page = keyset(joint.papers(acting().agency_id or 0), joint.KEY, joint.mark_of)
    return render_template("bulletins/joint.html", page=page)


@bp.get("/joint/<int:bulletin_id>")
@permission("joint.show")
def joint_paper(bulletin_id: int) -> ResponseReturnValue:
    """A paper as one of its issuers sees it."""
    own = joint.own(bulletin_id, acting().agency_id)
    require(acting(), "joint.show", own)
    return _page(own)


def _page(
    own: JointIssuer,
    form: Form[RemarkInput] | None = None,
    place: Form[PlaceInput] | None = None,
) -> str:
    actor, bulletin = acting(), own.bulletin
    text = joint.text_of(own, at_desk=can(actor, "bulletin.desk"))
    version = bulletin.version if isinstance(text, BulletinVersion) else 0
    return render_template(
        "bulletins/joint_paper.html",
        own=own,
        bulletin=bulletin,
        paper=text,
        beside=joint.beside(bulletin.id),
        audience=wording.audience(bulletin.issuer_id, stored_rules(bulletin.id)),
        stated=stated(bulletin.id, version),
        attachments=attachments.of_version(bulletin.id, version)
        if version
        else attachments.working(bulletin.id),
        ending=ending_of(bulletin, actor.agency_id),
        form=form or Form.blank(),
        place=place or Form.blank(),
        **_remarks(own),
    )


def _remarks(own: JointIssuer) -> dict[str, Any]:
    """The agency's own remarks, and what it may remark on."""
    if not can(acting(), "joint.remark", own):
        return {"remarks": ()}
    may_remark = own.bulletin.state == State.SUBMITTED
    return {
        "remarks": remarks.of(own.bulletin, own.agency_id),
        "may_remark": may_remark,
        "paragraphs": choices(own.bulletin.body) if may_remark else (),
    }


@bp.post("/joint/<int:bulletin_id>/sign")
@permission("joint.sign")
def cosign(bulletin_id: int) -> ResponseReturnValue:
    """Sign a paper for the agency as the approver has read it."""
    own = services.cosign(acting(), bulletin_id, revision())
    is_last = own.bulletin.state != State.SUBMITTED
    flash(_("已会签，各机关都已签发。") if is_last else _("已会签，等待其他机关。"), "success")
    return redirect(url_for("bulletins.joint_paper", bulletin_id=bulletin_id))


@bp.post("/joint/<int:bulletin_id>/return")
@permission("joint.sign")
def return_joint(bulletin_id: int) -> ResponseReturnValue:
    """Give a paper back to its host with a remark."""
    form = Form[RemarkInput].posted(RemarkInput)
    if form.data is not None:
        services.return_joint(acting(), bulletin_id, form.data.remark)
        flash(_("已退回主办机关修改。"), "success")
        return redirect(url_for("bulletins.joint_paper", bulletin_id=bulletin_id))
    own = joint.own(bulletin_id, acting().agency_id)
    require(acting(), "joint.sign", own)
    return _page(own, form), Invalid.status


@bp.post("/joint/<int:bulletin_id>/remarks")
@permission("joint.remark")
def remark_jointly(bulletin_id: int) -> ResponseReturnValue:
    """Note what is to change at a place, for the agency."""
    own = joint.own(bulletin_id, acting().agency_id)
    require(acting(), "joint.remark", own)
    form = Form[PlaceInput].posted(PlaceInput)
    if form.data is not None:
        try:
            services.remark_on(acting(), bulletin_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已批注。"), "success")
            return redirect(url_for("bulletins.joint_paper", bulletin_id=bulletin_id) + "#remarks")
    return _page(own, place=form), Invalid.status
