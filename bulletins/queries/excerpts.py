"""Where a search found a paper: in its text, an attachment, or the words of a relay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from bulletins.models import Relay
from bulletins.queries import words
from bulletins.queries.relay_texts import added
from bulletins.search.highlights import excerpt, stands
from bulletins.search.reading import text_of
from bulletins.search.terms import Term


@dataclass(frozen=True)
class Excerpt:
    """Safe HTML with the words marked; ``file``: the attachment's name where it has the words.

    ``relay``: the name of the agency that added the words when it handed the paper down.
    """

    html: Markup
    file: str | None = None
    relay: str | None = None


def excerpts(
    rows: Sequence[Any], wanted: Sequence[Term], relays: Mapping[int, int]
) -> list[Excerpt]:
    """One for each row. Files are asked for only where a word is in neither title nor text.

    ``relays`` are those whose words found a row, by its id.
    """
    by_relay = _of_relays({relays[row.id] for row in rows if row.id in relays}, wanted)
    others = [row for row in rows if row.id not in relays]
    of_papers = dict(zip((row.id for row in others), _of_papers(others, wanted), strict=True))
    return [by_relay[relays[row.id]] if row.id in relays else of_papers[row.id] for row in rows]


def _of_relays(relay_ids: Collection[int], wanted: Sequence[Term]) -> Mapping[int, Excerpt]:
    if not relay_ids:
        return {}
    found = {}
    for one in added(Relay.id.in_(relay_ids)):
        missing = _missing(wanted, one.own)
        place = _place(one.own, one.files, wanted, missing)
        found[one.relay_id] = replace(place, relay=one.agency)
    return found


def _of_papers(rows: Sequence[Any], wanted: Sequence[Term]) -> list[Excerpt]:
    texts = [text_of(row.html) for row in rows]
    missing = [
        _missing(wanted, f"{row.title}\n{row.number or ''}\n{text}")
        for row, text in zip(rows, texts, strict=True)
    ]
    asked = [row.bulletin_id for row, some in zip(rows, missing, strict=True) if some]
    files = words.of_papers(asked) if asked else {}
    return [
        _place(text, files.get(row.bulletin_id, ()), wanted, some)
        for row, text, some in zip(rows, texts, missing, strict=True)
    ]


def _missing(wanted: Sequence[Term], text: str) -> list[Term]:
    return [term for term in wanted if not stands(term, text)]


def _place(
    text: str, files: Sequence[Any], wanted: Sequence[Term], missing: Sequence[Term]
) -> Excerpt:
    """In the first file that has what the text has not, else in the text."""
    file = _found_in(files, missing)
    inside = file is not None and _any(missing, file.text)
    html = excerpt(file.text, missing) if file and inside else excerpt(text, wanted)
    return Excerpt(html, file.name if file else None)


def _found_in(files: Sequence[Any], some: Sequence[Term]) -> Any | None:
    """The first file whose text, or else whose name, has one of the words."""
    inside = (one for one in files if _any(some, one.text))
    named = (one for one in files if _any(some, one.name))
    return next(inside, None) or next(named, None)


def _any(some: Sequence[Term], text: str) -> bool:
    return any(stands(term, text) for term in some)
