"""Is the process alive, can it work, what has it done: ``/healthz``, ``/readyz``, ``/metrics``.

Metrics count, they name nobody.
"""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import Engine

from voicebot.records.schema import current, newest


def health_blueprint(engine: Engine) -> Blueprint:
    """Open to everyone: nothing in it concerns a person."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @health.get("/readyz")
    def readyz() -> Response:
        """503 with the reason while calls could not be served."""
        try:
            revision = current(engine)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not ready"
            return Response(f"database: {type(error).__name__}\n", status=503, mimetype="text/plain")
        if revision != newest():
            return Response("database: run voicebot db upgrade\n", status=503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    return health


def measure(app: Flask) -> None:
    """Count and time requests by route; serve the figures of this process at ``/metrics``."""
    registry = CollectorRegistry()
    answered = Counter("voicebot_http_requests", "Requests answered", ["route", "status"], registry=registry)
    took = Histogram(
        "voicebot_http_request_seconds",
        "Time to answer",
        ["route"],
        registry=registry,
        buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 15),
    )

    @app.before_request
    def start() -> None:
        g.started_at = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # The route's pattern, never the path: paths carry the ids of calls.
        route = request.url_rule.rule if request.url_rule else "unknown"
        answered.labels(route, response.status_code).inc()
        if "started_at" in g:
            took.labels(route).observe(time.perf_counter() - g.started_at)
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
