"""What load balancers and monitoring ask: /healthz, /readyz, /metrics."""

import hmac
from collections.abc import Iterator

from flask import Blueprint, Flask, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from andock_core.core import Core
from andock_core.jobs.queue import NAMES, QueueDown
from andock_core.measures import measures
from andock_core.storage import migrate
from andock_web import current, session

pages = Blueprint("operating", __name__)


class Gauges(Collector):
    """The core's measures in Prometheus's words."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def collect(self) -> Iterator[Metric]:
        """Counted now."""
        for measure in measures(self._core):
            gauge = GaugeMetricFamily(measure.name, measure.help, labels=measure.labels)
            for labels, value in measure.values:
                gauge.add_metric(labels, value)
            yield gauge


def init_app(app: Flask) -> None:
    """Add the three addresses."""
    app.register_blueprint(pages)


@pages.get("/healthz")
@session.public
def healthz() -> tuple[dict[str, str], int]:
    """Whether this process can serve pages, which needs the database. Without its queues' server
    it still can, so that is told and no failure."""
    core = current.core()
    queue = _queue(core)
    try:
        with core.storage.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "down", "database": "down", "queue": queue}, 503
    return {"status": "ok", "database": "ok", "queue": queue}, 200


@pages.get("/readyz")
@session.public
def readyz() -> tuple[dict[str, str], int]:
    """Whether the whole installation works: newest schema, queues, a worker for each."""
    core = current.core()
    found = {"schema": _schema(core), "queue": _queue(core)}
    try:
        listening = core.queue.listening()
        found |= {f"workers-{name}": "ok" if listening[name] else "none" for name in NAMES}
    except QueueDown:
        found |= {f"workers-{name}": "unknown" for name in NAMES}
    ready = all(state == "ok" for state in found.values())
    return {"status": "ok" if ready else "not ready", **found}, 200 if ready else 503


@pages.get("/metrics")
@session.public
def metrics() -> Response:
    """For Prometheus, and for who knows ANDOCK_METRICS_TOKEN; without one there is no such page."""
    token = current.core().settings.metrics_token
    given = request.authorization
    bearer = given.token if given and given.type == "bearer" and given.token else ""
    if not token or not hmac.compare_digest(token.encode(), bearer.encode()):
        abort(404)
    registry = CollectorRegistry()
    registry.register(Gauges(current.core()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _queue(core: Core) -> str:
    try:
        core.queue.waiting()
    except QueueDown:
        return "down"
    return "ok"


def _schema(core: Core) -> str:
    try:
        return "ok" if migrate.is_current(core.settings.database_url) else "old"
    except SQLAlchemyError:
        return "down"
