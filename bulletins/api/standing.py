"""What the API answers about a paper that no longer holds."""

from datetime import date

from bulletins.api.outputs import FromRow
from bulletins.states import State


class StandingOut(FromRow):
    """Whether a paper still holds: null, or void from the start or repealed from a day.

    `replaced_by_id` is the paper that replaced it, if one did.
    """

    ended_kind: State | None
    ended_on: date | None
    replaced_by_id: int | None
