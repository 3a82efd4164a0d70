"""The operator's commands: digests send; deliveries list, retry, close, release."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from config import clock
from config.console import Refused
from config.database import db
from config.errors import Conflict, NotFound
from config.handling import handle_waiting
from config.settings import Settings
from config.settling import settle_all
from notifications import channels
from notifications.links import returns_url
from notifications.models import ChannelPause, Delivery, Digest, Message
from notifications.services.digests import run_due
from notifications.services.handing_out import pump, recover
from notifications.services.ledger import decide, decide_all
from notifications.services.telling import compose_notices
from notifications.states import Action, State

_GOING = (State.QUEUED, State.CLAIMED, State.CALLING)
_BATCH = 200
_MOST_AHEAD = timedelta(days=366)

digests_group = AppGroup("digests", help="The digests of everybody.")
deliveries_group = AppGroup("deliveries", help="What goes out, and what became of it.")


class Moment(click.ParamType):  # type: ignore[type-arg]
    """A moment as ISO 8601; without an offset it is in the installation's zone."""

    name = "moment"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read the moment; fails with one line for anything else."""
        settings: Settings = current_app.extensions["settings"]
        try:
            return _in_utc(datetime.fromisoformat(value), settings.zone)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment such as 2018-05-04T08:00", param, ctx)


def _in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


@digests_group.command("send")
@click.option("--due-at", type=Moment(), help="Send what is due at this moment; now without it.")
@click.option("--no-wait", is_flag=True, help="Only compose; the worker delivers.")
@click.option("--timeout", default=300.0, help="Seconds to wait until all has gone out.")
def send_digests(due_at: datetime | None, no_wait: bool, timeout: float) -> None:
    """Make the digests that are due, and the notices that wait, and deliver them.

    Fails where something could not be sent.
    """
    if due_at is not None and due_at > clock.now() + _MOST_AHEAD:
        raise Refused("--due-at is more than a year ahead")
    first = db.session.scalar(select(func.max(Digest.id))) or 0
    _catch_up()
    run_due(due_at or clock.now())
    click.echo(_counted("digests", _states_of_digests(first)))
    if no_wait:
        return
    _deliver(time.monotonic() + timeout)
    channels.close()
    outcome = _states_of_deliveries(first)
    click.echo(_counted("deliveries", outcome))
    if set(outcome) - {State.SENT, State.DELIVERED}:
        raise Refused("not everything was sent: `deliveries list` shows what was not")


def _catch_up() -> None:
    """What the worker does by itself: handlers make recipients and notices."""
    settle_all()
    while handle_waiting(_BATCH) == _BATCH:
        pass
    compose_notices()


def _deliver(until: float) -> None:
    """Deliver until nothing is left that is due, whether we do it or a worker beside us."""
    patience = threading.Event()
    while time.monotonic() < until:
        recover()
        moved = pump(max(0.1, until - time.monotonic()))
        going = db.session.scalar(
            select(Delivery.id)
            .where(Delivery.state.in_(_GOING), Delivery.next_try_at <= clock.now())
            .limit(1)
        )
        down = db.session.scalar(select(ChannelPause.channel).limit(1))
        db.session.rollback()
        if going is None or (down and not moved):
            return
        if not moved:
            patience.wait(0.2)


def _states_of_digests(after_id: int) -> Counter[str]:
    rows = db.session.execute(
        select(Digest.channel, Digest.state, func.count())
        .where(Digest.id > after_id)
        .group_by(Digest.channel, Digest.state)
    )
    return Counter({f"{row[0]} {row[1]}": row[2] for row in rows})


def _states_of_deliveries(after_id: int) -> Counter[str]:
    rows = db.session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.digest_id > after_id)
        .group_by(Delivery.state)
    )
    return Counter({row[0]: row[1] for row in rows})


def _counted(what: str, counts: Counter[str]) -> str:
    each = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return f"{what}: {each or 'none'}"


@deliveries_group.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--limit", default=50, help="How many at most, newest first.")
def list_deliveries(state: str | None, limit: int) -> None:
    """List deliveries: id, state, attempts, channel, kind, address, outcome, the reply."""
    query = select(Delivery, Message.kind).join(Message, Message.id == Delivery.message_id)
    if state:
        query = query.where(Delivery.state == state)
    for one, kind in db.session.execute(query.order_by(Delivery.id.desc()).limit(limit)):
        doubled = "possibly doubled" if one.possibly_doubled else ""
        said = (one.state, one.attempts, one.channel, kind, one.address, one.outcome, one.detail)
        click.echo("\t".join(str(word) for word in (one.id, *said, doubled)).rstrip())


@deliveries_group.command("returns-url")
def returns_address() -> None:
    """Show the secret address to which a mail server may post what comes back."""
    click.echo(returns_url())


def _decide_one(delivery_id: int, action: Action) -> None:
    try:
        decide(None, delivery_id, action)
    except NotFound as error:
        raise Refused(f"{delivery_id}: there is no such delivery") from error
    except Conflict as error:
        raise Refused(f"{delivery_id}: {error}") from error


def _decision(name: str, action: Action, states: tuple[State, ...], text: str) -> None:
    @deliveries_group.command(name, help=text)
    @click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1)
    @click.option(
        "--all",
        "state",
        type=click.Choice([state.value for state in states]),
        help="Everything in this state instead of single ones.",
    )
    def command(ids: tuple[int, ...], state: str | None) -> None:
        if bool(ids) == bool(state):
            raise Refused("name deliveries by their ids, or a state with --all")
        for delivery_id in ids:
            _decide_one(delivery_id, action)
        count = decide_all(None, State(state), action) if state else len(ids)
        click.echo(f"{count} deliveries")


_decision("retry", Action.RETRY, (State.FAILED, State.UNKNOWN), "Send again what failed.")
_decision("release", Action.RELEASE, (State.HELD,), "Send what was held after a restore.")
_decision("close", Action.CLOSE, (State.HELD, State.UNKNOWN), "Give up what is held or unknown.")
