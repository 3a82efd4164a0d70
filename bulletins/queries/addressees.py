"""Whom a paper names as addressed and copied, in the words that it prints."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, or_, select

from agencies.models import Agency
from bulletins import audience, collective, paper_types
from bulletins.audience import Rule
from bulletins.collective import Organ
from bulletins.states import Part
from config.database import db


def addressees(
    kind: str, issuers: Sequence[int], rules: Sequence[Rule], day: date
) -> dict[Part, str]:
    """The words of the parts 主送 and 抄送 of what the issuers sent, or would send, on that day.

    A type that speaks to the public (公告, 通告, …) names nobody as addressed.
    """
    rules = audience.expanded(rules, issuers)
    shown = [part for part in (Part.TO, Part.CC) if any(rule.part == part for rule in rules)]
    if paper_types.of(kind).is_to_public and Part.TO in shown:
        shown.remove(Part.TO)
    if not shown:
        return {}
    reached = audience.recipients(issuers, rules, day, kind).subquery()
    lives = or_(Agency.ended_on.is_(None), Agency.ended_on > day)
    is_below = Agency.id.in_(audience.below(issuers))
    rows = db.session.execute(
        select(Agency.name, Agency.level, Agency.kind, is_below, reached.c.part)
        .outerjoin(reached, reached.c.agency_id == Agency.id)
        .where(or_(reached.c.agency_id.is_not(None), and_(lives, is_below)))
        .order_by(Agency.code)
    ).all()
    return {
        part: collective.words(
            [Organ(name, level, kind, below, to == part) for name, level, kind, below, to in rows]
        )
        for part in shown
    }
