"""Text from people: what survives rendering, and that no text makes rendering crash or crawl."""

import re
import time
from contextlib import suppress

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.errors import Invalid
from config.text import Line, Text, plain, render

LENGTH = 50_000


def test_what_papers_need_is_rendered() -> None:
    html = render(
        "# 一、总体要求\n各市局：**务必**落实，见[全文](https://a.example/x_y)和https://b.example/z。\n\n"
        "| 市 | 数 |\n|---|---|\n| 石家庄 | 2 |\n\n- 甲\n- 乙\n\n1. 一\n\n> 引文\n\n`a<b`\n\n---"
    )
    for piece in (
        "<h1>一、总体要求</h1>",
        "<strong>务必</strong>",
        '<a href="https://a.example/x_y" rel="noopener noreferrer nofollow">全文</a>',
        '<a href="https://b.example/z" rel="noopener noreferrer nofollow">https://b.example/z</a>。',
        "<td>石家庄</td>",
        "<li>甲</li>",
        "<ol>",
        "<blockquote>",
        "<code>a&lt;b</code>",
        "<hr>",
    ):
        assert piece in html


LINK = '<a href="https://a.example/1.png" rel="noopener noreferrer nofollow">'


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("![现场图](https://a.example/1.png)", f"{LINK}现场图</a>"),
        ('![现场图](https://a.example/1.png "标题")', f"{LINK}现场图</a>"),
        ("![](https://a.example/1.png)", f"{LINK}图片</a>"),
        ("![现场图](data:image/png;base64," + "iVBORw0KGgo/+=" * 3000 + ")", "现场图"),
        ("![](data:image/gif;base64,R0lGOD)", "图片"),
        ("注意！![现场图](javascript:alert)", "注意！现场图"),
        ("[全文](javascript:alert)", "全文"),
        (r"\![现场图](https://a.example/1.png)", f"!{LINK}现场图</a>"),
    ],
)
def test_of_an_image_its_words_are_shown_and_where_it_lies(source: str, shown: str) -> None:
    assert render(f"见{source}。") == f"<p>见{shown}。</p>"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[按此](javascript:alert(1))",
        "[按此](JaVaScRiPt:alert(1))",
        "[按此](data:text/html;base64,PHNjcmlwdD4=)",
        "[按此](vbscript:x)",
        "[按此](javascript:1)",
        "[按此](data:1)",
        "![图](javascript:alert(1))",
        '<p style="position:fixed" onclick="x()">',
        '[a](https://a.example/"onmouseover="x)',
        "<div><div><iframe src='//a.example'></iframe></div></div>",
        "<https://a.example/<script>>",
        "`<script>`",
        "<svg/onload=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_active_survives(source: str) -> None:
    html = render(source)
    tags = re.findall(r"<[^>]*>", html)
    assert not [
        tag for tag in tags if re.search(r"(?i)script|data:|style|\son\w+=|iframe|svg", tag)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="<>/=\"'[]()!*_`#-|:\n ajs中&;\\", max_size=200))
def test_no_text_brings_more_than_the_allowed_tags(source: str) -> None:
    for tag in re.findall(r"<[^>]*>", render(source)):
        assert re.fullmatch(
            r"</?(p|br|hr|h[1-6]|ul|ol|li|blockquote|pre|code|em|strong|table|thead|tbody|tr|th|td)"
            r'( (start|align)="[^"]*")*>|</a>|<a( (href|rel)="[^"]*")*>',
            tag,
        ), tag


@pytest.mark.parametrize(
    "pattern",
    [
        "[", "![", "[](", "[a](b", "(", "*", "_", "*_", "***a", "`a", "``a`", ">", "> - ", "1. ",
        "- ", "#", "# a\n", "a\n# b\n", "a\n***\n", "a\n=\n", "- a\n\n", "<div>", "<ul><li>",
        "<!--", "<![CDATA[", "<http://a", "https://", "&", "&#x", "|", "|a|\n", "\\", "\n",
        "a\n", "\u3000", "![a](data:", "![a](b \"",
    ],
)  # fmt: skip
def test_no_pattern_makes_rendering_crash_or_crawl(app: APIFlask, pattern: str) -> None:
    began = time.process_time()
    with suppress(Invalid):
        render((pattern * LENGTH)[:LENGTH])
    assert time.process_time() - began < 5


def test_words_are_cut_from_html() -> None:
    assert plain("<p>甲 &amp; 乙</p>\n<p>丙</p>") == "甲 & 乙 丙"
    assert plain("<p>一二三四</p>", limit=3) == "一二…"


@pytest.mark.parametrize(
    "character", [*"\0\x1b\u202e\u2066\u200f\ue000\u200b\u00ad\ufeff\u3164\u2800"]
)
def test_hidden_characters_are_refused_and_named(character: str) -> None:
    for kind in (Line, Text):
        with pytest.raises(ValidationError) as caught:
            TypeAdapter(kind).validate_python(f"通知{character}")
        error = caught.value.errors()[0]
        assert (error["type"], error["ctx"]["position"]) == ("hostile_character", 3)


@pytest.mark.parametrize("unseen", ["\u200d", " \u200c ", "\ufe0f", "\u3000\u2003"])
def test_text_that_nobody_can_see_is_no_text(unseen: str) -> None:
    for kind in (Line, Text):
        assert TypeAdapter(kind).validate_python(unseen) == ""


@pytest.mark.parametrize("name", ["𠮷田", "䶮", "👩\u200d🔬", "葛\U000e0100"])
def test_rare_characters_and_their_joiners_are_kept(name: str) -> None:
    assert TypeAdapter(Line).validate_python(name) == name


def test_columns_keep_their_alignment() -> None:
    assert '<td align="right">2</td>' in render("| 市 | 数 |\n|---|--:|\n| 石家庄 | 2 |")
