"""An audience in words, as people read it on a paper's page."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from agencies import labels as agency_labels
from agencies.models import Agency
from bulletins import labels
from bulletins.audience import Rule
from bulletins.ports import CHECKS, PASSED
from bulletins.states import Part, RuleKind, State
from config.database import db

NAMES_SHOWN = 12
T = TypeVar("T")


def audience(issuer_id: int, rules: Sequence[Rule]) -> list[tuple[str, str]]:
    """Pairs of a part (主送, 抄送, 除外) and whom it names."""
    names = _names(rules)
    return [
        (labels.part(part), "；".join(_phrases(issuer_id, list(mine), names)))
        for part, mine in groupby(rules, key=lambda rule: rule.part)
    ]


def _names(rules: Iterable[Rule]) -> dict[int, str]:
    ids = {rule.agency_id for rule in rules}
    rows = db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))
    return dict(rows.all())


def _phrases(issuer_id: int, rules: Sequence[Rule], names: dict[int, str]) -> list[str]:
    phrases = []
    trees = [rule for rule in rules if rule.kind == RuleKind.SUBTREE]
    if Rule(rules[0].part, RuleKind.SUBTREE, issuer_id) in trees:
        phrases.append(_("全部下级机构"))
    narrowed = [rule for rule in trees if rule.agency_id != issuer_id or _is_narrow(rule)]
    if narrowed:
        phrases.append(_of_subtrees(issuer_id, narrowed, names))
    named = [rule.agency_id for rule in rules if rule.kind == RuleKind.AGENCY]
    if named:
        phrases.append(_listed([names.get(one, "") for one in named]))
    return phrases


def _is_narrow(rule: Rule) -> bool:
    return rule.level is not None or rule.agency_kind is not None


def _of_subtrees(issuer_id: int, rules: Sequence[Rule], names: dict[int, str]) -> str:
    roots = _unique(rule.agency_id for rule in rules)
    levels = _unique(rule.level for rule in rules if rule.level)
    kinds = _unique(rule.agency_kind for rule in rules if rule.agency_kind)
    what = "、".join(agency_labels.level(one) for one in levels)
    what += "、".join(agency_labels.kind(one) for one in kinds) or _("机构")
    if roots == [issuer_id]:
        return _("下级全部%(what)s", what=what)
    where = _listed([names.get(one, "") for one in roots])
    return _("%(where)s及其下级的%(what)s", where=where, what=what)


def _unique(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return _("%(names)s等 %(count)s 个机构", names=shown, count=len(names))


def reach(counts: dict[Part, int]) -> str:
    """How many agencies an audience reaches, in words."""
    to, cc = counts.get(Part.TO, 0), counts.get(Part.CC, 0)
    if not to and not cc:
        return _("目前没有任何机构会收到此稿。")
    if not cc:
        return _("将发给 %(to)s 个机构。", to=to)
    return _("将发给 %(all)s 个机构：主送 %(to)s 个，抄送 %(cc)s 个。", all=to + cc, to=to, cc=cc)


def printed(to: str) -> str:
    """Whom the paper itself will name, and how to name them otherwise; nobody gives nothing."""
    if not to:
        return ""
    return _("文面主送写作“%(names)s”；正文第一行自写称谓的，按自写的印。", names=to)


def newly(counts: dict[Part, int], served: int = 0) -> str:
    """How many agencies a relay newly reaches, in words.

    ``served`` have the paper straight by its rule and see what is added beside it.
    """
    number = sum(counts.values())
    if not number and not served:
        return _("所选下级都已收到此件，转发不会送达任何机构。")
    words = _("将转发给 %(count)s 个尚未收到此件的机构。", count=number) if number else ""
    if served:
        words += _("附加的内容将显示给 %(count)s 个已直接收到此件的机构。", count=served)
    return words


def laid_before(state: State) -> str:
    """Before whom a draft lies that was submitted just now."""
    return _("已送审，等待审核。") if state == State.REVIEW else _("已送签，等待签发。")


def checks_passed(facts: Mapping[str, object]) -> str:
    """The checks whose warnings a step passed over, by the facts of its journal entry."""
    titles = [str(check.title) for check in CHECKS if facts.get(f"{PASSED}{check.name}")]
    return _("、").join(titles)
