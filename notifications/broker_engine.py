"""Deliveries through a broker: workers of any host send what the leader hands out."""

import threading
import time
from collections import Counter
from collections.abc import Sequence

import structlog
from sqlalchemy import func, select

from config import clock
from config.database import db, end_reading, writing
from config.queueing import Broker, UnreachableError
from notifications.leases import lease, take_back
from notifications.models import Delivery
from notifications.rates import on_the_way
from notifications.states import Queue, State

MOST_OUT = 2000
"""How many deliveries of a queue are handed out and not taken by a worker, at most."""

_GLANCE = 0.2  # seconds after which the leader looks around again
_PAUSE = 2.0  # seconds for which a broker that does not answer is left alone

log = structlog.get_logger(__name__)


class BrokerEngine:
    """Gives batches to the broker, as many as the database says that it can still hold.

    A message that no worker took is forgotten by the broker when its lease ends, at the moment at
    which its deliveries may be handed out again: so the broker holds no more of them than that.
    """

    batch = 100  # smaller ones spread more evenly over many workers

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._silent_until = 0.0
        self._out: Counter[Queue] = Counter()

    def room(self, queue: Queue) -> bool:
        """Whether few enough are on their way, and the broker answered."""
        if time.monotonic() < self._silent_until:
            return False
        most = on_the_way(queue.channel, MOST_OUT)
        self._out[queue] = handed_out(queue, most)
        return self._out[queue] < most

    def submit(self, queue: Queue, ids: Sequence[int]) -> None:
        """Tell the workers; where the broker can't be reached, take everything back."""
        try:
            self._broker.send(queue, "deliver", [queue, list(ids)], lease().total_seconds())
        except UnreachableError as error:
            log.warning("broker_unreachable", queue=queue, reason=str(error))
            self._silent_until = time.monotonic() + _PAUSE
            with writing():
                take_back(ids)

    def busy(self) -> bool:
        """Whether something was on its way when last looked at."""
        return self._out.total() > 0

    def wait(self) -> None:
        """Give the workers a moment."""
        threading.Event().wait(_GLANCE)


def handed_out(queue: Queue, most: int) -> int:
    """How many deliveries of ``queue`` no worker has taken yet, counted up to ``most``."""
    some = (
        select(Delivery.id)
        .where(
            Delivery.state == State.QUEUED,
            Delivery.channel == queue.channel,
            Delivery.urgent.is_(queue.urgent),
            Delivery.handed_out_at > clock.now() - lease(),
        )
        .limit(most)
        .subquery()
    )
    count = db.session.scalar(select(func.count()).select_from(some)) or 0
    end_reading()
    return count
