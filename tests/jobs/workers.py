"""Worker processes for tests, and ways to look at what they do."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from andock_core.core import Core

ROOT = Path(__file__).parents[2]


class Workers:
    """Worker processes of one test, and what they wrote."""

    def __init__(self, core: Core, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / "notes"
        self.notes.touch()
        self.running: list[subprocess.Popen[bytes]] = []
        self._environment = {
            **os.environ,
            "ANDOCK_HOME": str(core.settings.home),
            "ANDOCK_KEYS": ",".join(core.settings.keys),
            "ANDOCK_LEASE_SECONDS": "2",
            "DATABASE_URL": core.settings.database_url,
            "REDIS_URL": core.settings.redis_url,
            "REHEARSAL": str(self.notes),
            "ANDOCK_EXTRA_PLUGINS": "tests.host.odd_plugins:good",
        }

    def start(self, *arguments: str, plugin: str = "") -> subprocess.Popen[bytes]:
        """A worker that is ready, with another plugin than usual if one is named."""
        more = {"ANDOCK_EXTRA_PLUGINS": plugin} if plugin else {}
        before = self.log().count("worker ready")
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.jobs.rehearsal", *arguments],
                cwd=ROOT,
                env={**self._environment, **more},
                stderr=log,
                stdout=log,
            )
        self.running.append(process)
        wait_until(lambda: self.log().count("worker ready") > before)
        return process

    def log(self) -> str:
        """All that the workers logged."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def noted(self, word: str) -> list[list[str]]:
        """The rehearsed runs' notes that begin with `word`."""
        lines = [line.split() for line in self.notes.read_text().splitlines()]
        return [line for line in lines if line[0] == word]

    def stop(self) -> None:
        """End what is left."""
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()


def runs(process: psutil.Process) -> bool:
    """Whether it has not ended. One that has, and that nobody has collected, is still listed."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that other processes do."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)


def everything(client: Any) -> bytes:
    """All keys and values of a Redis."""
    found = []
    for key in client.scan_iter():
        found.append(key)
        dump = {"string": client.get, "hash": client.hgetall, "set": client.smembers}
        read = dump.get(client.type(key).decode())
        if read is not None:
            found.append(repr(read(key)).encode())
    return b"\n".join(found)
