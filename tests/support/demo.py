"""A whole `python -m andock_demo` as a child process, on free ports and a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from andock_demo.processes import of_home
from andock_demo.settings import ROOT

READY_SECONDS = 100
END_SECONDS = 30
COMMAND = (sys.executable, "-m", "andock_demo")
UNSET = ("DATABASE_URL", "REDIS_URL")


class DemoRun:
    """One run of the demo. `ready` is the content of demo.json, once it is there."""

    ready_seconds = READY_SECONDS

    def __init__(
        self,
        home: Path,
        ports: tuple[int, int] | None = None,
        command: Sequence[str] = COMMAND,
        cwd: Path = ROOT,
        **environment: str,
    ) -> None:
        self.home = home
        self.ports = ports or free_ports()
        self.output = home.with_name(f"{home.name}.out")
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        settings = {
            "ANDOCK_HOME": str(home),
            "ANDOCK_PORT": str(self.ports[0]),
            "ANDOCK_SANDBOX_PORT": str(self.ports[1]),
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=cwd,
                env={**kept, **settings, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def ready_file(self) -> Path:
        """Where demo.json appears."""
        return self.home / "demo.json"

    @property
    def ready(self) -> dict[str, Any]:
        """The content of demo.json."""
        content: dict[str, Any] = json.loads(self.ready_file.read_text())
        return content

    def wait_ready(self) -> Self:
        """Wait until a person could use it."""
        deadline = time.monotonic() + self.ready_seconds
        while not self.ready_file.exists():
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < deadline, self.told()
            time.sleep(0.1)
        return self

    def told(self) -> str:
        """What it printed."""
        return self.output.read_text(errors="replace")

    def log(self, part: str) -> str:
        """What a part wrote."""
        return (self.home / "log" / f"{part}.log").read_text(errors="replace")

    def processes(self) -> list[psutil.Process]:
        """The processes of all parts."""
        return of_home(self.home.resolve())

    def wait_gone(self, seconds: float = END_SECONDS) -> None:
        """Wait until no process of it is left."""
        deadline = time.monotonic() + seconds
        while self.processes():
            assert time.monotonic() < deadline, self.processes()
            time.sleep(0.1)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as a Ctrl-C does; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(END_SECONDS)

    def __enter__(self) -> Self:
        return self.wait_ready()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.stop()


def free_ports() -> tuple[int, int]:
    """Two ports that nobody uses right now."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        return one.getsockname()[1], two.getsockname()[1]
