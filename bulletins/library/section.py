"""What the library gives to digests: offers that wait, and what became of one's own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from agencies.models import Agency
from bulletins import labels
from bulletins.library.states import OfferState
from bulletins.models import Bulletin, BulletinVersion, Offer
from bulletins.queries.inbox import current_version, standing
from bulletins.queries.library import waits
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Section, Span

ITEMS = 10
"""Lines of one section to one agency, at most; the rest is counted."""

Column = InstrumentedAttribute[Any]


def waiting(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """What is offered to the agency and not decided, the longest waiting first."""
    mine = (
        _ranked(Offer.to_agency_id, Offer.offered_at, Offer.id)
        .join(Bulletin, Bulletin.id == Offer.bulletin_id)
        .where(among(Offer.to_agency_id, agency_ids), waits())
    )
    return _parts(mine, Offer.agency_id, _offered)


def _offered(row: Any) -> Item:
    return _item(row, _("%(agency)s推荐", agency=row.other), f"/library/{row.bulletin_id}")


def _decided(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """What was selected or declined of the agency's in the span, in the order of the journal."""
    mine = (
        _ranked(Offer.agency_id, Entry.position)
        .join(Entry, Entry.id == Offer.decided_entry_id)
        .where(
            among(Offer.agency_id, agency_ids),
            Entry.position > span.after,
            Entry.position <= span.upto,
        )
    )
    return _parts(mine, Offer.to_agency_id, _answered)


def _answered(row: Any) -> Item:
    if row.state == OfferState.SELECTED:
        words = _("已入选经验库")
    else:
        words = _("%(agency)s未选入：%(remark)s", agency=row.other, remark=row.remark[:60])
    return _item(row, words, "/library/offers?show=made")


def _item(row: Any, words: str, path: str) -> Item:
    remark = f"{labels.ended(row)}，{words}" if row.ended_kind else words
    return Item(text=row.title, path=path, remark=remark)


def _ranked(mine: Column, *order: Any) -> Select[*tuple[Any, ...]]:
    return select(
        Offer.id,
        mine.label("mine"),
        func.row_number().over(partition_by=mine, order_by=order).label("rank"),
        func.count().over(partition_by=mine).label("total"),
    )


def _parts(
    mine: Select[*tuple[Any, ...]], other: Column, item: Callable[[Any], Item]
) -> dict[int, Part]:
    ranked = mine.subquery()
    lines = (
        select(
            ranked.c.mine,
            ranked.c.total,
            Offer.bulletin_id,
            Offer.state,
            Offer.remark,
            Agency.name.label("other"),
            BulletinVersion.title,
            *standing(),
        )
        .join(Offer, Offer.id == ranked.c.id)
        .join(Agency, Agency.id == other)
        .join(Bulletin, Bulletin.id == Offer.bulletin_id)
        .join(BulletinVersion, current_version())
        .where(ranked.c.rank <= ITEMS)
        .order_by(ranked.c.mine, ranked.c.rank)
    )
    items: dict[int, list[Item]] = {}
    totals: dict[int, int] = {}
    for row in db.session.execute(lines):
        items.setdefault(row.mine, []).append(item(row))
        totals[row.mine] = row.total
    return {agency_id: Part(tuple(found), totals[agency_id]) for agency_id, found in items.items()}


SECTIONS = (
    Section(
        kind="offers",
        title=_l("待遴选的推荐"),
        sms=_l("%(count)s 项推荐待遴选"),
        order=45,
        is_news=False,
        compose=waiting,
        path="/library/offers",
    ),
    Section(
        kind="offers_decided",
        title=_l("推荐的结果"),
        sms=_l("%(count)s 项推荐有结果"),
        order=46,
        is_news=True,
        compose=_decided,
        path="/library/offers",
    ),
)
