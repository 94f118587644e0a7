"""Every EWS body that a sandbox in the tests takes or gives is held against Microsoft's schema.

The environment variable ANDOCK_EWS_SCHEMAS names the schema's folder. Deliberate faults are not
recorded; a server that plays an older version is exempt by ``server.on_exchange = None``, since
the schema at hand is that of Exchange 2016. Sandboxes in processes of their own (the demo's) write
their bodies into a folder, which is read at the end.

Likewise every answer of Graph is held against Microsoft's metadata, when ANDOCK_GRAPH_SCHEMA names
the file.

At the end of a run the count is printed, and one invalid body makes the run fail.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from andock_sandbox import recording, server
from tests.sandbox.official_graph import GRAPH_TALLY, metadata
from tests.sandbox.official_schema import TALLY, official_schema

server.default_recorder = TALLY.check
server.default_graph_recorder = GRAPH_TALLY.check
_recorded: list[Path] = []
_KEY = "ews_bodies"
_GRAPH_KEY = "graph_answers"


def pytest_sessionstart() -> None:
    """Sandboxes in other processes are told where to keep their bodies."""
    if official_schema() is not None or metadata() is not None:
        _recorded.append(Path(tempfile.mkdtemp(prefix="ews-")))
        os.environ[recording.VARIABLE] = str(_recorded[0])


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it has counted; an invalid body makes the run fail."""
    for folder in _recorded:
        for request, answer in recording.read(folder):
            TALLY.check(request, answer)
        for where, kind, lines in recording.read_graph(folder):
            GRAPH_TALLY.seen += 1
            GRAPH_TALLY.check_lines(kind, lines, where)
        shutil.rmtree(folder, ignore_errors=True)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = TALLY.numbers()
        output[_GRAPH_KEY] = GRAPH_TALLY.numbers()
    elif TALLY.complaints or GRAPH_TALLY.complaints:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker has counted."""
    TALLY.add(getattr(node, "workeroutput", {}).get(_KEY))
    GRAPH_TALLY.add(getattr(node, "workeroutput", {}).get(_GRAPH_KEY))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The count, and what was wrong."""
    if TALLY.seen:
        terminalreporter.write_line(f"sandbox: {TALLY.report()}")
    if GRAPH_TALLY.seen:
        terminalreporter.write_line(f"sandbox: {GRAPH_TALLY.report()}")
    for complaint in (TALLY.complaints + GRAPH_TALLY.complaints)[:5]:
        terminalreporter.write_line(complaint)
