"""Errors of the domain: what went wrong in the user's words, and the HTTP status it becomes."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Message = str | LazyString


class DomainError(Exception):
    """Something a user did or asked for that can't be done.

    ``message`` says what is wrong, ``hint`` what to do, ``errors`` what is wrong with which field.
    """

    status = 400
    code = "bad_request"
    message: Message = _l("请求有误。")
    hint: Message = _l("请返回检查后重试。")

    def __init__(
        self,
        message: Message | None = None,
        *,
        hint: Message | None = None,
        errors: Mapping[str, Message] | None = None,
    ) -> None:
        self.message = message if message is not None else type(self).message
        self.hint = hint if hint is not None else type(self).hint
        self.errors = dict(errors or {})
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotSignedIn(DomainError):
    status, code = 401, "not_signed_in"
    message = _l("请先登录。")
    hint = _l("登录后会回到这一页。")


class Forbidden(DomainError):
    status, code = 403, "forbidden"
    message = _l("您当前的岗位不能办理这件事。")
    hint = _l("如果您兼任其他岗位，请在右上角切换岗位后再试。")


class NotFound(DomainError):
    status, code = 404, "not_found"
    message = _l("没有找到这一页。")
    hint = _l("它可能已被移走，或者不属于您的机构。")


class Conflict(DomainError):
    status, code = 409, "conflict"
    message = _l("内容已被他人改动。")
    hint = _l("请刷新后再试。")


class Invalid(DomainError):
    status, code = 422, "invalid"
    message = _l("填写的内容有误。")
    hint = _l("请按提示修改后重新提交。")


class TooMany(DomainError):
    status, code = 429, "too_many"
    message = _l("操作过于频繁。")
    hint = _l("请稍后再试。")


class StorageFull(DomainError):
    """There is no room for what was sent; nothing of it was kept."""

    status, code = 507, "storage_full"
    message = _l("存储空间已满，文件没有保存。")
    hint = _l("请告诉系统管理员清理磁盘或扩容，然后再上传；已保存的内容不受影响。")


class Unavailable(DomainError):
    """Something the service relies on does not answer now."""

    status, code = 503, "unavailable"
    message = _l("系统正忙，这次操作没有保存。")
    hint = _l("请稍候片刻再试一次。")
