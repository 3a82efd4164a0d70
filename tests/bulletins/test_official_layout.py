"""PDF of papers measured by GB/T 9704-2012; the clause that a figure is from stands beside it.

Places may be off by half a millimetre, what hangs on the shape of a single character (the upper
edge of a flag) by one: 5.2.1 itself allows one for the margins.
"""

from itertools import pairwise

import pytest
from markupsafe import Markup

from bulletins.official import Form
from tests.bulletins.sheets import PLAIN, Sheet, paragraphs, set_of

EXACT, NEAR = 0.5, 1.0
LEFT, RIGHT, TOP, BOTTOM = 28, 210 - 26, 37, 37 + 225  # 5.2.1: 156 mm × 225 mm
ROW = 225 / 22  # 5.2.3
CHAR = 156 / 28  # 5.2.3
SIZE_2, SIZE_3, SIZE_4 = 22, 16, 14  # points of 2号, 3号, 4号
SIZE_3_MM = SIZE_3 * 25.4 / 72
RED, BLACK = (208, 0, 0), (0, 0, 0)


@pytest.fixture(scope="module")
def document() -> Sheet:
    """A paper of several pages with something in each place."""
    return set_of(body=paragraphs(10))


@pytest.fixture(scope="module")
def letter() -> Sheet:
    return set_of(form=Form.LETTER, flag="河北省市场监督管理局", body=paragraphs(10))


def test_a_full_page_has_22_lines_of_28_characters_that_fill_it(document: Sheet) -> None:
    assert document.size() == pytest.approx((210, 297), abs=0.1)  # 5.1
    lines = document.lines(1)[:-1]
    assert len(lines) == 22  # 5.2.3
    full = [line for line in lines if line.left < LEFT + 1 and len(line.chars) > 20]
    assert {len(line.chars) for line in full} == {28}  # 5.2.3
    for line in full:
        assert line.left == pytest.approx(LEFT, abs=EXACT)
        assert line.right == pytest.approx(RIGHT, abs=EXACT)
    middles = [(line.top + line.bottom) / 2 for line in lines]
    assert middles[0] == pytest.approx(TOP + ROW / 2, abs=EXACT)
    assert middles[-1] == pytest.approx(BOTTOM - ROW / 2, abs=EXACT)
    assert max(b - a for a, b in pairwise(middles)) == pytest.approx(ROW, abs=0.1)
    assert {round(char.size, 1) for line in lines for char in line.chars} == {SIZE_3}  # 5.2.2
    assert {char.font.partition("+")[2] for line in lines for char in line.chars} == {
        "Changtong-Fang"
    }


def test_the_head_stands_where_7_2_has_it(document: Sheet) -> None:
    urgency, flag, number = document.lines()[:3]
    assert urgency.text == "特急"  # 7.2.3: upper left corner, 3号 black
    assert urgency.left == pytest.approx(LEFT, abs=EXACT)
    assert urgency.top == pytest.approx(TOP + (ROW - SIZE_3_MM) / 2, abs=EXACT)
    assert urgency.chars[0].font.endswith("Hei")
    assert flag.text == "河北省市场监督管理局文件"
    assert min(char.ink_top for char in flag.chars) == pytest.approx(TOP + 35, abs=NEAR)  # 7.2.4
    assert flag.middle == pytest.approx((LEFT + RIGHT) / 2, abs=EXACT)
    assert number.middle == pytest.approx((LEFT + RIGHT) / 2, abs=EXACT)  # 7.2.5
    blank = number.top - max(char.ink_bottom for char in flag.chars)
    assert blank == pytest.approx(2 * ROW, abs=1.5)
    (rule,) = document.rules()
    assert rule.top - max(char.ink_bottom for char in number.chars) == pytest.approx(
        4, abs=EXACT
    )  # 7.2.7
    assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.1)
    assert rule.color == RED


def test_what_goes_up_names_its_signer_beside_the_number() -> None:
    sheet = set_of(signers=["张三"])
    number = sheet.line("冀市监")  # 7.2.5: one character from the left
    assert number.text == "冀市监〔2018〕12号签发人：张三"
    assert number.left == pytest.approx(LEFT + CHAR, abs=EXACT)
    assert number.right == pytest.approx(RIGHT - CHAR, abs=EXACT)  # 7.2.6
    assert number.chars[-1].font.endswith("Kai")
    assert number.chars[-4].font.endswith("Fang")


def test_title_addressees_and_text_follow_by_7_3(document: Sheet) -> None:
    (rule,) = document.rules()
    title, to = document.line("关于"), document.line("各市")
    assert title.chars[0].size == pytest.approx(SIZE_2, abs=0.1)  # 7.3.1
    assert title.middle == pytest.approx((LEFT + RIGHT) / 2, abs=EXACT)
    assert title.top - rule.bottom == pytest.approx(2 * ROW + (ROW - 7.76) / 2, abs=EXACT)
    assert to.left == pytest.approx(LEFT, abs=EXACT)  # 7.3.2
    assert to.text.endswith("：")
    assert (to.top + to.bottom - title.top - title.bottom) / 2 == pytest.approx(2 * ROW, abs=EXACT)
    first = document.line("为切实")
    assert first.left == pytest.approx(LEFT + 2 * CHAR, abs=EXACT)  # 7.3.3
    assert first.top - to.top == pytest.approx(ROW, abs=EXACT)


