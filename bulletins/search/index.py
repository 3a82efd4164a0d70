"""The words of papers and relays, written into the engine's own index and taken out of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from bulletins.search.reading import Words
from bulletins.search.terms import QUERY_LENGTH
from bulletins.search.tokens import tokens_of
from config.database import db, is_sqlite

PASSAGE = 500
"""Tokens of a passage: so many fit into a row that PostgreSQL reads at one stroke."""
_MOST_OF_ONE = 250
"""Places of one word in a passage: PostgreSQL forgets those after the 256th."""

TITLE = 0
"""The number of the passage that is the title; the text's begin at 2."""


@dataclass(frozen=True)
class Index:
    """The table of one kind of texts; ``key`` names them on PostgreSQL, the row on SQLite."""

    name: str
    key: str

    def put(self, texts: Mapping[int, Words]) -> None:
        """Let new texts be found by these words. Call inside ``writing()``."""
        if is_sqlite():
            values = "(rowid, title, head, body) VALUES (:id, :t, :h, :b)"
            rows = [_row(one, words) for one, words in texts.items()]
        else:
            values = "VALUES (:id, :number, CAST(:tokens AS tsvector))"
            rows = [row for one, words in texts.items() for row in _rows(one, words)]
        if rows:
            db.session.execute(text(f"INSERT INTO {self.name} {values}"), rows)

    def take_out(self, ids: Sequence[int]) -> None:
        """Let texts be found no more."""
        column = "rowid" if is_sqlite() else self.key
        if ids:
            statement = text(f"DELETE FROM {self.name} WHERE {column} = :id")
            db.session.execute(statement, [{"id": one} for one in ids])

    def clear(self) -> None:
        """Forget all words of all texts. Call inside ``writing()``."""
        verb = "DELETE FROM" if is_sqlite() else "TRUNCATE"
        db.session.execute(text(f"{verb} {self.name}"))


PAPERS = Index("fts_papers", "paper_id")
RELAYS = Index("fts_relays", "entry_id")


def _row(one: int, words: Words) -> dict[str, Any]:
    parts = (" ".join(tokens_of(part)) for part in (words.title, words.head, words.body))
    return dict(zip("thb", parts, strict=True), id=one)


def _rows(one: int, words: Words) -> Iterator[dict[str, Any]]:
    passages = [tokens_of(words.title), tokens_of(words.head), *_passages(tokens_of(words.body))]
    for number, tokens in enumerate(passages):
        yield {"id": one, "number": number, "tokens": _vector(tokens)}


def _passages(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Pieces of a text that PostgreSQL remembers whole; each repeats the end of the one before.

    So whatever can be asked for stands whole in one of them.
    """
    start = 0
    while start < len(words):
        end = _end(words, start)
        yield words[start:end]
        if end == len(words):
            return
        start = end - QUERY_LENGTH


def _end(words: Sequence[str], start: int) -> int:
    counts: Counter[str] = Counter()
    for number, word in enumerate(words[start : start + PASSAGE], start):
        counts[word] += 1
        if counts[word] == _MOST_OF_ONE:
            return number + 1
    return min(len(words), start + PASSAGE)


def _vector(words: Sequence[str]) -> str:
    """A ``tsvector`` as PostgreSQL reads it; a token holds letters and digits alone."""
    return " ".join(f"'{word}':{number}" for number, word in enumerate(words, 1))
