"""Review between the clerk and the approver: seats asked one after the other or side by side."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from agencies.actors import Actor
from agencies.models import Seat
from agencies.permissions import WORKING_SEATS, require
from bulletins.models import Bulletin, Remark, Review, ReviewStep
from bulletins.queries import reviews as queries
from bulletins.queries.reviews import Plan
from bulletins.services.steps import moved, record, take
from bulletins.states import Action, Verdict
from config import clock
from config.database import db, found, writing
from config.errors import Conflict, Forbidden, Invalid


def drafters(bulletin: Bulletin) -> set[int]:
    """The ids of those who write a paper: who saved it last, and who began it.

    Who wrote what a correction mends is none of them.
    """
    return {bulletin.updated_by} | (set() if bulletin.version else {bulletin.created_by})


def check_plan(issuer_id: int, plan: Plan, drafted_by: Collection[int]) -> None:
    """Raise Invalid, at its field, for a seat that can't be asked.

    That is another agency's, one that has ended, or one of ``drafted_by``: nobody reviews what
    they wrote (who signs may have written it, where an office is that small).
    """
    wanted = {seat_id for _step, seat_id in plan}
    if not wanted:
        return
    good = set(
        db.session.scalars(
            select(Seat.id).where(
                Seat.id.in_(wanted),
                Seat.agency_id == issuer_id,
                Seat.ended_at.is_(None),
                Seat.kind.in_(WORKING_SEATS),
            )
        )
    )
    bad = sorted({step for step, seat_id in plan if seat_id not in good})
    if bad:
        words = _("请只选择本机构现有的经办、签发、联络员或值班岗位。")
        raise Invalid(errors={f"review_{step}": words for step in bad})
    own = queries.held_by(drafted_by, wanted)
    if own:
        steps = sorted({step for step, seat_id in plan if seat_id in own})
        raise Invalid(errors={f"review_{step}": _own_paper() for step in steps})


def _own_paper() -> str:
    return _("拟稿人不能同时是审核人，请另选审核岗位；不需要审核的，可以不选，直接送签。")


def keep_plan(bulletin_id: int, plan: Plan) -> None:
    """Write down who is to review a paper. Call inside ``writing()``."""
    db.session.execute(delete(ReviewStep).where(ReviewStep.bulletin_id == bulletin_id))
    rows = [{"bulletin_id": bulletin_id, "step": step, "seat_id": seat} for step, seat in plan]
    if rows:
        db.session.execute(insert(ReviewStep), rows)


def begin(bulletin: Bulletin, plan: Plan) -> int:
    """Ask the first step's seats, in a new round; gives its number. Call inside ``writing()``."""
    check_plan(bulletin.issuer_id, plan, drafters(bulletin))
    query = select(func.max(Review.round)).where(Review.bulletin_id == bulletin.id)
    number = (db.session.scalar(query) or 0) + 1
    now, first = clock.now(), min(step for step, _seat in plan)
    db.session.add_all(
        Review(
            bulletin_id=bulletin.id,
            round=number,
            step=step,
            seat_id=seat_id,
            asked_at=now if step == first else None,
            opinion="",
        )
        for step, seat_id in plan
    )
    return number


def close_round(bulletin_id: int) -> None:
    """Ask nobody any more about a paper as it stands. Call inside ``writing()``."""
    db.session.execute(
        update(Review)
        .where(Review.bulletin_id == bulletin_id, Review.closed_at.is_(None))
        .values(closed_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def agree(actor: Actor, review_id: int, opinion: str = "") -> Review:
    """Agree to a paper; the last of a step hands it on, the last of all to the approver.

    Raises NotFound, Forbidden for another seat's and for who wrote the paper, and Conflict where
    its turn has not come or is over.
    """
    with writing():
        review, bulletin = _decide(actor, review_id, Action.AGREE, Verdict.AGREED, opinion)
        record(
            "bulletin.reviewed", bulletin, actor, round=review.round, verdict=Verdict.AGREED.value
        )
        left = _left(review)
        if not left:
            bulletin.state = moved(bulletin, Action.PASS)
            record("bulletin.review_passed", bulletin, actor, round=review.round)
        elif all(one.asked_at is None for one in left):
            now = clock.now()
            for one in left:
                if one.step == left[0].step:
                    one.asked_at = now
    return review


def object_to(actor: Actor, review_id: int, remark: str) -> Review:
    """Give a paper back to the clerk with what is to change; nobody else is asked any more.

    Raises NotFound, Forbidden, Conflict as ``agree`` does.
    """
    with writing():
        review, bulletin = _decide(actor, review_id, Action.OBJECT, Verdict.RETURNED, remark)
        db.session.flush()
        close_round(bulletin.id)
        entry = record("bulletin.returned", bulletin, actor, round=review.round)
        db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin.id, text=remark))
    return review


def _decide(
    actor: Actor, review_id: int, action: Action, verdict: Verdict, opinion: str
) -> tuple[Review, Bulletin]:
    """The review with its verdict, its paper held first: two who decide at once come in turn."""
    review = found(select(Review).where(Review.id == review_id))
    require(actor, "review.decide", review)
    bulletin = take(actor, review.bulletin_id, action)
    db.session.refresh(review)
    if actor.person_id in drafters(bulletin):
        raise Forbidden(
            _("拟稿人不能同时是审核人。"),
            hint=_("请由审核岗位的其他人员审核，或者撤回后另选审核岗位。"),
        )
    if review.closed_at is not None:
        raise Conflict(_("这一轮审核已经结束。"), hint=_("请刷新后查看文稿现在的状态。"))
    if review.asked_at is None:
        raise Conflict(_("还没有轮到您审核。"), hint=_("前一步审完后会出现在您的待审核列表里。"))
    review.verdict = verdict
    review.opinion = opinion
    review.decided_by = actor.person_id
    review.closed_at = clock.now()
    return review, bulletin


def _left(review: Review) -> list[Review]:
    """Who has not decided yet in the same round, the next step first."""
    db.session.flush()
    query = select(Review).where(
        Review.bulletin_id == review.bulletin_id,
        Review.round == review.round,
        Review.closed_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Review.step, Review.id)))
