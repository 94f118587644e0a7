"""What our logs write, for tests: everything else about logging is put back afterwards."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from andock_core import logs


class Written:
    """All that was logged so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """As it was written."""
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Of a log in JSON: one object a line."""
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        """Of a log in JSON: the lines about one kind of event."""
        return [line for line in self.lines if line["event"] == event]


@contextmanager
def written(form: str, process: str = "web") -> Iterator[Written]:
    """A log, set up as a process of that name does it. `form`: "json" or "text"."""
    names = (None, *logs.HEARD)
    loggers = [logging.getLogger(name) for name in names]
    before = [(each.handlers[:], each.propagate, each.level) for each in loggers]
    log = Written()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(logs.SETTING, form)
        logs.set_up(process, log.stream)
    try:
        yield log
    finally:
        for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
            logger.handlers[:], logger.propagate = handlers, propagate
            logger.setLevel(level)
