"""What an agency has received: the list, a paper, its acknowledgement."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import labels, ports, services
from bulletins.models import TAG_CODE_LENGTH
from bulletins.queries import attachments, tags
from bulletins.queries import inbox as queries
from bulletins.queries.endings import ending_of
from bulletins.states import BulletinType, TagKind, Waiting
from bulletins.web.blueprint import bp
from config import clock
from config.http import zone
from config.pages import keyset

FILTERS = {
    "to_acknowledge": Waiting.UNACKNOWLEDGED,
    "unopened": Waiting.UNOPENED,
    "to_relay": Waiting.UNRELAYED,
}


def is_looked_at() -> bool:
    """Whether somebody sees the page: a browser that reads ahead proves nothing."""
    return request.method == "GET" and not request.headers.get("Sec-Purpose", "").startswith(
        "prefetch"
    )


def _type(word: str | None) -> BulletinType | None:
    return BulletinType(word) if word in set(BulletinType) else None


@bp.get("/inbox")
@permission("bulletin.inbox")
def inbox() -> ResponseReturnValue:
    """The agency's receipts; what the page shows counts as delivered once it is drawn."""
    actor = acting()
    chosen = request.args.get("show", "all")
    kind, tag = _type(request.args.get("type")), request.args.get("tag", "")[:TAG_CODE_LENGTH]
    page = keyset(
        queries.inbox(actor.agency_id or 0, FILTERS.get(chosen), kind, tag),
        queries.KEY,
        queries.mark_of,
    )
    offered = tags.offered()
    html = render_template(
        "bulletins/inbox.html",
        page=page,
        chosen=chosen if chosen in FILTERS else "all",
        kind=kind or "",
        tag=tag,
        types=[("", _("全部文种")), *labels.types()],
        tags=[("", _("全部主题")), *offered[TagKind.TOPIC], *offered[TagKind.SECTOR]],
        today=clock.today(zone()),
    )
    new = [row.id for row in page.items if row.delivered_at is None]
    if new and is_looked_at():
        services.mark_shown(actor, new)
    return html


@bp.get("/inbox/<int:receipt_id>")
@permission("bulletin.read")
def read(receipt_id: int) -> ResponseReturnValue:
    """A paper as its receiver reads it; showing it is noted as opening it."""
    if not is_looked_at():
        return "", 204
    actor = acting()
    reading = queries.reading(services.open_receipt(actor, receipt_id))
    return render_template(
        "bulletins/read.html",
        reading=reading,
        attachments=attachments.of_version(reading.receipt.bulletin_id, reading.receipt.version),
        ending=ending_of(reading.bulletin, actor.agency_id),
        panels=ports.drawn(actor, reading.bulletin),
        today=clock.today(zone()),
    )


@bp.post("/inbox/<int:receipt_id>/acknowledge")
@permission("bulletin.acknowledge")
def acknowledge(receipt_id: int) -> ResponseReturnValue:
    """Acknowledge a paper for the agency."""
    services.acknowledge(acting(), receipt_id)
    flash(_("已签收。"), "success")
    return redirect(url_for("bulletins.read", receipt_id=receipt_id))
