"""A paper in its official layout: a page that browsers print, and PDF."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import serving
from bulletins.filetypes import FileKind
from bulletins.official import Official
from bulletins.queries import papers
from bulletins.services import official, printing
from bulletins.web.blueprint import bp
from bulletins.web.inbox import is_looked_at
from config import typesetting


@bp.get("/bulletins/<int:bulletin_id>/official")
@permission("bulletin.show")
def issued_official(bulletin_id: int) -> ResponseReturnValue:
    """A paper that the own agency issues, alone or with others, as it is printed."""
    paper = official.issued(acting(), bulletin_id)
    is_host = papers.bulletin(bulletin_id).issuer_id == acting().agency_id
    page, menu = ("show", "sent") if is_host else ("joint_paper", "joint_papers")
    return _page(
        paper,
        back=url_for(f"bulletins.{page}", bulletin_id=bulletin_id),
        pdf=url_for("bulletins.issued_pdf", bulletin_id=bulletin_id),
        menu=f"bulletins.{menu}",
    )


@bp.get("/bulletins/<int:bulletin_id>/official.pdf")
@permission("bulletin.show")
def issued_pdf(bulletin_id: int) -> Response:
    """The same as PDF."""
    return _served(official.issued(acting(), bulletin_id))


@bp.get("/inbox/<int:receipt_id>/official")
@permission("bulletin.read")
def received_official(receipt_id: int) -> ResponseReturnValue:
    """A received paper as it is printed; showing it is noted as opening it."""
    if not is_looked_at():
        return "", 204
    paper = official.received(acting(), receipt_id)
    return _page(
        paper,
        back=url_for("bulletins.read", receipt_id=receipt_id),
        pdf=url_for("bulletins.received_pdf", receipt_id=receipt_id),
        menu="bulletins.inbox",
    )


@bp.get("/inbox/<int:receipt_id>/official.pdf")
@permission("bulletin.read")
def received_pdf(receipt_id: int) -> ResponseReturnValue:
    """The same as PDF."""
    if not is_looked_at():
        return "", 204
    return _served(official.received(acting(), receipt_id))


def _page(paper: Official, *, back: str, pdf: str, menu: str) -> str:
    return render_template(
        "bulletins/official.html",
        paper=paper,
        back=back,
        pdf=pdf,
        menu=menu,
        has_fonts=typesetting.has_fonts(),
    )


def _served(paper: Official) -> Response:
    """A paper's PDF, to be saved."""
    made = printing.printed(paper)
    return serving.made(made.name, FileKind.PDF, made.content, made.digest)
