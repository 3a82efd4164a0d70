"""The pages of papers and receipts."""

import re

from flask_babel import lazy_gettext as _l

from agencies.actors import acting
from bulletins.queries import inbox as inbox_queries
from bulletins.queries import joint as joint_queries
from bulletins.queries import library as library_queries
from bulletins.queries import papers
from bulletins.queries import questions as question_queries
from bulletins.queries import relays as relay_queries
from bulletins.queries import reviews as review_queries
from bulletins.web import (
    answering_panel,
    askers,
    attachments,
    budget,
    chain,
    corrections,
    desk,
    editing,
    ending,
    following,
    inbox,
    joint,
    library,
    library_panel,
    numbers,
    official,
    previews,
    question_panel,
    questions,
    receipts,
    relay_files,
    relay_panel,
    relays,
    reviews,
    search,
    searches,
    steps,
)
from bulletins.web.blueprint import bp
from config.callers import Callers, Reader
from config.navigation import WORK, NavItem, Waiting

CALLERS: Callers = ((re.compile(r"/feeds/[^/]+\.atom\Z"), Reader.TEXT),)
"""Feeds are fetched by programs."""


def _to_acknowledge() -> Waiting:
    return [inbox_queries.to_acknowledge(acting().agency_id or 0)]


def _to_review() -> Waiting:
    return [review_queries.to_review(acting().seat_id or 0)]


def _to_sign() -> Waiting:
    agency_id = acting().agency_id or 0
    return [
        papers.to_sign(agency_id),
        relay_queries.to_sign(agency_id),
        joint_queries.waiting(agency_id),
    ]


def _to_answer() -> Waiting:
    return [question_queries.unanswered(acting().agency_id or 0)]


def _to_choose() -> Waiting:
    return [library_queries.undecided(acting().agency_id or 0)]


NAVIGATION = (
    NavItem(_l("收文"), "bulletins.inbox", "inbox", WORK, "bulletin.inbox", 10, _to_acknowledge),
    NavItem(_l("文稿"), "bulletins.drafts", "draft", WORK, "bulletin.desk", 20),
    NavItem(_l("待审核"), "bulletins.to_review", "check", WORK, "review.list", 21, _to_review),
    NavItem(_l("待签发"), "bulletins.to_sign", "stamp", WORK, "bulletin.sign", 21, _to_sign),
    NavItem(_l("发文"), "bulletins.sent", "send", WORK, "bulletin.sent", 30),
    NavItem(_l("联合行文"), "bulletins.joint_papers", "people", WORK, "joint.list", 30),
    NavItem(_l("发文登记"), "bulletins.numbers", "list", WORK, "number.register", 31),
    NavItem(_l("提问与答复"), "bulletins.questions", "help", WORK, "question.list", 33, _to_answer),
    NavItem(_l("经验库"), "bulletins.library", "paper", WORK, "library.browse", 34, _to_choose),
    NavItem(_l("关注"), "bulletins.followed", "eye", WORK, "follow.list", 34),
    NavItem(_l("检索"), "bulletins.search", "search", WORK, "search.find", 35),
)

__all__ = [
    "CALLERS",
    "NAVIGATION",
    "answering_panel",
    "askers",
    "attachments",
    "bp",
    "budget",
    "chain",
    "corrections",
    "desk",
    "editing",
    "ending",
    "following",
    "inbox",
    "joint",
    "library",
    "library_panel",
    "numbers",
    "official",
    "previews",
    "question_panel",
    "questions",
    "receipts",
    "relay_files",
    "relay_panel",
    "relays",
    "reviews",
    "search",
    "searches",
    "steps",
]
