"""Whom a paper addresses, in the words that it prints (主送机关, 抄送机关), pure.

GB/T 9704-2012, 7.3.2: by full names, or by a collective name of organs of one kind
(同类型机关统称). That is derived only where it is sure: each organ of the kind below the issuer is
meant, and their names are a place and one organ. An official paper is Chinese in every language.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from agencies.states import AgencyKind, Level

MOST_NAMES = 30
"""Names that one paper lists; of more it says how many there are."""

MOST_APART = 3
"""Organs that a collective name may leave out, or may be named beside it."""

FEWEST_OF_SOME = 5
"""So many are addressed at least where a collective name leaves somebody out; fewer are named."""

_UNITS = {
    Level.PROVINCE: ("省", "自治区", "市"),
    Level.CITY: ("市", "州", "地区", "盟"),
    Level.COUNTY: ("县", "市", "区", "旗"),
    Level.TOWNSHIP: ("乡", "镇", "街道"),
}
_SHORTEST = 3
"""Characters of an organ's name without its place, at least: 商务局."""

_BEGINNINGS = ("市场", "市政", "市容")
"""Words with which organs' names begin: no place ends within them."""

_OTHERS = {
    AgencyKind.OFFICE: "各内设机构",
    AgencyKind.ASSOCIATION: "各协会",
    AgencyKind.ENTERPRISE: "各企业",
}


@dataclass(frozen=True)
class Organ:
    """An agency that is addressed, or stands below the issuer and is not.

    ``is_below``: it is one of those of whom a collective name would speak.
    """

    name: str
    level: Level
    kind: AgencyKind
    is_below: bool
    is_addressed: bool


@dataclass(frozen=True)
class _Group:
    """Organs of one kind that are addressed: a collective name's places and organ, or names."""

    places: str
    organ: str
    names: Sequence[str]
    left_out: Sequence[str]


def words(organs: Sequence[Organ]) -> str:
    """Those addressed, in the words of the paper: kinds apart by commas; nobody gives nothing."""
    outside = [one.name for one in organs if one.is_addressed and not one.is_below]
    below = [one for one in organs if one.is_below]
    groups = [_group(members) for members in _by_kind(below)]
    collective = [one for one in groups if one.places]
    phrases = list(_phrases(collective))
    named = [*outside, *(name for one in groups for name in one.names)]
    return "，".join([*phrases, _listed(named)] if named else phrases)


def _by_kind(organs: Sequence[Organ]) -> Iterator[list[Organ]]:
    """The organs of each kind and level, then all others by kind; only what is addressed."""

    def key(one: Organ) -> tuple[bool, int, int]:
        is_other = one.kind in _OTHERS
        level = 0 if is_other else list(Level).index(one.level)
        return is_other, list(AgencyKind).index(one.kind), level

    for _key, members in groupby(sorted(organs, key=key), key=key):
        found = list(members)
        if any(one.is_addressed for one in found):
            yield found


def _group(members: Sequence[Organ]) -> _Group:
    addressed = [one.name for one in members if one.is_addressed]
    left_out = [one.name for one in members if not one.is_addressed]
    plain = _Group("", "", addressed, [])
    is_whole = not left_out
    is_nearly = len(left_out) <= MOST_APART and len(addressed) >= FEWEST_OF_SOME
    if len(addressed) < 2 or not (is_whole or is_nearly):
        return plain
    kind, level = members[0].kind, members[0].level
    if kind in _OTHERS:
        return _Group(_OTHERS[kind], "", [], left_out)
    organ = _organ([one.name for one in members], _UNITS.get(level, ()))
    heads = {name: name.removesuffix(organ) for name in addressed if organ and name.endswith(organ)}
    units = {name: _unit(head, _UNITS[level]) for name, head in heads.items()}
    apart = [name for name in addressed if not units.get(name)]
    if len(addressed) - len(apart) < 2 or len(apart) > MOST_APART:
        return plain
    return _Group(_places(level, set(units.values())), organ, apart, left_out)


def _organ(names: Sequence[str], units: Sequence[str]) -> str:
    """What follows the place in nearly all of the names; nothing where that is not sure."""
    found = Counter(
        name[at:]
        for name in names
        for at in range(1, len(name) - _SHORTEST + 1)
        if _unit(name[:at], units) and name[at - 1 : at + 1] not in _BEGINNINGS
    )
    fewest = max(2, len(names) // 2 + 1, len(names) - MOST_APART)
    likely = [organ for organ, count in found.items() if count >= fewest]
    return max(likely, key=len, default="")


def _unit(place: str, units: Sequence[str]) -> str:
    """What kind of place it is by its last characters."""
    return next((one for one in units if place.endswith(one)), "")


def _places(level: Level, units: set[str]) -> str:
    """All places of a level by their kinds: 市, 县（市、区）, 省、自治区、直辖市."""
    known = [one for one in _UNITS[level] if one in units]
    if level == Level.PROVINCE:
        return "、".join("直辖市" if one == "市" else one for one in known)
    first, *others = known
    return f"{first}（{'、'.join(others)}）" if others else first


def _phrases(groups: Sequence[_Group]) -> Iterator[str]:
    """Collective names; neighbours of one organ share it: 各市、县（市、区）市场监督管理局."""
    for organ, members in groupby(groups, key=lambda one: one.organ or one.places):
        found = list(members)
        left_out = "、".join(name for one in found for name in one.left_out)
        places = "、".join(one.places for one in found)
        shared = f"各{places}{organ}" if found[0].organ else places
        yield f"{shared}（{left_out}除外）" if left_out else shared


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else f"{shown}等{len(names)}个单位"
