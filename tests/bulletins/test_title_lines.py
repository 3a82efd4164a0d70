"""Titles of papers in lines, broken where sense allows: GB/T 9704-2012, 7.3.1."""

import pytest

from tests.bulletins.sheets import paper


@pytest.mark.parametrize("title", ["通知", "字" * 20, "字" * 21, "字" * 200, "关于" + "a" * 100])
def test_no_line_of_a_title_is_too_long(title: str) -> None:
    lines = paper(title=title).title_lines
    assert "".join(lines) == title
    assert max(len(line) for line in lines) <= 20


def test_a_title_is_broken_beside_marks_and_not_within_a_number() -> None:
    named = paper(title="关于转发《省级质量奖管理办法》等五项制度的通知").title_lines
    assert named == ["关于转发《省级质量奖管理办法》", "等五项制度的通知"]
    assert not any(
        line[-1].isdigit()
        for line in paper(title="关于印发全省产品质量2018年监督抽查计划要点的通知").title_lines
    )


@pytest.mark.parametrize(
    "rest",
    [
        "关于增拨经费的请示",
        "关于增拨2019年度抽检经费的请示",
        "请求增拨食品安全抽检专项工作经费的请示",
    ],
)
def test_a_title_breaks_no_name_of_an_organ(rest: str) -> None:
    """7.3.1: 词意完整; the blank between two names is where a line may end."""
    host, other = "石家庄市市场监督管理局", "唐山市市场监督管理局"
    for given in ({"issuer": host, "beside": [other]}, {"issuer": "某局"}):
        lines = paper(title=f"{host} {other}{rest}", **given).title_lines
        assert lines[0] == host
        assert lines[1].startswith(other)
        assert "".join(lines[1:]) == other + rest
        assert max(map(len, lines)) <= 20


def test_a_name_in_a_title_stays_whole_without_a_blank_too() -> None:
    host = "石家庄市市场监督管理局"
    lines = paper(issuer=host, title=f"省级以上质量奖获奖者由{host}推荐的请示").title_lines
    assert any(host in line for line in lines)
