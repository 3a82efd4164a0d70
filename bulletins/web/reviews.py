"""Reviewing: what waits for a seat, agreeing or giving back, remarks at places of the text."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.decisions import ObjectInput, OpinionInput, PlaceInput
from bulletins.queries import papers
from bulletins.queries import reviews as queries
from bulletins.web.blueprint import bp
from bulletins.web.desk import page_of
from config.errors import Invalid
from config.forms import Form
from config.pages import keyset


@bp.get("/bulletins/to-review")
@permission("review.list")
def to_review() -> ResponseReturnValue:
    """What waits for this seat's review, the latest first."""
    query = queries.waiting(acting().seat_id or 0)
    page = keyset(query, queries.KEY, queries.mark_of)
    return render_template("bulletins/to_review.html", page=page)


@bp.post("/bulletins/reviews/<int:review_id>/agree")
@permission("review.decide")
def agree(review_id: int) -> ResponseReturnValue:
    """Agree to a paper."""
    form = Form[OpinionInput].posted(OpinionInput)
    if form.data is not None:
        services.agree(acting(), review_id, form.data.opinion)
        flash(_("已同意。"), "success")
        return redirect(url_for("bulletins.to_review"))
    review = queries.review(review_id)
    require(acting(), "review.decide", review)
    return page_of(review.bulletin, opinion=form), Invalid.status


@bp.post("/bulletins/reviews/<int:review_id>/return")
@permission("review.decide")
def object_to(review_id: int) -> ResponseReturnValue:
    """Give a paper back to the clerk."""
    form = Form[ObjectInput].posted(ObjectInput)
    if form.data is not None:
        services.object_to(acting(), review_id, form.data.remark)
        flash(_("已退回修改。"), "success")
        return redirect(url_for("bulletins.to_review"))
    review = queries.review(review_id)
    require(acting(), "review.decide", review)
    return page_of(review.bulletin, remark=form), Invalid.status


@bp.post("/bulletins/<int:bulletin_id>/remarks")
@permission("remark.make")
def remark_on(bulletin_id: int) -> ResponseReturnValue:
    """Note what is to change at a place."""
    form = Form[PlaceInput].posted(PlaceInput)
    if form.data is not None:
        try:
            services.remark_on(acting(), bulletin_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已批注。"), "success")
            return redirect(url_for("bulletins.show", bulletin_id=bulletin_id) + "#remarks")
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "remark.make", bulletin)
    return page_of(bulletin, place=form), Invalid.status


@bp.post("/bulletins/remarks/<int:remark_id>/settle")
@permission("remark.settle")
def settle_remark(remark_id: int) -> ResponseReturnValue:
    """Note that a remark is dealt with."""
    remark = services.settle_remark(acting(), remark_id)
    flash(_("已标为处理过。"), "success")
    return redirect(url_for("bulletins.draft", bulletin_id=remark.bulletin_id))
