"""The same use cases for programs: one's own wishes, deliveries, recipients from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from agencies.actors import acting
from agencies.permissions import permission
from agencies.states import Channel
from config.errors import NotFound
from config.http import csrf
from config.openapi import PageQuery, listing
from config.text import Line
from notifications.inputs import OutsideInput, WishInput
from notifications.ledger import Narrowed, ledger
from notifications.lost_readers import lost_readers
from notifications.models import Recipient, Subscription
from notifications.outsiders import Gets, gets
from notifications.queries import outsiders, wishes_of
from notifications.services import outside, subscriptions
from notifications.states import Kind, Rhythm, State

bp = APIBlueprint("notifications_api", __name__, url_prefix="/api/v1", tag="Notifications")
csrf.exempt(bp)


class SubscriptionOut(BaseModel):
    """A wish on one channel; weekdays are 0 (Monday) to 6, ``weekday`` is the one of ``weekly``."""

    channel: str
    rhythm: str
    times: list[str]
    weekdays: list[int]
    weekday: int | None
    month_day: int
    zone: str
    quiet_from: str
    quiet_until: str
    even_when_away: bool
    urgent_at_once: bool
    next_due_at: datetime | None

    @classmethod
    def of(cls, one: Subscription) -> "SubscriptionOut":
        """A wish as the API shows it."""
        days = [day for day in range(7) if one.weekdays >> day & 1]
        return cls(
            channel=one.channel,
            rhythm=one.rhythm,
            times=one.times.split(),
            weekdays=days,
            weekday=days[0] if one.rhythm == Rhythm.WEEKLY else None,
            month_day=one.month_day,
            zone=one.zone,
            quiet_from=one.quiet_from,
            quiet_until=one.quiet_until,
            even_when_away=one.even_when_away,
            urgent_at_once=one.urgent_at_once,
            next_due_at=one.next_due_at,
        )


class SubscriptionsOut(BaseModel):
    items: list[SubscriptionOut]


class DeliveryOut(BaseModel):
    """One message to one address, with its outcome."""

    id: int
    kind: str
    channel: str
    name: str
    address: str
    subject: str
    state: str
    outcome: str
    attempts: int
    possibly_doubled: bool
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "DeliveryOut":
        """A delivery as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class DeliveriesOut(BaseModel):
    items: list[DeliveryOut]
    next: str | None


class DeliveryQuery(PageQuery):
    """Which deliveries; what is left out narrows nothing."""

    channel: Channel | None = None
    state: State | None = None
    kind: Kind | None = None
    name: Annotated[Line, Field(max_length=50)] = ""


class LostReaderOut(BaseModel):
    """A reader whose mail address is gone, and the paper of which they were not told."""

    id: int
    name: str
    agency: str | None
    bulletin_id: int
    title: str
    at: datetime

    @classmethod
    def of(cls, row: Any) -> "LostReaderOut":
        """A lost reader as the API shows it."""
        return cls(
            id=row.id,
            name=row.name,
            agency=row.where_from,
            bulletin_id=row.bulletin_id,
            title=row.title,
            at=row.at,
        )


class LostReadersOut(BaseModel):
    items: list[LostReaderOut]
    next: str | None


class GetsOut(BaseModel):
    """What somebody from outside gets over one channel.

    ``left_at``: since when they want nothing there, ``left_by`` a ``link`` in a mail (or a
    complaint), or a ``reply`` (TD) from their telephone.
    """

    channel: Channel
    rhythm: Rhythm
    urgent_at_once: bool
    left_at: datetime | None
    left_by: Literal["link", "reply"] | None

    @classmethod
    def of(cls, one: Gets) -> "GetsOut":
        """The same as the API shows it."""
        by: Literal["link", "reply"] = "reply" if one.by_reply else "link"
        return cls(
            channel=one.wish.channel,
            rhythm=one.wish.rhythm,
            urgent_at_once=one.wish.urgent_at_once,
            left_at=one.left_at,
            left_by=by if one.left_at else None,
        )


