"""Finding and ending the processes of a run, whoever became their parent meanwhile.

Each process that the demo starts carries a mark in its environment, and so does whatever that
process forks. Unlike a file with process ids, the mark cannot point at a stranger who got the
number later, and it also finds the grandchild whose parent was killed.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil

MARK = "ANDOCK_DEMO_RUN"


@dataclass(frozen=True)
class RunMark:
    """The mark of one run on one data folder."""

    home: Path
    token: str

    @classmethod
    def fresh(cls, home: Path) -> "RunMark":
        """The mark of a run that begins now."""
        return cls(home, uuid4().hex)

    def __str__(self) -> str:
        return f"{self.token}:{self.home}"


def of_run(mark: str) -> list[psutil.Process]:
    """Processes of exactly this run."""
    return _marked(lambda found: found == mark)


def of_home(home: Path) -> list[psutil.Process]:
    """Processes of any run on this data folder: leftovers, when no run is under way."""
    return _marked(lambda found: found.partition(":")[2] == str(home))


def _marked(matches: Callable[[str], bool]) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            value = process.environ().get(MARK) if process.pid != os.getpid() else None
        except (psutil.Error, OSError):
            continue  # another user's, or gone already
        if value is not None and matches(value):
            found.append(process)
    return found


def end(processes: list[psutil.Process], grace_seconds: float) -> None:
    """End processes: politely, then for good. Returns when they are gone."""
    for process in processes:
        _quietly(process.terminate)
    _, stubborn = psutil.wait_procs(processes, timeout=grace_seconds)
    for process in stubborn:
        _quietly(process.kill)
    psutil.wait_procs(stubborn, timeout=5)


def _quietly(send: Callable[[], None]) -> None:
    try:
        send()
    except psutil.Error:
        return  # gone already
