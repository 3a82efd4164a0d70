"""One pydantic model validates a thing's input, whether it comes as an HTML form or as JSON."""

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar, Union, get_args, get_origin

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict

from config.errors import Invalid, Message

M = TypeVar("M", bound=BaseModel)


_MESSAGES: dict[str, LazyString] = {
    "missing": _l("请填写此项。"),
    "string_type": _l("请填写此项。"),
    "string_too_short": _l("请填写此项，至少 %(min_length)s 个字。"),
    "string_too_long": _l("不能超过 %(max_length)s 个字。"),
    "too_short": _l("请至少选择 %(min_length)s 项。"),
    "too_long": _l("最多选择 %(max_length)s 项。"),
    "int_parsing": _l("请填写整数。"),
    "int_type": _l("请填写整数。"),
    "int_from_float": _l("请填写整数。"),
    "int_parsing_size": _l("请填写整数。"),
    "greater_than": _l("请填写大于 %(gt)s 的数。"),
    "greater_than_equal": _l("请填写不小于 %(ge)s 的数。"),
    "less_than": _l("请填写小于 %(lt)s 的数。"),
    "less_than_equal": _l("请填写不大于 %(le)s 的数。"),
    "literal_error": _l("请从列出的选项中选择。"),
    "enum": _l("请从列出的选项中选择。"),
    "extra_forbidden": _l("没有这一项。"),
    "hostile_character": _l("第 %(position)s 个字符（%(code)s）是不可见的控制字符，请删除。"),
    "unreadable_character": _l("第 %(position)s 个字符无法识别（编码有误），请删除后重新填写。"),
}
_OF_MOMENTS = _l("日期或时间的格式不对，例如 2026-03-01、08:30。")
_OTHERWISE = _l("填写的内容不对。")


def _message(error: ErrorDetails) -> str:
    """What is wrong with a field, in the user's language, by pydantic's type of error."""
    kind, facts = error["type"], error.get("ctx", {})
    if facts.get("field_type") == "Value":  # the length of a text, measured after it was cleaned
        kind = f"string_{kind}"
    if kind == "value_error":
        return str(facts["error"])
    if kind.startswith(("date", "time")):
        return str(_OF_MOMENTS)
    return str(_MESSAGES.get(kind, _OTHERWISE)) % facts


def messages(error: ValidationError) -> dict[str, str]:
    """The first message for each field of a failed validation; '' is the thing as a whole."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        name = ".".join(str(part) for part in one["loc"])
        found.setdefault(name.partition(".")[0], _message(one))
    return found


def validated(model: type[M], data: Mapping[str, Any]) -> M:
    """``data`` as ``model``; raises Invalid with a message for each wrong field."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Invalid(errors=messages(error)) from error


def _takes_several(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return any(_takes_several(part) for part in get_args(annotation))
    return origin in (list, tuple, set, frozenset)


def typed_values(model: type[BaseModel], form: MultiDict[str, str]) -> dict[str, Any]:
    """What a browser sent, by the model's fields: a list where the field takes several.

    An empty text box counts as not filled in where the field has a default of its own.
    """
    values: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if _takes_several(info.annotation):
            values[name] = form.getlist(name)
        elif name in form and (form[name] != "" or info.is_required()):
            values[name] = form[name]
        elif info.annotation is bool:
            values[name] = False
    return values


@dataclass
class Form(Generic[M]):
    """A form as a page draws it: what stands in each field and what is wrong with it."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    data: M | None = None

    @classmethod
    def blank(cls, **values: Any) -> Self:
        """A form not sent yet, with what its fields shall hold at first."""
        return cls(values=values)

    @classmethod
    def posted(cls, model: type[M]) -> Self:
        """The form that came with this request, validated; ``data`` is None where it is wrong."""
        return cls.read(model, request.form)

    @classmethod
    def read(cls, model: type[M], given: MultiDict[str, str]) -> Self:
        """The same of a form that searches: it comes with the address."""
        values = typed_values(model, given)
        try:
            return cls(values=values, data=model.model_validate(values))
        except ValidationError as error:
            return cls(values=values, errors=messages(error))

    def refuse(self, error: Invalid) -> None:
        """Show at its fields what a service found wrong with the input."""
        self.errors.update({name: str(text) for name, text in error.errors.items()})
        if not error.errors:
            self.errors[""] = str(error.message)

    def note(self, faults: Mapping[str, Message]) -> None:
        """Show also what else is wrong, at fields of which nothing is said yet."""
        for name, text in faults.items():
            self.errors.setdefault(name, str(text))
