"""What stands first and last beside a text, measured by GB/T 9704-2012."""

import pytest

from tests.bulletins.sheets import paragraphs, set_of
from tests.bulletins.test_official_layout import EXACT, ROW, SIZE_3_MM


def test_a_text_that_addresses_nobody_begins_a_line_below_the_title() -> None:
    sheet = set_of(to="", body=paragraphs(1, "现公告如下。"))
    title, text = sheet.line("关于"), sheet.line("现公告")
    middle = (title.top + title.bottom) / 2
    assert text.top + SIZE_3_MM / 2 - middle == pytest.approx(2 * ROW, abs=EXACT)


@pytest.mark.parametrize("lines", [8, 9])
def test_no_page_bears_the_signature_without_a_line_of_the_text(lines: int) -> None:
    """7.3.5.5: 不得采取标识“此页无正文”的方法."""
    sheet = set_of(body=paragraphs(lines, "请认真落实。"), attachments=[], cc="", urgency="")
    assert sheet.pages == 2
    first, organ = sheet.lines(1)[:2]
    assert (first.text, organ.text) == ("请认真落实。", "河北省市场监督管理局")
    assert organ.top - first.top == pytest.approx(2 * ROW, abs=EXACT)
