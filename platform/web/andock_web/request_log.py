"""One line in the log for each request, and an id that all lines of a request carry.

The line names the route, never the address: ids and secrets stand there. A caller's X-Request-ID
is taken over when it is plain, so that a proxy's log and ours can be read together; the answer
says which id it was. Jobs that the request queues carry it on (andock_core/jobs/queue.py).
"""

import logging
import time
from uuid import uuid4

from flask import Flask, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.wrappers import Response

from andock_core import logs

HEADER = "X-Request-ID"
log = logging.getLogger("andock.web")


def init_app(app: Flask) -> None:
    """Register before everything else that looks at requests: what those log carries the id."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: clear_contextvars())


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if logs.is_plain(given) else uuid4().hex[:16]
    g.begun = time.monotonic()
    clear_contextvars()  # threads serve one request after another
    bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers[HEADER] = g.request_id
    route = request.url_rule.rule if request.url_rule else "-"
    milliseconds = round(1000 * (time.monotonic() - g.begun))
    log.info(
        "request method=%s route=%s endpoint=%s status=%d ms=%d",
        *(request.method, route, request.endpoint or "-", response.status_code, milliseconds),
    )
    return response
