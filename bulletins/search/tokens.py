"""A text as tokens: every two neighbouring Han characters, the last one alone, words whole.

``产品质量A3级`` gives 产品, 品质, 质量, 量, a3, 级. Two of them side by side say that three
characters stand side by side, so a phrase of tokens finds exactly the words asked for.
"""

import re
import unicodedata
from collections.abc import Iterator

HAN = "々〇〻\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_IS_HAN = re.compile(rf"[{HAN}]")
_LONGEST = 64
"""Characters of a word that count; PostgreSQL refuses words of more than 2,046 bytes."""


def is_han(run: str) -> bool:
    """Whether a run or token is one of Chinese characters."""
    return _IS_HAN.match(run) is not None


def runs_of(text: str) -> Iterator[str]:
    """Chinese characters in a row, and words and numbers; wide, narrow, great, small alike."""
    for run in _RUNS.finditer(unicodedata.normalize("NFKC", text).casefold()):
        yield run[0] if is_han(run[0]) else run[0][:_LONGEST]


def pairs_of(run: str) -> list[str]:
    """Each two neighbours of a run of Chinese characters."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def tokens_of(text: str) -> list[str]:
    """The tokens of ``text``, in order."""
    found: list[str] = []
    for run in runs_of(text):
        found += [*pairs_of(run), run[-1]] if is_han(run) else [run]
    return found
