"""Metrics for Prometheus: requests of all web processes, and what waits in the database."""

import hmac
import ipaddress
import os
import time
from collections.abc import Iterable, Sequence

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.figures import Source, own_figures
from config.settings import Settings

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Set before this is imported, it makes the web processes of a host count together."""

bp = Blueprint("metrics", __name__)
# When each series began: a second line for each, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Figures(Collector):
    """The figures of all folders, read when they are asked for."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for source in self._sources:
            for one in source():
                name = f"changtong_{one.name}"
                labels = list(one.labels)
                family = families.setdefault(name, GaugeMetricFamily(name, one.help, labels=labels))
                family.add_metric(list(one.labels.values()), one.value)
        return families.values()


def _may_read() -> bool:
    """With a token set, who has it; else who connects from this host and through no proxy."""
    settings: Settings = current_app.extensions["settings"]
    token = settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    forwarded = {"X-Forwarded-For", "X-Real-Ip", "Forwarded"} & set(request.headers.keys())
    address = request.remote_addr
    return not forwarded and address is not None and ipaddress.ip_address(address).is_loopback


@bp.get("/metrics")
def metrics() -> Response:
    """Everything measured, in Prometheus's text format."""
    if not _may_read():
        return Response("metrics are for this host, or for CHANGTONG_METRICS_TOKEN\n", 403)
    registry = CollectorRegistry()
    registry.register(Figures([own_figures, *current_app.extensions["figures"]]))
    body = generate_latest(registry) + generate_latest(_requests())
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _requests() -> CollectorRegistry:
    """What has been measured of requests: by all processes, where they share a folder."""
    own: CollectorRegistry = current_app.extensions["request_metrics"]
    if SHARED_FOLDER not in os.environ:
        return own
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def init_app(app: Flask) -> None:
    """Measure every request, by its endpoint (never its path, which may name somebody)."""
    registry = app.extensions["request_metrics"] = CollectorRegistry()
    times = Histogram(
        "changtong_request_seconds",
        "Time a request took",
        ["endpoint", "status"],
        buckets=BUCKETS,
        registry=registry,
    )

    @app.after_request
    def measure(response: Response) -> Response:
        began = g.get("began")
        if began is not None:
            labels = (request.endpoint or "none", str(response.status_code))
            times.labels(*labels).observe(time.perf_counter() - began)
        return response


metrics.permission = None  # type: ignore[attr-defined]
