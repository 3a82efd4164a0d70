"""Finding papers: the box in every page's head, the page of what was found, what narrows it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import labels
from bulletins.queries import search as queries
from bulletins.search.criteria import NAME_LENGTH, Criteria
from bulletins.search.highlights import excerpt, marked
from bulletins.search.reading import text_of
from bulletins.search.terms import Term
from bulletins.web.blueprint import bp
from bulletins.web.searches import place_of
from config.forms import Form

_LISTED = 12
"""Values of one facet, at most: the most frequent ones."""


@dataclass(frozen=True)
class Hit:
    """One paper found, as the list draws it."""

    row: Any
    url: str
    title: Markup
    number: Markup
    excerpt: Markup


@dataclass(frozen=True)
class Choice:
    """One value that narrows what was found; ``url`` chooses it, or gives it up where chosen."""

    label: str
    count: int
    url: str
    chosen: bool


@bp.get("/search")
@permission("search.find")
def search() -> ResponseReturnValue:
    """Search everything that one's agency may read."""
    form = Form.read(Criteria, request.args)
    criteria = form.data
    if criteria is None or criteria == Criteria():
        html = render_template("bulletins/search.html", form=form, criteria=criteria, found=None)
        return html, 422 if form.errors else 200
    agency_id = acting().agency_id or 0
    found = queries.hits(agency_id, criteria)
    page = found.page()
    rows = queries.shown(agency_id, [row.id for row in page.items])
    return render_template(
        "bulletins/search.html",
        form=form,
        criteria=criteria,
        found=found,
        page=page,
        hits=[_hit(row, criteria.terms) for row in rows],
        facets=_facets(found, criteria),
        saving=Form.blank(name=criteria.q[:NAME_LENGTH], followed="1"),
    )


def _hit(row: Any, wanted: Sequence[Term]) -> Hit:
    return Hit(
        row,
        url=place_of(row),
        title=marked(row.title, wanted),
        number=marked(row.number or "", wanted),
        excerpt=excerpt(text_of(row.html), wanted),
    )


def _facets(found: queries.Hits, criteria: Criteria) -> list[tuple[str, list[Choice]]]:
    """What the hits can be narrowed by, each value with its count among them."""
    issuers = found.counts("issuer_id")[:_LISTED]
    names = queries.names_of([one for one, _count in issuers])
    facets = [
        (_("文种"), _choices("type", found.counts("type"), labels.kind, criteria.type)),
        (_("发文机关"), _choices("issuer", issuers, lambda one: names[one], criteria.issuer)),
        (_("年份"), [_year(year, count, criteria) for year, count in found.years()[:_LISTED]]),
    ]
    return [(label, choices) for label, choices in facets if choices]


def _choices(
    name: str, counts: Iterable[tuple[Any, int]], words: Callable[[Any], str], chosen: Any
) -> list[Choice]:
    return [
        Choice(words(value), count, _url(**{name: None if chosen else value}), value == chosen)
        for value, count in counts
    ]


def _year(year: int, count: int, criteria: Criteria) -> Choice:
    first, last = date(year, 1, 1), date(year, 12, 31)
    if (criteria.since, criteria.until) == (first, last):
        return Choice(str(year), count, _url(since=None, until=None), chosen=True)
    return Choice(str(year), count, _url(since=first, until=last), chosen=False)


def _url(**changed: Any) -> str:
    """The address of this search with some of its criteria changed, from its first page on."""
    kept = {name: request.args[name] for name in Criteria.model_fields if name in request.args}
    wanted = {name: value for name, value in (kept | changed).items() if value not in (None, "")}
    return url_for("bulletins.search", **wanted)
