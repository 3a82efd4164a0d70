"""What happened to an assignment, as its page shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from config.pages import Page
from coordination import deadlines, labels
from coordination.models import Assignment, Report
from coordination.states import Action, State

TONES = {
    Action.ACCEPT: "info",
    Action.REPORT: "neutral",
    Action.SUBMIT: "info",
    Action.SEND_BACK: "warn",
    Action.CLOSE: "ok",
}


@dataclass(frozen=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    text: str
    who: str = ""
    note: str = ""
    tone: str = "neutral"


def drawn(row: Assignment, steps: Page[Report]) -> list[Moment]:
    """The lines of one page of steps, newest first: the end at the top, the start at the foot."""
    return [*_end(row, steps), *(_moment(step, row) for step in steps.items), *_start(row, steps)]


def _moment(step: Report, row: Assignment) -> Moment:
    text = labels.step(step.action)
    if step.percent is not None:
        text = _("%(step)s，完成 %(percent)s%%", step=text, percent=step.percent)
    if step.due_at is not None:
        day = deadlines.last_day(step.due_at, deadlines.zone_of(row.agency))
        text = _("%(step)s，新期限 %(day)s", step=text, day=day.isoformat())
    return Moment(step.at, text, step.person.name, step.text, TONES[Action(step.action)])


def _end(row: Assignment, steps: Page[Report]) -> Iterator[Moment]:
    if row.state == State.CANCELLED and row.ended_at and steps.newer_url is None:
        text = labels.step(Action.CANCEL)
        yield Moment(row.ended_at, text, row.task.issuer.name, row.task.cancel_reason, "danger")


def _start(row: Assignment, steps: Page[Report]) -> Iterator[Moment]:
    if steps.older_url is None:
        yield Moment(row.assigned_at, _("任务下达"), row.task.issuer.name)
