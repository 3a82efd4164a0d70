"""What following topics gives to digests: papers that went to others."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from bulletins import labels
from bulletins.models import Bulletin, BulletinVersion, FollowedPaper
from bulletins.queries.inbox import current_version, standing
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Section, Span

ITEMS = 10
"""Lines of one section to one agency, at most; the rest is counted."""


def _came(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """Papers that came in the span, in the order of the journal."""
    mine = FollowedPaper.agency_id
    ranked = (
        select(
            mine,
            FollowedPaper.bulletin_id,
            BulletinVersion.title,
            BulletinVersion.type,
            *standing(),
            func.row_number().over(partition_by=mine, order_by=Entry.position).label("rank"),
            func.count().over(partition_by=mine).label("total"),
        )
        .join(Entry, Entry.id == FollowedPaper.entry_id)
        .join(Bulletin, Bulletin.id == FollowedPaper.bulletin_id)
        .join(BulletinVersion, current_version())
        .where(among(mine, agency_ids), Entry.position > span.after, Entry.position <= span.upto)
        .subquery()
    )
    first = select(ranked).where(ranked.c.rank <= ITEMS)
    rows = db.session.execute(first.order_by(ranked.c.agency_id, ranked.c.rank)).all()
    items: dict[int, list[Item]] = {}
    for row in rows:
        items.setdefault(row.agency_id, []).append(_item(row))
    totals = {row.agency_id: row.total for row in rows}
    return {agency_id: Part(tuple(found), totals[agency_id]) for agency_id, found in items.items()}


def _item(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/followed/{row.bulletin_id}",
        remark=labels.ended(row) if row.ended_kind else labels.kind(row.type),
    )


SECTIONS = (
    Section(
        kind="followed",
        title=_l("关注的主题"),
        sms=_l("%(count)s 件关注主题的文件"),
        order=35,
        is_news=True,
        compose=_came,
        path="/followed",
        is_for_outside=True,
    ),
)
