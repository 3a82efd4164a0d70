"""Whether a paper may ask for what its type doesn't, or a request for more than one thing."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins import asking, labels, paper_types
from bulletins.ports import Check, Examined, Finding, Level


def find(paper: Examined) -> Sequence[Finding]:
    """The words that may be meant so; what leaves no doubt the rules of the type refuse."""
    bulletin, kind = paper.bulletin, paper_types.of(paper.bulletin.type)
    found = asking.asked(bulletin.body) if kind.asks_nothing else None
    if found and not found[1]:
        words = _(
            "文中有“%(words)s”，像是请示事项。“%(type)s”中不得夹带请示事项，"
            "需要上级答复的请另用请示行文。",
            words=found[0],
            type=labels.kind(bulletin.type),
        )
        return [Finding(words, _("正文"))]
    wanted = asking.several_wants(bulletin.title, bulletin.body) if kind.has_one_matter else None
    if wanted:
        words = _(
            "“%(words)s”像是不止一件事。请示应当一文一事，不是一件事的请分别请示。", words=wanted
        )
        return [Finding(words)]
    return []


CHECK = Check("asking", _l("夹带请示、一文一事"), Level.WARN, find)
