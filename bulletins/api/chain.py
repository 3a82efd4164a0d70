"""Where a paper is stuck: its chain under an agency, and the longest waits by name."""

from datetime import date, datetime

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.api.receipts import ScopeQuery
from bulletins.api.standing import StandingOut
from bulletins.queries import chain as queries
from bulletins.queries.chain import Node, Wait
from bulletins.states import Fact
from bulletins.steps_taken import Steps
from config.http import zone


class StepOut(FromRow):
    """A fact and the working days since the one before; without `at` it is waited for."""

    fact: Fact
    days: int
    at: datetime | None


class NodeOut(BaseModel):
    """An agency of the chain; `below` counts those below it by their furthest fact."""

    agency_id: int
    name: str
    depth: int
    steps: list[StepOut]
    relay_by: date | None
    passed_over_at: datetime | None
    below: dict[Fact, int]


class WaitOut(BaseModel):
    """An agency that has not taken its next step, and for how many working days."""

    agency_id: int
    name: str
    parent: str
    fact: Fact
    since: datetime
    days: int


class ChainOut(BaseModel):
    """`left_out` is how many agencies right below are too many to list here."""

    standing: StandingOut
    totals: dict[Fact, int]
    waits: list[WaitOut]
    nodes: list[NodeOut]
    left_out: int


@bp.get("/bulletins/<int:bulletin_id>/chain")
@permission("bulletin.receipts")
@bp.input(ScopeQuery, location="query", arg_name="query")
@bp.output(ChainOut)
@bp.doc(summary="Where a paper is stuck: its chain below an agency, and the longest waits")
def chain(bulletin_id: int, query: ScopeQuery) -> ChainOut:
    scope = services.progress(acting(), bulletin_id, query.agency)
    steps = Steps(scope.version.signed_at, zone())
    nodes, left_out = queries.nodes(scope)
    return ChainOut(
        standing=StandingOut.model_validate(scope.bulletin),
        totals=queries.totals(scope),
        waits=[_wait(one, steps) for one in queries.longest_waits(scope)],
        nodes=[_node(one, steps) for one in nodes],
        left_out=left_out,
    )


def _wait(wait: Wait, steps: Steps) -> WaitOut:
    return WaitOut(
        agency_id=wait.agency_id,
        name=wait.name,
        parent=wait.parent,
        fact=wait.fact,
        since=wait.since,
        days=steps.since(wait.since),
    )


def _node(node: Node, steps: Steps) -> NodeOut:
    taken = steps.of(node.receipt) if node.receipt else ()
    return NodeOut(
        agency_id=node.id,
        name=node.name,
        depth=node.depth,
        steps=[StepOut.model_validate(one) for one in taken],
        relay_by=node.receipt.relay_by if node.receipt else None,
        passed_over_at=node.receipt.passed_over_at if node.receipt else None,
        below=node.below,
    )
