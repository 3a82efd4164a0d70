"""Topics and sectors that an agency follows, and the papers that came to it so."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.inputs import FilingInput
from bulletins.queries import attachments, papers, tags
from bulletins.queries.endings import ending_of
from bulletins.queries.stated import stated
from bulletins.states import TagKind
from bulletins.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form
from config.pages import keyset


@bp.get("/followed")
@permission("follow.list")
def followed() -> ResponseReturnValue:
    """The papers that came, newest first, and what is followed."""
    agency_id = acting().agency_id or 0
    chosen = tags.followed_by(agency_id)
    return _page(
        Form.blank(
            topics=[tag.code for tag in chosen if tag.kind == TagKind.TOPIC],
            sectors=[tag.code for tag in chosen if tag.kind == TagKind.SECTOR],
        )
    )


def _page(form: Form[FilingInput]) -> str:
    page = keyset(tags.came_to(acting().agency_id or 0), tags.KEY, tags.mark_of)
    offered = tags.offered()
    return render_template(
        "bulletins/followed.html",
        page=page,
        form=form,
        topics=offered[TagKind.TOPIC],
        sectors=offered[TagKind.SECTOR],
    )


@bp.post("/followed")
@permission("follow.change")
def follow() -> ResponseReturnValue:
    """Follow what is ticked, and nothing else."""
    form = Form[FilingInput].posted(FilingInput)
    try:
        if form.data is not None:
            services.follow(acting(), form.data)
            flash(_("已保存。今后发布的相关文件会出现在这里，并列入摘要。"), "success")
            return redirect(url_for("bulletins.followed"))
    except Invalid as error:
        form.refuse(error)
    return _page(form), Invalid.status


@bp.get("/followed/<int:bulletin_id>")
@permission("follow.read")
def followed_paper(bulletin_id: int) -> ResponseReturnValue:
    """A paper as it came to an agency that it was not addressed to."""
    actor = acting()
    paper = tags.followed_paper(bulletin_id, actor.agency_id)
    require(actor, "follow.read", paper)
    bulletin = papers.bulletin(bulletin_id)
    return render_template(
        "bulletins/followed_paper.html",
        bulletin=bulletin,
        paper=papers.versions(bulletin_id)[0],
        stated=stated(bulletin_id, bulletin.version),
        tags=[tags.name(one) for one in tags.of_version(bulletin_id, bulletin.version)],
        attachments=attachments.of_version(bulletin_id, bulletin.version),
        ending=ending_of(bulletin, actor.agency_id),
    )
