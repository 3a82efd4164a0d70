"""An agency's own papers: at work, to be signed, sent, and the page of each."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import ports, wording
from bulletins.models import Bulletin
from bulletins.permissions import action_name
from bulletins.queries import attachments, joint, papers, relays, remarks, reviews
from bulletins.queries.endings import ending_of
from bulletins.queries.stated import stated
from bulletins.services.addressing import stored_rules
from bulletins.services.checking import Report, examine
from bulletins.services.checks import today
from bulletins.states import OPEN, Action, State, after
from bulletins.web.blueprint import bp
from bulletins.web.paragraphs import choices
from bulletins.web.previews import stored_reach
from config.database import db
from config.forms import Form
from config.pages import keyset

JOINT_SHOWN = 100
"""Papers of others that wait for a signature, on the page of what is to be signed."""


@bp.get("/bulletins/drafts")
@permission("bulletin.desk")
def drafts() -> ResponseReturnValue:
    """Everything the agency still works on."""
    query = papers.desk(acting().agency_id or 0, OPEN)
    page = keyset(query, papers.DESK_KEY, papers.desk_mark)
    begun = relays.at_work(acting().agency_id or 0, OPEN)
    return render_template("bulletins/drafts.html", page=page, relays=begun)


@bp.get("/bulletins/to-sign")
@permission("bulletin.sign")
def to_sign() -> ResponseReturnValue:
    """What waits for the approver."""
    query = papers.desk(acting().agency_id or 0, [State.SUBMITTED]).where(papers.is_unsigned())
    page = keyset(query, papers.DESK_KEY, papers.desk_mark)
    laid = relays.at_work(acting().agency_id or 0, [State.SUBMITTED])
    joint_papers = db.session.execute(
        joint.to_sign(acting().agency_id or 0).order_by(*joint.KEY).limit(JOINT_SHOWN)
    ).all()
    return render_template("bulletins/to_sign.html", page=page, relays=laid, joint=joint_papers)


@bp.get("/bulletins/sent")
@permission("bulletin.sent")
def sent() -> ResponseReturnValue:
    """What the agency has published, with how far each paper has come."""
    page = keyset(papers.sent(acting().agency_id or 0), papers.SENT_KEY, papers.sent_mark)
    progress = {row.id: papers.Progress.of(row) for row in page.items}
    return render_template("bulletins/sent.html", page=page, progress=progress)


@bp.get("/bulletins/<int:bulletin_id>")
@permission("bulletin.show")
def show(bulletin_id: int) -> ResponseReturnValue:
    """A paper as its own agency sees it; who received it is led to their receipt."""
    bulletin = papers.bulletin(bulletin_id)
    agency_id = acting().agency_id
    if agency_id is not None and agency_id != bulletin.issuer_id and bulletin.version:
        receipt = relays.receipt_of(agency_id, bulletin)
        if receipt is not None:
            return redirect(url_for("bulletins.read", receipt_id=receipt.id))
    require(acting(), "bulletin.show", bulletin)
    return page_of(bulletin)


def page_of(
    bulletin: Bulletin,
    remark: Form[Any] | None = None,
    signing: Form[Any] | None = None,
    reasons: Form[Any] | None = None,
    place: Form[Any] | None = None,
    opinion: Form[Any] | None = None,
) -> str:
    """The page of an agency's own paper, with the form that was refused, if one was.

    Who only reads sees what was published, not the correction that is being written.
    """
    actor = acting()
    correcting = bulletin.version > 0 and bulletin.state in OPEN
    shows_draft = not bulletin.version or (correcting and can(actor, "bulletin.desk"))
    rules = stored_rules(bulletin.id)
    return render_template(
        "bulletins/show.html",
        bulletin=bulletin,
        form=remark or Form.blank(),
        signing=signing or Form.blank(),
        reasons=reasons or Form.blank(),
        place=place or Form.blank(),
        opinion=opinion or Form.blank(),
        **_under_review(bulletin),
        correcting=correcting,
        shows_draft=shows_draft,
        today=today(),
        audience=wording.audience(bulletin.issuer_id, rules),
        reach="" if bulletin.version else stored_reach(bulletin),
        history=papers.history(bulletin.id),
        versions=papers.versions(bulletin.id),
        attachments=attachments.working(bulletin.id)
        if shows_draft
        else attachments.of_version(bulletin.id, bulletin.version),
        ending=ending_of(bulletin, actor.agency_id),
        beside=joint.beside(bulletin.id) if bulletin.joint_names else (),
        stated=stated(bulletin.id, bulletin.version),
        panels=ports.drawn(actor, bulletin),
        report=_report(bulletin) if shows_draft else None,
    )


def _under_review(bulletin: Bulletin) -> dict[str, Any]:
    """What the page shows of a paper's review to those who take part in it."""
    actor = acting()
    if not can(actor, "remark.make", bulletin):
        return {"remarks": (), "rounds": ()}
    is_read = bulletin.state in (State.REVIEW, State.SUBMITTED)
    return {
        "review": reviews.asked(bulletin.id, actor.seat_id) if is_read else None,
        "rounds": reviews.rounds(bulletin.id),
        "remarks": remarks.of(bulletin),
        "may_remark": is_read,
        "paragraphs": choices(bulletin.body) if is_read else (),
    }


def _report(bulletin: Bulletin) -> Report | None:
    """What the checks say to whoever takes the next step, or is asked for an opinion on it."""
    actor = acting()
    if reviews.asked(bulletin.id, actor.seat_id):
        return examine(bulletin)
    steps = [Action.SUBMIT, Action.SIGN]
    may = any(
        after(bulletin.state, step, bulletin.version) and can(actor, action_name(step), bulletin)
        for step in steps
    )
    return examine(bulletin) if may else None
