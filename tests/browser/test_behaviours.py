"""What static/app.js adds to a draft's form, in a real browser under the real policy."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, jsonify, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Dialog, Locator, Page, expect

from config.forms import Form
from tests.browser.conftest import Serve

PAGE = (Path(__file__).parent / "draft.html").read_text(encoding="utf-8")
EDITING = 2_100
"""Milliseconds after the last key by which the draft is on its way."""


@dataclass
class Server:
    """A draft on a server that can be told to fail."""

    revision: int = 1
    title: str = "通知"
    status: int = 200
    sent: list[dict[str, str]] = field(default_factory=list)
    saving: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def show(self) -> ResponseReturnValue:
        values = {"title": self.title, "body": "", "to": ["1"], "revision": str(self.revision)}
        return render_template_string(PAGE, form=Form(values))

    def autosave(self) -> ResponseReturnValue:
        self.saving.set()
        assert self.may_answer.wait(timeout=10)
        if self.status == 302:
            return redirect("/sign-in-page")
        if self.status == 409:
            return jsonify(message="李芳已修改此稿"), 409
        if self.status == 422:
            return jsonify(errors={"title": "标题太长"}), 422
        if self.status != 200:
            return jsonify(message=""), self.status
        if request.form["revision"] != str(self.revision):
            return jsonify(message="版本不符"), 409
        self.revision += 1
        self.title = request.form["title"]
        return jsonify(revision=self.revision, saved_at="2026-03-18T01:12:00+00:00")

    def submit(self) -> ResponseReturnValue:
        self.sent.append(request.form.to_dict())
        self.title = request.form["title"]
        return redirect("/arrived")

    def leave(self) -> ResponseReturnValue:
        return redirect("/sign-in-page")

    def preview(self) -> ResponseReturnValue:
        return f"<strong>{len(request.form['body'])} 字</strong>"

    def reach(self) -> ResponseReturnValue:
        return jsonify(text=f"将送达 {len(request.form.getlist('to'))} 家")

    def empty(self) -> ResponseReturnValue:
        person = "" if request.path == "/sign-in-page" else ' data-person="7"'
        return render_template_string(
            '{% extends "layouts/shell.html" %}'
            "{% block body_attrs %}" + person + "{% endblock %}"
            "{% block body %}<h1>完成</h1>{% endblock %}"
        )


@pytest.fixture
def server() -> Server:
    made = Server()
    made.may_answer.set()
    return made


@pytest.fixture
def draft(server: Server, page: Page, serve: Serve, frame: Flask) -> Page:
    """The draft's form, open in a browser whose clock stands still until it is moved."""
    for path, view in {
        "/draft": server.show,
        "/arrived": server.empty,
        "/sign-in-page": server.empty,
    }.items():
        frame.add_url_rule(path, path[1:], view)
    for path, view in {
        "/draft": server.submit,
        "/autosave": server.autosave,
        "/leave": server.leave,
        "/preview": server.preview,
        "/reach": server.reach,
    }.items():
        frame.add_url_rule(path, f"{path[1:]} sent", view, methods=["POST"])
    page.clock.install()
    page.goto(serve(frame) + "/draft")
    return page


def status_of(page: Page) -> Locator:
    return page.locator("[data-autosave-status]")


def kept(page: Page) -> int:
    """How many texts this browser keeps."""
    return int(
        page.evaluate(
            "Object.keys(localStorage).filter(name => name.startsWith('changtong.kept.')).length"
        )
    )


def type_title(page: Page, text: str) -> None:
    page.get_by_label("标题").fill(text)
    page.clock.run_for(EDITING)


def test_a_draft_saves_itself_and_carries_its_new_revision(draft: Page, server: Server) -> None:
    type_title(draft, "新标题")
    expect(status_of(draft)).to_contain_text("已保存")
    expect(draft.locator("[name=revision]")).to_have_value("2")
    type_title(draft, "又一个标题")
    expect(draft.locator("[name=revision]")).to_have_value("3")
    assert server.title == "又一个标题"
    assert kept(draft) == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (302, "登录已过期"),
        (401, "登录已过期"),
        (403, "未能保存（403）"),
        (422, "标题太长"),
        (500, "暂时连不上服务器"),
    ],
)
def test_what_could_not_be_saved_is_kept_and_offered_again(
    draft: Page, server: Server, status: int, words: str
) -> None:
    server.status = status
    type_title(draft, "没存上的标题")
    expect(status_of(draft)).to_contain_text(words)
    assert kept(draft) == 1

    server.status = 200
    draft.on("dialog", lambda dialog: dialog.accept())
    draft.goto(draft.url)
    expect(draft.get_by_label("标题")).to_have_value("通知")
    draft.get_by_role("button", name="恢复这些文字").click()
    expect(draft.get_by_label("标题")).to_have_value("没存上的标题")
    draft.clock.run_for(EDITING)
    expect(status_of(draft)).to_contain_text("已保存")
    assert server.title == "没存上的标题"
    assert kept(draft) == 0


