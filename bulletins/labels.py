"""The words in which people read types, urgency, states and steps."""

from flask_babel import lazy_gettext as _l

from bulletins.states import Action, BulletinType, Part, State, Urgency

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
    State.SUBMITTED: _l("待签发"),
    State.RETURNED: _l("已退回"),
    State.PUBLISHED: _l("已发布"),
    State.DISCARDED: _l("已作废"),
}
ACTIONS = {
    Action.EDIT: _l("修改"),
    Action.SUBMIT: _l("送签"),
    Action.WITHDRAW: _l("撤回"),
    Action.RETURN: _l("退回"),
    Action.SIGN: _l("签发"),
    Action.DISCARD: _l("作废"),
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


def part(value: str) -> str:
    """A part of an audience in words."""
    return str(PARTS[Part(value)])


FILTERS = {
    "paper_type": kind,
    "urgency_label": urgency,
    "paper_state": state,
    "paper_part": part,
}
"""Filters for templates, registered with the pages."""
