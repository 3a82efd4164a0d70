"""Followed searches meet what was published: each match is journalled at a position of its own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import exists, insert, or_, select

from bulletins.models import Receipt, Relay, SavedSearch, SearchMatch
from bulletins.queries import arrivals, tags
from bulletins.queries import words as file_words
from bulletins.queries.issuers import beside
from bulletins.queries.relay_texts import added
from bulletins.search.reading import Tokens
from bulletins.search.terms import terms
from bulletins.services.indexing import papers, published_on, words
from bulletins.services.relay_indexing import words as relay_words
from config import journal
from config.database import among, db
from config.journal import Event


def match(bulletin_id: int, relay_id: int | None = None) -> None:
    """Note for each agency that has the paper which of its searches find it.

    They find it by its words together with those that the relays on its way to the agency added.
    Only searches that were followed before it came count, and each finds a version once.
    ``relay_id``: of those alone whom it reached through that relay. Call inside ``writing()``.
    """
    for paper in papers([bulletin_id]):
        followed = _followed(paper, relay_id)
        ways = arrivals.ways(list({row.receipt_id for row in followed})) if followed else {}
        due = [
            (row.SavedSearch, tuple(step.relay_id for step in ways.get(row.receipt_id, ())))
            for row in followed
            if row.SavedSearch.followed_entry_id < _came(paper, ways.get(row.receipt_id, ()))
        ]
        if due:
            holds = _Holding(paper, {one for _search, way in due for one in way})
            found = [search for search, way in due if holds.all_of(search.q, way)]
            _note(paper.id, paper.version, found)


def _came(paper: Any, way: Sequence[Any]) -> int:
    """The entry that brought the version: that of its signing, or of the last relay on its way."""
    entry_ids: list[int] = [paper.entry_id, *(step.entry_id for step in way)]
    return max(entry_ids)


class _Holding:
    """What a paper and the relays by which it came say; alike questions are answered once."""

    def __init__(self, paper: Any, relay_ids: Collection[int]) -> None:
        files = file_words.of_papers([paper.id]).get(paper.id, ())
        self._own = Tokens(words(paper, tags.of_version(paper.id, paper.version), files))
        relays = added(among(Relay.id, list(relay_ids))) if relay_ids else []
        self._added = {one.relay_id: Tokens(relay_words(one)) for one in relays}
        self._known: dict[tuple[str, frozenset[int]], bool] = {}

    def all_of(self, q: str, way: Iterable[int]) -> bool:
        """Whether all that is looked for stands in the paper or in one of these relays."""
        saying = self._added.keys() & way
        asked = q, frozenset(saying)
        if asked not in self._known:
            beside = [self._added[one] for one in saying]
            self._known[asked] = self._own.hold(terms(q), beside)
        return self._known[asked]


def _followed(paper: Any, relay_id: int | None) -> Sequence[Any]:
    """Searches with their agency's receipt that may find the paper by all but its words.

    Those that have found it already are left out.
    """
    already = exists().where(
        SearchMatch.search_id == SavedSearch.id,
        SearchMatch.bulletin_id == paper.id,
        SearchMatch.version == paper.version,
    )
    codes = [tag.code for tag in tags.of_version(paper.id, paper.version)]
    issuing = [paper.issuer_id, *beside(paper.id)]
    day = published_on(paper)
    query = (
        select(SavedSearch, Receipt.id.label("receipt_id"))
        .join(Receipt, Receipt.agency_id == SavedSearch.agency_id)
        .where(
            Receipt.bulletin_id == paper.id,
            Receipt.version == paper.version,
            SavedSearch.ended_at.is_(None),
            SavedSearch.followed_entry_id.is_not(None),
            or_(SavedSearch.type.is_(None), SavedSearch.type == paper.type),
            or_(SavedSearch.issuer_id.is_(None), SavedSearch.issuer_id.in_(issuing)),
            or_(SavedSearch.topic.is_(None), SavedSearch.topic.in_(codes)),
            or_(SavedSearch.sector.is_(None), SavedSearch.sector.in_(codes)),
            or_(SavedSearch.since.is_(None), SavedSearch.since <= day),
            or_(SavedSearch.until.is_(None), SavedSearch.until >= day),
            ~already,
        )
        .order_by(SavedSearch.agency_id, SavedSearch.id)
    )
    if relay_id is not None:
        query = query.where(Receipt.id.in_(arrivals.through(paper.id, paper.version, relay_id)))
    return db.session.execute(query).all()


def _note(bulletin_id: int, version: int, found: Iterable[SavedSearch]) -> None:
    by_agency: dict[int, list[int]] = defaultdict(list)
    for search in found:
        by_agency[search.agency_id].append(search.id)
    entries = journal.record_all(
        "search.matched",
        [
            Event(("bulletin", bulletin_id), agency_id, {"version": version, "searches": ids})
            for agency_id, ids in by_agency.items()
        ],
    )
    rows = [
        {
            "search_id": search_id,
            "bulletin_id": bulletin_id,
            "version": version,
            "entry_id": entry.id,
        }
        for entry, ids in zip(entries, by_agency.values(), strict=True)
        for search_id in ids
    ]
    if rows:
        db.session.execute(insert(SearchMatch), rows)