def test_a_save_that_failed_is_tried_again(draft: Page, server: Server) -> None:
    server.status = 503
    type_title(draft, "再试一次")
    expect(status_of(draft)).to_contain_text("稍后自动重试")
    server.status = 200
    draft.clock.run_for(15_100)
    expect(status_of(draft)).to_contain_text("已保存")
    assert server.title == "再试一次"


def test_somebody_elses_change_is_never_overwritten(draft: Page, server: Server) -> None:
    server.status = 409
    type_title(draft, "我的改动")
    expect(status_of(draft)).to_contain_text("李芳已修改此稿")
    server.status = 200
    type_title(draft, "还在改")
    expect(status_of(draft)).to_contain_text("李芳已修改此稿")
    assert server.title == "通知"
    assert kept(draft) == 1


def test_a_form_waits_for_the_save_on_its_way(draft: Page, server: Server) -> None:
    server.may_answer.clear()
    type_title(draft, "边存边交")
    assert server.saving.wait(timeout=10)
    draft.get_by_role("button", name="保存").click(no_wait_after=True)
    assert server.sent == []
    server.may_answer.set()
    draft.wait_for_url("**/arrived")
    assert [(one["revision"], one["action"]) for one in server.sent] == [("2", "save")]


def test_text_that_arrived_is_not_kept(draft: Page, server: Server) -> None:
    draft.get_by_label("标题").fill("直接提交")
    draft.get_by_role("button", name="保存").click()
    draft.wait_for_url("**/arrived")
    assert server.title == "直接提交"
    assert kept(draft) == 0


def test_signing_out_leaves_nothing_behind(draft: Page, server: Server) -> None:
    server.status = 500
    type_title(draft, "别人不该看到")
    expect(status_of(draft)).to_contain_text("暂时连不上服务器")
    assert kept(draft) == 1
    draft.on("dialog", lambda dialog: dialog.accept())
    draft.get_by_role("button", name="退出").click()
    draft.wait_for_url("**/sign-in-page")
    assert kept(draft) == 0


def test_leaving_with_unsaved_text_asks(draft: Page) -> None:
    draft.get_by_label("标题").press_sequentially("未保存")
    with draft.expect_event("dialog") as asked:
        draft.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(draft.get_by_label("标题")).to_have_value("未保存通知")


def test_a_question_answered_no_sends_nothing(draft: Page, server: Server) -> None:
    questions: list[str] = []

    def refuse(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    draft.once("dialog", refuse)
    draft.get_by_role("button", name="送签").click()
    assert questions == ["确定送签？"]
    assert server.sent == []
    draft.once("dialog", lambda dialog: dialog.accept())
    draft.get_by_role("button", name="送签").click()
    draft.wait_for_url("**/arrived")
    assert [one["action"] for one in server.sent] == ["submit"]


def test_a_second_click_sends_nothing(draft: Page, server: Server) -> None:
    draft.evaluate(
        "() => { const save = document.querySelector('[value=save]'); save.click(); save.click(); }"
    )
    draft.wait_for_url("**/arrived")
    assert len(server.sent) == 1


def test_preview_and_reach_follow_what_is_typed(draft: Page) -> None:
    draft.get_by_label("正文").fill("春季检查")
    draft.get_by_label("平山县局").check()
    draft.clock.run_for(1_000)
    expect(draft.locator("[data-preview-target] strong")).to_have_text("4 字")
    expect(draft.locator("[data-reach-target]")).to_have_text("将送达 2 家")


def test_a_long_list_narrows_and_keeps_what_is_ticked(draft: Page, server: Server) -> None:
    search = draft.get_by_placeholder("输入名称的一部分")
    search.fill("平山")
    expect(draft.get_by_label("平山县局")).to_be_visible()
    expect(draft.get_by_label("正定县局")).to_be_visible()
    expect(draft.get_by_label("井陉县局")).to_be_hidden()
    search.press("Enter")
    assert server.sent == []


def test_each_type_has_its_own_choices(draft: Page) -> None:
    kind, refers = draft.get_by_label("文种"), draft.get_by_label("答复")
    expect(draft.get_by_label("桥西区局")).to_be_hidden()
    expect(draft.get_by_label("长安区局")).to_be_visible()
    kind.select_option("reply")
    refers.select_option("4")
    kind.select_option("letter")
    expect(refers).to_have_value("")  # the request is no choice of a letter
    expect(draft.get_by_label("桥西区局")).to_be_visible()
    refers.select_option("5")
    kind.select_option("letter")
    expect(refers).to_have_value("5")
