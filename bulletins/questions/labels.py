"""The words in which people read questions and answers."""

from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from bulletins.questions.states import QuestionAction, QuestionKind, QuestionState

KINDS = {QuestionKind.QUESTION: _l("提问"), QuestionKind.REMARK: _l("意见建议")}
STATES = {
    QuestionState.ASKED: _l("待答复"),
    QuestionState.ANSWERED: _l("已答复"),
    QuestionState.NOTED: _l("已阅知"),
    QuestionState.WITHDRAWN: _l("已撤回"),
}
ACTIONS = {
    QuestionAction.ANSWER: _l("答复"),
    QuestionAction.NOTE: _l("标为已阅知"),
    QuestionAction.WITHDRAW: _l("撤回"),
}


def kind(value: str) -> str:
    """Question or remark, in words."""
    return str(KINDS[QuestionKind(value)])


def state(value: str) -> str:
    """A state in words."""
    return str(STATES[QuestionState(value)])


def action(value: str) -> str:
    """A step in words."""
    return str(ACTIONS[QuestionAction(value)])


FILTERS = {"question_kind": kind, "question_state": state}
"""Filters for templates, registered with the pages."""

ENTRIES = {
    "question.asked": _l("就公文提问"),
    "question.joined": _l("加入他人的提问"),
    "question.left": _l("退出他人的提问"),
    "question.withdrawn": _l("撤回提问"),
    "question.answered": _l("答复提问"),
    "question.noted": _l("阅知意见建议"),
    "answer.made_official": _l("标为正式答复"),
}


def fill() -> None:
    """Tell the auditor's page the words for these entries."""
    ENTRY_WORDS.update(ENTRIES)
