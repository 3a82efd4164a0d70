"""What the operator decides of many deliveries at once, by the word for it."""

from collections.abc import Callable, Mapping

from agencies.actors import Actor
from notifications.services import stops
from notifications.services.ledger import decide_which
from notifications.states import Action, State
from notifications.which import Which


def retry(actor: Actor | None, which: Which) -> int:
    """Send again what failed, and nothing else; how many."""
    return decide_which(actor, which, Action.RETRY, State.FAILED)


def close(actor: Actor | None, which: Which) -> int:
    """Give up what is held; how many."""
    return decide_which(actor, which, Action.CLOSE, State.HELD)


DECISIONS: Mapping[str, Callable[[Actor | None, Which], int]] = {
    "retry": retry,
    "close": close,
    "stop": stops.stop,
    "release": stops.release,
}
