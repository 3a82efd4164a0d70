"""An order measured on its PDF by GB/T 9704-2012, 10.2 and 7.3.5.3."""

import pytest

from bulletins.official import Form
from tests.bulletins.sheets import Sheet, paragraphs, set_of
from tests.bulletins.test_official_layout import (
    CHAR,
    EXACT,
    LEFT,
    NEAR,
    RED,
    RIGHT,
    ROW,
    SIZE_3_MM,
    TOP,
)


@pytest.fixture(scope="module")
def order() -> Sheet:
    return set_of(
        form=Form.ORDER,
        flag="河北省市场监督管理局令",
        number="第12号",
        urgency="",
        to="",
        signers=["张三", "李建国"],
        post="局长",
        attachments=[],
        body=paragraphs(1, "现予公布。"),
    )


def test_an_order_shows_its_flag_its_number_and_the_text(order: Sheet) -> None:
    flag, number, text = order.lines()[:3]
    assert [line.text for line in (flag, number, text)] == [
        "河北省市场监督管理局令",
        "第12号",
        "现予公布。",
    ]  # nothing above the flag, and no title
    assert min(char.ink_top for char in flag.chars) == pytest.approx(TOP + 20, abs=NEAR)
    for line in (flag, number):
        assert line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=EXACT)
    blank = number.top - max(char.ink_bottom for char in flag.chars)
    assert blank == pytest.approx(2 * ROW, abs=1.5)
    assert text.top - number.bottom == pytest.approx(2 * ROW + (ROW - SIZE_3_MM) / 2, abs=NEAR)
    assert text.left == pytest.approx(LEFT + 2 * CHAR, abs=EXACT)
    assert not [rule for rule in order.rules() if rule.color == RED]


def test_who_signed_an_order_stands_above_its_date(order: Sheet) -> None:
    """7.3.5.3: two lines under the text, each organ's on a line; the date after a blank one."""
    text, host, other, day = order.lines()[2:6]
    assert [line.text for line in (host, other, day)] == ["局长张三", "李建国", "2018年5月4日"]
    post, name = host.chars[1], host.chars[2]
    assert name.left - post.right == pytest.approx(2 * CHAR, abs=EXACT)
    assert (host.top + host.bottom) / 2 == pytest.approx((post.top + post.bottom) / 2, abs=EXACT)
    assert host.top - text.top == pytest.approx(3 * ROW, abs=EXACT)
    assert other.top - host.top == pytest.approx(ROW, abs=EXACT)
    assert day.top - other.top == pytest.approx(2 * ROW, abs=EXACT)
    for line in (host, other, day):
        assert line.right == pytest.approx(RIGHT - 4 * CHAR, abs=EXACT)
