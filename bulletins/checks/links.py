"""Links that whoever receives the paper could not follow. Nothing is fetched: the worker did."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from bulletins import audience, links
from bulletins.links import Link, Target
from bulletins.outside import labels
from bulletins.outside.addresses import outside
from bulletins.outside.states import DEAD
from bulletins.ports import Check, Examined, Finding, Level
from bulletins.queries import linked, visits


def find(paper: Examined) -> Sequence[Finding]:
    """Each link that is malformed, private, dead, or leads to a paper its readers don't have."""
    base = current_app.extensions["settings"].base_url
    found = links.links_in(paper.html)
    targets = [(link, links.target(link.url, base)) for link in found[: links.MOST]]
    ids = {target.bulletin_id for _link, target in targets if target.bulletin_id}
    standing = linked.standing(paper.sender_id, _reached(paper), ids)
    dead = _dead(paper.html)
    findings = [
        Finding(words, _("链接“%(words)s”", words=link.words[:40] or link.url[:40]))
        for link, target in targets
        if (words := _fault(link, target, standing) or dead.get(link.url, ""))
    ]
    if len(found) > links.MOST:
        findings.append(Finding(_("链接超过 %(most)s 个，其余的没有检查。", most=links.MOST)))
    return findings


def _reached(paper: Examined) -> Select[int, str]:
    """Whom it will reach; a relay does so whatever the paper's type is."""
    kind = None if paper.relay else paper.bulletin.type
    return audience.recipients(paper.sender_id, paper.rules, paper.today, kind)


def _dead(html: str) -> dict[str, str]:
    """Links out of the service that the worker found dead, and why."""
    settings = current_app.extensions["settings"]
    if settings.check_links == "off":
        return {}
    leads = outside(html, settings.base_url)
    seen = visits.seen(leads.values())
    return {
        url: labels.dead(seen[where].seen, seen[where].status, url)
        for url, where in leads.items()
        if where in seen and seen[where].seen in DEAD
    }


def _fault(link: Link, target: Target, standing: dict[int, linked.Standing]) -> str:
    if target.is_malformed:
        return _("地址有误：%(url)s", url=link.url[:80])
    if target.is_private:
        return _("这是内部网络的地址，收文机构可能打不开：%(url)s", url=link.url[:80])
    if target.is_own_page:
        return _("这一页只有本机构能打开。引用公文请用它在“发文”里的地址。")
    if target.bulletin_id is None:
        return ""
    paper = standing.get(target.bulletin_id)
    if paper is None:
        return _("链接的公文不存在、没有发布，或本机构看不到。")
    if paper.is_void:
        return _("链接的《%(title)s》已撤销。", title=paper.title)
    if paper.is_missing:
        return _("有的收文机构没有收到过《%(title)s》，打不开它。", title=paper.title)
    return ""


CHECK = Check("links", _l("链接"), Level.WARN, find, is_of_words=True)
