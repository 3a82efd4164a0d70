"""What the workers of a broker do for digests and deliveries, and in which lines it waits."""

from collections.abc import Sequence

from config.queueing import Line, Task, Tasks
from notifications.services.delivering import deliver
from notifications.services.digests import compose
from notifications.states import COMPOSING, Queue


def deliver_these(queue: str, ids: Sequence[int]) -> None:
    """Send deliveries (by id) that were handed out from ``queue``."""
    deliver(Queue(queue).channel, ids)


def compose_these(ids: Sequence[int]) -> None:
    """Compose and post digests (by id)."""
    compose(ids)


_URGENT = [queue for queue in Queue if queue.urgent]
_BULK = [queue for queue in Queue if not queue.urgent]

TASKS: Tasks = {"deliver": Task(deliver_these), "compose": Task(compose_these)}
LINES = (
    # Processes of their own, so that no bulk digest ever delays an urgent message.
    Line("urgent", _URGENT, processes=len(_URGENT)),
    Line("bulk", _BULK, processes=None),
    Line("digests", (COMPOSING,), processes=1),
)
