"""Earlier questions like the one that somebody is about to ask."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.models import Answer, Bulletin, BulletinVersion, Question, QuestionAsker
from bulletins.queries.inbox import current_version
from bulletins.queries.questions import answer_visible_to, is_readable, visible_to
from bulletins.questions.permissions import Discussed
from bulletins.questions.similarity import likeness, pairs
from bulletins.questions.states import QuestionKind, QuestionState
from config.database import db

LOOKED_AT = 200
"""Earlier questions that are compared, of the paper and of the issuer's others: the newest."""
OFFERED = 5


@dataclass(frozen=True)
class Earlier:
    """What was asked earlier; ``answer`` is empty where nobody has answered it yet.

    ``may_join``: it waits, is for all to see and another's; ``is_joined``: the reader's agency is
    one of the ``others_asking`` that ask it too.
    """

    bulletin_id: int
    title: str
    text: str
    question_id: int | None
    answer_id: int | None
    answer: str
    is_official: bool
    may_join: bool
    is_joined: bool
    others_asking: int


def similar(agency_id: int, paper: Discussed, text: str) -> list[Earlier]:
    """What the agency may see of earlier questions that are like ``text``, the likest first.

    Of this paper, and of the issuer's others where the answer is for all. Two queries.
    """
    wanted = pairs(text)
    if not wanted:
        return []
    rows = [
        *db.session.execute(_of_paper(agency_id, paper.bulletin.id)),
        *db.session.execute(_of_issuer(agency_id, paper.bulletin.issuer_id)),
    ]
    found: dict[tuple[str, int], tuple[float, Earlier]] = {}
    for row in rows:
        asked, score = _likest(wanted, row)
        key = ("answer", row.answer_id) if row.answer_id else ("question", row.question_id)
        if score > found.get(key, (0.0, None))[0]:
            found[key] = score, _earlier(row, asked)
    best = sorted(found.values(), key=lambda pair: pair[0], reverse=True)
    return [earlier for _score, earlier in best[:OFFERED]]


def _likest(wanted: frozenset[str], row: Any) -> tuple[str, float]:
    """Of the question's own words and those that stand for it, the likest, and how alike."""
    texts = [one for one in (row.text, row.topic) if one]
    scores = [(likeness(wanted, pairs(one)), one) for one in texts]
    score, asked = max(scores, default=(0.0, ""))
    return asked, score


def _earlier(row: Any, asked: str) -> Earlier:
    return Earlier(
        bulletin_id=row.bulletin_id,
        title=row.title,
        text=asked,
        question_id=row.question_id,
        answer_id=row.answer_id,
        answer=row.answer or "",
        is_official=row.official_at is not None,
        may_join=bool(row.may_join),
        is_joined=bool(row.is_joined),
        others_asking=row.others_asking,
    )


def _of_paper(agency_id: int, bulletin_id: int) -> Select[*tuple[Any, ...]]:
    seen = (Answer.id == Question.answer_id) & answer_visible_to(agency_id)
    return (
        _columns(agency_id, Question.text, Question.bulletin_id)
        .select_from(Question)
        .outerjoin(Answer, seen)
        .join(Bulletin, Bulletin.id == Question.bulletin_id)
        .join(BulletinVersion, current_version())
        .where(
            Question.bulletin_id == bulletin_id,
            Question.state != QuestionState.WITHDRAWN,
            visible_to(agency_id),
        )
        .order_by(Question.id.desc())
        .limit(LOOKED_AT)
    )


def _of_issuer(agency_id: int, issuer_id: int) -> Select[*tuple[Any, ...]]:
    """What was answered for all: by the questions that all see, or by the topic that stands in."""
    return (
        _columns(agency_id, case((Question.for_all, Question.text), else_=""), Answer.bulletin_id)
        .select_from(Answer)
        .join(Question, Question.answer_id == Answer.id)
        .join(Bulletin, Bulletin.id == Answer.bulletin_id)
        .join(BulletinVersion, current_version())
        .where(
            Answer.issuer_id == issuer_id,
            Answer.for_all,
            or_(Question.for_all, Answer.topic != ""),
            is_readable(agency_id),
        )
        .order_by(Answer.id.desc())
        .limit(LOOKED_AT)
    )


def _columns(
    agency_id: int, text: Any, bulletin_id: InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    waits = Question.for_all & (Question.state == QuestionState.ASKED)
    is_others = (Question.kind == QuestionKind.QUESTION) & (Question.agency_id != agency_id)
    too = QuestionAsker.question_id == Question.id
    return select(
        text.label("text"),
        bulletin_id.label("bulletin_id"),
        BulletinVersion.title,
        Question.id.label("question_id"),
        Answer.id.label("answer_id"),
        Answer.topic,
        Answer.text.label("answer"),
        Answer.official_at,
        (waits & is_others).label("may_join"),
        exists().where(too, QuestionAsker.agency_id == agency_id).label("is_joined"),
        select(func.count()).where(too).scalar_subquery().label("others_asking"),
    )
