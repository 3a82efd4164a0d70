"""What changed between two texts, paragraph by paragraph."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bulletins.comparison import Row, compared, compared_html


def _said(row: Row) -> tuple[str, str]:
    """Both sides with what changed in brackets."""
    old, new = (
        "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in side)
        for side in (row.old, row.new)
    )
    return old, new


def test_only_what_changed_is_marked() -> None:
    old = "各单位：\n\n请于二十日内报送检查情况。\n\n此前规定作废。"
    new = "各单位：\n\n请于三十日内报送检查情况。\n\n联系人：李四。"
    assert [_said(row) for row in compared(old, new)] == [
        ("各单位：", "各单位："),
        ("请于[二]十日内报送检查情况。", "请于[三]十日内报送检查情况。"),
        ("[此前规定作废。]", "[联系人：李四。]"),
    ]


def test_a_paragraph_may_come_or_go() -> None:
    assert [_said(row) for row in compared("甲\n乙", "甲\n丙丙丙丙\n乙")] == [
        ("甲", "甲"),
        ("", "[丙丙丙丙]"),
        ("乙", "乙"),
    ]
    assert [_said(row) for row in compared("甲\n乙", "乙")] == [("[甲]", ""), ("乙", "乙")]
    assert compared("", "") == []


TEXTS = st.text("甲乙丙\n ", max_size=60)


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)
def test_both_texts_can_be_read_off_it(old: str, new: str) -> None:
    rows = compared(old, new)
    paragraphs = [_paragraphs(text) for text in (old, new)]
    for expected, side in zip(paragraphs, ("old", "new"), strict=True):
        read = ["".join(piece.text for piece in getattr(row, side)) for row in rows]
        assert [one for one in read if one] == expected
    assert any(row.is_changed for row in rows) == (paragraphs[0] != paragraphs[1])


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def test_the_longest_texts_are_compared_in_time() -> None:
    old = "\n".join(["同样的一段"] * 8_000)
    assert len(compared(old, old + "\n新的一段")) == 8_001
    assert compared("甲" * 50_000, "乙" * 50_000)[0].is_changed


def test_readers_see_no_signs_of_markdown_unless_only_these_changed() -> None:
    plain = ("请认真落实", "<p>请认真落实</p>")
    bold = ("请**认真**落实", "<p>请<strong>认真</strong>落实</p>")
    more = ("请**认真**落实好", "<p>请<strong>认真</strong>落实好</p>")
    assert [_said(row) for row in compared_html(bold, more)] == [("请认真落实", "请认真落实[好]")]
    assert any(row.is_changed for row in compared_html(plain, bold))
    assert not any(row.is_changed for row in compared_html(bold, bold))
