"""The form of a new task: what stands in its fields, and what it offers to choose from."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _

from agencies.actors import Actor, opened_elsewhere
from bulletins.forms import Choices, Pairs, choices
from bulletins.models import Bulletin
from config import clock
from config.errors import Invalid, Message, NotFound
from config.forms import Form
from coordination import deadlines, services
from coordination.inputs import AddressInput, Leading, TaskInput, TimeInput
from coordination.queries import giving
from coordination.states import Part

FIND_LENGTH = 50


def blank(bulletin: Bulletin | None) -> Form[TaskInput]:
    """The form of a new task, on the ground of a bulletin or on none."""
    values: dict[str, Any] = {"leading": Leading.EACH, "key": secrets.token_hex(8)}
    if bulletin is not None:
        values.update(bulletin_id=bulletin.id, title=bulletin.title)
    return Form.blank(**values)


def posted() -> Form[TaskInput]:
    """The form as it was sent, with the field that only looks for agencies."""
    form = Form[TaskInput].posted(TaskInput)
    form.values["find"] = request.form.get("find", "")[:FIND_LENGTH]
    return form


def check_seat(actor: Actor) -> None:
    """Refuse a form that was opened in another seat: the task would come from another agency."""
    if opened_elsewhere(actor):
        agency = actor.agency.name if actor.agency else ""
        message = _(
            "您已切换岗位。任务现在会以“%(agency)s”的名义下达，请核对后再下达。", agency=agency
        )
        raise Invalid(errors={"": message})


def faults(actor: Actor) -> Mapping[str, Message]:
    """What only the service finds wrong with what was sent, also where other fields are wrong."""
    address, time = Form.posted(AddressInput), Form.posted(TimeInput)
    return services.faults(actor, address.data, time.data)


def faults_of_time(actor: Actor) -> Mapping[str, Message]:
    """What is wrong with a new deadline that was sent; there need be none."""
    time = Form.posted(TimeInput).data
    if time is None:
        return {}
    zone = deadlines.zone_of(actor.agency)
    return deadlines.faults(time.days, time.due_on, zone, wanted=False)


def ground(actor: Actor, typed: object) -> Bulletin | None:
    """The bulletin that the form names; raises NotFound for one the agency doesn't have."""
    if typed in (None, ""):
        return None
    number = _number(typed)
    if number is None or actor.agency_id is None:
        raise NotFound
    return giving.ground(actor.agency_id, number)


def options(actor: Actor, form: Form[TaskInput]) -> Choices:
    """Whom the form offers: as on a paper, but nobody above."""
    if actor.agency is None:
        raise NotFound
    offered = choices(actor.agency.id, form)
    below = [pair for pair in offered.agencies if pair[0] != actor.agency.parent_id]
    return replace(offered, agencies=below)


def leads(offered: Choices, form: Form[TaskInput]) -> Pairs:
    """Who can be chosen to lead; the one chosen already is always among them."""
    if offered.is_whole:
        return offered.agencies
    named = {one: str(words) for one, words in offered.agencies}
    ids = {one for one, _words in offered.subtrees} | {_number(form.values.get("lead_id")) or 0}
    return list((named | giving.names(ids - named.keys())).items())


def _number(typed: object) -> int | None:
    """An id as it was typed; None for what is none."""
    word = str(typed)
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else None


def reach(actor: Actor, data: AddressInput | None) -> dict[str, Any]:
    """How many agencies the form as it stands addresses, as number and in words."""
    counts = services.reached(actor, data) if data else {}
    return {"count": sum(counts.values()), "text": in_words(counts)}


def in_words(counts: Mapping[Part, int]) -> str:
    """How many agencies a task is given to, in words."""
    total = sum(counts.values())
    if not total:
        return _("还没有选择机构。")
    if Part.ASSISTING not in counts:
        return _("将下达给 %(count)s 个机构，各自牵头。", count=total)
    return _(
        "将下达给 %(count)s 个机构：牵头 %(lead)s 个，协办 %(assisting)s 个。",
        count=total,
        lead=counts.get(Part.LEAD, 0),
        assisting=counts[Part.ASSISTING],
    )


def is_seen(form: Form[TaskInput]) -> bool:
    """Whether the form is to be acted on as it is, and not to be looked at (once more) first."""
    if request.form.get("action") == "check":
        return False
    return request.form.get("seen", seen(form)) == seen(form)


def seen(form: Form[TaskInput]) -> str:
    """What differs once something in the form is changed after it was looked at."""
    return (form.data.once(0) if form.data else None) or ""


def first_day(actor: Actor) -> str:
    """The first day that a deadline may name."""
    return clock.today(deadlines.zone_of(actor.agency)).isoformat()
