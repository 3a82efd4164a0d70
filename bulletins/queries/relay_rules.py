"""To whom below it an agency relays a paper, as it was saved."""

from sqlalchemy import bindparam, select

from bulletins.audience import Rule
from bulletins.models import RelayRule
from bulletins.states import Part, RuleKind
from config.database import db

_STORED = (
    select(
        RelayRule.part, RelayRule.kind, RelayRule.agency_id, RelayRule.level, RelayRule.agency_kind
    )
    .where(RelayRule.relay_id == bindparam("of_relay"))
    .order_by(RelayRule.id)
)


def stored_rules(relay_id: int) -> list[Rule]:
    """The audience of a relay, in the order in which it was saved."""
    rows = db.session.execute(_STORED, {"of_relay": relay_id})
    return [
        Rule(Part(part), RuleKind(kind), agency_id, level, agency_kind)
        for part, kind, agency_id, level, agency_kind in rows
    ]
