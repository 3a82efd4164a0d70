"""What digests tell those who issue a paper with its host: that it is over, or was corrected.

They have no receipt of it, so it joins the news of those who have.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from bulletins import labels
from bulletins.models import Bulletin, BulletinVersion, JointIssuer
from bulletins.queries.inbox import current_version, standing
from bulletins.states import Urgency
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Span

ITEMS = 10
"""Lines to one agency, at most; the rest is counted."""


def ended(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """Papers that were declared void or repealed in the span, in the order of the journal."""
    return _parts(_papers(agency_ids, span).join(Entry, Entry.id == Bulletin.ended_entry_id))


def corrected(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """Papers that hold, of which a corrected version was published in the span."""
    papers = _papers(agency_ids, span).join(Entry, Entry.id == BulletinVersion.entry_id)
    return _parts(papers.where(BulletinVersion.version > 1, Bulletin.ended_kind.is_(None)))


def with_joint(parts: Mapping[int, Part], joint: Mapping[int, Part]) -> Mapping[int, Part]:
    """Both for each agency, in one part of at most as many lines."""
    both = dict(parts)
    for agency_id, part in joint.items():
        held = both.get(agency_id, Part())
        items = (*held.items, *part.items)[:ITEMS]
        both[agency_id] = Part(items, held.total + part.total)
    return both


def _papers(agency_ids: Sequence[int], span: Span) -> Select[Any]:
    mine = JointIssuer.agency_id
    return (
        select(
            mine,
            Bulletin.id,
            BulletinVersion.title,
            BulletinVersion.urgency,
            *standing(),
            func.row_number().over(partition_by=mine, order_by=Entry.position).label("rank"),
            func.count().over(partition_by=mine).label("total"),
        )
        .select_from(JointIssuer)
        .join(Bulletin, Bulletin.id == JointIssuer.bulletin_id)
        .join(BulletinVersion, current_version())
        .where(among(mine, agency_ids), Entry.position > span.after, Entry.position <= span.upto)
    )


def _parts(papers: Select[Any]) -> Mapping[int, Part]:
    ranked = papers.subquery()
    first = select(ranked).where(ranked.c.rank <= ITEMS)
    items: dict[int, list[Item]] = {}
    totals: dict[int, int] = {}
    for row in db.session.execute(first.order_by(ranked.c.agency_id, ranked.c.rank)):
        items.setdefault(row.agency_id, []).append(_item(row))
        totals[row.agency_id] = row.total
    return {agency_id: Part(tuple(found), totals[agency_id]) for agency_id, found in items.items()}


def _item(row: Any) -> Item:
    remarks = [_("联合行文"), labels.ended(row) if row.ended_kind else _("更正")]
    return Item(
        text=row.title,
        path=f"/joint/{row.id}",
        remark="，".join(remarks),
        urgent=row.urgency != Urgency.NORMAL and not row.ended_kind,
    )
