"""The words in which people read templates, replies and ways out."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from notifications.texting.states import Became, TemplateAction, TemplateState, Vendor

VENDORS = {Vendor.ALIYUN: _l("阿里云"), Vendor.TENCENT: _l("腾讯云")}
TEMPLATE_STATES = {
    TemplateState.DRAFT: _l("未送审"),
    TemplateState.SUBMITTED: _l("审核中"),
    TemplateState.APPROVED: _l("已通过"),
    TemplateState.REJECTED: _l("被驳回"),
}
TEMPLATE_ACTIONS = {
    TemplateAction.SUBMIT: _l("登记已送审"),
    TemplateAction.APPROVE: _l("登记已通过"),
    TemplateAction.REJECT: _l("登记被驳回"),
    TemplateAction.WITHDRAW: _l("撤回修改"),
}
BECAME = {
    Became.ACKNOWLEDGED: _l("已签收"),
    Became.STOPPED: _l("已停发短信"),
    Became.BEGUN: _l("已恢复短信"),
    Became.PASSED: _l("请处理"),
    Became.STRANGER: _l("陌生号码"),
}
WHY = {
    "several_people": _l("这个号码登记在几个人名下，没有签收"),
    "nobody": _l("不是已验证的本单位号码，没有签收"),
    "nothing_asked": _l("上一条短信没有请对方签收，没有签收"),
    "not_theirs": _l("对方现在不能为收文单位签收，没有签收"),
    "not_needed": _l("那份公文已签收或无需签收"),
    "changed": _l("那份公文已更正、撤销或废止，没有签收"),
    "unread": _l("收文单位还没有打开过那份公文，没有签收"),
    "several_papers": _l("对方在几个单位收到同一公文，没有签收"),
}
_ROUTES = {"kannel": _l("短信网关"), "outbox": _l("发件箱")}

ENTRIES = {
    "template.created": _l("新建短信模板"),
    "template.changed": _l("修改短信模板"),
    "template.decided": _l("登记短信模板审核情况"),
    "reply.received": _l("收到短信回复"),
    "reply.read": _l("已看短信回复"),
}


def vendor(value: str) -> str:
    """A vendor in words."""
    return str(VENDORS[Vendor(value)])


def template_state(value: str) -> str:
    """A template's state in words."""
    return str(TEMPLATE_STATES[TemplateState(value)])


def template_action(value: str) -> str:
    """What the administrator notes of a template, in words."""
    return str(TEMPLATE_ACTIONS[TemplateAction(value)])


def became(value: str) -> str:
    """What a reply came to, in words."""
    return str(BECAME[Became(value)])


def why(value: str) -> str:
    """Why a reply acknowledged nothing, in words."""
    return str(WHY.get(value, ""))


def route(name: str) -> str:
    """A way out in words: its kind, and its number where there are several alike."""
    kind, _dash, number = name.partition("-")
    words = str(_ROUTES[kind]) if kind in _ROUTES else vendor(kind)
    return _("%(route)s（第 %(n)s 个）", route=words, n=number) if number else words
