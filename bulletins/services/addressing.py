"""Checks of an audience against the tree as it stands."""

from collections.abc import Collection, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.models import Agency
from bulletins import audience, paper_types
from bulletins.audience import Rule
from bulletins.models import AudienceRule
from bulletins.states import BulletinType, Part, RuleKind
from config.database import db
from config.errors import Invalid

NAMES_SHOWN = 3


def stored_rules(bulletin_id: int) -> list[Rule]:
    """The audience of a paper as it was saved, in the order in which it was saved."""
    rows = db.session.scalars(
        select(AudienceRule)
        .where(AudienceRule.bulletin_id == bulletin_id)
        .order_by(AudienceRule.id)
    )
    return [
        Rule(Part(row.part), RuleKind(row.kind), row.agency_id, row.level, row.agency_kind)
        for row in rows
    ]


def count(
    issuers: audience.Issuers, rules: Sequence[Rule], today: date, kind: BulletinType
) -> dict[Part, int]:
    """How many agencies the rules of a paper of that type reach now, addressed and copied."""
    if not rules:
        return {}
    ids = [issuers] if isinstance(issuers, int) else issuers
    rows = db.session.execute(audience.counting(ids, audience.expanded(rules, ids), today, kind))
    return {Part(part): number for part, number in rows}


def check_reach(issuer_id: int, rules: Sequence[Rule], kind: str | None = None) -> None:
    """Raise Invalid, at its field, for each agency that the issuer may not send a paper to.

    ``kind`` is the paper's type: it says how far the paper may leave the line. A relay has none.
    """
    named = {rule.agency_id for rule in rules} - {issuer_id}
    subtrees: set[int] = {issuer_id}
    copied: set[int] = set()
    addressed: set[int] = set()
    if named:
        rows = db.session.execute(audience.standing(issuer_id, named, kind))
        for agency_id, is_below, may_be_addressed in rows:
            copied.add(agency_id)
            if may_be_addressed:
                addressed.add(agency_id)
            if is_below:
                subtrees.add(agency_id)
    outside: dict[str, list[int]] = {}
    for rule in rules:
        singles = addressed if rule.part == Part.TO else copied
        if rule.kind == RuleKind.AGENCY and rule.agency_id not in singles:
            outside.setdefault(f"{rule.part}_agencies", []).append(rule.agency_id)
        elif rule.kind == RuleKind.SUBTREE and rule.agency_id not in subtrees:
            outside.setdefault(f"{rule.part}_subtrees", []).append(rule.agency_id)
    if outside:
        raise Invalid(errors={field: _refusal(ids, copied, kind) for field, ids in outside.items()})


def _refusal(agency_ids: list[int], copied: Collection[int], kind: str | None) -> str:
    shown = sorted(set(agency_ids))[:NAMES_SHOWN]
    rows = db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(shown)))
    names = dict(rows.all())
    listed = "、".join(names.get(one) or _("编号 %(id)s", id=one) for one in shown)
    count = len(set(agency_ids))
    if kind is not None and set(agency_ids) <= set(copied):
        return _(
            "以下机关与本机构不相隶属，主送请用函；只需其知晓的，可以改为抄送：%(names)s"
            "（共 %(count)s 个）。",
            names=listed,
            count=count,
        )
    if kind is not None and paper_types.of(kind).is_wide:
        return _(
            "这类公文只能发给下级机构、各级上级机构和同级机关，"
            "以下不在范围内：%(names)s（共 %(count)s 个）。",
            names=listed,
            count=count,
        )
    return _(
        "只能发给下级机构和直接上级，以下不在范围内：%(names)s（共 %(count)s 个）。",
        names=listed,
        count=count,
    )
