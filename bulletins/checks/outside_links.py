"""Links out of the service of which it is not known whether anybody can follow them."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins.links import links_in
from bulletins.outside.addresses import outside
from bulletins.outside.states import DEAD, WANTED, Seen
from bulletins.ports import Check, Examined, Finding, Level
from bulletins.queries import visits
from bulletins.states import State
from config import clock


def find(paper: Examined) -> Sequence[Finding]:
    """Each that could not be looked at, and how many were not looked at yet."""
    settings = current_app.extensions["settings"]
    if settings.check_links == "off":
        return []
    leads = outside(paper.html, settings.base_url)
    seen = visits.seen(leads.values())
    words = {link.url: link.words for link in links_in(paper.html)}
    findings = [
        Finding(_unclear(seen[where]), _("链接“%(words)s”", words=words[url][:40] or url[:40]))
        for url, where in leads.items()
        if where in seen and seen[where].seen not in (*DEAD, Seen.ALIVE)
    ]
    waiting = sum(where not in seen for where in leads.values())
    if waiting:
        findings.append(Finding(_waiting(paper, waiting)))
    return findings


def _unclear(row: object) -> str:
    if getattr(row, "seen", None) == Seen.INSIDE:
        return _("这个网址会转到内部网络，没有核对。收文机构可能打不开，请您自己点开看一看。")
    status = getattr(row, "status", None)
    if status:
        return _("没有核对成，对方回答 %(status)s。请您自己点开看一看。", status=status)
    return _("没有核对成，对方没有回答。请您自己点开看一看。")


def _waiting(paper: Examined, count: int) -> str:
    written = paper.written
    rests = written.state in (State.DRAFT, State.RETURNED)
    if rests and written.updated_at < clock.now() - WANTED + timedelta(minutes=5):
        return _("此稿很久没有改动，%(count)s 个外部链接送签后再核对。", count=count)
    return _("%(count)s 个外部链接还在核对，过一两分钟再打开本页就有结果，不必等。", count=count)


CHECK = Check("outside_links", _l("外部链接"), Level.NOTE, find, is_of_words=True)
