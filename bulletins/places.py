"""Places in a paper's text: its paragraphs, and where words quoted from one of them stand now."""

import re

_BLANK_LINES = re.compile(r"\n[ \t\u3000]*\n")
_SIGNS = re.compile(r"[\s*_#>`|~\\]+")
SHOWN = 30


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a Markdown text, without blank ones."""
    return [one.strip() for one in _BLANK_LINES.split(body) if one.strip()]


def heads(body: str) -> list[str]:
    """The beginning of each paragraph, to choose one by."""
    plain = [" ".join(one.split()) for one in paragraphs(body)]
    return [one if len(one) <= SHOWN else one[:SHOWN] + "…" for one in plain]


def holds(paragraph: str, quote: str) -> bool:
    """Whether the words stand in a paragraph, as a reader sees it: without Markdown's signs."""
    return _bare(quote) in _bare(paragraph)


def where(body: str, quote: str) -> int | None:
    """The number (from 1) of the first paragraph in which the words stand; None: in none."""
    if not _bare(quote):
        return None
    numbered = enumerate(paragraphs(body), start=1)
    return next((number for number, text in numbered if holds(text, quote)), None)


def _bare(text: str) -> str:
    return _SIGNS.sub("", text)
