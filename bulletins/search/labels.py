"""The words in which people read of searches, and the auditor of what happens to them."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS

ENTRIES = {
    "search.saved": _l("保存检索"),
    "search.followed": _l("关注检索"),
    "search.unfollowed": _l("取消关注检索"),
    "search.removed": _l("删除检索"),
    "search.matched": _l("关注的检索有新公文"),
    "feed.issued": _l("取得订阅地址"),
    "feed.revoked": _l("停用订阅地址"),
}


def fill() -> None:
    """Tell the auditor's page the words for these entries."""
    ENTRY_WORDS.update(ENTRIES)


def days(since: date | None, until: date | None) -> str:
    """The days of publication to which a search is narrowed; empty where it is not."""
    if since and until:
        return _("发布于 %(since)s 至 %(until)s", since=since.isoformat(), until=until.isoformat())
    if since:
        return _("发布自 %(since)s 起", since=since.isoformat())
    return _("发布至 %(until)s 止", until=until.isoformat()) if until else ""
