"""Finding papers by their words."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.api.blueprint import bp
from bulletins.queries import search as queries
from bulletins.queries import tags
from bulletins.queries.excerpts import excerpts
from bulletins.search.criteria import Criteria
from bulletins.search.highlights import marked
from bulletins.states import BulletinType, State, TagKind, Urgency


class SearchQuery(Criteria):
    """What is sought, and which part of it is wanted."""

    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class HitOut(BaseModel):
    """A paper found. `title_html` and `excerpt_html` are safe HTML with the words in `<mark>`.

    `receipt_id` is where to read it (`/inbox/{id}`); it is null for one's own agency's papers
    and for what the library opened (`/library/{bulletin_id}`). `attachment` is the name of the one
    that the excerpt is of, where not all words stand in the paper itself. `relayed_by` is the name
    of the agency that added the words when it handed the paper down: only those below it find them.
    """

    bulletin_id: int
    receipt_id: int | None
    title: str
    number: str | None
    type: BulletinType
    urgency: Urgency
    issuer_id: int
    issuer: str
    signed_at: datetime
    ended_kind: State | None
    ended_on: date | None
    title_html: str
    excerpt_html: str
    attachment: str | None
    relayed_by: str | None


class CountOut(BaseModel):
    """How many of the hits have this value; `value` is what the query takes; a year is its days."""

    value: str
    count: int


class FacetsOut(BaseModel):
    type: list[CountOut]
    issuer: list[CountOut]
    topic: list[CountOut]
    sector: list[CountOut]
    year: list[CountOut]


class FoundOut(BaseModel):
    """`total` counts at most 1,000; `more` says that there are older ones beside them."""

    items: list[HitOut]
    total: int
    more: bool
    facets: FacetsOut
    next: str | None


@bp.get("/search")
@permission("search.find")
@bp.input(SearchQuery, location="query", arg_name="query")
@bp.output(FoundOut)
@bp.doc(summary="Search everything that my agency may read")
def search(query: SearchQuery) -> FoundOut:
    agency_id = acting().agency_id or 0
    found = queries.hits(agency_id, query)
    page = found.page(query.limit)
    wanted = query.terms
    rows = queries.shown(agency_id, [row.id for row in page.items])
    places = excerpts(rows, wanted, found.relays)
    return FoundOut(
        items=[
            HitOut(
                title_html=marked(row.title, wanted),
                excerpt_html=place.html,
                attachment=place.file,
                relayed_by=place.relay,
                **{name: getattr(row, name) for name in HitOut.model_fields if hasattr(row, name)},
            )
            for row, place in zip(rows, places, strict=True)
        ],
        total=len(found.rows),
        more=found.more,
        facets=FacetsOut(
            type=_counts(found.types),
            issuer=_counts(found.issuers),
            year=_counts(found.years),
            **_filed(found.tags),
        ),
        next=page.next_mark,
    )


def _filed(counts: queries.Counts) -> dict[str, list[CountOut]]:
    kinds = {tag.code: tag.kind for tag in tags.every()} if counts else {}
    return {
        str(kind): _counts([pair for pair in counts if kinds.get(pair[0]) == kind])
        for kind in TagKind
    }


def _counts(pairs: Sequence[tuple[object, int]]) -> list[CountOut]:
    return [CountOut(value=str(value), count=count) for value, count in pairs]
