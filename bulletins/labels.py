"""The words in which people read types, urgency, states and steps."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from bulletins import paper_types
from bulletins.paper_types import Particular
from bulletins.states import Action, BulletinType, Fact, Layout, Part, State, Urgency

TYPES = {
    BulletinType.RESOLUTION: _l("决议"),
    BulletinType.DECISION: _l("决定"),
    BulletinType.ORDER: _l("命令"),
    BulletinType.COMMUNIQUE: _l("公报"),
    BulletinType.ANNOUNCEMENT: _l("公告"),
    BulletinType.PROCLAMATION: _l("通告"),
    BulletinType.OPINION: _l("意见"),
    BulletinType.NOTICE: _l("通知"),
    BulletinType.BULLETIN: _l("通报"),
    BulletinType.REPORT: _l("报告"),
    BulletinType.REQUEST: _l("请示"),
    BulletinType.REPLY: _l("批复"),
    BulletinType.MOTION: _l("议案"),
    BulletinType.LETTER: _l("函"),
    BulletinType.MINUTES: _l("纪要"),
    BulletinType.INFORMATION: _l("信息"),
    BulletinType.CASE: _l("典型案例"),
    BulletinType.EXPERIENCE: _l("经验做法"),
    BulletinType.TRAINING: _l("培训通知"),
    BulletinType.INTERPRETATION: _l("政策解读"),
}
PARTICULARS = {
    Particular.CONTACT_NAME: _l("联系人"),
    Particular.CONTACT_PHONE: _l("联系电话"),
    Particular.REFERS_TO: _l("答复或解读的文件"),
    Particular.HELD_ON: _l("日期"),
    Particular.HELD_UNTIL: _l("结束日期"),
    Particular.PLACE: _l("地点"),
    Particular.PARTICIPANTS: _l("参加人员"),
    Particular.EXCUSED: _l("请假人员"),
    Particular.OBSERVERS: _l("列席人员"),
    Particular.SIGNER_POST: _l("签发人职务"),
    Particular.ENROL_BY: _l("报名截止"),
}
"""What a form with room for all types calls them."""

PARTICULARS_OF = {
    (BulletinType.MINUTES, Particular.HELD_ON): _l("会议日期"),
    (BulletinType.MINUTES, Particular.PLACE): _l("会议地点"),
    (BulletinType.MINUTES, Particular.PARTICIPANTS): _l("出席人员"),
    (BulletinType.TRAINING, Particular.HELD_ON): _l("培训开始"),
    (BulletinType.TRAINING, Particular.HELD_UNTIL): _l("培训结束"),
    (BulletinType.TRAINING, Particular.PLACE): _l("培训地点"),
    (BulletinType.TRAINING, Particular.PARTICIPANTS): _l("培训对象"),
    (BulletinType.REPLY, Particular.REFERS_TO): _l("答复的请示"),
    (BulletinType.LETTER, Particular.REFERS_TO): _l("答复的来函"),
    (BulletinType.INTERPRETATION, Particular.REFERS_TO): _l("解读的文件"),
}
"""What papers of one type call them."""

HINTS = {
    BulletinType.OPINION: _l("意见可以上行、下行或平行。上行的只主送一个上级机关，不抄送下级。"),
    BulletinType.REPORT: _l("报告只主送一个上级机关，不抄送下级，不得夹带请示事项。"),
    BulletinType.REQUEST: _l("请示应当一文一事，只主送一个上级机关，不抄送下级，须注明联系人。"),
    BulletinType.REPLY: _l("批复答复下级的请示，主送请示的机关。"),
    BulletinType.MOTION: _l("议案由人民政府向同级人大或其常委会提出，只主送一个机关。"),
    BulletinType.LETTER: _l("函用于不相隶属机关之间商洽、询问和答复，可发给同级机关。"),
    BulletinType.MINUTES: _l("纪要记录会议主要情况和议定事项。"),
    BulletinType.TRAINING: _l("须写明何时、何地、谁参加、何时前报名。"),
    BulletinType.INTERPRETATION: _l("须写明解读的是哪份文件。"),
}
"""What a clerk should know of a type before writing."""

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
LAYOUTS = {Layout.DOCUMENT: _l("文件格式"), Layout.LETTER: _l("信函格式")}
PARTS = {Part.TO: _l("主送"), Part.CC: _l("抄送"), Part.EXCEPT: _l("除外")}


def kind(value: str) -> str:
    """A type of paper in words."""
    return str(TYPES[BulletinType(value)])


def particular(kind: str, name: str) -> str:
    """What a paper of that type calls one of the things that it states."""
    one = Particular(name)
    return str(PARTICULARS_OF.get((BulletinType(kind), one), PARTICULARS[one]))


def types() -> list[tuple[str, list[tuple[BulletinType, str]]]]:
    """The types of papers to choose from, the official ones apart."""
    groups: dict[bool, list[tuple[BulletinType, str]]] = {True: [], False: []}
    for one, rules in paper_types.TYPES.items():
        groups[rules.is_official].append((one, kind(one)))
    return [(_("公文文种"), groups[True]), (_("日常信息"), groups[False])]


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


def layout(value: str) -> str:
    """A layout in words."""
    return str(LAYOUTS[Layout(value)])


def part(value: str) -> str:
    """A part of an audience in words."""
    return str(PARTS[Part(value)])


def number(code: str, year: int, running: int, *, is_of_orders: bool = False) -> str:
    """A document number (发文字号): full year in 〔〕, the running number without padding.

    As 党政机关公文处理工作条例 第九条 and GB/T 9704-2012, 7.2.5 want it; it is never translated.
    An order is cited by the register's name and 第…号.
    """
    return f"{code}第{running}号" if is_of_orders else f"{code}〔{year}〕{running}号"


def number_of(line: Any) -> str:
    """The document number that a line of a register stands for."""
    return number(line.code, line.year, line.number, is_of_orders=line.is_of_orders)


def ended(paper: Any) -> str:
    """That a paper is void, or repealed from a day; for anything with ended_kind and ended_on."""
    if paper.ended_kind == State.VOID:
        return str(_("已撤销"))
    return str(_("自 %(day)s 起废止", day=paper.ended_on.isoformat()))


def particulars(stated: Any, kind: str) -> list[tuple[str, Any]]:
    """What a paper of that type states, each with its name; what is blank is left out."""
    values = [(one, getattr(stated, one)) for one in paper_types.of(kind).particulars]
    return [(particular(kind, one), value) for one, value in values if value]


FILTERS = {
    "paper_particulars": particulars,
    "paper_type": kind,
    "urgency_label": urgency,
    "paper_state": state,
    "paper_layout": layout,
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
    "bulletin.review_begun": _l("文稿送审"),
    "bulletin.reviewed": _l("审核同意"),
    "bulletin.review_passed": _l("审核通过，送签"),
    "bulletin.remarked": _l("批注文稿"),
    "bulletin.remark_settled": _l("处理批注"),
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
    "bulletin.cosigned": _l("会签公文"),
    "bulletin.host_signed": _l("主办机关签发，待会签"),
    "follows.changed": _l("改变关注的主题"),
    "number.taken": _l("取发文字号"),
    "number.voided": _l("作废发文字号"),
    "organ_code.added": _l("启用机关代字"),
    "organ_code.chosen": _l("设定默认机关代字"),
    "organ_code.ended": _l("停用机关代字"),
    "paper_budget.set": _l("设定年度发文计划"),
}
"""What the auditor reads for the journal's entries about papers, receipts, relays and numbers."""


def fill() -> None:
    """Give the auditor's page its words for what happens to papers."""
    ENTRY_WORDS.update(ENTRIES)
