"""Registering whom to call by HTTP, switching it off and on, testing it, calling again."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid
from notifications.hooks import sealing
from notifications.hooks.inputs import EndpointChangeInput, EndpointInput
from notifications.hooks.models import Endpoint, EndpointCall, EndpointEvent, EndpointSecret
from notifications.hooks.signing import new_secret
from notifications.hooks.states import CallState, Event, Outcome
from notifications.leases import lease
from notifications.services import endpoint_targets

MOST = 20


def add(actor: Actor, data: EndpointInput) -> tuple[Endpoint, str]:
    """Let another system or a group's robot hear of what reaches one's agency.

    Returns it with the secret of a webhook, which is told this once. Raises Invalid at the field
    that is wrong.
    """
    require(actor, "endpoint.edit")
    endpoint_targets.check(data)
    secret = data.secret if data.kind.is_robot else new_secret()
    with writing():
        agency = found(select(Agency).where(Agency.id == actor.agency_id), lock=True)
        if _count(agency.id) >= MOST:
            raise Invalid(_("系统对接太多了，请先删除不再使用的。"))
        endpoint = Endpoint(
            agency_id=agency.id,
            kind=data.kind,
            name=data.name,
            shown=endpoint_targets.shown(data),
            target=sealing.seal(data.url),
            secret=sealing.seal(secret),
            created_by=actor.person_id,
            created_at=clock.now(),
        )
        db.session.add(endpoint)
        db.session.flush()
        _want(endpoint, data.events)
        keep(actor, endpoint, "endpoint.added", vendor=endpoint.kind)
    return endpoint, "" if data.kind.is_robot else secret


def change(actor: Actor, endpoint_id: int, data: EndpointChangeInput) -> None:
    """Name an endpoint anew, and choose what it hears of from now on. Raises NotFound."""
    with writing():
        endpoint = own(actor, endpoint_id)
        endpoint.name = data.name
        db.session.execute(
            delete(EndpointEvent)
            .where(EndpointEvent.endpoint_id == endpoint.id)
            .execution_options(synchronize_session=False)
        )
        _want(endpoint, data.events)
        keep(actor, endpoint, "endpoint.changed")


def disable(actor: Actor, endpoint_id: int) -> None:
    """Call an endpoint no more until it is enabled again. Raises NotFound, Conflict."""
    with writing():
        endpoint = own(actor, endpoint_id)
        if endpoint.disabled_at is not None:
            raise Conflict(_("已经停用了。"))
        endpoint.disabled_at = clock.now()
        keep(actor, endpoint, "endpoint.disabled")


def enable(actor: Actor, endpoint_id: int) -> None:
    """Call an endpoint again, first with what still waits for it. Raises NotFound, Conflict."""
    with writing():
        endpoint = own(actor, endpoint_id)
        if endpoint.disabled_at is None:
            raise Conflict(_("没有停用，不需要启用。"))
        endpoint.disabled_at, endpoint.is_gone, endpoint.rests_until = None, False, None
        keep(actor, endpoint, "endpoint.enabled")


def end(actor: Actor, endpoint_id: int) -> None:
    """Forget an endpoint with its address and secret; what waits for it is given up.

    Raises NotFound.
    """
    with writing():
        endpoint = own(actor, endpoint_id)
        now = clock.now()
        endpoint.ended_at, endpoint.target, endpoint.secret = now, "", ""
        endpoint.shown = ""
        db.session.execute(
            delete(EndpointSecret)
            .where(EndpointSecret.endpoint_id == endpoint.id)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            update(EndpointCall)
            .where(EndpointCall.endpoint_id == endpoint.id, EndpointCall.state == CallState.WAITING)
            .values(state=CallState.GIVEN_UP, outcome=Outcome.REMOVED, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        keep(actor, endpoint, "endpoint.ended")


def test(actor: Actor, endpoint_id: int) -> None:
    """Call an endpoint once to see whether that works. Raises NotFound, Conflict."""
    with writing():
        endpoint = own(actor, endpoint_id)
        if endpoint.disabled_at is not None:
            raise Conflict(_("已停用的不能测试。"), hint=_("请先启用，再发测试。"))
        waiting = select(EndpointCall.id).where(
            EndpointCall.endpoint_id == endpoint.id,
            EndpointCall.event == Event.TEST,
            EndpointCall.state == CallState.WAITING,
        )
        if db.session.scalar(waiting.limit(1)) is not None:
            raise Conflict(
                _("上一次测试还没有送到。"), hint=_("下面列出了它的情况；系统会自动再试。")
            )
        entry = keep(actor, endpoint, "endpoint.tested")
        now = clock.now()
        db.session.add(
            EndpointCall(
                endpoint_id=endpoint.id,
                entry_id=entry.id,
                event=Event.TEST,
                state=CallState.WAITING,
                **_from_the_start(now),
                created_at=now,
            )
        )
        endpoint.rests_until = None


def replay(actor: Actor, call_id: int) -> int:
    """Make a call again that was delivered or given up, or now that is to be tried again later.

    It keeps its id, by which the other side knows what it has had. Returns its endpoint's id.
    Raises NotFound, Conflict.
    """
    with writing():
        call = found(select(EndpointCall).where(EndpointCall.id == call_id), lock=True)
        endpoint = own(actor, call.endpoint_id)
        if call.state == CallState.WAITING and not _rests(call):
            raise Conflict(_("这一条还在发送，不需要重发。"))
        if endpoint.disabled_at is not None:
            raise Conflict(_("已停用的不能重发。"), hint=_("请先启用，再重发。"))
        _send_again(call)
        endpoint.rests_until = None
        keep(actor, endpoint, "endpoint.replayed", call=call.id)
        return endpoint.id


def _rests(call: EndpointCall) -> bool:
    """Whether an attempt has failed and the next one is not being made at this moment."""
    return call.tried_at is not None and call.next_try_at != call.tried_at + lease()


def _send_again(call: EndpointCall) -> None:
    """Let a call be due: in its own row of attempts, or where that is over in a new one."""
    if call.state == CallState.WAITING:
        call.next_try_at = clock.now()
        return
    call.state, call.ended_at = CallState.WAITING, None
    for name, value in _from_the_start(clock.now()).items():
        setattr(call, name, value)


def _from_the_start(now: datetime) -> dict[str, object]:
    return {"attempts": 0, "began_at": now, "next_try_at": now}


def _want(endpoint: Endpoint, events: Sequence[Event]) -> None:
    rows = [{"endpoint_id": endpoint.id, "event": event} for event in events]
    db.session.execute(insert(EndpointEvent), rows)


def own(actor: Actor, endpoint_id: int) -> Endpoint:
    """An endpoint of one's agency, to be changed. Call inside ``writing()``; raises NotFound."""
    query = select(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.ended_at.is_(None))
    endpoint = found(query, lock=True)
    require(actor, "endpoint.edit", endpoint)
    return endpoint


def _count(agency_id: int) -> int:
    query = select(func.count()).select_from(Endpoint)
    mine = query.where(Endpoint.agency_id == agency_id, Endpoint.ended_at.is_(None))
    return db.session.scalar(mine) or 0


def keep(actor: Actor, endpoint: Endpoint, kind: str, **facts: journal.Fact) -> journal.Entry:
    """Write to the journal what was done with an endpoint. Call inside ``writing()``."""
    return journal.record(
        kind,
        subject=("endpoint", endpoint.id),
        agency_id=endpoint.agency_id,
        by=actor,
        **facts,
    )
