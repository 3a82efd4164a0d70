"""The words in which people read what is offered and selected."""

from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from bulletins.library.states import OfferAction, OfferState

STATES = {
    OfferState.OFFERED: _l("待遴选"),
    OfferState.SELECTED: _l("已入选"),
    OfferState.DECLINED: _l("未入选"),
    OfferState.WITHDRAWN: _l("已撤回"),
}
ACTIONS = {
    OfferAction.SELECT: _l("入选"),
    OfferAction.DECLINE: _l("不入选"),
    OfferAction.WITHDRAW: _l("撤回"),
}


def state(value: str) -> str:
    """What became of an offer, in words."""
    return str(STATES[OfferState(value)])


def action(value: str) -> str:
    """A step of an offer in words."""
    return str(ACTIONS[OfferAction(value)])


FILTERS = {"offer_state": state}
"""Filters for templates, registered with the pages."""

ENTRIES = {
    "library.marked": _l("标为有用"),
    "library.unmarked": _l("取消有用标记"),
    "library.selected": _l("选入经验库"),
    "library.removed": _l("移出经验库"),
    "offer.made": _l("向上推荐"),
    "offer.selected": _l("推荐已入选"),
    "offer.declined": _l("推荐未入选"),
    "offer.withdrawn": _l("撤回推荐"),
}


def fill() -> None:
    """Tell the auditor's page the words for these entries."""
    ENTRY_WORDS.update(ENTRIES)
