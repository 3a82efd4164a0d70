"""Stopping a batch: what waits of it is held, and so is what is composed of it later."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Bulletin
from config import clock, journal
from config.database import db, end_reading, found, writing
from config.errors import Invalid
from coordination.models import Task
from notifications.models import Delivery, Digest, Stop
from notifications.services.ledger import decide_which, hold
from notifications.states import Action, State
from notifications.which import Which


def going_on() -> Sequence[Stop]:
    """The stops that hold what is composed now."""
    return db.session.scalars(select(Stop).where(Stop.ended_at.is_(None))).all()


def hold_on() -> None:
    """Hold what was in hand when its batch was stopped, and has failed for a while since.

    What the operator had sent again in spite of the stop waits for nothing, and goes.
    """
    for one in going_on():
        which = Which(one.channel or "", "", one.scheduled_at, one.bulletin_id)
        end_reading()
        with writing():
            hold(which, None, Delivery.next_try_at > clock.now())
    end_reading()


def stop(actor: Actor | None, which: Which) -> int:
    """Hold what waits of the digests of one hour, or of what tells of one paper or task; how many.

    ``actor`` None is the operator's command line. Stopped again, what has come since is held too.
    Of a task that is what waits now and no more: later digests that name it tell of other things.
    Raises NotFound where there is no such batch, Invalid where none is named.
    """
    if actor is not None:
        require(actor, "delivery.decide")
    _refuse_unnamed(which)
    with writing():
        _look_up(which)
        if which.task_id is None and _known(which) is None:
            known = Stop(
                channel=which.channel or None,
                scheduled_at=which.scheduled_at,
                bulletin_id=which.bulletin_id,
                created_by=actor.person_id if actor else None,
                created_at=clock.now(),
            )
            db.session.add(known)
            db.session.flush()
            _keep("batch.stopped", known, actor)
        return hold(which, actor)


def release(actor: Actor | None, which: Which) -> int:
    """Let a batch that was stopped go out after all; how many. Raises NotFound, Invalid."""
    if actor is not None:
        require(actor, "delivery.decide")
    _refuse_unnamed(which)
    with writing():
        if which.task_id is None and (known := _known(which)):
            known.ended_at = clock.now()
            _keep("batch.released", known, actor)
        else:
            _look_up(which)
        return decide_which(actor, which, Action.RELEASE, State.HELD)


def _refuse_unnamed(which: Which) -> None:
    named = (which.scheduled_at, which.bulletin_id, which.task_id)
    if sum(one is not None for one in named) != 1:
        raise Invalid(_("请指明一批：某一时刻的摘要，或某一件公文、某一项任务的提醒。"))


def _look_up(which: Which) -> None:
    if which.bulletin_id is not None:
        found(select(Bulletin.id).where(Bulletin.id == which.bulletin_id))
        return
    if which.task_id is not None:
        found(select(Task.id).where(Task.id == which.task_id))
        return
    digests = select(Digest.id).where(Digest.scheduled_at == which.scheduled_at)
    if which.channel:
        digests = digests.where(Digest.channel == which.channel)
    found(digests.limit(1))


def _known(which: Which) -> Stop | None:
    channel = Stop.channel == which.channel if which.channel else Stop.channel.is_(None)
    return db.session.scalars(
        select(Stop)
        .where(
            Stop.ended_at.is_(None),
            channel,
            Stop.scheduled_at == which.scheduled_at
            if which.scheduled_at
            else Stop.bulletin_id == which.bulletin_id,
        )
        .order_by(Stop.id)
        .limit(1)
    ).one_or_none()


def _keep(kind: str, one: Stop, actor: Actor | None) -> None:
    journal.record(
        kind,
        subject=("stop", one.id),
        by=actor,
        channel=one.channel,
        bulletin=one.bulletin_id,
    )
