"""What somebody typed into the search box, as phrases that must all be found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bulletins.search.tokens import is_han, pairs_of, runs_of, tokens_of

QUERY_LENGTH = 100
"""Characters of a query, at most; no phrase has more tokens."""

NAME_LENGTH = 50
"""Characters of the name under which a search is kept, at most."""

_QUOTES = str.maketrans("“”„‟＂「」『』", '"' * 9)
_PARTS = re.compile(r'"([^"]*)"?|([^\s"，、；。]+)')


@dataclass(frozen=True)
class Term:
    """A phrase: runs of Chinese characters, words and numbers that follow each other."""

    runs: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the last token is the beginning of one.

        A single Chinese character begins the pair that it forms with whatever follows it.
        """
        return is_han(self.runs[-1]) and len(self.runs[-1]) == 1

    @property
    def tokens(self) -> list[str]:
        """The tokens that stand side by side; the text found may go on behind the last one."""
        last = self.runs[-1]
        tail = pairs_of(last) if is_han(last) and not self.is_open else [last]
        return [token for run in self.runs[:-1] for token in tokens_of(run)] + tail


def terms(query: str) -> Sequence[Term]:
    """The phrases of ``query``, each once: divided by blanks and commas, or quoted as they stand.

    What has neither letters nor digits asks for nothing.
    """
    parts = _PARTS.findall(query.translate(_QUOTES))
    found = [tuple(runs_of(quoted or plain)) for quoted, plain in parts]
    return [Term(runs) for runs in dict.fromkeys(found) if runs]
