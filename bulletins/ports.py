"""What bulletins ask of the folders above: panels on a paper's page, checks before publishing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from agencies.actors import Actor
from agencies.permissions import can
from bulletins import places
from bulletins.audience import Rule
from bulletins.models import Attachment, Bulletin, FileInspection, Relay


@dataclass(frozen=True)
class Panel:
    """A box beside a paper, for those who may do ``action``; ``draw`` gives None to show none."""

    title: LazyString
    action: str
    draw: Callable[[Actor, Bulletin], Markup | None]


PANELS: list[Panel] = []
"""Filled by the app, in the order of drawing."""


def drawn(
    actor: Actor, bulletin: Bulletin, panels: Sequence[Panel] = PANELS
) -> Sequence[tuple[str, Markup]]:
    """Title and content of each panel that has something to show to ``actor``."""
    found = []
    for panel in panels:
        content = panel.draw(actor, bulletin) if can(actor, panel.action) else None
        if content is not None:
            found.append((str(panel.title), content))
    return found


class Level(StrEnum):
    """What a finding does: it stops the paper, asks that somebody looks at it, or only tells."""

    REFUSE = "refuse"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """What a check found, in words that say what to do, and its place in the paper."""

    words: str
    place: str = ""


@dataclass(frozen=True)
class Examined:
    """A paper as its checks see it: its audience and attachments are read once for all of them.

    ``inspections`` is what was found in the files, by their ids; one that was kept before files
    were inspected has none. Where there is a ``relay`` of the paper, what that adds is looked at
    instead of the paper: with it come its audience, files and ``words``.
    """

    bulletin: Bulletin
    rules: Sequence[Rule]
    attachments: Sequence[Attachment]
    inspections: Mapping[int, FileInspection]
    today: date
    relay: Relay | None = None
    words: Sequence[tuple[str, str]] = ()

    @property
    def written(self) -> Bulletin | Relay:
        """What is written, and has a state."""
        return self.relay or self.bulletin

    @property
    def sender_id(self) -> int:
        """The agency that sends it."""
        return self.relay.agency_id if self.relay else self.bulletin.issuer_id

    @property
    def html(self) -> str:
        """Its text as its readers will see it."""
        if self.relay:
            return f"{self.relay.note_html}\n{self.relay.additions_html}"
        return self.bulletin.html

    @cached_property
    def passages(self) -> Sequence[tuple[str, str]]:
        """Places of the paper in words, and what stands there: its title, then each paragraph."""
        if self.relay:
            return self.words
        return [
            (_("标题"), self.bulletin.title),
            *(
                (_("正文第 %(number)s 段", number=number), text)
                for number, text in enumerate(places.paragraphs(self.bulletin.body), start=1)
            ),
        ]


@dataclass(frozen=True)
class Check:
    """One thing to be looked at before a paper is published.

    ``name`` is a code word (it stands in the journal), ``title`` the same for people. ``find``
    runs outside of ``writing()``, each time a paper's page is shown: a fixed number of queries,
    a bounded time. ``is_of_words``: it looks at words and files alone, a relay's too.
    """

    name: str
    title: LazyString
    level: Level
    find: Callable[[Examined], Sequence[Finding]]
    is_of_words: bool = False


CHECKS: list[Check] = []
"""Filled by the app, in the order of showing."""

PASSED = "passed_"
"""How the journal's facts of warnings that were passed over begin; the check's name follows."""
