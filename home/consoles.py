"""What waits for each of the three administrators."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from agencies.states import AdminRole
from config import clock, journal
from home import queries
from home.blocks import Need
from notifications import ledger

SETTLED_WITHIN = timedelta(minutes=1)


def needs(role: AdminRole) -> Sequence[Need]:
    """The figures that an administrator watches, in at most 8 statements."""
    return _OF_ROLE[role]()


def _system() -> list[Need]:
    deliveries = ledger.counts()
    return [
        Need(
            _("不明结果的投递"),
            deliveries["unknown"],
            url_for("notifications.deliveries", state="unknown"),
            _("不知道对方是否收到，需要决定重发还是放弃。"),
        ),
        Need(
            _("恢复后暂停的投递"),
            deliveries["held"],
            url_for("notifications.deliveries", state="held"),
            _("从备份恢复后暂停，核对后放行。"),
        ),
        Need(
            _("失败的投递"),
            deliveries["failed"],
            url_for("notifications.deliveries", state="failed"),
            _("多为地址有误，请与本人核对。"),
        ),
        Need(
            _("编不出来的摘要"),
            ledger.failing_count(),
            url_for("notifications.deliveries"),
            _("会自动再试，其他人的摘要照常发出；请查看运行日志。"),
        ),
        _set_aside(),
        *_people(),
        Need(
            _("没有岗位的人员"),
            queries.people_count("unseated"),
            url_for("agencies.people", state="unseated"),
            _("没有岗位就看不到任何文件和任务。"),
        ),
    ]


def _security() -> list[Need]:
    return [
        Need(
            _("锁定的账号"),
            queries.locked_count(),
            url_for("agencies.people", state="locked"),
            _("多次输错密码后自动锁定，核实后解锁。"),
        ),
        *_people(),
    ]


def _audit() -> list[Need]:
    late = queries.late_entries_count(clock.now() - SETTLED_WITHIN)
    return [
        Need(
            _("尚未编号的日志"),
            late,
            url_for("agencies.journal"),
            _("一分钟内应编好号；一直不减，说明后台进程没有运行。"),
        ),
        _set_aside(),
    ]


def _set_aside() -> Need:
    return Need(
        _("搁置的处理"),
        queries.set_aside_count(),
        hint=_("多次重试仍失败，请系统管理员用 journal set-aside 命令查看并恢复。"),
    )


def _people() -> list[Need]:
    return [
        Need(
            _("没有已验证联系方式的人员"),
            queries.unreachable_count(),
            url_for("agencies.people"),
            _("他们收不到摘要和提醒，请本人在“我的账号”里验证。"),
        ),
        Need(
            _("还没有设置密码的人员"),
            queries.people_count("invited"),
            url_for("agencies.people", state="invited"),
            _("邀请尚未完成，可以再次发出邀请。"),
        ),
    ]


_OF_ROLE: dict[AdminRole, Callable[[], list[Need]]] = {
    AdminRole.SYSTEM: _system,
    AdminRole.SECURITY: _security,
    AdminRole.AUDIT: _audit,
}


def settled() -> int:
    """How many entries the journal's chain holds."""
    return journal.head()
