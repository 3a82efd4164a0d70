"""What an agency's desks give to digests: what waits for a seat's review or for its signature."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, literal, select, union_all

from agencies.models import Seat
from bulletins import labels
from bulletins.models import Bulletin, BulletinVersion, JointIssuer, Relay, Review
from bulletins.queries.papers import is_unsigned
from bulletins.queries.reviews import is_waiting
from bulletins.states import ACTORS, Action, State, Urgency
from config.database import among, db
from config.sections import Item, Part, Section, Span

ITEMS = 10
"""Lines for one seat, at most; the rest is counted."""


def to_review(seat_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """The papers on which these seats are asked for their opinion, the longest waiting first."""
    asked = (
        select(
            Review.seat_id,
            Review.asked_at.label("since"),
            *_of_paper("/bulletins/"),
        )
        .join(Bulletin, Bulletin.id == Review.bulletin_id)
        .where(among(Review.seat_id, seat_ids), is_waiting())
    )
    return _parts(asked)


def _to_sign(seat_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
    """What lies before the approver: papers, relays, and papers that others issue with them."""
    own = _before_approvers(seat_ids, Bulletin.submitted_at, *_of_paper("/bulletins/")).join(
        Bulletin, (Bulletin.issuer_id == Seat.agency_id) & is_unsigned()
    )
    relayed = (
        _before_approvers(
            seat_ids,
            Relay.submitted_at,
            *(literal("/relays/").label("page"), Relay.id.label("subject_id")),
            *(BulletinVersion.title, BulletinVersion.urgency),
        )
        .join(Relay, (Relay.agency_id == Seat.agency_id) & (Relay.state == State.SUBMITTED))
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == Relay.bulletin_id)
            & (BulletinVersion.version == Relay.version),
        )
    )
    together = (
        _before_approvers(seat_ids, Bulletin.submitted_at, *_of_paper("/joint/"))
        .join(
            JointIssuer,
            (JointIssuer.agency_id == Seat.agency_id) & JointIssuer.signed_at.is_(None),
        )
        .join(
            Bulletin,
            (Bulletin.id == JointIssuer.bulletin_id) & (Bulletin.state == State.SUBMITTED),
        )
    )
    return _parts(union_all(own, relayed, together))


def _before_approvers(seat_ids: Sequence[int], since: Any, *columns: Any) -> Select[Any]:
    return (
        select(Seat.id.label("seat_id"), since.label("since"), *columns)
        .select_from(Seat)
        .where(among(Seat.id, seat_ids), Seat.kind.in_(ACTORS[Action.SIGN]))
    )


def _of_paper(page: str) -> tuple[Any, ...]:
    return (
        literal(page).label("page"),
        Bulletin.id.label("subject_id"),
        Bulletin.title,
        Bulletin.urgency,
    )


def _parts(waiting: Any) -> Mapping[int, Part]:
    found = waiting.subquery()
    ranked = select(
        found,
        func.row_number()
        .over(
            partition_by=found.c.seat_id,
            order_by=(found.c.since, found.c.page, found.c.subject_id),
        )
        .label("rank"),
        func.count().over(partition_by=found.c.seat_id).label("total"),
    ).subquery()
    first = select(ranked).where(ranked.c.rank <= ITEMS).order_by(ranked.c.seat_id, ranked.c.rank)
    items: dict[int, list[Item]] = {}
    totals: dict[int, int] = {}
    for row in db.session.execute(first):
        items.setdefault(row.seat_id, []).append(_item(row))
        totals[row.seat_id] = row.total
    return {seat_id: Part(tuple(lines), totals[seat_id]) for seat_id, lines in items.items()}


_KINDS: Mapping[str, Callable[[], str]] = {
    "/relays/": lambda: _("转发"),
    "/joint/": lambda: _("联合行文"),
}


def _item(row: Any) -> Item:
    is_urgent = row.urgency != Urgency.NORMAL
    remarks = [_KINDS[row.page]()] if row.page in _KINDS else []
    remarks += [labels.urgency(row.urgency)] if is_urgent else []
    return Item(
        text=row.title,
        path=f"{row.page}{row.subject_id}",
        remark="，".join(remarks),
        urgent=is_urgent,
    )


SECTIONS = (
    Section(
        kind="to_sign",
        title=_l("待您签发"),
        sms=_l("%(count)s 件待签发"),
        order=7,
        is_news=False,
        compose=_to_sign,
        by_seat=True,
        path="/bulletins/to-sign",
    ),
    Section(
        kind="to_review",
        title=_l("待您审核"),
        sms=_l("%(count)s 件待审核"),
        order=8,
        is_news=False,
        compose=to_review,
        by_seat=True,
    ),
)
