"""What is wrong with a text is said in words for texts, however its length was measured."""

from typing import Annotated

import pytest
from apiflask import APIFlask
from pydantic import BaseModel, Field

from config.errors import Invalid
from config.forms import validated
from config.text import Line


class Paper(BaseModel):
    title: Annotated[Line, Field(min_length=1, max_length=5)]
    copies: Annotated[list[int], Field(min_length=1)] = [1]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": "   "}, "请填写此项，至少 1 个字。"),
        ({"title": "六个字的标题"}, "不能超过 5 个字。"),
        ({"title": "标\u202e题"}, "第 2 个字符（U+202E）是不可见的控制字符，请删除。"),
    ],
)
def test_a_text_is_measured_after_cleaning(
    app: APIFlask, given: dict[str, str], message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        validated(Paper, given)
    assert refused.value.errors == {"title": message}


def test_a_list_is_still_counted_in_choices(app: APIFlask) -> None:
    with pytest.raises(Invalid) as refused:
        validated(Paper, {"title": "  标题  ", "copies": []})
    assert refused.value.errors == {"copies": "请至少选择 1 项。"}
