"""The words in which the auditor reads what happens to searches."""

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
