"""What may stand in the library, and what becomes of an offer, as a table."""

from enum import StrEnum

from agencies.states import SeatKind
from bulletins.states import BulletinType

TYPES = (BulletinType.CASE, BulletinType.EXPERIENCE)
"""The types of papers that the library is for."""


class OfferState(StrEnum):
    OFFERED = "offered"
    SELECTED = "selected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OfferAction(StrEnum):
    SELECT = "select"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


MOVES: dict[tuple[OfferState, OfferAction], OfferState] = {
    (OfferState.OFFERED, OfferAction.SELECT): OfferState.SELECTED,
    (OfferState.OFFERED, OfferAction.DECLINE): OfferState.DECLINED,
    (OfferState.OFFERED, OfferAction.WITHDRAW): OfferState.WITHDRAWN,
}

OFFERERS = frozenset({SeatKind.CLERK, SeatKind.APPROVER})
ACTORS: dict[OfferAction, frozenset[SeatKind]] = {
    OfferAction.SELECT: frozenset({SeatKind.APPROVER}),
    OfferAction.DECLINE: frozenset({SeatKind.APPROVER}),
    OfferAction.WITHDRAW: OFFERERS,
}
"""The seats that may: of the upper level to select and decline, of the issuer to withdraw."""


def after(state: str, action: OfferAction) -> OfferState | None:
    """The state that ``action`` leads to; None where it can't be taken in ``state``."""
    return MOVES.get((OfferState(state), action))
