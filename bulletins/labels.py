"""The words in which people read types, urgency, states and steps."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from bulletins.states import Action, BulletinType, Fact, Part, State, Urgency

TYPES = {
    BulletinType.NOTICE: _l("通知"),
    BulletinType.BULLETIN: _l("通报"),
    BulletinType.OPINION: _l("意见"),
    BulletinType.DECISION: _l("决定"),
    BulletinType.LETTER: _l("函"),
    BulletinType.INFORMATION: _l("信息"),
    BulletinType.CASE: _l("典型案例"),
    BulletinType.EXPERIENCE: _l("经验做法"),
    BulletinType.TRAINING: _l("培训通知"),
    BulletinType.INTERPRETATION: _l("政策解读"),
}
URGENCIES = {
    Urgency.NORMAL: _l("平件"),
    Urgency.URGENT: _l("加急"),
    Urgency.FLASH: _l("特急"),
}
STATES = {
    State.DRAFT: _l("草稿"),
    State.REVIEW: _l("审核中"),
    State.SUBMITTED: _l("待签发"),
    State.RETURNED: _l("已退回"),
    State.SIGNED: _l("已签发，待发布"),
    State.PUBLISHED: _l("已发布"),
    State.REPEALED: _l("已废止"),
    State.VOID: _l("已撤销"),
    State.DISCARDED: _l("已作废"),
}
ACTIONS = {
    Action.EDIT: _l("修改"),
    Action.REVIEW: _l("送审"),
    Action.AGREE: _l("同意"),
    Action.PASS: _l("审核通过"),
    Action.OBJECT: _l("审核退回"),
    Action.SUBMIT: _l("送签"),
    Action.WITHDRAW: _l("撤回"),
    Action.RETURN: _l("退回"),
    Action.SIGN: _l("签发"),
    Action.CANCEL: _l("取消发布"),
    Action.PUBLISH: _l("发布"),
    Action.CORRECT: _l("更正"),
    Action.ABANDON: _l("放弃更正"),
    Action.REPEAL: _l("废止"),
    Action.VOID: _l("撤销"),
    Action.DISCARD: _l("作废"),
}
FACTS = {
    Fact.SENT: _l("发出"),
    Fact.DELIVERED: _l("送达"),
    Fact.OPENED: _l("已阅"),
    Fact.ACKNOWLEDGED: _l("签收"),
    Fact.RELAYED: _l("转发"),
    Fact.ACTED: _l("办理"),
}
PARTS = {Part.TO: _l("主送"), Part.CC: _l("抄送"), Part.EXCEPT: _l("除外")}


def kind(value: str) -> str:
    """A type of paper in words."""
    return str(TYPES[BulletinType(value)])


def urgency(value: str) -> str:
    """An urgency in words."""
    return str(URGENCIES[Urgency(value)])


def state(value: str) -> str:
    """A state in words."""
    return str(STATES[State(value)])


def action(value: str) -> str:
    """A step in words."""
    return str(ACTIONS[Action(value)])


def fact(value: str) -> str:
    """A fact of a receipt in words."""
    return str(FACTS[Fact(value)])


def part(value: str) -> str:
    """A part of an audience in words."""
    return str(PARTS[Part(value)])


def number(code: str, year: int, running: int) -> str:
    """A document number (发文字号): full year in 〔〕, the running number without padding.

    As 党政机关公文处理工作条例 第九条 and GB/T 9704-2012, 7.2.5 want it; it is never translated.
    """
    return f"{code}〔{year}〕{running}号"


def number_of(line: Any) -> str:
    """The document number that a line of a register stands for."""
    return number(line.code, line.year, line.number)


def ended(paper: Any) -> str:
    """That a paper is void, or repealed from a day; for anything with ended_kind and ended_on."""
    if paper.ended_kind == State.VOID:
        return str(_("已撤销"))
    return str(_("自 %(day)s 起废止", day=paper.ended_on.isoformat()))


FILTERS = {
    "paper_type": kind,
    "urgency_label": urgency,
    "paper_state": state,
    "paper_part": part,
    "fact_label": fact,
    "paper_number": number_of,
    "paper_ended": ended,
}
"""Filters for templates, registered with the pages."""

ENTRIES = {
    "bulletin.drafted": _l("起草文稿"),
    "bulletin.edited": _l("接手修改文稿"),
    "bulletin.submitted": _l("文稿送签"),
    "bulletin.withdrawn": _l("撤回文稿"),
    "bulletin.returned": _l("退回文稿"),
    "bulletin.published": _l("发布公文"),
    "bulletin.discarded": _l("文稿作废"),
    "bulletin.reminded": _l("催办公文"),
    "bulletin.signed": _l("签发，定时发布"),
    "bulletin.cancelled": _l("取消定时发布"),
    "bulletin.not_published": _l("定时发布未成"),
    "bulletin.correction_begun": _l("开始更正公文"),
    "bulletin.correction_abandoned": _l("放弃更正公文"),
    "bulletin.voided": _l("撤销公文"),
    "bulletin.repealed": _l("废止公文"),
    "receipt.delivered": _l("收文送达"),
    "receipt.opened": _l("阅读收文"),
    "receipt.acknowledged": _l("签收"),
    "receipt.acted": _l("办理"),
    "relay.drafted": _l("起草转发"),
    "relay.submitted": _l("转发送签"),
    "relay.withdrawn": _l("撤回转发稿"),
    "relay.returned": _l("退回转发稿"),
    "relay.discarded": _l("作废转发稿"),
    "relay.signed": _l("签发转发"),
    "relay.passed_over": _l("逾期未转发，直达下级"),
    "number.taken": _l("取发文字号"),
    "number.voided": _l("作废发文字号"),
    "organ_code.added": _l("启用机关代字"),
    "organ_code.chosen": _l("设定默认机关代字"),
    "organ_code.ended": _l("停用机关代字"),
}
"""What the auditor reads for the journal's entries about papers, receipts, relays and numbers."""


def fill() -> None:
    """Give the auditor's page its words for what happens to papers."""
    ENTRY_WORDS.update(ENTRIES)
