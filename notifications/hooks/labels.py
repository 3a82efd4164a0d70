"""The words in which people read endpoints, events and outcomes."""

from flask_babel import lazy_gettext as _l

from notifications.hooks.states import CallState, EndpointKind, Event, Outcome

KINDS = {
    EndpointKind.WEBHOOK: _l("其他系统（Webhook）"),
    EndpointKind.DINGTALK: _l("钉钉群机器人"),
    EndpointKind.WECOM: _l("企业微信群机器人"),
    EndpointKind.FEISHU: _l("飞书群机器人"),
}
EVENTS = {
    Event.ARRIVED: _l("收到公文"),
    Event.CORRECTED: _l("收到更正"),
    Event.REMINDED: _l("被催办"),
    Event.VOIDED: _l("公文撤销"),
    Event.REPEALED: _l("公文废止"),
    Event.ASSIGNED: _l("接到任务"),
    Event.DUE_SOON: _l("任务临近期限"),
    Event.OVERDUE: _l("任务逾期"),
    Event.OVERDUE_BELOW: _l("下级任务逾期"),
    Event.SUBMITTED: _l("下级报送任务"),
    Event.SENT_BACK: _l("任务退回重办"),
    Event.CLOSED: _l("任务办结"),
    Event.CANCELLED: _l("任务取消"),
    Event.ASKED: _l("下级提问"),
    Event.ANSWERED: _l("提问得到答复"),
    Event.TEST: _l("测试"),
}
STATES = {
    CallState.WAITING: _l("等待发送"),
    CallState.DELIVERED: _l("已送到"),
    CallState.GIVEN_UP: _l("已放弃"),
}
OUTCOMES = {
    Outcome.ACCEPTED: _l("对方已接收"),
    Outcome.REFUSED: _l("对方拒收"),
    Outcome.REDIRECTED: _l("对方要求转到别的网址，未跟随；请改登记新网址"),
    Outcome.BUSY: _l("对方正忙"),
    Outcome.GONE: _l("对方不再接收，已自动停用"),
    Outcome.NO_HOST: _l("找不到这台主机，请核对网址"),
    Outcome.NO_ANSWER: _l("连不上对方"),
    Outcome.TOO_SLOW: _l("对方 10 秒内没有答完"),
    Outcome.NOT_TRUSTED: _l("对方的证书不可信"),
    Outcome.PRIVATE: _l("是内网地址，未获系统管理员允许"),
    Outcome.STRANGE_HOST: _l("不是厂商的网址，未获系统管理员允许"),
    Outcome.OPEN: _l("公网地址要用 https，未发送；请改登记 https:// 开头的网址"),
    Outcome.UNREADABLE: _l("系统密钥已更换，请删除后重新登记"),
    Outcome.REMOVED: _l("对接已删除"),
}
TONES = {CallState.WAITING: "warn", CallState.DELIVERED: "ok", CallState.GIVEN_UP: "danger"}

ENTRIES = {
    "endpoint.added": _l("登记系统对接"),
    "endpoint.changed": _l("修改系统对接"),
    "endpoint.disabled": _l("停用系统对接"),
    "endpoint.enabled": _l("启用系统对接"),
    "endpoint.gone": _l("对方不再接收，停用系统对接"),
    "endpoint.ended": _l("删除系统对接"),
    "endpoint.rotated": _l("更换系统对接的密钥"),
    "endpoint.old_retired": _l("系统对接的旧密钥立即失效"),
    "endpoint.tested": _l("测试系统对接"),
    "endpoint.replayed": _l("重发给对接系统"),
}


def kind(value: str) -> str:
    """A kind of endpoint in words."""
    return str(KINDS[EndpointKind(value)])


def event(value: str) -> str:
    """An event in words."""
    return str(EVENTS[Event(value)])


def state(value: str) -> str:
    """A call's state in words."""
    return str(STATES[CallState(value)])


def tone(value: str) -> str:
    """The colour of a call's state."""
    return TONES[CallState(value)]


def outcome(value: str) -> str:
    """What an attempt came to, in words; empty before the first."""
    return str(OUTCOMES[Outcome(value)]) if value else ""
