"""What the operator chooses in the ledger: which deliveries a decision is about."""

from datetime import UTC
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from agencies.states import Channel
from notifications.which import Which

Outcome = Literal[
    "refused",
    "gave_up",
    "address",
    "obsolete",
    "reported_failed",
    "bounced",
    "no_template",
    "over_budget",
    "no_answer",
    "stopped",
    "restored",
]


class WhichInput(BaseModel):
    """Some of the deliveries; what is left out narrows nothing.

    ``digests_at`` are the digests of that hour, ``bulletin_id`` what tells at once of that paper,
    ``task_id`` the digests that name that task. A name that there is not is refused: passed over,
    it would widen the decision to what nobody meant.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Channel | None = None
    outcome: Outcome | None = None
    digests_at: AwareDatetime | None = None
    bulletin_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    task_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None

    @property
    def which(self) -> Which:
        """The same, as the service takes it."""
        return Which(
            channel=self.channel or "",
            outcome=self.outcome or "",
            scheduled_at=self.digests_at.astimezone(UTC) if self.digests_at else None,
            bulletin_id=self.bulletin_id,
            task_id=self.task_id,
        )
