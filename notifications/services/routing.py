"""Which way each text message goes: the first that works and can carry it, in the order set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from agencies.states import Channel
from config.database import db, end_reading, writing
from notifications import channels
from notifications.channels import Route
from notifications.channels.base import Parcel, Result
from notifications.services import health
from notifications.states import Action, Kind
from notifications.texting.filling import Filler, UnfitError
from notifications.texting.models import SmsTemplate
from notifications.texting.states import TemplateState

Fillers = Mapping[tuple[str, str, str], Filler]


@dataclass
class Share:
    """The parcels that go one way; ``probe``: it fails at present and is only tried.

    ``others``: there are other ways that could be used instead.
    """

    route: Route
    parcels: list[Parcel] = field(default_factory=list)
    probe: bool = False
    others: bool = False


@dataclass
class Plan:
    """How a batch goes out, and what of it can't."""

    shares: list[Share] = field(default_factory=list)
    refused: list[Result] = field(default_factory=list)


def planned(channel: Channel, parcels: Sequence[Parcel], batch: str) -> Plan:
    """Share out ``parcels``; what no way out can carry is refused with the reason.

    ``batch`` is the word by which a cloud is asked of them later.
    """
    ways = channels.routes(channel)
    if channel != Channel.SMS:
        return Plan([Share(ways[0], list(parcels))])
    fillers = _fillers({way.vendor: way for way in ways if way.vendor})
    spares_digests = health.over_budget()
    shares = _ordered(ways)
    plan = Plan(shares)
    for parcel in parcels:
        if spares_digests and parcel.blank and parcel.blank.kind == Kind.DIGEST:
            plan.refused.append(Result(parcel.delivery_id, Action.REFUSE, "over_budget"))
        else:
            _place(plan, replace(parcel, batch=batch), fillers)
    for share in shares:
        share.others = len(shares) > 1
    plan.shares = [share for share in shares if share.parcels]
    return plan


def _ordered(ways: Sequence[Route]) -> list[Share]:
    """The ways out, those that fail behind those that work; one that is to be tried stands first.

    With a single way out there is nothing to choose.
    """
    troubled = health.troubles() if len(ways) > 1 else {}
    good = [Share(way) for way in ways if way.name not in troubled]
    bad = [way for way in ways if way.name in troubled]
    if not bad or not good:
        return good or [Share(way) for way in ways]
    end_reading()
    with writing():
        probes = [way for way in bad if health.take_probe(way.name)]
    rest = [Share(way) for way in bad if way not in probes]
    return [*(Share(way, probe=True) for way in probes), *good, *rest]


def _place(plan: Plan, parcel: Parcel, fillers: Fillers) -> None:
    why = ""
    for share in plan.shares:
        if share.probe and share.parcels:
            continue  # one message is enough to see whether it works
        try:
            share.parcels.append(_fitted(share.route, parcel, fillers))
        except UnfitError as error:
            why = why or f"{share.route.name}: {error}"
        else:
            return
    plan.refused.append(Result(parcel.delivery_id, Action.REFUSE, "no_template", why))


def _fitted(route: Route, parcel: Parcel, fillers: Fillers) -> Parcel:
    """The parcel as this way out takes it; raises UnfitError."""
    if not route.vendor:
        return parcel
    blank = parcel.blank
    filler = blank and fillers.get((route.vendor, blank.kind, blank.language))
    if not blank or not filler:
        raise UnfitError("no approved template")
    form, parts = replace(filler, sign=filler.sign or route.sign).filled(blank)
    return replace(parcel, form=form, parts=parts)


def _fillers(vendors: Mapping[str, Route]) -> Fillers:
    """The approved templates of these vendors; of several for the same the newest."""
    if not vendors:
        return {}
    rows = db.session.scalars(
        select(SmsTemplate)
        .where(SmsTemplate.vendor.in_(list(vendors)), SmsTemplate.state == TemplateState.APPROVED)
        .order_by(SmsTemplate.changed_at, SmsTemplate.id)
    )
    return {
        (row.vendor, row.kind, row.language): Filler(row.code, row.sign, row.text) for row in rows
    }
