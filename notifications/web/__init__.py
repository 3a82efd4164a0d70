"""The pages of digests, deliveries, the outbox and recipients from outside."""

import re

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from agencies.actors import acting
from config.callers import Callers, Reader
from config.navigation import ADMINISTRATION, DIRECTORY, OWN, WORK, NavItem, Waiting
from notifications import bell
from notifications.models import Delivery
from notifications.states import State
from notifications.texting.queries import unread
from notifications.web import (
    alerts,
    call_list,
    callbacks,
    endpoints,
    joining,
    ledger,
    lost,
    outbox,
    outside,
    panel,
    public,
    queues,
    replies,
    settings,
    texting,
    told,
)
from notifications.web.blueprint import bp

CALLERS: Callers = (
    (re.compile(r"/notifications/sms/[^/]+/kannel/"), Reader.TEXT),
    (re.compile(r"/notifications/sms/"), Reader.JSON),
    (re.compile(r"/notifications/"), Reader.TEXT),
)
"""Clouds read JSON; gateways and mail servers read the status, and log a line of text."""


def _undecided() -> Waiting:
    """The deliveries that wait for a decision."""
    return [select(Delivery.id).where(Delivery.state == one) for one in (State.HELD, State.UNKNOWN)]


def _new() -> Waiting:
    return [bell.unseen(acting())]


def _unread() -> Waiting:
    """The replies that wait for whoever is on duty."""
    return [unread(acting().agency_id or 0)]


NAVIGATION = (
    NavItem(_l("提醒"), "notifications.alerts", "bell", WORK, "alert.read", 5, _new),
    NavItem(
        _l("短信回复"), "notifications.replies", "phone", WORK, "reply.read", 60, waiting=_unread
    ),
    NavItem(
        _l("投递台账"),
        "notifications.deliveries",
        "send",
        ADMINISTRATION,
        "delivery.list",
        630,
        waiting=_undecided,
    ),
    NavItem(_l("发件箱"), "notifications.outbox", "mail", ADMINISTRATION, "outbox.read", 640),
    NavItem(
        _l("外部收件人"), "notifications.outsiders", "globe", ADMINISTRATION, "recipient.edit", 650
    ),
    NavItem(_l("短信"), "notifications.sms_usage", "phone", ADMINISTRATION, "sms.manage", 645),
    NavItem(_l("系统对接"), "notifications.endpoints", "swap", DIRECTORY, "endpoint.edit", 520),
    NavItem(_l("摘要与提醒"), "notifications.settings", "bell", OWN, "digest.choose", 905),
)

__all__ = [
    "CALLERS",
    "NAVIGATION",
    "alerts",
    "bp",
    "call_list",
    "callbacks",
    "endpoints",
    "joining",
    "ledger",
    "lost",
    "outbox",
    "outside",
    "panel",
    "public",
    "queues",
    "replies",
    "settings",
    "texting",
    "told",
]
