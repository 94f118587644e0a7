"""Logs of workers and the dispatcher: one line per job, and nothing that is anybody's secret.

Tracebacks name type and place only, because messages and locals may hold passwords or subjects.
Libraries under the plugins log what they send and receive, so they are not heard at all.
"""

import logging
import sys
from types import TracebackType

from andock_core.host.faults import describe

OURS = ("andock", "andock_core")
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlaceOnly(logging.Formatter):
    """Formats an exception as its type and where it was raised."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the base class's name
        """One line in place of a traceback."""
        return f"error={describe(ei[1])!r}" if ei[1] is not None else ""

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - the base class's name
        """Nothing: a stack shows source lines."""
        return ""


def set_up() -> None:
    """Log to standard error, whatever was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlaceOnly(FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [logging.NullHandler()]
    for name in OURS:
        _only(name, handler, logging.INFO)
    for name in ("rq.worker", "rq.job"):
        _only(name, handler, logging.WARNING)


def _only(name: str, handler: logging.Handler, level: int) -> None:
    logger = logging.getLogger(name)
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(level)
