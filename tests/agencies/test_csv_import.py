"""The table of agencies: what is read from it, and what is said of each wrong line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.csv_import import DEEPEST, Row, laid_over, parsed
from agencies.csv_table import Fault, WrongLines
from agencies.states import AgencyKind, Level

HEAD = "code,name,level,parent_code"
GOOD = f"{HEAD}\n130000,河北省局,province,\n130100,石家庄市局,city,130000\n"


def faults(text: str | bytes, tree: dict[str, str] | None = None) -> dict[int, str]:
    """The wrong lines of a file that is laid over ``tree``."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(WrongLines) as caught:
        laid_over(parsed(data), tree or {})
    return {fault.line: fault.reason for fault in caught.value.faults}


def rows(data: bytes) -> list[Row]:
    return parsed(data).rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_that_excel_saves_reads_alike(encoding: str, end: str) -> None:
    assert rows(GOOD.replace("\n", end).encode(encoding)) == rows(GOOD.encode())


@pytest.mark.parametrize("name", ["㐀䶵市局", "𠀀县局", "龘靐齉局"])
def test_rare_characters_survive_gb18030(name: str) -> None:
    text = f"{HEAD}\n1,{name},city,\n"
    assert rows(text.encode("gb18030"))[0].name == name
    assert rows(text.encode())[0].name == name


def test_chinese_headers_and_words_mean_the_same() -> None:
    text = "上级编码\t名称\t类别\t编码\t级别\t联系人\n\t河北省局\t管理机关\t１３\t省级\t 李 四 \n"
    (row,) = rows(text.encode("gbk"))
    assert (row.code, row.parent_code, row.level) == ("13", "", Level.PROVINCE)
    assert (row.kind, row.contacts) == (AgencyKind.BUREAU, {"contact_name": "李 四"})


def test_quotes_blank_lines_and_padding() -> None:
    text = f'{HEAD},,\n"1","a, ""b""",city,,,\n\n,,,,,\n2,c,county,1,,\n'
    assert [(row.line, row.name) for row in rows(text.encode())] == [(2, 'a, "b"'), (5, "c")]


def test_a_missing_kind_is_left_open() -> None:
    assert rows(GOOD.encode())[0].kind is None
    assert rows(b"code,name,level,parent_code,kind\n1,a,city,,\n")[0].kind is None


def test_every_wrong_line_is_named() -> None:
    wrong = f"""{HEAD},kind,contact_mail
1,好,province,,,
2,,city,1,,
3,{"长" * 101},city,1,,
4,级别不对,town,1,,
5,类别不对,city,1,school,
6,邮箱不对,city,1,,nobody
1,又是一,city,,,
8,少列,city
9,多列,city,1,,,x
,没有编码,city,1,,
编码,不是字母,city,1,,
1.3E+05,被表格改了,city,1,,
13,找不到上级,city,77,,
14,自己的上级,city,14,,
15,控制\u202e字符,city,1,,
16,零宽\u200b字符,city,1,,
17,绕圈甲,city,18,,
18,绕圈乙,city,17,,
19,圈外,city,18,,
20,上级写错的行,county,4,,
"""
    said = faults(wrong)
    assert list(said) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    assert said[3] == "名称为空。"
    assert "第 2 行重复" in said[8]
    assert "应有 6 列，实有 3 列" in said[9]
    assert "找不到上级 77" in said[14]
    assert "U+202E" in said[16]
    assert said[18] == said[19] == "上级关系绕成了圈。"


def test_a_circle_through_what_is_there_already() -> None:
    tree = {"1": "", "2": "1", "3": "2"}
    assert faults(f"{HEAD}\n1,a,city,3\n", tree) == {2: "上级关系绕成了圈。"}


def test_a_parent_may_come_later_or_be_there_already() -> None:
    table = parsed(f"{HEAD}\n3,c,county,2\n2,b,city,1\n".encode())
    assert laid_over(table, {"1": ""}).items() >= {"1": 1, "2": 2, "3": 3}.items()


def test_a_chain_may_not_be_endless() -> None:
    lines = [f"{number},a,city,{number - 1 or ''}" for number in range(1, 100_000)]
    said = faults("\n".join([HEAD, *lines]))
    assert min(said) == DEEPEST + 2
    assert len(said) == 99_999 - DEEPEST


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\n", "文件是空的"),
        (b" \r\n\n", "文件是空的"),
        (HEAD.encode(), "除了表头"),
        (b"PK\x03\x04rest of a workbook", "另存为"),
        ("编码,名称".encode("utf-16"), "另存为"),
        (b"code,name\0,level,parent_code\n", "另存为"),
        (b"\xff\xfe\xfd\xfc\xfb\n", "无法识别"),
        (b"name,level,parent_code\n", "缺少列：code"),
        (b"code,name,level,parent_code,colour\n1,a,city,,red\n", "不认识的列：colour"),
        (b"code,code,name,level,parent_code\n", "重复的列"),
        (b"just some words\n", "不认识的列"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(data: bytes, words: str) -> None:
    assert words in next(iter(faults(data).values()))


def test_a_broken_character_is_found_by_its_line() -> None:
    broken = GOOD.encode().replace("庄".encode(), b"\xe5\xba")
    assert list(faults(broken)) == [3]


def test_an_open_quote_is_named() -> None:
    said = faults(f'{HEAD}\n1,a,city,\n2,"b,city,1\n3,c,city,1\n')
    assert "引号" in said[3]


@given(st.binary(max_size=300))
def test_rubbish_is_refused_and_never_breaks(data: bytes) -> None:
    with pytest.raises(WrongLines):
        laid_over(parsed(data), {})


@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=6))
def test_any_cells_are_read_or_refused(cells: list[list[str]]) -> None:
    text = "\n".join([HEAD, *(",".join(row) for row in cells)])
    with suppress(WrongLines):
        table = parsed(text.encode(errors="surrogatepass"))
        laid_over(table, {})
        assert all(row.name.isprintable() and row.name for row in table.rows)


def test_every_wrong_line_is_told_with_all_its_faults() -> None:
    refused = WrongLines([Fault(7, "甲。"), *(Fault(line, "乙。") for line in range(1, 301))])
    assert len(refused.errors) == 300
    assert "甲。" in refused.errors["7"]
    assert "乙。" in refused.errors["7"]
