"""Corrections: begun, abandoned, and what they changed, side by side or in one text."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import services
from bulletins.comparison import compared, compared_html
from bulletins.models import Bulletin, BulletinVersion
from bulletins.queries import inbox as inbox_queries
from bulletins.queries import papers
from bulletins.queries.endings import ending_of
from bulletins.states import OPEN
from bulletins.web.blueprint import bp
from config.errors import NotFound


@dataclass(frozen=True)
class Change:
    """Two texts of one paper: ``new`` is a version, or the correction at work."""

    old: BulletinVersion
    new: BulletinVersion | Bulletin


@bp.post("/bulletins/<int:bulletin_id>/correct")
@permission("bulletin.correct")
def correct(bulletin_id: int) -> ResponseReturnValue:
    """Begin a correction."""
    services.correct(acting(), bulletin_id)
    flash(_("可以开始更正。签发以前，收文机构看到的仍是原来的文本。"), "success")
    return redirect(url_for("bulletins.draft", bulletin_id=bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/abandon")
@permission("bulletin.abandon")
def abandon(bulletin_id: int) -> ResponseReturnValue:
    """Drop a correction."""
    services.abandon(acting(), bulletin_id)
    flash(_("已放弃更正，已发布的文件不变。"), "success")
    return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))


@bp.get("/bulletins/<int:bulletin_id>/changes")
@permission("bulletin.show")
def changes(bulletin_id: int) -> ResponseReturnValue:
    """What a version changed, or the correction that is being written."""
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.show", bulletin)
    wanted = request.args.get("version", type=int)
    if wanted is None and bulletin.version and bulletin.state in OPEN:
        if not can(acting(), "bulletin.desk"):
            raise NotFound
        change = Change(papers.version(bulletin_id, bulletin.version), bulletin)
    else:
        number = bulletin.version if wanted is None else wanted
        change = _between(bulletin_id, number)
    return _page(bulletin, change, url_for("bulletins.show", bulletin_id=bulletin_id))


@bp.get("/inbox/<int:receipt_id>/changes")
@permission("bulletin.read")
def received_changes(receipt_id: int) -> ResponseReturnValue:
    """What the version received changed; looking at it is not opening the paper."""
    receipt = inbox_queries.receipt(receipt_id)
    require(acting(), "bulletin.read", receipt)
    change = _between(receipt.bulletin_id, receipt.version)
    back = url_for("bulletins.read", receipt_id=receipt_id)
    return _page(receipt.bulletin, change, back, "bulletins.inbox")


def _between(bulletin_id: int, number: int) -> Change:
    if not 1 < number < 2**31:
        raise NotFound
    return Change(papers.version(bulletin_id, number - 1), papers.version(bulletin_id, number))


def _page(bulletin: Bulletin, change: Change, back: str, menu: str = "bulletins.sent") -> str:
    return render_template(
        "bulletins/changes.html",
        change=change,
        ending=ending_of(bulletin, acting().agency_id),
        title=compared(change.old.title, change.new.title),
        body=compared_html((change.old.body, change.old.html), (change.new.body, change.new.html)),
        view="side" if request.args.get("view") == "side" else "inline",
        address=request.path,
        version=request.args.get("version", type=int),
        back=back,
        menu=menu,
    )
