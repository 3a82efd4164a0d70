"""Giving tasks, and taking them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from bulletins.rendering import html_of
from config import clock, journal
from config.database import db, writing
from config.errors import Conflict, Invalid, Message, NotFound
from coordination import deadlines, labels, reach
from coordination.inputs import AddressInput, CancelInput, Leading, TaskInput, TimeInput
from coordination.models import Assignment, Task
from coordination.queries import giving
from coordination.states import OPEN, Part, State, TaskState

IDS_AN_ENTRY = 500
_NOBODY = _l("请至少选择一个下级机构。")


@dataclass(frozen=True)
class Foreseen:
    """What giving a task would do: until when there is time, how many agencies get which part."""

    due_at: datetime
    counts: Mapping[Part, int]


def foresee(actor: Actor, data: TaskInput) -> Foreseen:
    """What ``assign`` would do now; raises what it would raise."""
    issuer = _issuer(actor)
    html_of(data.body)
    _refuse(actor, issuer.id, data)
    due_at = deadlines.required(data.days, data.due_on, deadlines.zone_of(issuer))
    return Foreseen(due_at, reached(actor, data))


def assign(actor: Actor, data: TaskInput) -> Task:
    """Give a task to agencies below the actor's own; sent twice with one key, it is given once.

    Raises Forbidden; Invalid, at all its fields at once, for nobody, somebody out of reach, a
    missing or past deadline; NotFound for a bulletin that the actor's agency doesn't have.
    """
    issuer = _issuer(actor)
    zone = deadlines.zone_of(issuer)
    body_html, once = html_of(data.body), data.once(issuer.id)
    with writing():
        before = giving.given_before(actor.person_id, once)
        if before is not None:
            return before
        _refuse(actor, issuer.id, data)
        task = Task(
            issuer_id=issuer.id,
            bulletin_id=data.bulletin_id,
            title=data.title,
            body=data.body,
            body_html=body_html,
            due_at=deadlines.required(data.days, data.due_on, zone),
            created_at=clock.now(),
            created_by=actor.person_id,
            once=once,
        )
        db.session.add(task)
        db.session.flush()
        _give(actor, task, data, clock.today(zone))
    return task


def faults(
    actor: Actor, address: AddressInput | None, time: TimeInput | None
) -> Mapping[str, Message]:
    """All that is wrong with whom a task is for and with its time, each at its field.

    None is what can't be judged, because its fields are filled in wrongly themselves.
    """
    zone = deadlines.zone_of(_issuer(actor))
    found = _faults_of_address(actor, address, clock.today(zone)) if address else {}
    if time is not None:
        found.update(deadlines.faults(time.days, time.due_on, zone, wanted=True))
    return found


def reached(actor: Actor, data: AddressInput) -> dict[Part, int]:
    """How many agencies a task would be given to, by part. Raises Forbidden."""
    issuer = _issuer(actor)
    today = clock.today(deadlines.zone_of(issuer))
    rows = db.session.execute(reach.counting(issuer.id, data, today))
    return {Part(part): count for part, count in rows}


def _issuer(actor: Actor) -> Agency:
    issuer = require(actor, "task.assign").agency
    if issuer is None:
        raise NotFound
    return issuer


def _refuse(actor: Actor, issuer_id: int, data: TaskInput) -> None:
    if data.bulletin_id is not None and giving.ground(issuer_id, data.bulletin_id).ended_kind:
        raise Conflict(_("依据的文件已撤销或废止，不能再据此下达任务。"))
    found = faults(actor, data, data)
    if found:
        raise Invalid(errors=found)


def _faults_of_address(actor: Actor, data: AddressInput, today: date) -> dict[str, Message]:
    leaderless = data.leading is Leading.ONE and data.lead_id is None
    found: dict[str, Message] = {"lead_id": _("请选择牵头机构。")} if leaderless else {}
    named, issuer = data.named, _issuer(actor).id
    known = (db.session.scalar(reach.below(issuer, named, today)) or 0) if named else 0
    if len(named) > known:
        found["to_agencies"] = _(
            "有 %(count)s 个机构不在本机构之下，不能向其下达任务。", count=len(named) - known
        )
    elif not leaderless and not reached(actor, data):
        found["to_agencies"] = _NOBODY
    return found


def _give(actor: Actor, task: Task, data: TaskInput, today: date) -> None:
    told = deadlines.told_by_giving(task.due_at, deadlines.zone_of(task.issuer))
    db.session.execute(reach.giving(task, data, today, task.created_at, told))
    given = db.session.scalars(
        select(Assignment.id).where(Assignment.task_id == task.id).order_by(Assignment.id)
    ).all()
    if not given:  # who was the last one has ended since this was checked
        raise Invalid(errors={"to_agencies": _NOBODY})
    for ids in _chunks(given):
        journal.record(
            "task.assigned",
            subject=("task", task.id),
            agency_id=task.issuer_id,
            by=actor,
            assignments=ids,
        )


def _chunks(ids: Sequence[int]) -> list[list[int]]:
    left = iter(ids)
    return list(iter(lambda: list(islice(left, IDS_AN_ENTRY)), []))


def cancel(actor: Actor, task_id: int, data: CancelInput) -> None:
    """Take a task back from everybody who isn't done with it.

    Raises NotFound, Forbidden, and Conflict where the task is over.
    """
    with writing():
        task = giving.task(task_id, lock=True)
        require(actor, "task.cancel", task)
        if task.state != TaskState.OPEN:
            raise Conflict(labels.over(task.state))
        now = clock.now()
        db.session.execute(
            update(Assignment)
            .where(Assignment.task_id == task.id, Assignment.state.in_(sorted(OPEN)))
            .values(state=State.CANCELLED, ended_at=now, ended_by=actor.person_id)
            .execution_options(synchronize_session=False)
        )
        end(actor, task, TaskState.CANCELLED)
        task.cancel_reason = data.reason
        journal.record(
            "task.cancelled", subject=("task", task.id), agency_id=task.issuer_id, by=actor
        )


def end(actor: Actor, task: Task, state: TaskState) -> None:
    """Let a task be over. Call inside ``writing()``."""
    task.state, task.ended_at, task.ended_by = state, clock.now(), actor.person_id