def test_a_long_title_is_broken_into_even_lines() -> None:
    """7.3.1: 回行时词意完整, 排列对称, 长短适宜."""
    halves = "关于开展农村集体聚餐", "食品安全专项整治的通知"
    lines = [line for line in set_of(title="".join(halves)).lines() if line.chars[0].size > 20]
    assert [line.text for line in lines[1:]] == list(halves)
    for line in lines[1:]:
        assert line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=EXACT)


def test_levels_of_a_text_have_their_fonts() -> None:
    """7.3.3: the first in 黑体, the second in 楷体, what follows as the text."""
    body = Markup("").join(Markup(f"<h{n}>第{n}层</h{n}>") for n in (2, 3, 4))
    fonts = {line.text: line.chars[0].font.partition("-")[2] for line in set_of(body=body).lines()}
    assert [fonts[f"第{n}层"] for n in (2, 3, 4)] == ["Hei", "Kai", "Fang"]


def test_attachments_are_listed_under_the_text() -> None:
    sheet = set_of(body=paragraphs(1, "请落实。"), attachments=["检查表" * 12, "汇总表"])
    text, first, second = (sheet.line(begins) for begins in ("请落实", "附件：", "2."))
    assert first.top - text.top == pytest.approx(2 * ROW, abs=EXACT)  # 7.3.4: after one blank line
    assert first.left == pytest.approx(LEFT + 2 * CHAR, abs=EXACT)
    assert first.text.startswith("附件：1.检查表")
    name = next(char for char in first.chars if char.text == "检")
    wrapped = [line for line in sheet.lines() if first.bottom < line.bottom < second.top]
    assert wrapped
    for line in (*wrapped, sheet.line("2.")):
        char = next(one for one in line.chars if one.text in "检查表汇")
        assert char.left == pytest.approx(name.left, abs=EXACT)


def test_issuer_and_date_close_the_text() -> None:
    sheet = set_of(body=paragraphs(1, "请落实。"), attachments=[])
    text, day = sheet.line("请落实"), sheet.line("2018")
    organ = next(line for line in sheet.lines() if line.text == "河北省市场监督管理局")
    assert organ.top - text.top == pytest.approx(
        2 * ROW, abs=EXACT
    )  # 7.3.5.2: after one blank line
    assert organ.right == pytest.approx(RIGHT - 2 * CHAR, abs=EXACT)
    assert day.text == "2018年5月4日"  # 7.3.5.4
    assert day.left - organ.left == pytest.approx(2 * CHAR, abs=EXACT)
    assert day.top - organ.top == pytest.approx(ROW, abs=EXACT)


def test_a_date_longer_than_the_name_keeps_two_characters_from_the_edge() -> None:
    sheet = set_of(issuer="市局", body=paragraphs(1, "短。"), attachments=[])
    organ, day = sheet.line("市局"), sheet.line("2018年")
    assert organ.text == "市局"
    assert day.right == pytest.approx(RIGHT - 2 * CHAR, abs=EXACT)  # 7.3.5.2
    assert day.left - organ.left == pytest.approx(2 * CHAR, abs=EXACT)


def test_the_colophon_ends_on_the_lower_edge_of_the_last_page(document: Sheet) -> None:
    last = document.pages - 1
    rules = document.rules(last)
    assert [rule.thickness for rule in rules] == pytest.approx(
        [0.35, 0.25, 0.35], abs=0.02
    )  # 7.4.1
    assert rules[-1].bottom == pytest.approx(BOTTOM, abs=0.1)
    for rule in rules:
        assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.1)
        assert rule.color == BLACK
    copied, printed = document.line("抄送", last), document.line("河北省市场监督管理局2018", last)
    one = SIZE_4 * 25.4 / 72
    assert copied.left == pytest.approx(LEFT + one, abs=EXACT)  # 7.4.2
    assert copied.text == "抄送：省政府办公厅。"
    assert printed.left == pytest.approx(LEFT + one, abs=EXACT)  # 7.4.3
    assert printed.right == pytest.approx(RIGHT - one, abs=EXACT)
    assert printed.text.endswith("2018年5月4日印发")
    assert {round(char.size) for char in (*copied.chars, *printed.chars)} == {SIZE_4}
    assert rules[0].bottom < copied.top < rules[1].top < printed.top < rules[2].top


def test_many_addressees_stand_at_the_foot_above_those_copied() -> None:
    """7.3.2 and 7.4.2: so that the first page shows text; no rule between the two."""
    names = "、".join(["某某市市场监督管理局"] * 15)
    sheet = set_of(to=names, is_to_below=True)
    assert any(line.text.startswith("为切实") for line in sheet.lines(0))
    last = sheet.pages - 1
    assert len(sheet.rules(last)) == 3
    to, copied = sheet.line("主送：", last), sheet.line("抄送：", last)
    assert to.top < copied.top


