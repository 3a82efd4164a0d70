"""Where a paper stands: receipts counted by city and county, and who is still waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, case, func, select, tuple_
from sqlalchemy.orm import aliased

from agencies.models import Agency, Lineage, Person
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.inbox import waiting
from bulletins.queries.papers import Progress
from bulletins.states import Waiting
from config.database import db, end_reading

GROUP = aliased(Agency)
PARENT = aliased(Agency)
GROUP_KEY = (GROUP.code, GROUP.id)
LINE_KEY = (Agency.code, Agency.id)
PIECE = 1000


@dataclass(frozen=True)
class Scope:
    """What of a version's receipts somebody looks at: those of ``node`` and all below it.

    ``root_id`` is the highest agency they may look at; each of the ``issuers``, the host first,
    sees everything that they sent, also what went to others than those below them.
    """

    bulletin: Bulletin
    version: BulletinVersion
    root_id: int
    node: Agency
    issuers: tuple[int, ...]

    @property
    def is_issuer(self) -> bool:
        return self.root_id == self.bulletin.issuer_id

    @property
    def is_partner(self) -> bool:
        """Whether one who issued it beside its host looks at it."""
        return self.root_id in self.issuers[1:]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the version's receipts is left out."""
        return self.root_id in self.issuers and self.node.id == self.root_id

    @property
    def tops(self) -> tuple[int, ...]:
        """The agencies under which the receipts looked at are grouped."""
        return self.issuers if self.is_whole else (self.node.id,)


def _within(scope: Scope, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    query = query.where(
        Receipt.bulletin_id == scope.version.bulletin_id, Receipt.version == scope.version.version
    )
    if scope.is_whole:
        return query
    subtree = select(Lineage.descendant_id).where(Lineage.ancestor_id == scope.node.id)
    return query.where(Receipt.agency_id.in_(subtree))


def _counts() -> list[Any]:
    """The columns of a Progress over receipts, in its order."""
    return [
        func.count(Receipt.id),
        func.count(Receipt.delivered_at),
        func.count(Receipt.opened_at),
        func.count(Receipt.acknowledged_at),
        func.coalesce(
            func.sum(case((Receipt.needs_acknowledgement, 1), else_=0)), 0, type_=Integer
        ),
    ]


def totals(scope: Scope) -> Progress:
    """The counts of everything in scope; those of a whole paper are kept with it."""
    if scope.is_whole:
        return Progress.of(scope.version)
    return Progress(*db.session.execute(_within(scope, select(*_counts()))).one())


def counted(bulletin_id: int, version: int) -> Progress:
    """The counts of a version, taken from its receipts."""
    mine = (Receipt.bulletin_id == bulletin_id, Receipt.version == version)
    return Progress(*db.session.execute(select(*_counts()).where(*mine)).one())


def groups(scope: Scope) -> Select[*tuple[Any, ...]]:
    """The agencies right under the node, each with the counts of its whole subtree.

    Of a subtree of one receipt the times and people are that receipt's own.
    """
    sent, delivered, opened, acknowledged, to_acknowledge = _counts()
    return (
        select(
            GROUP.id,
            GROUP.code,
            GROUP.name,
            sent.label("sent"),
            delivered.label("delivered"),
            opened.label("opened"),
            acknowledged.label("acknowledged"),
            to_acknowledge.label("to_acknowledge"),
            func.max(Receipt.agency_id).label("only_id"),
            func.max(Receipt.delivered_at).label("delivered_at"),
            func.max(Receipt.opened_at).label("opened_at"),
            func.max(Receipt.opened_by).label("opened_by"),
            func.max(Receipt.acknowledged_at).label("acknowledged_at"),
            func.max(Receipt.acknowledged_by).label("acknowledged_by"),
            func.max(Receipt.reminded_at).label("reminded_at"),
        )
        .select_from(Receipt)
        .join(Lineage, Lineage.descendant_id == Receipt.agency_id)
        .join(GROUP, GROUP.id == Lineage.ancestor_id)
        .where(
            Receipt.bulletin_id == scope.version.bulletin_id,
            Receipt.version == scope.version.version,
            GROUP.parent_id.in_(scope.tops),
        )
        .group_by(GROUP.id, GROUP.code, GROUP.name)
    )


def by_code(row: Any) -> tuple[Any, ...]:
    """A row's place in a list ordered by agencies' codes."""
    return row.code, row.id


def lines(scope: Scope, which: Waiting | None = None) -> Select[*tuple[Any, ...]]:
    """Each receipt in scope with its agency and facts; all, or those that wait."""
    opener, signer = aliased(Person), aliased(Person)
    query = (
        select(
            Agency.id,
            Agency.code,
            Agency.name,
            PARENT.name.label("parent"),
            Receipt.part,
            Receipt.sent_at,
            Receipt.delivered_at,
            Receipt.delivered_how,
            Receipt.opened_at,
            opener.name.label("opened_by"),
            Receipt.needs_acknowledgement,
            Receipt.acknowledged_at,
            signer.name.label("acknowledged_by"),
            Receipt.relay_by,
            Receipt.relayed_at,
            Receipt.passed_over_at,
            Receipt.acted_at,
            Receipt.reminded_at,
        )
        .select_from(Receipt)
        .join(Agency, Agency.id == Receipt.agency_id)
        .outerjoin(PARENT, PARENT.id == Agency.parent_id)
        .outerjoin(opener, opener.id == Receipt.opened_by)
        .outerjoin(signer, signer.id == Receipt.acknowledged_by)
    )
    query = _within(scope, query)
    return query if which is None else query.where(waiting(which))


def own_lines(scope: Scope) -> Sequence[Any]:
    """The receipts in scope that stand in no group: the node's own and the upper agency's."""
    outside = [scope.node.id]
    if scope.is_whole:
        above = select(Agency.parent_id).where(Agency.id.in_(scope.issuers))
        outside = [*scope.issuers, *(one for one in db.session.scalars(above) if one is not None)]
    query = lines(scope).where(Agency.id.in_(outside)).order_by(*LINE_KEY)
    return db.session.execute(query).all()


def every_line(scope: Scope) -> Iterator[Any]:
    """All receipts in scope by agency code."""
    return in_pieces(lines(scope))


def in_pieces(of_agencies: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Rows by agency code, read in pieces; between two no connection is held."""
    query = of_agencies.order_by(*LINE_KEY).limit(PIECE)
    rows = db.session.execute(query).all()
    while rows:
        end_reading()
        yield from rows
        rows = db.session.execute(query.where(tuple_(*LINE_KEY) > by_code(rows[-1]))).all()
