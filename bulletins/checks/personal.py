"""Personal data in a paper's own words: identity numbers, bank cards, mobile phones."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins import personal
from bulletins.personal import Kind
from bulletins.ports import Check, Examined, Finding, Level

SHOWN = 10
"""Findings that are shown one by one."""


def find(paper: Examined) -> Sequence[Finding]:
    """Each number, masked, at its place; those of attachments as a count for each file."""
    found = [(place, one) for place, text in paper.passages for one in personal.numbers_in(text)]
    shown = [
        Finding(
            _(
                "%(kind)s %(masked)s：确需公开吗？否则请删去或隐去中间几位。",
                kind=_word(one.kind),
                masked=one.masked,
            ),
            place,
        )
        for place, one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        shown.append(Finding(_("另有 %(count)s 处同类号码。", count=len(found) - SHOWN)))
    return shown + _in_files(paper)


def _in_files(paper: Examined) -> list[Finding]:
    known = paper.inspections
    found = []
    for attachment in paper.attachments:
        one = known.get(attachment.file_id)
        counts = (one.identities, one.cards, one.phones) if one else (0, 0, 0)
        what = "、".join(
            _("%(kind)s %(count)s 个", kind=_word(kind), count=count)
            for kind, count in zip(Kind, counts, strict=True)
            if count
        )
        if what:
            place = _("附件“%(name)s”", name=attachment.name)
            found.append(Finding(_("含有%(what)s，请确认可以发给收文机构。", what=what), place))
    return found


def _word(kind: Kind) -> str:
    words = {
        Kind.IDENTITY: _("身份证号"),
        Kind.CARD: _("银行卡号"),
        Kind.PHONE: _("手机号"),
    }
    return words[kind]


CHECK = Check("personal", _l("个人信息"), Level.WARN, find, is_of_words=True)
