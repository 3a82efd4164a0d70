"""What followed searches give to digests: new papers that they found."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from bulletins import labels
from bulletins.models import Bulletin, BulletinVersion, Receipt, SavedSearch, SearchMatch
from bulletins.queries.inbox import of_version, standing
from bulletins.states import Urgency
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Section, Span

ITEMS = 10
"""Lines of one section to one agency, at most; the rest is counted."""


def _found(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """Papers found in the span, each once, in the order in which they were found."""
    agency = SavedSearch.agency_id
    papers = (
        select(
            agency,
            SearchMatch.bulletin_id,
            SearchMatch.version,
            func.min(Entry.position).label("position"),
            func.min(SavedSearch.id).label("search_id"),
        )
        .join(SavedSearch, SavedSearch.id == SearchMatch.search_id)
        .join(Entry, Entry.id == SearchMatch.entry_id)
        .where(
            among(agency, agency_ids),
            SavedSearch.ended_at.is_(None),
            Entry.position > span.after,
            Entry.position <= span.upto,
        )
        .group_by(agency, SearchMatch.bulletin_id, SearchMatch.version)
        .subquery()
    )
    mine = papers.c.agency_id
    ranked = select(
        papers,
        func.row_number().over(partition_by=mine, order_by=papers.c.position).label("rank"),
        func.count().over(partition_by=mine).label("total"),
    ).subquery()
    first = (
        select(
            ranked.c.agency_id,
            ranked.c.total,
            Receipt.id.label("receipt_id"),
            BulletinVersion.title,
            BulletinVersion.urgency,
            *standing(),
            SavedSearch.name,
        )
        .join(SavedSearch, SavedSearch.id == ranked.c.search_id)
        .join(
            Receipt,
            (Receipt.bulletin_id == ranked.c.bulletin_id)
            & (Receipt.version == ranked.c.version)
            & (Receipt.agency_id == ranked.c.agency_id),
        )
        .join(BulletinVersion, of_version())
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .where(ranked.c.rank <= ITEMS)
        .order_by(ranked.c.agency_id, ranked.c.rank)
    )
    return _parts(db.session.execute(first).all())


def _parts(rows: Sequence[Any]) -> dict[int, Part]:
    items: dict[int, list[Item]] = {}
    for row in rows:
        items.setdefault(row.agency_id, []).append(_item(row))
    totals = {row.agency_id: row.total for row in rows}
    return {agency_id: Part(tuple(found), totals[agency_id]) for agency_id, found in items.items()}


def _item(row: Any) -> Item:
    remark = _("检索“%(name)s”", name=row.name)
    return Item(
        text=row.title,
        path=f"/inbox/{row.receipt_id}",
        remark=f"{labels.ended(row)}，{remark}" if row.ended_kind else remark,
        urgent=row.urgency != Urgency.NORMAL and not row.ended_kind,
        receipt_id=row.receipt_id,
    )


# It stands before the new papers: what is told here isn't listed there again.
SECTIONS = (
    Section(
        kind="searched",
        title=_l("关注的检索"),
        sms=_l("%(count)s 件符合关注的检索"),
        order=25,
        is_news=True,
        compose=_found,
        path="/searches",
        is_for_outside=True,
    ),
)
