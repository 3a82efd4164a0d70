"""Made-up sections of digests: news that reads the journal, and tasks that hold now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from config import journal
from config.database import db, writing
from config.journal import Entry
from config.sections import Item, Part, Section, Span
from config.settling import settle_all

tasks: dict[int, int] = {}
"""How many tasks each agency has now, by agency id."""

questions: list[tuple[str, int]] = []
"""Each question that a section was asked: its kind and how many agencies it was about."""

trouble: list[bool] = []
"""Not empty: the section of news can't be composed."""


def tell(agency_id: int, *, settle: bool = True) -> int:
    """Something new for an agency; returns the id of its entry."""
    with writing():
        entry_id = journal.record("test.told", subject=("news", agency_id)).id
    if settle:
        settle_all()
    return entry_id


def _news(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    questions.append(("news", len(agency_ids)))
    if trouble:
        raise ValueError("in trouble")
    rows = db.session.scalars(
        select(Entry)
        .where(
            Entry.kind == "test.told",
            Entry.subject_id.in_(agency_ids),
            Entry.position > span.after,
            Entry.position <= span.upto,
        )
        .order_by(Entry.position)
    )
    items: dict[int, list[Item]] = defaultdict(list)
    for row in rows:
        items[row.subject_id].append(
            Item(text=f"news-{row.id}.", path=f"/inbox/{row.id}", receipt_id=row.id)
        )
    return {agency_id: Part(some, len(some)) for agency_id, some in items.items()}


def _tasks(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    questions.append(("tasks", len(agency_ids)))
    return {
        agency_id: Part([Item("上报检查情况", f"/tasks/{agency_id}", "已逾期", True)], count)
        for agency_id in agency_ids
        if (count := tasks.get(agency_id, 0))
    }


SECTIONS = (
    Section(
        "tasks", _l("待办任务"), _l("%(count)s 项临期或逾期任务"), 10, False, _tasks, path="/tasks"
    ),
    Section("news", _l("新到公文"), _l("%(count)s 件新公文"), 20, True, _news, is_for_outside=True),
)
