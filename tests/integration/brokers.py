"""An installation whose work goes through RabbitMQ to workers beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.installation import Installation, installed
from parts.postgresql import PostgreSQL
from parts.rabbitmq import RabbitMQ


@contextmanager
def brokered(server: PostgreSQL, rabbitmq: RabbitMQ, **others: object) -> Iterator[Installation]:
    """An installation on both, with a short lease."""
    settings: dict[str, Any] = {
        "broker_url": rabbitmq.url,
        "lease_seconds": 5,
        "worker_threads": 1,
        **others,
    }
    with installed(server, **settings) as place:
        yield place
