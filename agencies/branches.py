"""The tree as it is drawn: opened down to one agency, its levels read by key."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from agencies.directory import child_counts, children
from agencies.models import Agency
from config.database import db
from config.pages import encode

MOST = 100  # of a level are drawn at once


@dataclass(frozen=True)
class Branch:
    """What is drawn of the agencies right under ``at`` (0: of the roots).

    ``before`` and ``after`` are the marks from which the list goes on, ``start`` the one behind
    which it begins as drawn; None at its ends.
    """

    at: int
    nodes: Sequence["Node"]
    before: str | None
    after: str | None
    start: str | None


@dataclass(frozen=True)
class Node:
    """An agency in the tree: opened where ``below`` is not None."""

    agency: Agency
    children: int
    below: Branch | None = None


@dataclass(frozen=True)
class Stretch:
    """A part of a level in its order, with the one right before it, and whether more follows."""

    found: Sequence[Agency]
    previous: Agency | None
    goes_on: bool


def tree(path: Sequence[Agency]) -> Branch:
    """The roots with the path opened, its uppermost first.

    Two queries a level of the path and two for all, however many stand there. Below the path's end
    the request's ``after`` or ``before`` turns the pages.
    """
    levels = [_around(agency) for agency in path]
    at = path[-1].id if path else 0
    last = children(at or None, MOST)
    drawn = [agency for level in levels for agency in level.found]
    counts = child_counts([agency.id for agency in (*drawn, *last.items)])
    branch = Branch(
        at,
        [Node(agency, counts.get(agency.id, 0)) for agency in last.items],
        _mark(last.items[0]) if last.newer_url else None,
        _mark(last.items[-1]) if last.older_url else None,
        None,
    )
    for agency, level in zip(reversed(path), reversed(levels), strict=True):
        branch = _opened(agency, level, branch, counts)
    return branch


def _around(agency: Agency) -> Stretch:
    """The siblings among which an agency is shown: the first ones, or if it isn't among them
    those nearest to it.
    """
    above = db.session.scalars(
        _siblings(agency)
        .where(Agency.code < agency.code)
        .order_by(Agency.code.desc())
        .limit(MOST + 1)
    ).all()
    onward = db.session.scalars(
        _siblings(agency).where(Agency.code >= agency.code).order_by(Agency.code).limit(MOST + 1)
    ).all()
    kept = len(above) if len(above) < MOST else MOST // 2
    following = onward[: MOST - kept]
    return Stretch(
        [*reversed(above[:kept]), *following],
        above[kept] if len(above) > kept else None,
        len(onward) > len(following),
    )


def _siblings(agency: Agency) -> Select[Agency]:
    upper = agency.parent_id
    under = Agency.parent_id.is_(None) if upper is None else Agency.parent_id == upper
    return select(Agency).where(under, Agency.ended_on.is_(None))


def _opened(agency: Agency, level: Stretch, below: Branch, counts: dict[int, int]) -> Branch:
    return Branch(
        agency.parent_id or 0,
        [
            Node(one, counts.get(one.id, 0), below if one.id == agency.id else None)
            for one in level.found
        ],
        _mark(level.found[0]) if level.previous else None,
        _mark(level.found[-1]) if level.goes_on else None,
        _mark(level.previous) if level.previous else None,
    )


def _mark(agency: Agency) -> str:
    return encode((agency.code, agency.id))
