"""What tasks ask of the folders above: ways from a task's page to what those tell of it."""

from dataclasses import dataclass

from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Link:
    """A button on a task's page, for whoever gave the task; ``endpoint`` takes a ``task_id``."""

    label: LazyString
    endpoint: str
    icon: str


LINKS: list[Link] = []
"""Filled by the app, in the order of showing."""
