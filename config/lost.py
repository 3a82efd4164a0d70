"""A form that came too late keeps its words: they are shown again, to copy or to send once more."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from flask import Request, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from config.redirects import own_path

_OURS = frozenset({"csrf_token", "revision", "form_key", "next", "action"})
_SECRET = ("password", "secret", "token")
_WORD = re.compile(r"[\w.:+-]{0,64}", re.ASCII)
"""A code word or a number: what somebody chose or ticked, and did not type."""
_NAMES = {
    "title": _l("标题"),
    "body": _l("正文"),
    "name": _l("名称"),
    "remark": _l("说明"),
    "note": _l("附言"),
    "text": _l("内容"),
    "summary": _l("摘要"),
    "address": _l("联系方式"),
    "username": _l("用户名"),
    "mail": _l("邮箱"),
    "phone": _l("手机"),
    "label": _l("名称"),
    "agency": _l("机构"),
}


@dataclass(frozen=True)
class Typed:
    """What a page shows of a form that was lost."""

    shown: list[tuple[str, str]]
    again: list[tuple[str, str]]  # empty where it can't be sent once more


def _parts(address: str) -> SplitResult:
    """An address as a browser named it; all empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _is_from_here(came: Request) -> bool:
    """Whether one of our own pages sent this; a stranger's form is never offered again."""
    origin = came.headers.get("Origin") or came.headers.get("Referer") or ""
    return _parts(origin).netloc == came.host


def _typed() -> Typed:
    try:
        pairs = [(name, value) for name, value in request.form.items(multi=True) if value]
        files = any(file.filename for file in request.files.values())
    except HTTPException:  # too large to be read
        return Typed([], [])
    kept = [
        (name, value)
        for name, value in pairs
        if not any(word in name.casefold() for word in _SECRET)
    ]
    shown = [
        (str(_NAMES.get(name, name)), value)
        for name, value in kept
        if name not in _OURS and (name in _NAMES or not _WORD.fullmatch(value))
    ]
    whole = len(kept) >= sum(name != "csrf_token" for name, _value in pairs) and not files
    again = kept if whole and _is_from_here(request) else []
    return Typed(shown, again)


def page(*, signed_in: bool) -> ResponseReturnValue:
    """The page for a form that came without a valid session or token: 401, or 400 if signed in."""
    typed = _typed()
    words = _("页面已过期，这次提交没有保存") if signed_in else _("登录已过期，这次提交没有保存")
    referer = _parts(request.headers.get("Referer", ""))
    back = own_path(referer.path) if referer.netloc == request.host else None
    shown = render_template(
        "errors/lost.html",
        title=words,
        signed_in=signed_in,
        typed=typed,
        back=back,
        path=request.full_path.rstrip("?"),
    )
    return shown, 400 if signed_in else 401
