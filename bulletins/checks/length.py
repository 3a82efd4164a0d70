"""Whether a paper is longer than papers should be (减负: 一般不超过 5000 字)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins.ports import Check, Examined, Finding, Level
from bulletins.search.reading import text_of

MOST = 5000
"""Characters of the text, blanks not counted."""


def find(paper: Examined) -> Sequence[Finding]:
    """How much longer the text is than the rule allows; the title doesn't count."""
    count = sum(not one.isspace() for one in text_of(paper.bulletin.html))
    if count <= MOST:
        return []
    words = _(
        "正文共 %(count)s 字，一般不超过 %(most)s 字。请精简，或把细节移到附件。",
        count=count,
        most=MOST,
    )
    return [Finding(words, _("正文"))]


CHECK = Check("length", _l("篇幅"), Level.WARN, find)
