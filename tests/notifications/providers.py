"""A provider that does as a test tells it."""

from collections.abc import Callable, Sequence

from notifications.channels.base import Parcel, Result, Sent
from notifications.states import Action

OUTCOMES = {
    Action.ACCEPT: "accepted",
    Action.DEFER: "deferred",
    Action.REFUSE: "refused",
    Action.LOSE: "no_answer",
}


class Told:
    """Accepts every parcel, unless ``answers`` has another action for its address.

    ``down`` refuses everything; ``before`` is called with each parcel before it is taken.
    """

    chunk = 2

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.calls = 0
        self.down = ""
        self.words = "as told"
        self.answers: dict[str, Action] = {}
        self.before: Callable[[Parcel], None] = lambda parcel: None

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Take the parcels one by one."""
        self.calls += 1
        sent = Sent(down=self.down)
        for parcel in () if self.down else parcels:
            self.before(parcel)
            action = self.answers.get(parcel.address, Action.ACCEPT)
            if action in (Action.ACCEPT, Action.LOSE):
                self.parcels.append(parcel)
            sent.results.append(Result(parcel.delivery_id, action, OUTCOMES[action], self.words))
        return sent

    def refs(self) -> list[str]:
        """The refs of what was taken, in order."""
        return [parcel.ref for parcel in self.parcels]

    def close(self) -> None:
        """Nothing is held open."""
