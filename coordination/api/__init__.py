"""The API of tasks."""

from coordination.api import assignments, tasks
from coordination.api.blueprint import bp

__all__ = ["assignments", "bp", "tasks"]
