"""Whether the issuer has said nearly the same a short while ago.

Titles of a series (第3期, 第4期) are alike and their texts are not: both must be.
"""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins.ports import Check, Examined, Finding, Level
from bulletins.queries import recent
from bulletins.search.reading import text_of
from bulletins.search.tokens import tokens_of

DAYS = 90
ALIKE = 0.6
"""Share of two texts' pairs of characters that both have (Dice), from which on they are alike."""
LOOKED_INTO = 5
SHOWN = 3


def find(paper: Examined) -> Sequence[Finding]:
    """The most similar papers that the issuer published in the last 90 days."""
    bulletin = paper.bulletin
    title = set(tokens_of(bulletin.title))
    since = paper.today - timedelta(days=DAYS)
    candidates = [
        (_shared(title, set(tokens_of(one.title))), one)
        for one in recent.titles(bulletin.issuer_id, bulletin.id, since)
    ]
    near = [pair for pair in candidates if pair[0] >= ALIKE]
    near.sort(key=lambda pair: (-pair[0], -pair[1].id))
    chosen = [one for _share, one in near[:LOOKED_INTO]]
    words = _words(bulletin.html)
    texts = recent.texts([one.id for one in chosen])
    alike = [one for one in chosen if _shared(words, _words(texts.get(one.id, ""))) >= ALIKE]
    return [
        Finding(
            _(
                "与 %(day)s 发的《%(title)s》内容相近。能否更正或转发原件，不再另发？",
                day=one.published_on.isoformat(),
                title=one.title,
            )
        )
        for one in alike[:SHOWN]
    ]


def _words(html: str) -> set[str]:
    return set(tokens_of(text_of(html)))


def _shared(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


CHECK = Check("similar", _l("近期相似文件"), Level.WARN, find)
