"""Checks of a paper's own fields that need the present day."""

from datetime import date

from flask import current_app
from flask_babel import gettext as _

from bulletins.models import Bulletin
from config import clock
from config.errors import Invalid


def today() -> date:
    """The day it is now where this installation stands."""
    return clock.today(current_app.extensions["settings"].zone)


def check_due(acknowledge_by: date | None) -> None:
    """Raise Invalid for a day that is over."""
    if acknowledge_by is not None and acknowledge_by < today():
        raise Invalid(errors={"acknowledge_by": _("签收期限已过，请改到今天或以后。")})


def check_text(body: str) -> None:
    """Raise Invalid for a paper without text."""
    if not body.strip():
        raise Invalid(errors={"body": _("正文不能为空。")})


def check_complete(bulletin: Bulletin) -> None:
    """Raise Invalid for a paper that lacks its text or is due in the past."""
    check_text(bulletin.body)
    check_due(bulletin.acknowledge_by)


def nobody() -> Invalid:
    """What is wrong with a paper that no agency would get."""
    return Invalid(errors={"to_all": _("没有任何机构会收到此稿，请选择主送机构。")})
