"""What waits for a seat by the words of the digests' sections: one statement each."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from agencies.actors import Actor
from agencies.permissions import can
from bulletins import desk_section
from bulletins.library import section as library_section
from bulletins.questions import section as question_section
from config.sections import Part, Span
from coordination import sections
from home import queries
from home.blocks import Block, Line

_NOW = Span(0, 0)
"""What waits holds now, whatever the journal's positions."""


def reviews(actor: Actor) -> Iterator[Block]:
    """The papers on which this seat is asked for its opinion."""
    seat_id = actor.seat_id
    if seat_id and can(actor, "review.list"):
        part = desk_section.to_review([seat_id], _NOW).get(seat_id)
        yield from _of_section(_("待您审核的文稿"), url_for("bulletins.to_review"), part)


def answers(actor: Actor, agency_id: int) -> Iterator[Block]:
    """The tasks of the agency on which something waits to be judged."""
    if can(actor, "assignment.judge"):
        part = sections.answers([agency_id], _NOW).get(agency_id)
        url = url_for("coordination.issued", state="submitted")
        yield from _of_section(_("待审核的任务"), url, part)


def questions(actor: Actor, agency_id: int) -> Iterator[Block]:
    """The papers of the agency on which something was asked."""
    if can(actor, "question.answer"):
        part = question_section.waiting([agency_id], _NOW).get(agency_id)
        yield from _of_section(_("待答复的提问"), url_for("bulletins.questions"), part)


def offers(actor: Actor, agency_id: int) -> Iterator[Block]:
    """What others offer to the agency for the library."""
    if can(actor, "offer.decline"):
        part = library_section.waiting([agency_id], _NOW).get(agency_id)
        yield from _of_section(_("待遴选的推荐"), url_for("bulletins.offers"), part)


def overdue(actor: Actor, agency_id: int) -> Iterator[Block]:
    """The tasks of the agency that others have not answered in time."""
    if can(actor, "assignment.judge"):
        part = sections.overdue([agency_id], _NOW).get(agency_id)
        url = url_for("coordination.issued", state="overdue")
        yield from _of_section(_("下级逾期任务"), url, part)


def _of_section(title: str, url: str, part: Part | None) -> Iterator[Block]:
    """What a digest would say waits, as a block: the same words, the same places."""
    if part:
        lines = [
            Line(item.text, item.path, meta=item.remark) for item in part.items[: queries.SHOWN]
        ]
        yield Block(title, part.total, url, lines, beside=_("情况"))
