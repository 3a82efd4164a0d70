"""Templates as the clouds want them: what their words may be, and how their gaps are filled. Pure.

The rules are what both vendors publish for texts that notify.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from notifications import sms
from notifications.channels.base import Blank, Form
from notifications.states import Kind
from notifications.texting.states import names

TEXT_LENGTH = 500
VALUE_LENGTH = 35
"""Characters in a gap, one at least."""

_GAP = re.compile(r"\$\{([^{}]*)\}")
_NEIGHBOURS = re.compile(r"\$\{[^{}]*\}\s*\$\{")
_PROMOTIONAL = "拒收请回复R"
_OFTEN_REFUSED = ("党政", "培训", "问卷调查")
_BRACKETS = str.maketrans("", "", "【】")


class UnfitError(Exception):
    """What a message says does not go into the template; the words say why."""


def gaps(text: str) -> list[str]:
    """The names of a text's gaps, each once, as they come."""
    return list(dict.fromkeys(_GAP.findall(text)))


def faults(text: str, kind: Kind) -> list[str]:
    """What a vendor would refuse about a template's words, in words that say what to do."""
    found = []
    if "【" in text or "】" in text:
        found.append(_("正文里不能有【】，签名由运营商加在前面。"))
    if not _GAP.sub("", text).strip(" ,.，。、；：:;"):
        found.append(_("不能只有变量，请写上固定的文字。"))
    if _NEIGHBOURS.search(text):
        found.append(_("两个变量不能紧挨着，中间请写上文字。"))
    if _PROMOTIONAL in text:
        found.append(_("通知类短信不能写“拒收请回复R”。"))
    if refused := [word for word in _OFTEN_REFUSED if word in text]:
        found.append(_("“%(words)s”通常不能过审，请换成中性的说法。", words="”“".join(refused)))
    if unknown := [name for name in gaps(text) if name not in names(kind)]:
        known = "、".join(names(kind))
        found.append(
            _("没有变量“%(name)s”，这类短信可用：%(known)s。", name=unknown[0], known=known)
        )
    if "${" in _GAP.sub("", text):
        found.append(_("有一处变量没有写完整，应为 ${name}。"))
    return found


@dataclass(frozen=True)
class Filler:
    """An approved template, ready to be filled; ``sign`` is the signature it goes out with."""

    code: str
    sign: str
    text: str

    def filled(self, blank: Blank) -> tuple[Form, int]:
        """The form for a message, and in how many parts it is sent; raises UnfitError."""
        given = _given(blank)
        values = {name: _value(name, given.get(name, "")) for name in gaps(self.text)}
        words = _GAP.sub(lambda gap: values[gap[1]], self.text)
        return Form(self.code, self.sign, values), sms.parts(f"【{self.sign}】{words}")


def _given(blank: Blank) -> Mapping[str, str]:
    """What a message says, by name."""
    said: dict[str, str] = json.loads(blank.variables)
    if blank.kind == Kind.DIGEST:
        return dict.fromkeys(names(Kind.DIGEST), "0") | said
    return said | {"code": blank.secret, "link": blank.secret}


def _value(name: str, value: str) -> str:
    """What goes into a gap; a long title is cut, a link is not: it would lead nowhere."""
    fitting = " ".join(value.translate(_BRACKETS).split())
    if not fitting:
        raise UnfitError(_("变量“%(name)s”没有内容", name=name))
    if "://" in fitting:
        raise UnfitError(_("变量“%(name)s”是链接，运营商不收", name=name))
    return sms.shortened(fitting, VALUE_LENGTH)
