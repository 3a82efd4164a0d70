"""The pages of tasks."""

from flask_babel import lazy_gettext as _l

from agencies.actors import acting
from config.navigation import WORK, NavItem
from coordination.queries import answering
from coordination.web import assigning, lists, panel, steps
from coordination.web.blueprint import bp


def _badge() -> int:
    return answering.todo_badge(acting().agency_id or 0)


NAVIGATION = (NavItem(_l("任务"), "coordination.tasks", "task", WORK, "task.list", 15, _badge),)

__all__ = ["NAVIGATION", "assigning", "bp", "lists", "panel", "steps"]
