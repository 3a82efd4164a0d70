"""How much one request may carry, and what somebody is told who sends more."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_babel import gettext as _

from config.errors import DomainError
from config.settings import Settings

MAX_BODY_BYTES = 4 * 1024 * 1024
_KILOBYTE = 1024
_MEGABYTE = 1024 * 1024

F = TypeVar("F", bound=Callable[..., Any])


def large_body(limit: int | Callable[[Settings], int]) -> Callable[[F], F]:
    """Let a view take bodies of up to ``limit`` bytes: files for which the usual limit is low.

    A limit that the settings name is given as a function of them.
    """

    def declare(view: F) -> F:
        view.max_body = limit  # type: ignore[attr-defined]
        return view

    return declare


def _limit_body() -> None:
    limit = getattr(current_app.view_functions.get(request.endpoint or ""), "max_body", None)
    if limit is not None:
        settings = current_app.extensions["settings"]
        request.max_content_length = limit(settings) if callable(limit) else limit


def _amount(size: int, digits: str = ".0f") -> str:
    """Bytes as people read them."""
    if size < _MEGABYTE:
        return f"{size // _KILOBYTE} KB"
    return f"{size / _MEGABYTE:{digits}} MB"


def too_large() -> DomainError:
    """What is said of the body in hand: how large it is, how large it may be, what to do.

    A form's words are still in the browser, on the page before.
    """
    size, most = request.content_length, request.max_content_length or MAX_BODY_BYTES
    words = _("每次最多提交 %(most)s。", most=_amount(most))
    if size and size > most:
        words = _(
            "这次提交了 %(size)s，每次最多 %(most)s。",
            size=_amount(size, ".1f"),
            most=_amount(most),
        )
    if request.mimetype == "multipart/form-data":
        hint = _("请退回刚才的页面，把文件压缩，或者分成几份，再上传。")
    else:
        hint = _(
            "请按浏览器的“后退”键回到刚才的页面，您填写的内容还在那里；"
            "把太长的文字删短，或者分成几份，再保存。"
        )
    error = DomainError(_("提交的内容太大，没有保存。"), hint=hint, errors={"": words})
    error.status, error.code = 413, "http_413"
    return error


def init_app(app: Flask) -> None:
    """Set the usual limit, and each view's own."""
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES)
    app.before_request(_limit_body)