class RecipientOut(BaseModel):
    """Somebody from outside who gets the digests of an agency."""

    id: int
    name: str
    agency_id: int
    mail: str | None
    phone: str | None
    mail_confirmed_at: datetime | None
    phone_confirmed_at: datetime | None
    language: str
    bounced_at: datetime | None
    created_at: datetime
    gets: list[GetsOut]

    @classmethod
    def of(cls, one: Recipient, what: Sequence[Gets]) -> "RecipientOut":
        """A recipient as the API shows it."""
        own = {name: getattr(one, name) for name in cls.model_fields if name != "gets"}
        return cls(**own, gets=[GetsOut.of(each) for each in what])


class RecipientsOut(BaseModel):
    items: list[RecipientOut]
    next: str | None


@bp.get("/subscriptions")
@permission("digest.choose")
@bp.output(SubscriptionsOut)
@bp.doc(summary="My wishes for digests, one for each channel on which I have chosen")
def my_subscriptions() -> dict[str, object]:
    return {"items": [SubscriptionOut.of(one) for one in wishes_of(acting().person_id).values()]}


@bp.put("/subscriptions/<channel>")
@permission("digest.choose")
@bp.input(WishInput, arg_name="wish")
@bp.output(SubscriptionOut)
@bp.doc(summary="Choose how digests come on a channel (mail or sms)")
def choose_subscription(channel: str, wish: WishInput) -> SubscriptionOut:
    if channel not in set(Channel):
        raise NotFound
    return SubscriptionOut.of(subscriptions.choose(acting(), Channel(channel), wish))


@bp.get("/deliveries/mine")
@permission("delivery.own")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(DeliveriesOut)
@bp.doc(summary="What was sent to me, newest first")
def my_deliveries(page: PageQuery) -> dict[str, object]:
    found = ledger(Narrowed(person_id=acting().person_id), size=page.limit)
    return listing(found, [DeliveryOut.of(row) for row in found.items])


@bp.get("/deliveries")
@permission("delivery.list")
@bp.input(DeliveryQuery, location="query", arg_name="query")
@bp.output(DeliveriesOut)
@bp.doc(summary="Every delivery with its outcome, newest first")
def all_deliveries(query: DeliveryQuery) -> dict[str, object]:
    found = ledger(
        Narrowed(query.channel or "", query.state or "", query.kind or "", name=query.name),
        size=query.limit,
    )
    return listing(found, [DeliveryOut.of(row) for row in found.items])


@bp.get("/lost-readers")
@permission("reader.lost")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(LostReadersOut)
@bp.doc(summary="Readers whom my agency's papers no longer reach by mail, newest first")
def my_lost_readers(page: PageQuery) -> dict[str, object]:
    found = lost_readers(acting().agency_id or 0, size=page.limit)
    return listing(found, [LostReaderOut.of(row) for row in found.items])


@bp.get("/recipients")
@permission("recipient.edit")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(RecipientsOut)
@bp.doc(summary="Recipients from outside, newest first, with what they get and who has left")
def list_outsiders(page: PageQuery) -> dict[str, object]:
    found = outsiders(size=page.limit)
    some = [row[0] for row in found.items]
    what = gets(some)
    return listing(found, [RecipientOut.of(one, what[one.id]) for one in some])


@bp.post("/recipients")
@permission("recipient.edit")
@bp.input(OutsideInput, arg_name="data")
@bp.output(RecipientOut, status_code=201)
@bp.doc(summary="Ask somebody from outside whether they want an agency's digests")
def add_outsider(data: OutsideInput) -> RecipientOut:
    added = outside.add(acting(), data)
    return RecipientOut.of(added, gets([added])[added.id])


@bp.delete("/recipients/<int:recipient_id>")
@permission("recipient.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Send nothing more to a recipient from outside")
def end_outsider(recipient_id: int) -> str:
    outside.end(acting(), recipient_id)
    return ""
