"""Questions and answers on papers, as far as an agency may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Agency
from bulletins.models import (
    Answer,
    Bulletin,
    BulletinVersion,
    Question,
    QuestionAsker,
    Receipt,
)
from bulletins.queries.counting import bounded
from bulletins.queries.inbox import current_version, standing
from bulletins.queries.readable import readable_by
from bulletins.questions.permissions import Discussed
from bulletins.questions.states import QuestionState
from config.database import db
from config.errors import NotFound

KEY = (Question.asked_at, Question.id)
ANSWER_KEY = (Answer.answered_at, Answer.id)
LATEST = 3
SHOWN_OF_ONE = 5
"""Questions shown with one answer, at most; the rest is counted."""


def discussed(agency_id: int | None, bulletin_id: int) -> Discussed:
    """A published paper with what the agency has to do with it; raises NotFound for none."""
    copy = aliased(Receipt)
    took_part = exists().where(
        Question.bulletin_id == Bulletin.id,
        or_(Question.agency_id == agency_id, Question.issuer_id == agency_id),
    )
    joined = exists().where(
        Question.bulletin_id == Bulletin.id,
        QuestionAsker.question_id == Question.id,
        QuestionAsker.agency_id == agency_id,
    )
    has_to_answer = exists().where(
        Question.bulletin_id == Bulletin.id, Question.issuer_id == agency_id
    )
    row = db.session.execute(
        select(
            Bulletin,
            BulletinVersion.title,
            or_(is_readable(agency_id or 0), took_part, joined).label("is_visible"),
            or_(Bulletin.issuer_id == agency_id, has_to_answer).label("answers"),
            copy.id.label("receipt_id"),
        )
        .join(BulletinVersion, current_version())
        .outerjoin(
            copy,
            (copy.bulletin_id == Bulletin.id)
            & (copy.version == Bulletin.version)
            & (copy.agency_id == agency_id),
        )
        .where(Bulletin.id == bulletin_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Discussed(row.Bulletin, row.title, row.receipt_id, row.is_visible, row.answers)


def is_readable(agency_id: int) -> ColumnElement[bool]:
    """Whether the agency may read a paper as it was published last."""
    return readable_by(
        agency_id, issuer=Bulletin.issuer_id, bulletin=Bulletin.id, version=Bulletin.version
    )


def visible_to(agency_id: int) -> ColumnElement[bool]:
    """The questions of papers that one may read which the agency may see."""
    return or_(Question.for_all, Question.agency_id == agency_id, Question.issuer_id == agency_id)


def question_visible_to(agency_id: int) -> ColumnElement[bool]:
    """The same without those withdrawn, which nobody but their asker sees."""
    is_kept = Question.state != QuestionState.WITHDRAWN
    return or_(Question.agency_id == agency_id, is_kept & visible_to(agency_id))


def answer_visible_to(agency_id: int) -> ColumnElement[bool]:
    """The answers on papers that one may read which the agency may see."""
    own = aliased(Question)
    asked = exists().where(own.answer_id == Answer.id, own.agency_id == agency_id)
    return or_(Answer.for_all, Answer.issuer_id == agency_id, asked)


def on_paper(agency_id: int, bulletin_id: int) -> Select[*tuple[Any, ...]]:
    """A paper's questions that the agency may see, without those withdrawn."""
    return (
        select(*_columns())
        .join(Agency, Agency.id == Question.agency_id)
        .where(
            Question.bulletin_id == bulletin_id,
            Question.state != QuestionState.WITHDRAWN,
            visible_to(agency_id),
        )
    )


def waiting_on_paper(agency_id: int, bulletin_id: int) -> Select[*tuple[Any, ...]]:
    """Those of them that have no answer yet."""
    return on_paper(agency_id, bulletin_id).where(Question.state == QuestionState.ASKED)


def answers_on_paper(agency_id: int, bulletin_id: int) -> Select[*tuple[Any, ...]]:
    """A paper's answers that the agency may see."""
    return select(Answer).where(Answer.bulletin_id == bulletin_id, answer_visible_to(agency_id))


