"""The tables of a paper that spreadsheets open: its receipts, and its chain step by step."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from pydantic import BaseModel

from agencies.actors import Actor
from agencies.exports import ports
from agencies.exports.ports import Exporter, Source
from bulletins import services, sheets
from bulletins.inputs import Identifier
from bulletins.queries import chain, progress
from bulletins.queries.endings import ending_of
from bulletins.queries.progress import Scope
from bulletins.steps_taken import Steps
from config.http import zone
from config.sheets import Cell


class OfPaper(BaseModel):
    """Of which paper, and of which agency's subtree of it where not of all that one may see."""

    bulletin_id: Identifier
    agency: Identifier | None = None


def _scope(actor: Actor, given: OfPaper) -> Scope:
    return services.progress(actor, given.bulletin_id, given.agency)


def _chain(actor: Actor, given: OfPaper) -> Source:
    scope = _scope(actor, given)

    def rows() -> Iterator[Sequence[Cell]]:
        steps = Steps(scope.version.signed_at, zone())
        return sheets.chain_table(chain.every_line(scope), steps, _standing(scope))

    return _source("chain", scope, rows)


def _receipts(actor: Actor, given: OfPaper) -> Source:
    scope = _scope(actor, given)

    def rows() -> Iterator[Sequence[Cell]]:
        return sheets.receipts_table(progress.every_line(scope), _standing(scope))

    return _source("receipts", scope, rows)


def _standing(scope: Scope) -> str:
    return sheets.standing_of(ending_of(scope.bulletin, scope.root_id))


def _source(word: str, scope: Scope, rows: Any) -> Source:
    name, title = f"{word}-{scope.bulletin.id}", scope.version.title
    return Source(name, title, progress.totals(scope).sent, rows)


CHAIN = Exporter("chain", _l("流转情况表"), OfPaper, _chain)
RECEIPTS = Exporter("receipts", _l("回执表"), OfPaper, _receipts)


def fill() -> None:
    """Let both be exported."""
    ports.add(CHAIN, RECEIPTS)
