"""Lists: what an agency has to do, and what it has given to others."""

from enum import StrEnum
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from agencies.actors import acting
from agencies.models import Agency
from agencies.permissions import permission, require
from config import clock
from config.errors import NotFound
from config.forms import Form
from coordination import deadlines
from coordination.inputs import CancelInput
from coordination.ports import LINKS
from coordination.queries import answering, giving
from coordination.queries.answering import Mine
from coordination.queries.giving import Issued, Standing
from coordination.web.basis import basis
from coordination.web.blueprint import bp

ROWS_A_PAGE = 25
MOST_PRINTED = 500
E = TypeVar("E", bound=StrEnum)
D = TypeVar("D")

MINE = {
    Mine.TODO: _l("待办"),
    Mine.NEAR: _l("临近期限"),
    Mine.OVERDUE: _l("已逾期"),
    Mine.SUBMITTED: _l("待审核"),
    Mine.DONE: _l("已办结"),
}
ISSUED = {
    Issued.OPEN: _l("进行中"),
    Issued.SUBMITTED: _l("有待审核"),
    Issued.OVERDUE: _l("有逾期"),
    Issued.CLOSED: _l("已办结"),
    Issued.CANCELLED: _l("已取消"),
}
STANDINGS = {
    Standing.ASSIGNED: _l("待接收"),
    Standing.DOING: _l("办理中"),
    Standing.SUBMITTED: _l("待审核"),
    Standing.CLOSED: _l("已办结"),
    Standing.CANCELLED: _l("已取消"),
    Standing.OVERDUE: _l("已逾期"),
}


def _chosen(kind: type[E], otherwise: D) -> E | D:
    given = request.args.get("state", "")
    return kind(given) if given in kind.__members__.values() else otherwise


def _own_agency() -> Agency:
    agency = acting().agency
    if agency is None:
        raise NotFound
    return agency


@bp.get("/tasks")
@permission("task.list")
def tasks() -> ResponseReturnValue:
    """What the actor's agency has to do; an agency with nobody above it has given tasks only."""
    agency = _own_agency()
    if agency.parent_id is None and not request.args:
        return redirect(url_for(".issued"))
    which, now = _chosen(Mine, Mine.TODO), clock.now()
    near_until = deadlines.near_until(deadlines.zone_of(agency))
    counts = answering.my_counts(agency.id, now, near_until)
    return render_template(
        "coordination/tasks.html",
        page=answering.mine(agency.id, which, now, near_until),
        tabs=[
            (one, words, url_for(".tasks", state=one), counts.get(one))
            for one, words in MINE.items()
        ],
        current=which,
        now=now,
        gives=giving.has_below(agency.id),
    )


@bp.get("/tasks/issued")
@permission("task.list")
def issued() -> ResponseReturnValue:
    """What the actor's agency has given to others, with how far each task is."""
    agency, which = _own_agency(), _chosen(Issued, Issued.OPEN)
    page = giving.issued(agency.id, which)
    return render_template(
        "coordination/issued.html",
        page=page,
        progress=giving.progress([task.id for task in page.items], clock.now()),
        tabs=[(one, words, url_for(".issued", state=one)) for one, words in ISSUED.items()],
        current=which,
        gives=giving.has_below(agency.id),
    )


@bp.get("/tasks/issued/<int:task_id>")
@permission("task.read")
def task(task_id: int) -> ResponseReturnValue:
    """A task for its issuer: how far it is, by city and by agency."""
    return task_page(task_id, Form.blank())


def _size(total: int) -> int:
    """How many rows are shown: a page of them, or with ``all`` a long one, to be printed."""
    if request.args.get("all") != "1":
        return ROWS_A_PAGE
    return min(max(total, ROWS_A_PAGE), MOST_PRINTED)


def task_page(task_id: int, form: Form[CancelInput], status: int = 200) -> ResponseReturnValue:
    """The page of a task, with the form to cancel it as it was filled in."""
    actor, task, now = acting(), giving.task(task_id), clock.now()
    require(actor, "task.read", task)
    where = _chosen(Standing, None)
    progress = giving.progress([task.id], now)[task.id]
    branches = giving.by_branch(task, now)
    under = request.args.get("under", 0, type=int)
    branch_id = under if under in {branch.id for branch, _sums in branches} else None
    page = render_template(
        "coordination/task.html",
        task=task,
        progress=progress,
        branches=branches,
        page=giving.assignments(
            task.id, now, where=where, branch_id=branch_id, size=_size(progress.total)
        ),
        printed=request.args.get("all") == "1",
        most_printed=MOST_PRINTED,
        standings=STANDINGS,
        where=where,
        under=branch_id,
        under_name=next((one.name for one, _sums in branches if one.id == branch_id), ""),
        basis=basis(actor, task),
        links=LINKS,
        form=form,
        now=now,
    )
    return page, status
