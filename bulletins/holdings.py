"""What of papers and receipts hangs on an agency and moves with it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from agencies.holdings import Holding
from bulletins.library.states import OfferState
from bulletins.models import (
    Bulletin,
    Follow,
    JointIssuer,
    Offer,
    OrganCode,
    Question,
    QuestionAsker,
    Receipt,
    Relay,
    Review,
    SavedSearch,
    Selection,
)
from bulletins.queries.inbox import waiting
from bulletins.questions.states import QuestionState
from bulletins.states import OPEN, Waiting

HOLDINGS = [
    Holding(
        name="receipts",
        label=_l("收文"),
        model=Receipt,
        column=Receipt.agency_id,
        of="agency",
        is_open=waiting(Waiting.UNACKNOWLEDGED),
    ),
    Holding(
        name="searches",
        label=_l("保存的检索"),
        model=SavedSearch,
        column=SavedSearch.agency_id,
        of="agency",
        is_open=SavedSearch.ended_at.is_(None),
    ),
    Holding(
        name="joint_papers",
        label=_l("待会签的公文"),
        model=JointIssuer,
        column=JointIssuer.agency_id,
        of="agency",
        is_open=JointIssuer.signed_at.is_(None),
    ),
    Holding(
        name="follows",
        label=_l("关注的主题"),
        model=Follow,
        column=Follow.agency_id,
        of="agency",
        is_open=Follow.ended_at.is_(None),
    ),
    Holding(
        name="drafts",
        label=_l("文稿"),
        model=Bulletin,
        column=Bulletin.issuer_id,
        of="agency",
        is_open=Bulletin.state.in_(OPEN),
    ),
    Holding(
        name="questions_to_answer",
        label=_l("待答复的提问"),
        model=Question,
        column=Question.issuer_id,
        of="agency",
        is_open=Question.state == QuestionState.ASKED,
    ),
    Holding(
        name="questions_asked",
        label=_l("等待答复的提问"),
        model=Question,
        column=Question.agency_id,
        of="agency",
        is_open=Question.state == QuestionState.ASKED,
    ),
    Holding(
        name="questions_asked_too",
        label=_l("也在问的提问"),
        model=QuestionAsker,
        column=QuestionAsker.agency_id,
        of="agency",
        is_open=QuestionAsker.question_id.in_(
            select(Question.id).where(Question.state == QuestionState.ASKED)
        ),
    ),
    Holding(
        name="offers_to_decide",
        label=_l("待遴选的推荐"),
        model=Offer,
        column=Offer.to_agency_id,
        of="agency",
        is_open=Offer.state == OfferState.OFFERED,
    ),
    Holding(
        name="offers_made",
        label=_l("等待结果的推荐"),
        model=Offer,
        column=Offer.agency_id,
        of="agency",
        is_open=Offer.state == OfferState.OFFERED,
    ),
    Holding(
        name="selections",
        label=_l("选入经验库的公文"),
        model=Selection,
        column=Selection.agency_id,
        of="agency",
        is_open=Selection.ended_at.is_(None),
    ),
    Holding(
        name="organ_codes",
        label=_l("机关代字"),
        model=OrganCode,
        column=OrganCode.agency_id,
        of="agency",
        is_open=OrganCode.ended_at.is_(None),
    ),
    Holding(
        name="reviews",
        label=_l("待审核文稿"),
        model=Review,
        column=Review.seat_id,
        of="seat",
        is_open=Review.closed_at.is_(None),
    ),
    Holding(
        name="relays",
        label=_l("转发稿"),
        model=Relay,
        column=Relay.agency_id,
        of="agency",
        is_open=Relay.state.in_(OPEN),
    ),
]
