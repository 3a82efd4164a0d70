"""How long a text message is, and how words are made to fit."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import sms

RARE = "𠮷"  # two UTF-16 units


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("签" * 70, 1),
        ("签" * 71, 2),
        ("签" * 134, 2),
        ("签" * 135, 3),
        ("签" * 201, 3),
        ("签" * 202, 4),
        (RARE * 35, 1),
        (RARE * 35 + "签", 2),
        # 67 is odd: a part holds 33 rare characters, so 66 fill two and one more needs a third.
        (RARE * 66, 2),
        (RARE * 67, 3),
        ("签" * 66 + RARE + "签" * 65, 2),
        ("签" * 66 + RARE + "签" * 66, 3),
        ("a" * 70, 1),
        ("a" * 71, 2),
    ],
)
def test_parts(text: str, parts: int) -> None:
    assert sms.parts(text) == parts


def test_units_count_rare_characters_twice() -> None:
    assert sms.units(f"签{RARE}😀a") == 6


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("签收通知", 4, "签收通知"),
        ("签收通知书", 4, "签收通…"),
        (f"{RARE}{RARE}{RARE}", 6, f"{RARE}{RARE}{RARE}"),
        (f"{RARE}{RARE}{RARE}", 5, f"{RARE}{RARE}…"),
        (f"{RARE}{RARE}{RARE}", 4, f"{RARE}…"),
        ("签收 通知", 4, "签收…"),
    ],
)
def test_shortened(text: str, limit: int, short: str) -> None:
    assert sms.shortened(text, limit) == short


def in_brackets(title: str) -> str:
    return f"【畅通】特急：河北省市场监督管理局《{title}》，请尽快签收。"


@given(st.text(st.sampled_from(f"关于开展检查的通知{RARE}😀 a"), max_size=300))
def test_a_fitted_text_has_at_most_two_parts_and_is_as_long_as_can_be(title: str) -> None:
    text = sms.fitted(in_brackets, title)
    assert sms.parts(text) <= 2
    assert text.startswith("【畅通】特急：")
    if sms.parts(in_brackets(title)) <= 2:
        assert text == in_brackets(title)
    else:
        assert "…" in text
        assert sms.units(text) >= 132 - 4  # nothing was given away but blanks and half a character


def test_where_there_is_no_room_the_title_is_left_out() -> None:
    assert sms.fitted(lambda title: "签" * 131 + title, "很长的标题" * 9) == "签" * 131


def joined(phrases: Sequence[str]) -> str:
    return "【畅通】" + "，".join(phrases) + "。"


@given(st.lists(st.text("待签收件项", min_size=1, max_size=60), min_size=1, max_size=12))
def test_listed_phrases_have_at_most_two_parts_and_the_first_come_first(phrases: list[str]) -> None:
    text = sms.listed(joined, phrases)
    assert sms.parts(text) <= 2
    kept = max(n for n in range(1, len(phrases) + 1) if text == joined(phrases[:n]))
    assert kept == len(phrases) or sms.parts(joined(phrases[: kept + 1])) > 2


def test_a_first_phrase_too_long_for_two_parts_is_cut() -> None:
    assert sms.parts(sms.listed(joined, ["待签收" * 60])) == 1
