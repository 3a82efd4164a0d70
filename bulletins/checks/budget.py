"""Whether the issuer sends more papers this year than it meant to (减负)."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins.ports import Check, Examined, Finding, Level
from bulletins.queries import budgets


def find(paper: Examined) -> Sequence[Finding]:
    """That this paper is one too many; what only corrects another is none."""
    if paper.bulletin.version:
        return []
    zone = current_app.extensions["settings"].zone
    year = budgets.of_year(paper.bulletin.issuer_id, paper.today.year, zone)
    if year.most is None or year.sent < year.most:
        return []
    words = _(
        "本机构今年已发 %(sent)s 件，计划不超过 %(most)s 件。请考虑合并发文，或改用其他方式。",
        sent=year.sent,
        most=year.most,
    )
    return [Finding(words)]


CHECK = Check("budget", _l("年度发文数"), Level.WARN, find)
