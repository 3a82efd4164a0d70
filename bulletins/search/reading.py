"""A paper's text as it is searched: without its markup, each block on a line of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from bulletins.search.terms import Term
from bulletins.search.tokens import tokens_of

_INLINE = re.compile(r"</?(?:a|code|del|em|strong|sub|sup)(?:\s[^<>]*)?>")
_TAG = re.compile(r"<[^<>]*>")


def text_of(html: str) -> str:
    """The words of rendered HTML; what is in bold or a link is no word of its own."""
    return unescape(_TAG.sub("\n", _INLINE.sub("", html)))


@dataclass(frozen=True)
class Words:
    """What a paper is found by: its title and number; issuer and tags; its text."""

    title: str
    head: str
    body: str


class Tokens:
    """A paper's words as the index knows them, to be asked for phrases without it."""

    def __init__(self, words: Words) -> None:
        parts = (words.title, words.head, words.body)
        self._parts = [f" {' '.join(tokens_of(part))} " for part in parts]

    def hold(self, wanted: Sequence[Term], beside: Sequence["Tokens"] = ()) -> bool:
        """Whether every phrase stands in title, head or text, or in one of those ``beside``."""
        parts = [part for one in (self, *beside) for part in one._parts]
        return all(any(_needle(term) in part for part in parts) for term in wanted)


def _needle(term: Term) -> str:
    return f" {' '.join(term.tokens)}{'' if term.is_open else ' '}"
