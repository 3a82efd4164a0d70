"""The words found, marked in the text they were found in: made here, for no engine stores texts."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from bulletins.search.terms import Term
from bulletins.search.tokens import HAN, is_han

EXCERPT = 120
"""Characters of an excerpt, about."""
_LEAD = 30
_BLANKS = re.compile(r"\s+")
_WORD = rf"[^\W_{HAN}]"
# A width of its own is how full-width letters and digits differ from ours.
_WIDE = ord("！") - ord("!")


def marked(text: str, wanted: Sequence[Term]) -> Markup:
    """``text`` as safe HTML with every place where one of ``wanted`` stands in ``<mark>``."""
    if not wanted:
        return escape(text)
    parts, at = [], 0
    for place in _pattern(wanted).finditer(text):
        parts += [escape(text[at : place.start()]), Markup("<mark>{}</mark>").format(place[0])]
        at = place.end()
    return Markup("").join([*parts, escape(text[at:])])


def excerpt(text: str, wanted: Sequence[Term]) -> Markup:
    """The part of ``text`` around the first place found, else its beginning, marked likewise."""
    first = _pattern(wanted).search(text) if wanted else None
    start = max(0, first.start() - _LEAD) if first else 0
    shown = _BLANKS.sub(" ", text[start : start + EXCERPT]).strip()
    before, after = "…" if start else "", "…" if start + EXCERPT < len(text) else ""
    return Markup("{}{}{}").format(before, marked(shown, wanted), after)


def stands(wanted: Term, text: str) -> bool:
    """Whether the phrase stands in ``text``, as far as a reader sees it."""
    return re.search(_phrase(wanted), text) is not None


def _pattern(wanted: Sequence[Term]) -> re.Pattern[str]:
    """The longest phrase first, so that it is marked whole."""
    phrases = sorted((_phrase(term) for term in wanted), key=len, reverse=True)
    return re.compile("|".join(phrases))


def _phrase(term: Term) -> str:
    pattern = _run(term.runs[0])
    for before, run in zip(term.runs, term.runs[1:], strict=False):
        least = 1 if is_han(before) == is_han(run) else 0
        pattern += rf"[\W_]{{{least},20}}{_run(run)}"
    return pattern


def _run(run: str) -> str:
    if is_han(run):
        return re.escape(run)
    letters = "".join(f"[{re.escape(_variants(letter))}]" for letter in run)
    return rf"(?<!{_WORD}){letters}(?!{_WORD})"


def _variants(letter: str) -> str:
    """A letter or digit in great and small, narrow and full width."""
    forms = {letter, letter.upper()[:1]}
    return "".join(sorted(forms | {chr(ord(one) + _WIDE) for one in forms if "!" <= one <= "~"}))
