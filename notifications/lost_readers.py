"""The readers that an agency has lost: a section of its digests, and a page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select

from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.states import Channel
from bulletins.models import Bulletin, BulletinVersion
from bulletins.queries.inbox import current_version, standing
from config.database import among, db
from config.journal import Entry
from config.pages import Page, keyset
from config.sections import Item, Part, Section, Span
from notifications.models import LostReader, Recipient

ITEMS = 10
PATH = "/lost-readers"


def _where_from() -> Any:
    """The name of the agency in which a reader has a seat, or whose news they get."""
    seated = (
        select(func.min(Seat.agency_id))
        .join(Tenure, Tenure.seat_id == Seat.id)
        .where(Tenure.person_id == Recipient.person_id, Tenure.ended_at.is_(None))
        .correlate(Recipient)
        .scalar_subquery()
    )
    return (
        select(Agency.name)
        .where(Agency.id == func.coalesce(Recipient.agency_id, seated))
        .correlate(Recipient)
        .scalar_subquery()
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(LostReader.id, LostReader.agency_id, LostReader.bulletin_id, Entry.at),
            *standing(),
            *(BulletinVersion.title, _where_from().label("where_from")),
            # Who is outside is between them and their agency.
            func.coalesce(Person.name, "").label("name"),
        )
        .join(Entry, Entry.id == LostReader.entry_id)
        .join(Recipient, Recipient.id == LostReader.recipient_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .join(Bulletin, Bulletin.id == LostReader.bulletin_id)
        .join(BulletinVersion, current_version())
    )


def lost_readers(agency_id: int, size: int = 25) -> Page[Any]:
    """The readers whose address is still gone, those lost last first."""
    still = or_(
        Recipient.bounced_at.is_not(None),
        select(Contact.id)
        .where(
            Contact.person_id == Recipient.person_id,
            Contact.channel == Channel.MAIL,
            Contact.bounced_at.is_not(None),
        )
        .correlate(Recipient)
        .exists(),
    )
    query = _rows().where(LostReader.agency_id == agency_id, still)
    return keyset(query, (LostReader.id,), lambda row: (row.id,), size=size)


def _news(agency_ids: Sequence[int], span: Span) -> Mapping[int, Part]:
    """Whom each issuer has lost in the span."""
    place = func.row_number().over(partition_by=LostReader.agency_id, order_by=LostReader.id)
    count = func.count().over(partition_by=LostReader.agency_id)
    ranked = (
        _rows()
        .add_columns(place.label("place"), count.label("total"))
        .where(
            among(LostReader.agency_id, agency_ids),
            Entry.position > span.after,
            Entry.position <= span.upto,
        )
        .subquery()
    )
    first = select(ranked).where(ranked.c.place <= ITEMS)
    items: dict[int, list[Item]] = defaultdict(list)
    totals: dict[int, int] = {}
    for row in db.session.execute(first.order_by(ranked.c.agency_id, ranked.c.place)):
        items[row.agency_id].append(_item(row))
        totals[row.agency_id] = row.total
    return {agency_id: Part(some, totals[agency_id]) for agency_id, some in items.items()}


def _item(row: Any) -> Item:
    name = row.name or _("外部收件人")
    who = _("%(agency)s %(name)s", agency=row.where_from or "", name=name).strip()
    return Item(text=who, path=PATH, remark=_("收不到《%(title)s》的提醒", title=row.title))


SECTIONS = (
    Section(
        kind="lost_readers",
        title=_l("邮箱失效的读者"),
        sms=_l("%(count)s 位读者的邮箱失效"),
        order=90,
        is_news=True,
        compose=_news,
        path=PATH,
    ),
)
