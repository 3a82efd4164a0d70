"""A paper's chain, and its receipts, as tables for spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from bulletins import labels
from bulletins.queries.endings import Ending
from bulletins.states import Fact
from bulletins.steps_taken import Steps
from config.http import localtime
from config.sheets import Cell

_NAMED = (Fact.OPENED, Fact.ACKNOWLEDGED, Fact.RELAYED, Fact.ACTED)


def chain_table(rows: Iterable[Any], steps: Steps, standing: str) -> Iterator[Sequence[Cell]]:
    """Each receipt of ``rows`` with its way, facts, people and working days between the steps.

    ``standing`` says of the paper in each line whether it holds: lines are sorted and filtered.
    """
    facts = [fact for fact in Fact if fact != Fact.SENT]
    heads = [_("代码"), _("机构"), _("上级机构"), _("方式"), _("经由"), labels.fact(Fact.SENT)]
    for fact in facts:
        heads += [labels.fact(fact), _("%(fact)s用时（工作日）", fact=labels.fact(fact))]
        heads += [_("%(fact)s人", fact=labels.fact(fact))] if fact in _NAMED else []
    yield [*heads, _("正在等待"), _("已等待（工作日）"), _("公文效力")]
    for row in rows:
        taken = {step.fact: step for step in steps.of(row)}
        cells: list[Cell] = [row.code, row.name, row.parent or "", way(row), row.via or ""]
        cells.append(localtime(row.sent_at))
        waiting = ""
        waited: Cell = ""
        for fact in facts:
            step = taken.get(fact)
            done = step if step and step.at else None
            cells += [localtime(done.at) if done else "", done.days if done else ""]
            if fact in _NAMED:
                cells.append(getattr(row, f"{fact}_name") or "")
            if step and not step.at:
                waiting, waited = labels.fact(fact), step.days
        yield [*cells, waiting, waited, standing]


def standing_of(ending: Ending | None) -> str:
    """Whether a paper holds, and by what it was replaced."""
    if ending is None:
        return _("现行有效")
    if ending.replaced_by is None:
        return labels.ended(ending)
    paper = f"{ending.replaced_by.number or ''} {ending.replaced_by.title}".strip()
    return _("%(ended)s，由“%(paper)s”代替", ended=labels.ended(ending), paper=paper)


def way(row: Any) -> str:
    """How a receipt came: from the issuer, by a relay, or straight by the paper's rule."""
    if row.relay_id is None:
        return _("发文机关直接发送")
    return _("逾期直达") if row.by_rule else _("转发")


def receipts_table(rows: Iterable[Any], standing: str) -> Iterator[Sequence[Cell]]:
    """Each receipt of ``rows`` with its facts and people, and in each the paper's ``standing``."""
    yield [
        _("代码"),
        _("机构"),
        _("上级机构"),
        _("主送/抄送"),
        _("发出"),
        _("送达"),
        _("已阅"),
        _("阅文人"),
        _("签收"),
        _("签收人"),
        _("催办"),
        _("公文效力"),
    ]
    for row in rows:
        yield [
            row.code,
            row.name,
            row.parent or "",
            labels.part(row.part),
            localtime(row.sent_at),
            localtime(row.delivered_at),
            localtime(row.opened_at),
            row.opened_by or "",
            localtime(row.acknowledged_at) if row.needs_acknowledgement else _("无需签收"),
            row.acknowledged_by or "",
            localtime(row.reminded_at),
            standing,
        ]
