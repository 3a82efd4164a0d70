"""The words in which people read what became of a table."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from agencies.exports.ports import EXPORTERS
from agencies.exports.states import Failure, State
from agencies.ports import ENTRY_WORDS

STATES: dict[str, LazyString] = {
    State.WAITING: _l("排队中"),
    State.MAKING: _l("正在准备"),
    State.READY: _l("可以下载"),
    State.FAILED: _l("没有做成"),
    State.REMOVED: _l("已到期删除"),
}
FAILURES: dict[str, LazyString] = {
    Failure.STORAGE_FULL: _l("存储空间已满。请告诉系统管理员清理磁盘或扩容，然后重新生成。"),
    Failure.REFUSED: _l("这些内容已不在您现在的岗位能看的范围内。"),
    Failure.BROKEN: _l(
        "生成时出了错，已试过几次。请重新生成；仍不行，请把本页地址告诉系统管理员。"
    ),
}
MARKS: dict[str, str] = {
    State.WAITING: "queued",
    State.MAKING: "claimed",
    State.READY: "sent",
    State.FAILED: "failed",
    State.REMOVED: "cancelled",
}
"""The state whose tone a badge has."""


def kind(value: str) -> str:
    """A kind of table in words."""
    return str(EXPORTERS[value].label) if value in EXPORTERS else value


def fill() -> None:
    """Tell the auditor what the entries are about."""
    ENTRY_WORDS.update(
        {
            "export.asked": _l("要求导出表格"),
            "export.made": _l("导出表格已生成"),
            "export.failed": _l("导出表格没有做成"),
            "export.fetched": _l("下载导出的表格"),
        }
    )