def test_pages_are_numbered_outside_below_the_text(document: Sheet) -> None:
    for page in (0, 1):
        number = document.lines(page)[-1]
        assert number.text == f"—{page + 1}—"  # 7.5
        assert number.chars[0].size == pytest.approx(14, abs=0.1)
        assert number.chars[0].ink_top - BOTTOM == pytest.approx(7, abs=EXACT)
        edge = number.right if page == 0 else number.left
        away = RIGHT - edge if page == 0 else edge - LEFT
        assert away == pytest.approx(SIZE_4 * 25.4 / 72, abs=EXACT)


def test_a_letter_has_its_double_lines_and_its_number_on_the_right(letter: Sheet) -> None:
    flag, head = letter.lines()[:2]
    assert flag.text == "河北省市场监督管理局"
    assert min(char.ink_top for char in flag.chars) == pytest.approx(30, abs=NEAR)  # 10.1
    thick, thin, thin_below, thick_below = letter.rules()
    assert thick.top - max(char.ink_bottom for char in flag.chars) == pytest.approx(4, abs=NEAR)
    for rule in letter.rules():
        assert (rule.left, rule.right) == pytest.approx((20, 190), abs=0.1)  # 170 mm, in the middle
        assert rule.color == RED
    assert thick.thickness > 2 * thin.thickness
    assert thick_below.thickness > 2 * thin_below.thickness
    assert 297 - thick_below.bottom == pytest.approx(20, abs=0.1)
    assert head.text == "特急冀市监〔2018〕12号"
    assert (head.left, head.right) == pytest.approx((LEFT, RIGHT), abs=EXACT)
    assert head.top - thin.bottom == pytest.approx(SIZE_3_MM * 7 / 8, abs=EXACT)
    title = letter.line("关于")
    assert title.top - head.bottom == pytest.approx(2 * ROW, abs=1.5)


def test_a_letter_has_no_number_on_its_first_page_and_a_plain_foot(letter: Sheet) -> None:
    assert not letter.lines()[-1].text.startswith("—")  # 10.1
    assert letter.lines(1)[-1].text == "—2—"
    last = letter.pages - 1
    assert not letter.rules(last)
    texts = [line.text for line in letter.lines(last)]
    assert "抄送：省政府办公厅。" in texts
    assert not any("印发" in text for text in texts)


def test_minutes_are_flagged_as_such_and_name_who_attended() -> None:
    sheet = set_of(
        form=Form.MINUTES,
        flag="河北省市场监督管理局会议纪要",
        attendance=[("出席", "某某局、" * 15), ("请假", "甲"), ("列席", "乙")],
        signed_on="",
        attachments=[],
        body=paragraphs(1, "议定如下。"),
    )
    flag, text, present = sheet.lines()[1], sheet.line("议定"), sheet.line("出席：")
    assert flag.text == "河北省市场监督管理局会议纪要"
    assert min(char.ink_top for char in flag.chars) == pytest.approx(TOP + 35, abs=NEAR)  # 10.3
    assert present.top - text.top == pytest.approx(2 * ROW, abs=EXACT)
    assert present.left == pytest.approx(LEFT + 2 * CHAR, abs=EXACT)
    assert present.chars[0].font.endswith("Hei")
    assert present.chars[3].font.endswith("Fang")
    below = next(line for line in sheet.lines() if line.top > present.bottom)
    assert below.left == pytest.approx(present.chars[3].left, abs=EXACT)
    last = [line for line in sheet.lines() if line.text.startswith("某某局")][-1]
    for place, words in enumerate(("请假：甲", "列席：乙"), start=1):
        line = sheet.line(words)  # each begins a line of its own, set as the first
        assert line.left == pytest.approx(present.left, abs=EXACT)
        assert line.chars[0].font.endswith("Hei")
        assert line.chars[3].left == pytest.approx(present.chars[3].left, abs=EXACT)
        assert line.top - last.top == pytest.approx(place * ROW, abs=EXACT)


def test_the_note_stands_in_brackets_under_the_date() -> None:
    sheet = set_of(body=paragraphs(1, "妥否，请批示。"), attachments=[], note="联系人：王芳")
    day, note = sheet.line("2018年"), sheet.line("（联系人")
    assert note.text == "（联系人：王芳）"  # 7.3.6
    assert note.left == pytest.approx(LEFT + 2 * CHAR, abs=EXACT)
    assert note.top - day.top == pytest.approx(ROW, abs=EXACT)


def test_what_no_longer_holds_says_so_on_each_page() -> None:
    sheet = set_of(mark="本件已撤销，自始无效", body=paragraphs(10))
    assert sheet.pages > 2
    for page in range(sheet.pages):
        assert sheet.lines(page)[0].text == "本件已撤销，自始无效"


def test_nothing_is_lost_between_the_pages(document: Sheet) -> None:
    words = "".join(line.text for page in range(document.pages) for line in document.lines(page))
    assert words.count("为切实防范") == 40
    assert len(PLAIN) * 40 <= len(words)
