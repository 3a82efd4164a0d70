"""What papers give to digests: what holds no more, waits to be acknowledged, and is new."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from bulletins import joint_section, labels
from bulletins.models import Bulletin, BulletinVersion, Receipt, Relay
from bulletins.queries import arrivals
from bulletins.queries.inbox import by_urgency, deadline, of_version, standing, waiting
from bulletins.states import Urgency, Waiting
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Section, Span

ITEMS = 10
"""Lines of one section to one agency, at most; the rest is counted."""


def _ranked(agency_ids: Sequence[int], *order: Any) -> Select[*tuple[Any, ...]]:
    """Receipts of these agencies, each with its rank in its agency and how many there are."""
    mine = Receipt.agency_id
    return (
        select(
            Receipt.id,
            Receipt.agency_id,
            Receipt.needs_acknowledgement,
            BulletinVersion.title,
            BulletinVersion.type,
            BulletinVersion.urgency,
            *standing(),
            Receipt.closed_at,
            Receipt.version,
            (Receipt.version < Bulletin.version).label("is_corrected"),
            Receipt.relay_by,
            Receipt.acknowledged_at,
            deadline().label("acknowledge_by"),
            func.row_number().over(partition_by=mine, order_by=order).label("rank"),
            func.count().over(partition_by=mine).label("total"),
        )
        .select_from(Receipt)
        .join(BulletinVersion, of_version())
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .outerjoin(Relay, Relay.id == Receipt.relay_id)
        .where(among(Receipt.agency_id, agency_ids))
    )


def _parts(
    ranked: Select[*tuple[Any, ...]], item_of: Callable[[Any], Item] | None = None
) -> dict[int, Part]:
    made = item_of or _item
    rows = ranked.subquery()
    first = select(rows).where(rows.c.rank <= ITEMS).order_by(rows.c.agency_id, rows.c.rank)
    items: dict[int, list[Item]] = {}
    totals: dict[int, int] = {}
    for row in db.session.execute(first):
        items.setdefault(row.agency_id, []).append(made(row))
        totals[row.agency_id] = row.total
    return {agency_id: Part(tuple(found), totals[agency_id]) for agency_id, found in items.items()}


def _item(row: Any) -> Item:
    urgent = row.urgency != Urgency.NORMAL and not row.closed_at
    remarks = _standing(row)
    remarks += [labels.urgency(row.urgency)] if urgent else []
    to_read = "，".join(remarks)
    if row.closed_at or row.acknowledged_at:
        pass  # nothing of it waits
    elif row.acknowledge_by:
        remarks.append(_("请于 %(day)s 前签收", day=row.acknowledge_by.isoformat()))
    elif row.needs_acknowledgement:
        remarks.append(_("要求签收"))
    return Item(
        text=row.title,
        path=f"/inbox/{row.id}",
        remark="，".join(remarks),
        urgent=urgent,
        receipt_id=row.id,
        outside_remark=to_read,
    )


def _standing(row: Any) -> list[str]:
    """What a reader must know before they rely on the paper."""
    if row.ended_kind:
        return [labels.ended(row)]
    if row.is_corrected:
        return [_("已更正")]
    return [_("更正")] if row.version > 1 else []


def _to_acknowledge(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """What waits now: the most urgent first, then the nearest deadline."""
    ranked = _ranked(
        agency_ids,
        by_urgency(),
        deadline().is_(None),
        deadline(),
        Receipt.sent_at,
        Receipt.id,
    )
    return _parts(ranked.where(waiting(Waiting.UNACKNOWLEDGED)))


def _new(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What was published or relayed in the span, in the order of the journal."""
    came = arrivals.within(span, agency_ids).subquery()
    ranked = _ranked(agency_ids, came.c.position)
    parts = _parts(ranked.join(came, came.c.id == Receipt.id))
    return joint_section.with_joint(parts, joint_section.corrected(agency_ids, span))


def _to_relay(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """What the paper's rule asks to be relayed and is not yet, the nearest day first."""
    ranked = _ranked(agency_ids, Receipt.relay_by, Receipt.id)
    return _parts(ranked.where(waiting(Waiting.UNRELAYED)), _relay_item)


def _passed_over(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What was not relayed in time within the span, so that those below got it straight."""
    served = arrivals.passed_over(span, agency_ids).subquery()
    ranked = _ranked(agency_ids, served.c.position).add_columns(served.c.receipt_count)
    return _parts(ranked.join(served, served.c.id == Receipt.id), _passed_over_item)


def _relay_item(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/inbox/{row.id}#relay",
        remark=_("请于 %(day)s 前转发下级", day=row.relay_by.isoformat()),
        receipt_id=row.id,
    )


def _passed_over_item(row: Any) -> Item:
    return Item(
        text=row.title,
        path=f"/inbox/{row.id}#passed-over",
        remark=_("贵单位逾期未转发，%(count)s 个下级机构已直接收到此件", count=row.receipt_count),
        receipt_id=row.id,
    )


def _ended(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What was declared void or repealed in the span, in the order of the journal."""
    ranked = (
        _ranked(agency_ids, Entry.position)
        .join(Entry, Entry.id == Bulletin.ended_entry_id)
        .where(Receipt.version == Bulletin.version)
    )
    parts = _parts(ranked.where(Entry.position > span.after, Entry.position <= span.upto))
    return joint_section.with_joint(parts, joint_section.ended(agency_ids, span))


SECTIONS = (
    Section(
        kind="ended",
        title=_l("撤销和废止"),
        sms=_l("%(count)s 件撤销或废止"),
        order=5,
        is_news=True,
        compose=_ended,
        path="/inbox",
        is_for_outside=True,
    ),
    Section(
        kind="to_acknowledge",
        title=_l("待签收"),
        sms=_l("%(count)s 件待签收"),
        order=10,
        is_news=False,
        compose=_to_acknowledge,
        path="/inbox?show=to_acknowledge",
    ),
    Section(
        kind="to_relay",
        title=_l("待转发"),
        sms=_l("%(count)s 件待转发"),
        order=15,
        is_news=False,
        compose=_to_relay,
        path="/inbox?show=to_relay",
    ),
    Section(
        kind="passed_over",
        title=_l("逾期未转发，下级已直接收到"),
        sms=_l("%(count)s 件逾期未转发"),
        order=16,
        is_news=True,
        compose=_passed_over,
        path="/inbox",
    ),
    Section(
        kind="new",
        title=_l("新到公文"),
        sms=_l("%(count)s 件新公文"),
        order=30,
        is_news=True,
        compose=_new,
        path="/inbox",
        is_for_outside=True,
    ),
)
