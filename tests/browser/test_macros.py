"""The macros that pages are made of, as a browser and its accessibility tree see them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template_string
from playwright.sync_api import Page, expect

from config.forms import Form
from tests.browser.conftest import Serve

HOSTILE = "\n\"><script>window.broken = 1</script> & '引号'"
EVERYTHING = (Path(__file__).parent / "everything.html").read_text(encoding="utf-8")
Show = Callable[..., Page]


@pytest.fixture
def show(frame: Flask, page: Page, serve: Serve) -> Show:
    """Open a page with this content, made by the macros ``ui`` and ``f``."""

    def shown(content: str, **values: Any) -> Page:
        source = (
            '{% extends "layouts/shell.html" %}'
            '{% import "macros/ui.html" as ui %}{% import "macros/forms.html" as f %}'
            "{% block title %}页面{% endblock %}"
            '{% block body %}<main id="main"><h1>页面</h1>' + content + "</main>{% endblock %}"
        )
        frame.add_url_rule("/", "page", lambda: render_template_string(source, **values))
        page.goto(serve(frame))
        return page

    return shown


def test_what_was_typed_comes_back_as_it_was(show: Show) -> None:
    form: Form[Any] = Form({"title": HOSTILE.strip(), "body": HOSTILE, "password": "secret"})
    page = show(
        '{{ f.text_field(form, "title", "标题") }}{{ f.textarea_field(form, "body", "正文") }}'
        '{{ f.password_field(form, "password", "密码") }}',
        form=form,
    )
    expect(page.get_by_label("标题")).to_have_value(HOSTILE.strip())
    assert page.get_by_label("正文").input_value() == HOSTILE
    expect(page.get_by_label("密码")).to_have_value("")
    assert page.evaluate("window.broken") is None


def test_an_error_belongs_to_its_field(show: Show) -> None:
    form: Form[Any] = Form(
        {"title": ""}, {"": "请稍后再试", "title": "标题不能为空", "to": "请选择主送机构"}
    )
    page = show(
        '{% call f.post_form("/x", form) %}'
        '{{ f.text_field(form, "title", "标题", help="不超过 200 字", required=true) }}'
        '{{ f.checks_field(form, "to", "主送", [("1", "正定县局")]) }}{% endcall %}',
        form=form,
    )
    title = page.get_by_role("textbox", name="标题")
    expect(title).to_have_accessible_description("标题不能为空 不超过 200 字")
    assert title.get_attribute("aria-invalid") == "true"
    expect(page.get_by_role("group", name="主送")).to_have_accessible_description("请选择主送机构")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_text(
        ["请稍后再试", "标题不能为空", "请选择主送机构"]
    )
    page.get_by_role("link", name="标题不能为空").click()
    expect(title).to_be_focused()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ('f.select_field(form, "x", "字段", [("a", "甲"), ("组", [("b&", "乙")])])', "b&"),
        ('f.radio_field(form, "x", "字段", [("a", "甲"), ("b&", "乙")])', "b&"),
        ('f.checks_field(form, "x", "字段", [(1, "甲"), ("b&", "乙")])', ["b&"]),
        ('f.checks_field(form, "x", "字段", [(1, "甲"), (2, "乙")])', [2]),
        ('f.checkbox_field(form, "x", "乙")', True),
        ('f.checkbox_field(form, "x", "乙")', "1"),
    ],
)
def test_a_choice_comes_back_chosen(show: Show, field: str, value: Any) -> None:
    form: Form[Any] = Form({"x": value})
    page = show("{{ " + field + " }}", form=form)
    chosen = page.evaluate(
        "[...document.querySelectorAll('option:checked, input:checked')]"
        ".map(one => one.label || one.labels[0].innerText)"
    )
    assert chosen == ["乙"]


def test_a_box_left_empty_comes_back_empty(show: Show) -> None:
    form: Form[Any] = Form({"x": False, "y": []})
    page = show(
        '{{ f.checkbox_field(form, "x", "甲") }}'
        '{{ f.checks_field(form, "y", "乙", [("", "丙")]) }}',
        form=form,
    )
    expect(page.locator("input:checked")).to_have_count(0)


def test_a_post_button_carries_token_and_values(show: Show) -> None:
    page = show('{{ f.post_button("签收", "/sign", values={"version": 3}) }}')
    form = page.locator("form")
    assert form.get_attribute("method") == "post"
    assert form.locator("[name=csrf_token]").input_value()
    expect(form.locator("[name=version]")).to_have_value("3")


@pytest.mark.parametrize("width", [1366, 390])
def test_everything_is_readable_by_everybody(show: Show, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    form: Form[Any] = Form({"title": "通知"}, {"title": "不对", "due": "已过", "to": "没有机构"})
    show(EVERYTHING, form=form, at=datetime(2026, 3, 18, 1, tzinfo=UTC))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_text("2026-03-18 09:00").count() == 2
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
