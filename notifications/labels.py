"""The words in which people read channels, rhythms, kinds, states and outcomes."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from agencies.states import Channel
from notifications.hooks import labels as hook_labels
from notifications.models import Subscription
from notifications.states import AlertKind, Kind, Queue, Rhythm, State
from notifications.texting import labels as texting_labels

CHANNELS = {Channel.MAIL: _l("邮件"), Channel.SMS: _l("短信")}
RHYTHMS = {
    Rhythm.WORKDAYS: _l("每个工作日"),
    Rhythm.DAILY: _l("每天"),
    Rhythm.WEEKLY: _l("每周一次"),
    Rhythm.MONTHLY: _l("每月一次"),
    Rhythm.AT_ONCE: _l("有新内容随时发"),
    Rhythm.OFF: _l("不要摘要"),
}
WEEKDAYS = (
    *(_l("星期一"), _l("星期二"), _l("星期三"), _l("星期四")),
    *(_l("星期五"), _l("星期六"), _l("星期日")),
)
KINDS = {
    Kind.DIGEST: _l("摘要"),
    Kind.URGENT: _l("紧急提醒"),
    Kind.REMINDER: _l("催办"),
    Kind.PASSED_OVER: _l("逾期未转发"),
    Kind.ENDED: _l("撤销和废止"),
    Kind.ESCALATION: _l("特急未阅"),
    Kind.CONFIRMATION: _l("请外部收件人确认"),
    Kind.INVITATION: _l("邀请"),
    Kind.CODE: _l("验证码"),
}
ALERTS = {
    AlertKind.URGENT: _l("紧急文件"),
    AlertKind.REMINDER: _l("催办"),
    AlertKind.PASSED_OVER: _l("逾期未转发"),
    AlertKind.ENDED: _l("撤销和废止"),
    AlertKind.CALL: _l("特急未阅，请打电话"),
    AlertKind.QUESTION: _l("有提问待答复"),
    AlertKind.ANSWER: _l("提问已答复"),
    AlertKind.WITHDRAWN: _l("也在问的提问已撤回"),
    AlertKind.TASK: _l("新任务"),
    AlertKind.DUE_SOON: _l("任务临近期限"),
    AlertKind.OVERDUE: _l("任务逾期"),
    AlertKind.OVERDUE_BELOW: _l("下级任务逾期"),
    AlertKind.SUBMITTED: _l("任务已报送，待审核"),
    AlertKind.SENT_BACK: _l("任务退回重办"),
    AlertKind.CLOSED: _l("任务已办结"),
    AlertKind.CANCELLED: _l("任务已取消"),
    AlertKind.EXPORT: _l("表格可以下载"),
    AlertKind.NO_EXPORT: _l("表格没有做成"),
}
STATES = {
    State.QUEUED: _l("待发送"),
    State.CLAIMED: _l("发送中"),
    State.CALLING: _l("发送中"),
    State.SENT: _l("已发出"),
    State.DELIVERED: _l("已送达"),
    State.FAILED: _l("未能送出"),
    State.UNKNOWN: _l("结果不明"),
    State.HELD: _l("暂停待定"),
    State.CLOSED: _l("已作罢"),
}
OUTCOMES = {
    "": _l("—"),
    "accepted": _l("对方已接收"),
    "written": _l("已写入发件箱"),
    "deferred": _l("对方暂时不收，稍后再试"),
    "refused": _l("对方拒收"),
    "gave_up": _l("多次重试仍不成功"),
    "no_answer": _l("发出后没有回音"),
    "address": _l("地址不能使用"),
    "obsolete": _l("已失效，不再发送"),
    "quiet": _l("免打扰时段，过后再发"),
    "unwanted": _l("收件人已退订或停用，不再发送"),
    "reported": _l("网关已报告"),
    "reported_failed": _l("网关报告未送达"),
    "bounced": _l("已发出，后被退回"),
    "gone": _l("邮箱已失效，不再发送"),
    "restored": _l("从备份恢复，可能已发过"),
    "retried": _l("管理员要求再发"),
    "closed": _l("管理员决定不再发"),
    "released": _l("管理员放行"),
    "no_template": _l("没有审核通过的短信模板"),
    "over_budget": _l("本月短信预算已用完，摘要不再发短信"),
    "stopped": _l("管理员停发这一批"),
}

PROVIDERS = {
    "": "",
    "smtp": _l("邮件服务器"),
    "outbox": _l("发件箱"),
    "kannel": "Kannel",
    "aliyun": _l("阿里云"),
    "tencent": _l("腾讯云"),
}
_WELL = ("accepted", "written", "reported")
_BADLY = ("refused", "gave_up", "address", "reported_failed")


def tone(outcome: str) -> str:
    """How an outcome is coloured: well, for good and badly, or in between."""
    if outcome in _WELL:
        return "ok"
    return "danger" if outcome in _BADLY else "warn"


def queue(one: Queue) -> str:
    """A queue in words."""
    name = channel(one.channel)
    return _("%(channel)s，紧急", channel=name) if one.urgent else name


def lasting(seconds: float) -> str:
    """How long something takes, roughly."""
    if seconds < 60:
        return _("不到 1 分钟")
    if seconds < 3600:
        return _("约 %(n)s 分钟", n=round(seconds / 60))
    return _("约 %(n)s 小时", n=round(seconds / 3600, 1))


def ago(moment: datetime, now: datetime) -> str:
    """How long ago something was."""
    return _("%(time)s前", time=lasting((now - moment).total_seconds()))


def provider(value: str) -> str:
    """A way out in words; those numbered because there are several keep their number."""
    name, _dash, number = value.partition("-")
    return f"{PROVIDERS.get(name, name)} {number}".strip()


def channel(value: str) -> str:
    """A channel in words."""
    return str(CHANNELS[Channel(value)])


def rhythm(value: str) -> str:
    """A rhythm in words."""
    return str(RHYTHMS[Rhythm(value)])


def wish(one: Subscription) -> str:
    """What comes over one channel, for a list of recipients."""
    if one.rhythm == Rhythm.OFF:
        words = _("只有立即提醒") if one.urgent_at_once else _("已退订")
    else:
        words = rhythm(one.rhythm)
    return _("%(channel)s：%(what)s", channel=channel(one.channel), what=words)


def kind(value: str) -> str:
    """What a message is about, in words."""
    return str(KINDS[Kind(value)])


def alert(value: str) -> str:
    """What the bell tells of, in words."""
    return str(ALERTS[AlertKind(value)])


def mark(value: str) -> str:
    """The word by which a state is coloured: what was given up is not well done, as a task is."""
    return "cancelled" if value == State.CLOSED else value


def state(value: str) -> str:
    """A state in words."""
    return str(STATES[State(value)])


def outcome(value: str) -> str:
    """An outcome in words."""
    return str(OUTCOMES.get(value, value))


ENTRIES = {
    "subscription.changed": _l("设置摘要与提醒"),
    "subscription.ended": _l("退订"),
    "recipient.added": _l("添加外部收件人"),
    "recipient.joined": _l("外部收件人自行登记"),
    "recipient.confirmed": _l("外部收件人确认接收"),
    "recipient.ended": _l("停止外部收件人"),
    "recipient.bounced": _l("外部收件人邮箱失效"),
    "join_link.made": _l("生成登记链接"),
    "join_link.withdrawn": _l("收回登记链接"),
    "reader.lost": _l("读者邮箱失效"),
    "delivery.retried": _l("再发一次"),
    "delivery.closed": _l("投递作罢"),
    "delivery.released": _l("投递放行"),
    "delivery.held": _l("投递暂停待定"),
    "receipt.escalated": _l("特急未阅，逐级催阅"),
    "receipt.called": _l("电话通知"),
    "delivery.stopped": _l("停发一批中的投递"),
    "recipient.erased": _l("删除已退出的外部收件人的个人信息"),
    "person.addresses_erased": _l("删除已停用人员的邮箱和手机号"),
    "batch.stopped": _l("停发一批消息"),
    "batch.released": _l("恢复发送一批消息"),
}


def fill() -> None:
    """Tell the auditor's page the words for this folder's entries."""
    ENTRY_WORDS.update(ENTRIES)
    ENTRY_WORDS.update(texting_labels.ENTRIES)
    ENTRY_WORDS.update(hook_labels.ENTRIES)
