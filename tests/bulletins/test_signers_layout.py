"""Signers of what several organs send up, measured on its PDF by GB/T 9704-2012, 7.2.6."""

import pytest

from tests.bulletins.sheets import Char, Line, Sheet, set_of
from tests.bulletins.test_official_layout import CHAR, EXACT, LEFT, RIGHT, ROW

NAMES = ["张三", "李建国", "王芳", "欧阳海", "赵敏"]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_of_several_organs_each_names_its_signer(count: int) -> None:
    """7.2.6: in the order of the organs, two on a line, below each other from the first name on."""
    sheet = set_of(signers=NAMES[:count])
    flag, first = sheet.line("河北省市场监督管理局文件"), _of_line(sheet, "张三")
    rows = -(-count // 2)
    shown = [_of_line(sheet, name) for name in NAMES[:count]]
    for at, (name, line) in enumerate(zip(NAMES, shown, strict=False)):
        begins = _char(line, name[0])
        assert begins.left == pytest.approx(_char(shown[at % 2], NAMES[at % 2][0]).left, abs=EXACT)
        assert begins.font.endswith("Kai")
        assert line.top - first.top == pytest.approx(at // 2 * ROW, abs=EXACT)
    words = [line.text for line in sheet.lines() if "签发人：" in line.text]
    assert len(words) == 1
    assert "签发人：张三李建国" in words[0]
    blank = first.top - max(char.ink_bottom for char in flag.chars)
    assert blank == pytest.approx(2 * ROW, abs=1.5)  # 7.2.5, 7.2.6: two lines under the flag
    number = sheet.line("冀市监")
    assert number.left == pytest.approx(LEFT + CHAR, abs=EXACT)
    assert number.top - first.top == pytest.approx((rows - 1) * ROW, abs=EXACT)  # with the last
    assert number.text.endswith("".join(NAMES[rows * 2 - 2 : count]))
    (rule,) = sheet.rules()
    assert rule.top - max(char.ink_bottom for char in number.chars) == pytest.approx(4, abs=EXACT)
    edge = max(line.right for line in shown)
    assert edge == pytest.approx(RIGHT - CHAR, abs=EXACT)


def _of_line(sheet: Sheet, name: str) -> Line:
    return next(line for line in sheet.lines() if name in line.text)


def _char(line: Line, letter: str) -> Char:
    return next(char for char in line.chars if char.text == letter)


def test_names_too_long_for_one_line_stand_below_each_other() -> None:
    names = ["买买提艾力·阿卜杜热合曼", "古丽仙·阿不都克里木江", "张三"]
    sheet = set_of(signers=names)
    for name in names:
        line = _of_line(sheet, name)
        assert line.right <= RIGHT
        assert not any(other in line.text for other in names if other != name)
    assert sheet.line("冀市监").text.endswith("张三")
