"""Checks of a paper's own fields that need the present day."""

from datetime import date

from flask import current_app
from flask_babel import gettext as _

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
