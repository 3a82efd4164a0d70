"""Attachments of which nobody but a person can say what they hold: pictures, scans, old formats."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins.ports import Check, Examined, Finding, Level

NAMES_SHOWN = 10


def find(paper: Examined) -> Sequence[Finding]:
    """One finding with the names of the files."""
    known = paper.inspections
    unread = [
        attachment.name
        for attachment in paper.attachments
        if not (attachment.file_id in known and known[attachment.file_id].is_read)
    ]
    if not unread:
        return []
    words = _(
        "%(count)s 个附件读不出文字（图片、扫描件、旧格式或过大）。"
        "请打开看一遍，确认没有密级标志和个人信息：%(names)s",
        count=len(unread),
        names="、".join(unread[:NAMES_SHOWN]) + ("…" if len(unread) > NAMES_SHOWN else ""),
    )
    return [Finding(words)]


CHECK = Check("unread", _l("附件内容"), Level.WARN, find, is_of_words=True)
