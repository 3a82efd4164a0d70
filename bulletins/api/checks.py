"""The checks before publishing."""

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.ports import Level
from bulletins.queries import papers, relays
from bulletins.queries.reviews import asked
from bulletins.services.checking import Outcome, Report, examine
from bulletins.services.relay_checking import examine_relay
from bulletins.states import OPEN
from config.errors import Conflict, Forbidden


class FindingOut(FromRow):
    """What was found, and where in the paper."""

    words: str
    place: str


class CheckOut(BaseModel):
    """A check; without findings it was fine. `level` is what a finding does."""

    name: str
    title: str
    level: Level
    findings: list[FindingOut]

    @classmethod
    def of(cls, one: Outcome) -> "CheckOut":
        return cls(
            name=one.check.name,
            title=str(one.check.title),
            level=one.check.level,
            findings=[FindingOut.model_validate(finding) for finding in one.findings],
        )


class ChecksOut(BaseModel):
    """All checks of one `revision`; `refused` says that it can't be submitted or signed so.

    `looked_at` is what to send along once the warnings were seen.
    """

    revision: int
    refused: bool
    looked_at: list[str]
    items: list[CheckOut]

    @classmethod
    def of(cls, report: Report) -> "ChecksOut":
        return cls(
            revision=report.revision,
            refused=bool(report.refused),
            looked_at=[one.check.name for one in report.warned],
            items=[CheckOut.of(one) for one in report.outcomes],
        )


@bp.get("/bulletins/<int:bulletin_id>/checks")
@permission("checks.see")
@bp.output(ChecksOut)
@bp.doc(
    summary="What the checks before publishing say of a paper of my agency that is at work",
    description="For its office, and for a seat whose opinion on it is asked.",
)
def checks(bulletin_id: int) -> ChecksOut:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "checks.see", bulletin)
    if not can(acting(), "bulletin.desk") and asked(bulletin_id, acting().seat_id) is None:
        raise Forbidden
    if bulletin.state not in OPEN:
        raise Conflict
    return ChecksOut.of(examine(bulletin))


@bp.get("/relays/<int:relay_id>/checks")
@permission("relay.show")
@bp.output(ChecksOut)
@bp.doc(summary="What the checks say of the words and files that my agency's relay adds")
def relay_checks(relay_id: int) -> ChecksOut:
    relay = relays.relay(relay_id)
    require(acting(), "relay.show", relay)
    return ChecksOut.of(examine_relay(relay))
