"""The page of what a search found: marked words, and what narrows it further."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from agencies.actors import acting
from bulletins import labels
from bulletins.models import Tag
from bulletins.queries import search as queries
from bulletins.queries import tags
from bulletins.queries.excerpts import Excerpt, excerpts
from bulletins.search.criteria import Criteria, SavedInput
from bulletins.search.highlights import marked
from bulletins.search.terms import NAME_LENGTH, Term
from bulletins.services.checks import today
from bulletins.states import TagKind
from bulletins.web.ways import place_of
from config.forms import Form

_LISTED = 12
"""Values of one facet, at most: the most frequent ones."""

Facet = tuple[str, list["Choice"]]


@dataclass(frozen=True)
class Hit:
    """One paper found, as the list draws it."""

    row: Any
    url: str
    title: Markup
    number: Markup
    excerpt: Excerpt


@dataclass(frozen=True)
class Choice:
    """One value that narrows what was found; ``url`` chooses it, or gives it up where chosen."""

    label: str
    count: int
    url: str
    chosen: bool


def found_page(form: Form[Criteria], saving: Form[SavedInput] | None = None) -> str:
    """What meets the criteria; ``saving`` is the form that keeps the search, where it was refused.

    Without criteria that can be sought, the page that asks for them.
    """
    criteria = form.data
    if criteria is None or criteria == Criteria():
        return render_template(
            "bulletins/search.html", form=form, criteria=criteria, found=None, saving=saving
        )
    agency_id = acting().agency_id or 0
    found = queries.hits(agency_id, criteria)
    page = found.page()
    if saving:  # the list's own address is another one than that of this page
        page = replace(page, newer_url=None, older_url=None)
    is_past = criteria.until is not None and criteria.until < today()
    rows = queries.shown(agency_id, [row.id for row in page.items])
    wanted = criteria.terms
    places = excerpts(rows, wanted, found.relays)
    return render_template(
        "bulletins/search.html",
        form=form,
        criteria=criteria,
        found=found,
        page=page,
        hits=[_hit(*pair, wanted) for pair in zip(rows, places, strict=True)],
        facets=_Facets(criteria).of(found),
        is_past=is_past,
        saving=saving or _blank(criteria, is_past),
    )


def _blank(criteria: Criteria, is_past: bool) -> Form[SavedInput]:
    return Form.blank(name=criteria.q[:NAME_LENGTH], followed="" if is_past else "1")


def _hit(row: Any, place: Excerpt, wanted: Sequence[Term]) -> Hit:
    return Hit(
        row,
        url=place_of(row),
        title=marked(row.title, wanted),
        number=marked(row.number or "", wanted),
        excerpt=place,
    )


class _Facets:
    """What the hits of a search can be narrowed by, each value with its count among them."""

    def __init__(self, criteria: Criteria) -> None:
        self._criteria = criteria
        self._given = criteria.model_dump(mode="json", exclude_defaults=True)
        self._base = url_for("bulletins.search")

    def of(self, found: queries.Hits) -> list[Facet]:
        """The facets that have any values."""
        issuers = found.issuers[:_LISTED]
        names = queries.names_of([one for one, _count in issuers])
        filed = found.tags
        known = {tag.code: tag for tag in tags.every()} if filed else {}
        facets = [
            (_("文种"), self._choices("type", found.types, labels.kind)),
            (_("发文机关"), self._choices("issuer", issuers, lambda one: names[one])),
            (_("主题"), self._tags(TagKind.TOPIC, filed, known)),
            (_("行业"), self._tags(TagKind.SECTOR, filed, known)),
            (_("年份"), [self._year(year, count) for year, count in found.years[:_LISTED]]),
        ]
        return [(label, choices) for label, choices in facets if choices]

    def _tags(self, kind: TagKind, filed: queries.Counts, known: Mapping[str, Tag]) -> list[Choice]:
        some = [pair for pair in filed if pair[0] in known and known[pair[0]].kind == kind]
        return self._choices(str(kind), some[:_LISTED], lambda code: tags.name(known[code]))

    def _choices(
        self, name: str, counts: Iterable[tuple[Any, int]], words: Callable[[Any], str]
    ) -> list[Choice]:
        chosen = getattr(self._criteria, name)
        return [
            Choice(
                words(value),
                count,
                self._url(**{name: None if chosen == value else value}),
                chosen=chosen == value,
            )
            for value, count in counts
        ]

    def _year(self, year: int, count: int) -> Choice:
        first, last = date(year, 1, 1), date(year, 12, 31)
        if (self._criteria.since, self._criteria.until) == (first, last):
            return Choice(str(year), count, self._url(since=None, until=None), chosen=True)
        return Choice(str(year), count, self._url(since=first, until=last), chosen=False)

    def _url(self, **changed: Any) -> str:
        """The address of this search with some of its criteria changed, from its first page on."""
        wanted = {name: one for name, one in (self._given | changed).items() if one is not None}
        return f"{self._base}?{urlencode(wanted)}" if wanted else self._base
