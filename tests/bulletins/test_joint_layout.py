"""The flag of what several organs issue together, measured by GB/T 9704-2012, 7.2.4."""

import pytest

from bulletins.official import MOST_FLAGS
from tests.bulletins.sheets import Line, Sheet, paragraphs, set_of
from tests.bulletins.test_official_layout import EXACT, LEFT, NEAR, RED, RIGHT, ROW, TOP

BESIDE = ["河北省教育厅", "河北省农业农村厅"]


@pytest.fixture(scope="module")
def joint() -> Sheet:
    return set_of(beside=BESIDE, urgency="", body=paragraphs(1))


def _red(sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines() if line.chars[0].size > 24]


def test_the_host_stands_first_and_names_are_as_wide_as_each_other(joint: Sheet) -> None:
    names = [
        [char for char in line.chars if char.text not in "文件" or char.left < 100]
        for line in _red(joint)
    ]
    names = [chars for chars in names if "".join(one.text for one in chars) != "文件"]
    assert ["".join(one.text for one in chars) for chars in names] == [
        "河北省市场监督管理局",
        *BESIDE,
    ]
    for chars in names:
        assert chars[0].left == pytest.approx(names[0][0].left, abs=EXACT)
        assert chars[-1].right == pytest.approx(names[0][-1].right, abs=EXACT)
    top = min(char.ink_top for char in names[0])
    assert top == pytest.approx(TOP + 35, abs=2 * NEAR)


def test_the_word_document_stands_right_of_them_at_their_middle(joint: Sheet) -> None:
    every = [char for line in _red(joint) for char in line.chars]
    (word,) = [char for char in every if char.text == "文"]
    (last,) = [char for char in every if char.text == "件"]
    others = [char for char in every if char.text not in "文件"]
    middle = (min(one.top for one in others) + max(one.bottom for one in others)) / 2
    assert (word.top + word.bottom) / 2 == pytest.approx(middle, abs=NEAR)
    assert word.left > max(one.right for one in others)
    left = min(one.left for one in others)
    assert (left + last.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=EXACT)
    number, (rule,) = joint.line("冀市监"), joint.rules()
    assert rule.color == RED
    lowest = max(one.ink_bottom for one in others)
    assert number.top - lowest == pytest.approx(2 * ROW, abs=3)  # 7.2.5


def test_of_very_many_the_host_is_flagged_alone() -> None:
    """So that the first page shows text: 7.3.3."""
    sheet = set_of(beside=[f"第{one}局" for one in range(MOST_FLAGS)], urgency="")
    assert [line.text for line in _red(sheet)] == ["河北省市场监督管理局文件"]
