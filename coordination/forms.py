"""The form of a new task: what stands in its fields, and what it offers to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from agencies import labels as agency_labels
from agencies.actors import Actor
from bulletins.models import Bulletin
from bulletins.queries.reach import choices
from config import clock
from config.errors import NotFound
from config.forms import Form
from coordination import deadlines, services
from coordination.inputs import AddressInput, Leading, TaskInput
from coordination.queries import giving
from coordination.states import Part

Pairs = Sequence[tuple[Any, str | LazyString]]
FIND_LENGTH = 50


@dataclass(frozen=True)
class Options:
    """What the fields offer, in words; ``is_whole``: everybody who can be named is listed."""

    levels: Pairs
    kinds: Pairs
    subtrees: Pairs
    agencies: Pairs
    leads: Pairs
    is_whole: bool
    below: int


def blank(bulletin: Bulletin | None) -> Form[TaskInput]:
    """The form of a new task, on the ground of a bulletin or on none."""
    values: dict[str, Any] = {"leading": Leading.EACH}
    if bulletin is not None:
        values.update(bulletin_id=bulletin.id, title=bulletin.title)
    return Form.blank(**values)


def posted() -> Form[TaskInput]:
    """The form as it was sent, with the field that only looks for agencies."""
    form = Form[TaskInput].posted(TaskInput)
    form.values["find"] = request.form.get("find", "")[:FIND_LENGTH]
    return form


def ground(actor: Actor, typed: object) -> Bulletin | None:
    """The bulletin that the form names; raises NotFound for one the agency doesn't have."""
    if typed in (None, ""):
        return None
    number = _number(typed)
    if number is None or actor.agency_id is None:
        raise NotFound
    return giving.ground(actor.agency_id, number)


def options(actor: Actor, form: Form[TaskInput]) -> Options:
    """What the actor's agency can choose from; what is ticked already is always among it."""
    if actor.agency is None:
        raise NotFound
    offered = choices(actor.agency.id, _ticked(form), str(form.values.get("find") or ""))
    agencies = [pair for pair in offered.agencies if pair[0] != actor.agency.parent_id]
    leads = agencies if offered.is_whole else list(dict([*offered.subtrees, *agencies]).items())
    return Options(
        levels=[
            (one, words) for one, words in agency_labels.LEVELS.items() if one in offered.levels
        ],
        kinds=[(one, words) for one, words in agency_labels.KINDS.items() if one in offered.kinds],
        subtrees=[(one, _("%(name)s及其下级", name=name)) for one, name in offered.subtrees],
        agencies=agencies,
        leads=leads,
        is_whole=offered.is_whole,
        below=offered.below,
    )


def _ticked(form: Form[TaskInput]) -> set[int]:
    names = ("to_agencies", "except_agencies", "to_subtrees", "except_subtrees")
    typed = [one for name in names for one in form.values.get(name) or []]
    typed.append(form.values.get("lead_id"))
    return {number for one in typed if (number := _number(one)) is not None}


def _number(typed: object) -> int | None:
    """An id as it was typed; None for what is none."""
    word = str(typed)
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else None


def reach(actor: Actor, data: AddressInput | None) -> dict[str, Any]:
    """How many agencies the form as it stands addresses, as number and in words."""
    counts = services.reached(actor, data) if data else {}
    total = sum(counts.values())
    if not total:
        return {"count": 0, "text": _("还没有选择机构。")}
    if Part.ASSISTING not in counts:
        words = _("将下达给 %(count)s 个机构，各自牵头。", count=total)
    else:
        words = _(
            "将下达给 %(count)s 个机构：牵头 %(lead)s 个，协办 %(assisting)s 个。",
            count=total,
            lead=counts.get(Part.LEAD, 0),
            assisting=counts[Part.ASSISTING],
        )
    return {"count": total, "text": words}


def first_day(actor: Actor) -> str:
    """The first day that a deadline may name."""
    return clock.today(deadlines.zone_of(actor.agency)).isoformat()
