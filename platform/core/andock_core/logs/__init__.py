"""Logs: one line for each thing that happened, with the ids by which lines belong together.

Every line has `time` (UTC), `level`, `event` and `process`. Ids of what a line is about (`request`,
`job`, `connection`, `run`) are bound once, by `about`, and stand on every line until the end of its
block. A line is written as words first and then `name=%s` pairs: ``log.info("job done task=%s",
task)``; the pairs become fields (see rendering.py).

Nothing that is anybody's secret: ids, keys and counts only. Tracebacks name type and place alone,
because messages and locals may hold passwords or subjects. Libraries under the plugins log what
they send and receive, so they are not heard at all.
"""

import logging
import os
import re
import sys
from contextlib import AbstractContextManager
from typing import TextIO

from structlog.contextvars import bound_contextvars, get_contextvars

from andock_core.logs.rendering import formatter

HEARD = {
    "andock": logging.INFO,
    "andock_core": logging.INFO,
    "gunicorn.error": logging.INFO,
    "rq.worker": logging.WARNING,
    "rq.job": logging.WARNING,
}
FORMATS = ("text", "json")
SETTING = "ANDOCK_LOG"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def set_up(process: str, stream: TextIO | None = None) -> None:
    """Log to standard error (or `stream`), whatever was set up before. `process` names this one:
    "web", "worker-interactive". ANDOCK_LOG chooses between JSON and lines for people."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(process, json=os.environ.get(SETTING, "").strip() == "json"))
    root = logging.getLogger()
    root.handlers[:] = [logging.NullHandler()]
    for name, level in HEARD.items():
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(level)


def about(**ids: str) -> AbstractContextManager[object]:
    """Within the block every line of this thread carries these ids; empty ones are left out."""
    return bound_contextvars(**{name: value for name, value in ids.items() if value})


def present(name: str) -> str:
    """The id that lines carry now, "" when they carry none of that name."""
    value = get_contextvars().get(name, "")
    return value if isinstance(value, str) else ""


def is_plain(given: str) -> bool:
    """Whether an id from outside can stand in a log: 8 to 64 letters, digits, dots, dashes."""
    return _PLAIN.fullmatch(given) is not None
