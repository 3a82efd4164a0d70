"""What the draft's form offers to answer or explain: groups, each open to some types of papers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from bulletins import paper_types
from bulletins.paper_types import Particular
from bulletins.queries import particulars
from bulletins.states import BulletinType

Group = tuple[str, Sequence[tuple[int, str]], Mapping[str, Any]]


def offered(issuer_id: int, kind: str, chosen: int | None) -> list[Group]:
    """What asks the issuer, and what it has issued: words, papers and attributes of each group.

    A script opens the groups of the type that is selected. The page is drawn for ``kind``; where
    that refers to nothing, all are open, for a browser without scripts.
    """
    refer = paper_types.stating(Particular.REFERS_TO)
    answering = [one for one in refer if paper_types.of(one).answers]
    asked = {
        BulletinType.REQUEST: _("主送本机构的请示"),
        BulletinType.LETTER: _("主送本机构的函"),
    }
    groups = [
        (words, particulars.asked(issuer_id, [asking], chosen), _answering(answering, asking))
        for asking, words in asked.items()
    ]
    explaining = [one for one in refer if one not in answering]
    groups.append((_("本机构发出的文件"), particulars.issued(issuer_id, chosen), explaining))
    return [
        (words, [(row.id, _line(row)) for row in papers], _open_to(kinds, kind in refer, kind))
        for words, papers, kinds in groups
        if papers
    ]


def _answering(answering: Sequence[BulletinType], asking: BulletinType) -> list[BulletinType]:
    return [one for one in answering if asking in paper_types.of(one).answers]


def _open_to(kinds: Sequence[BulletinType], refers: bool, kind: str) -> Mapping[str, Any]:
    is_shut = refers and kind not in kinds
    return {"data-for": " ".join(kinds), "hidden": is_shut or None, "disabled": is_shut or None}


def _line(row: Any) -> str:
    words = particulars.named(row.title, row.number)
    return _("%(paper)s（已答复）", paper=words) if row.is_answered else words