def waiting_count(agency_id: int, bulletin_id: int) -> int:
    """How many questions on a paper, of those the agency may see, have no answer yet (to 100)."""
    return bounded(
        select(Question.id).where(
            Question.bulletin_id == bulletin_id,
            Question.state == QuestionState.ASKED,
            visible_to(agency_id),
        )
    )


def latest_answers(agency_id: int, bulletin_id: int) -> Sequence[Any]:
    """The latest three answers on a paper, each with the words that say what was asked."""
    asked = (
        select(func.min(Question.text))
        .where(Question.answer_id == Answer.id, visible_to(agency_id))
        .scalar_subquery()
    )
    return db.session.execute(
        select(Answer.id, Answer.topic, Answer.official_at, asked.label("asked"))
        .where(Answer.bulletin_id == bulletin_id, answer_visible_to(agency_id))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
        .limit(LATEST)
    ).all()


def mark_of(row: Any) -> tuple[Any, ...]:
    """A question's place in its list."""
    return row.asked_at, row.id


def answer_mark(answer: Answer) -> tuple[Any, ...]:
    """An answer's place in its list."""
    return answer.answered_at, answer.id


def questions_of(agency_id: int, answer_ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """By answer: the questions that the agency may see, the first five, each with their ``total``.

    For each answer the own agency's come first.
    """
    if not answer_ids:
        return {}
    of_one = Question.answer_id
    order = (Question.agency_id != agency_id, Question.asked_at, Question.id)
    ranked = (
        select(
            *_columns(),
            func.row_number().over(partition_by=of_one, order_by=order).label("rank"),
            func.count().over(partition_by=of_one).label("total"),
        )
        .join(Agency, Agency.id == Question.agency_id)
        .where(of_one.in_(answer_ids), visible_to(agency_id))
        .subquery()
    )
    first = select(ranked).where(ranked.c.rank <= SHOWN_OF_ONE).order_by(ranked.c.rank)
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(first):
        found.setdefault(row.answer_id, []).append(row)
    return found


def noted_on_paper(agency_id: int, bulletin_id: int) -> Select[*tuple[Any, ...]]:
    """The remarks that the issuer has taken note of, of those that the agency may see."""
    return on_paper(agency_id, bulletin_id).where(Question.state == QuestionState.NOTED)


def to_answer(agency_id: int) -> Select[*tuple[Any, ...]]:
    """What waits for the agency's answer, over all papers."""
    waiting = (Question.issuer_id == agency_id, Question.state == QuestionState.ASKED)
    return _with_paper().where(*waiting)


def asked_by(agency_id: int) -> Select[*tuple[Any, ...]]:
    """What the agency has asked, over all papers."""
    return _with_paper().where(Question.agency_id == agency_id)


def asked_too(agency_id: int) -> Select[*tuple[Any, ...]]:
    """What others have asked and the agency asks too, over all papers."""
    joined = (QuestionAsker.question_id == Question.id) & (QuestionAsker.agency_id == agency_id)
    is_kept = Question.state != QuestionState.WITHDRAWN
    return _with_paper().join(QuestionAsker, joined).where(is_kept)


def unanswered(agency_id: int) -> Select[int]:
    """The questions that wait for the agency's answer."""
    return select(Question.id).where(
        Question.issuer_id == agency_id, Question.state == QuestionState.ASKED
    )


def _with_paper() -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns(), BulletinVersion.title, *standing())
        .join(Agency, Agency.id == Question.agency_id)
        .join(Bulletin, Bulletin.id == Question.bulletin_id)
        .join(BulletinVersion, current_version())
    )


def _columns() -> tuple[Any, ...]:
    return (
        Question.id,
        Question.bulletin_id,
        Question.agency_id,
        Question.issuer_id,
        Question.kind,
        Question.for_all,
        Question.text,
        Question.state,
        Question.asked_at,
        Question.answer_id,
        Agency.name.label("agency"),
    )
