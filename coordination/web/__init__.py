"""The pages of tasks."""

from flask_babel import lazy_gettext as _l

from agencies.actors import acting
from config.navigation import WORK, NavItem, Waiting
from coordination.queries import answering
from coordination.web import assigning, lists, panel, steps
from coordination.web.blueprint import bp


def _to_do() -> Waiting:
    return [answering.to_do(acting().agency_id or 0)]


NAVIGATION = (NavItem(_l("任务"), "coordination.tasks", "task", WORK, "task.list", 15, _to_do),)

__all__ = ["NAVIGATION", "assigning", "bp", "lists", "panel", "steps"]
