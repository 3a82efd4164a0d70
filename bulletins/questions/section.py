"""What questions give to digests: what waits for an answer, was answered, was noted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from bulletins import labels
from bulletins.models import Answer, Bulletin, BulletinVersion, Question, QuestionAsker
from bulletins.queries.inbox import current_version, standing
from bulletins.questions.states import QuestionState
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Section, Span

ITEMS = 10
"""Lines of one section to one agency, at most; the rest is counted."""
WORDS = 40
"""Characters of a question in a line."""


def waiting(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """The papers on which something waits for the agency's answer, the longest waiting first."""
    agency = Question.issuer_id.label("agency_id")
    papers = (
        select(
            agency,
            Question.bulletin_id,
            func.count().label("number"),
            func.min(Question.asked_at).label("since"),
        )
        .where(among(Question.issuer_id, agency_ids), Question.state == QuestionState.ASKED)
        .group_by(Question.issuer_id, Question.bulletin_id)
        .subquery()
    )
    first = _first(papers, papers.c.since, papers.c.bulletin_id)
    return _parts(_with_paper(first, first.c.number), _to_answer)


def _to_answer(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/bulletins/{row.bulletin_id}/questions?show=open",
        remark=_remark(row, _("%(count)s 条待答复", count=row.number)),
    )


def _answered(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What was answered in the span, or made official, in the order of the journal."""
    told = union_all(_told(Answer.entry_id, span), _told(Answer.official_entry_id, span)).subquery()
    own = _of_askers(Question.agency_id, told).where(among(Question.agency_id, agency_ids))
    too = (
        _of_askers(QuestionAsker.agency_id, told)
        .join(QuestionAsker, QuestionAsker.question_id == Question.id)
        .where(among(QuestionAsker.agency_id, agency_ids))
    )
    asked = union_all(own, too).subquery()
    answers = (
        select(
            asked.c.agency_id,
            asked.c.bulletin_id,
            asked.c.answer_id,
            func.min(asked.c.position).label("position"),
            func.min(asked.c.question_id).label("question_id"),
        )
        .group_by(asked.c.agency_id, asked.c.bulletin_id, asked.c.answer_id)
        .subquery()
    )
    first = _first(answers, answers.c.position, answers.c.answer_id)
    lines = (
        _with_paper(first, first.c.answer_id, Question.text, Answer.official_at)
        .join(Question, Question.id == first.c.question_id)
        .join(Answer, Answer.id == first.c.answer_id)
    )
    return _parts(lines, _told_askers)


def _of_askers(agency_id: InstrumentedAttribute[int], told: Any) -> Select[*tuple[Any, ...]]:
    return select(
        agency_id,
        Question.bulletin_id,
        Question.answer_id,
        told.c.position,
        Question.id.label("question_id"),
    ).join_from(Question, told, told.c.id == Question.answer_id)


def _told(entry_id: InstrumentedAttribute[Any], span: Span) -> Select[*tuple[Any, ...]]:
    return (
        select(Answer.id, Entry.position)
        .join(Entry, Entry.id == entry_id)
        .where(Entry.position > span.after, Entry.position <= span.upto)
    )


def _told_askers(row: Any) -> Item:
    asked = " ".join(row.text.split())
    words = asked if len(asked) <= WORDS else f"{asked[: WORDS - 1]}…"
    told = (
        _("“%(asked)s”有了正式答复", asked=words)
        if row.official_at
        else _("“%(asked)s”已答复", asked=words)
    )
    return Item(
        text=row.title,
        path=f"/bulletins/{row.bulletin_id}/questions?show=answered#answer-{row.answer_id}",
        remark=_remark(row, told),
    )


def _noted(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """The papers on which the issuer took note of remarks in the span, in the journal's order."""
    papers = (
        select(
            Question.agency_id,
            Question.bulletin_id,
            func.count().label("number"),
            func.min(Entry.position).label("position"),
        )
        .join(Entry, Entry.id == Question.noted_entry_id)
        .where(
            among(Question.agency_id, agency_ids),
            Entry.position > span.after,
            Entry.position <= span.upto,
        )
        .group_by(Question.agency_id, Question.bulletin_id)
        .subquery()
    )
    first = _first(papers, papers.c.position, papers.c.bulletin_id)
    return _parts(_with_paper(first, first.c.number), _told_remarkers)


def _told_remarkers(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/bulletins/{row.bulletin_id}/questions?show=noted",
        remark=_remark(row, _("发文机关已阅知 %(count)s 条意见", count=row.number)),
    )


def _first(rows: Any, *order: Any) -> Any:
    """The first rows of each agency, with their rank and how many there are."""
    mine = rows.c.agency_id
    ranked = select(
        rows,
        func.row_number().over(partition_by=mine, order_by=order).label("rank"),
        func.count().over(partition_by=mine).label("total"),
    ).subquery()
    return select(ranked).where(ranked.c.rank <= ITEMS).subquery()


def _with_paper(first: Any, *more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            first.c.agency_id,
            first.c.bulletin_id,
            first.c.total,
            BulletinVersion.title,
            *standing(),
            *more,
        )
        .select_from(first)
        .join(Bulletin, Bulletin.id == first.c.bulletin_id)
        .join(BulletinVersion, current_version())
        .order_by(first.c.agency_id, first.c.rank)
    )


def _remark(row: Any, words: str) -> str:
    return f"{labels.ended(row)}，{words}" if row.ended_kind else words


def _parts(lines: Select[*tuple[Any, ...]], item: Callable[[Any], Item]) -> dict[int, Part]:
    items: dict[int, list[Item]] = {}
    totals: dict[int, int] = {}
    for row in db.session.execute(lines):
        items.setdefault(row.agency_id, []).append(item(row))
        totals[row.agency_id] = row.total
    return {agency_id: Part(tuple(found), totals[agency_id]) for agency_id, found in items.items()}


SECTIONS = (
    Section(
        kind="questions",
        title=_l("待答复的提问"),
        sms=_l("%(count)s 件公文有提问待答复"),
        order=12,
        is_news=False,
        compose=waiting,
        path="/questions",
    ),
    Section(
        kind="answers",
        title=_l("提问的答复"),
        sms=_l("%(count)s 条答复"),
        order=22,
        is_news=True,
        compose=_answered,
        path="/questions",
    ),
    Section(
        kind="noted_remarks",
        title=_l("已阅知的意见"),
        sms=_l("%(count)s 件公文的意见已阅知"),
        order=23,
        is_news=True,
        compose=_noted,
        path="/questions",
    ),
)
