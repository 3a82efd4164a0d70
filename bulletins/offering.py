"""The single agencies that the draft's form offers in each part: for which types, and why not."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from bulletins import paper_types
from bulletins.paper_types import Fault, Relation, Stand
from bulletins.queries.reach import Offered
from bulletins.states import BulletinType, Part

Choice = tuple[Any, ...]
"""An agency with its name and a remark, or attributes with the choices that have them."""

_ORDER = tuple(Relation)
_BELOW = Stand(Relation.DOWN, is_direct=False, is_organ=False, is_congress=False)


def choices(
    kind: str, part: Part, agencies: Sequence[Offered], ticked: Collection[str]
) -> list[Choice]:
    """The agencies to choose from, each open to the types that may go to it; ``kind`` is drawn.

    Those ticked already stand first whatever the type, with a remark where it may not.
    """
    chosen = [one for one in agencies if str(one.id) in ticked]
    found: list[Choice] = [(one.id, one.name, _why(kind, part, one.stand)) for one in chosen]
    for stand, some in _by_stand(agencies, ticked):
        pairs = [(one.id, one.name) for one in some]
        found.append((_shown(_open_to(part, stand), kind), pairs))
    return found


def groups_below(kind: str, part: Part) -> Mapping[str, Any]:
    """For what offers all below, or those of a region: shown for the types that go down at all."""
    return _shown(_open_to(part, _BELOW), kind)


def remarks(
    kind: str, part: Part, agencies: Sequence[Offered], ticked: Collection[str]
) -> list[tuple[Mapping[str, Any], str]]:
    """Which of the agencies found a paper can't go to, and why: for each type that can't."""
    found: dict[str, list[BulletinType]] = {}
    for stand, some in _by_stand(agencies, ticked):
        is_below = stand.relation == Relation.DOWN
        names = _("下级机构") if is_below else "、".join(one.name for one in some)
        for one in BulletinType:
            if words := _why(one, part, stand):
                line = _("%(names)s：%(why)s", names=names, why=words)
                found.setdefault(line, []).append(one)
    return [(_shown(kinds, kind), line) for line, kinds in found.items()]


def _by_stand(
    agencies: Sequence[Offered], ticked: Collection[str]
) -> list[tuple[Stand, list[Offered]]]:
    others = [one for one in agencies if str(one.id) not in ticked]

    def place(one: Offered) -> tuple[int, bool, bool, bool]:
        stand = one.stand
        order = _ORDER.index(stand.relation)
        return order, not stand.is_direct, not stand.is_organ, stand.is_congress

    grouped = groupby(sorted(others, key=place), key=lambda one: one.stand)
    return [(stand, list(some)) for stand, some in grouped]


def _open_to(part: Part, stand: Stand) -> list[BulletinType]:
    return [one for one in BulletinType if paper_types.barrier(one, part, stand) is None]


def _shown(kinds: Sequence[BulletinType], kind: str) -> Mapping[str, Any]:
    """Shown for these types alone; a script changes with the type what was drawn for ``kind``."""
    if set(kinds) == set(BulletinType):
        return {}
    return {"data-for": " ".join(dict.fromkeys(kinds)), "hidden": None if kind in kinds else True}


def _why(kind: str, part: Part, stand: Stand) -> str:
    fault = paper_types.barrier(kind, part, stand)
    if fault is None:
        return ""
    if fault == Fault.BESIDE and part == Part.TO and paper_types.of(kind).copies_beside:
        return _("不相隶属，请用函；只需知晓的，可以抄送。")
    words = {
        Fault.UPWARD: _("上级机关，请用请示、报告或意见；只需知晓的，可以抄送直接上级。"),
        Fault.OVER: _("不是直接上级，这类公文不越级发送。"),
        Fault.DOWNWARD: _("向下级行文，请用通知、通报、意见等。"),
        Fault.BESIDE: _("不相隶属，请用函。"),
        Fault.IN_LINE: _("有隶属关系，不用函：对上级用请示、报告，对下级用通知、意见。"),
        Fault.NO_CONGRESS: _("议案只提请同级人大或其常委会审议。"),
    }
    return words[fault]
