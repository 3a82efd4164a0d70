"""Who asks a question too, beside the agency whose words it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from agencies.models import Agency
from bulletins.models import Question, QuestionAsker
from bulletins.queries.questions import discussed
from bulletins.questions.permissions import Joinable
from config.database import db, found

KEY = (QuestionAsker.joined_at, QuestionAsker.agency_id)
NAMED = 5
"""Agencies that are named beside a question, at most; the rest is counted."""


@dataclass(frozen=True)
class Others:
    """How many agencies ask a question too, the first of them by name.

    ``is_mine``: the reader's own is one of them.
    """

    count: int
    names: Sequence[str]
    is_mine: bool

    @property
    def besides(self) -> int:
        """How many of them are not the reader's own."""
        return self.count - self.is_mine


def joinable(agency_id: int | None, question_id: int, *, lock: bool = False) -> Joinable:
    """A question and its paper, as the agency may see them; raises NotFound for none."""
    question = found(select(Question).where(Question.id == question_id), lock=lock)
    return Joinable(question, discussed(agency_id, question.bulletin_id))


def others_of(agency_id: int, question_ids: Sequence[int]) -> Mapping[int, Others]:
    """Who asks each of these questions too, in one statement; nothing where nobody does."""
    if not question_ids:
        return {}
    of_one = QuestionAsker.question_id
    order = (QuestionAsker.agency_id != agency_id, *KEY)
    ranked = (
        select(
            of_one,
            (QuestionAsker.agency_id == agency_id).label("is_mine"),
            Agency.name,
            func.row_number().over(partition_by=of_one, order_by=order).label("rank"),
            func.count().over(partition_by=of_one).label("total"),
        )
        .join(Agency, Agency.id == QuestionAsker.agency_id)
        .where(of_one.in_(question_ids))
        .subquery()
    )
    first = select(ranked).where(ranked.c.rank <= NAMED).order_by(ranked.c.rank)
    rows: dict[int, list[Any]] = {}
    for row in db.session.execute(first):
        rows.setdefault(row.question_id, []).append(row)
    return {
        question_id: Others(some[0].total, [row.name for row in some], bool(some[0].is_mine))
        for question_id, some in rows.items()
    }


def askers(question_id: int) -> Select[*tuple[Any, ...]]:
    """The agencies that ask a question too."""
    return (
        select(QuestionAsker.agency_id, QuestionAsker.joined_at, Agency.name.label("agency"))
        .join(Agency, Agency.id == QuestionAsker.agency_id)
        .where(QuestionAsker.question_id == question_id)
    )


def mark_of(row: Any) -> tuple[Any, ...]:
    """An agency's place among the askers."""
    return row.joined_at, row.agency_id
