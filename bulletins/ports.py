"""What bulletins ask of the folders above: panels on a paper's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel.speaklater import LazyString
from markupsafe import Markup

from agencies.actors import Actor
from agencies.permissions import can
from bulletins.models import Bulletin


@dataclass(frozen=True)
class Panel:
    """A box beside a paper, for those who may do ``action``; ``draw`` gives None to show none."""

    title: LazyString
    action: str
    draw: Callable[[Actor, Bulletin], Markup | None]


PANELS: list[Panel] = []
"""Filled by the app, in the order of drawing."""


def drawn(actor: Actor, bulletin: Bulletin) -> Sequence[tuple[str, Markup]]:
    """Title and content of each panel that has something to show to ``actor``."""
    found = []
    for panel in PANELS:
        content = panel.draw(actor, bulletin) if can(actor, panel.action) else None
        if content is not None:
            found.append((str(panel.title), content))
    return found
