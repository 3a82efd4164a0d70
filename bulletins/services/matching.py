"""Followed searches meet what was published: each match is journalled at a position of its own."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, insert, or_, select

from bulletins.models import Receipt, SavedSearch, SearchMatch
from bulletins.queries import tags
from bulletins.queries import words as file_words
from bulletins.queries.issuers import beside
from bulletins.search.reading import Tokens
from bulletins.search.terms import terms
from bulletins.services.indexing import papers, words
from config import journal
from config.database import db
from config.journal import Entry


def match(bulletin_id: int, since: Entry) -> None:
    """Note for each agency that has received the paper which of its searches find it.

    Only searches that were followed before ``since`` told of the paper count, and each finds a
    version once. Call inside ``writing()``.
    """
    for paper in papers([bulletin_id]):
        followed = _followed(paper, since)
        if not followed:
            return
        files = file_words.of_papers([paper.id]).get(paper.id, ())
        tokens = Tokens(words(paper, tags.of_version(paper.id, paper.version), files))
        holds = {q: tokens.hold(terms(q)) for q in {search.q for search in followed}}
        _note(paper.id, paper.version, [one for one in followed if holds[one.q]])


def _followed(paper: Any, since: Entry) -> list[SavedSearch]:
    """What may find the paper by all but its words, and has not found it yet."""
    already = exists().where(
        SearchMatch.search_id == SavedSearch.id,
        SearchMatch.bulletin_id == paper.id,
        SearchMatch.version == paper.version,
    )
    codes = [tag.code for tag in tags.of_version(paper.id, paper.version)]
    issuing = [paper.issuer_id, *beside(paper.id)]
    query = (
        select(SavedSearch)
        .join(Receipt, Receipt.agency_id == SavedSearch.agency_id)
        .where(
            Receipt.bulletin_id == paper.id,
            Receipt.version == paper.version,
            SavedSearch.ended_at.is_(None),
            SavedSearch.followed_entry_id < since.id,
            or_(SavedSearch.type.is_(None), SavedSearch.type == paper.type),
            or_(SavedSearch.issuer_id.is_(None), SavedSearch.issuer_id.in_(issuing)),
            or_(SavedSearch.topic.is_(None), SavedSearch.topic.in_(codes)),
            or_(SavedSearch.sector.is_(None), SavedSearch.sector.in_(codes)),
            ~already,
        )
        .order_by(SavedSearch.agency_id, SavedSearch.id)
    )
    return list(db.session.scalars(query))


def _note(bulletin_id: int, version: int, found: Iterable[SavedSearch]) -> None:
    by_agency: dict[int, list[int]] = defaultdict(list)
    for search in found:
        by_agency[search.agency_id].append(search.id)
    for agency_id, search_ids in by_agency.items():
        entry = journal.record(
            "search.matched",
            subject=("bulletin", bulletin_id),
            agency_id=agency_id,
            version=version,
            searches=search_ids,
        )
        rows = [
            {
                "search_id": search_id,
                "bulletin_id": bulletin_id,
                "version": version,
                "entry_id": entry.id,
            }
            for search_id in search_ids
        ]
        db.session.execute(insert(SearchMatch), rows)
