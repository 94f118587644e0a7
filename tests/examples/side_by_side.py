"""An Andock in a fresh environment into which an operator installed plugins by pip."""

import os
import signal
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import APIRequestContext
from sqlalchemy import select

from andock_core.storage import SYSTEM, Connection, PluginFault, Storage
from tests.support.demo import DemoRun

EXAMPLES = (
    "icalendar_subscription",
    "broken_calendar",
    "hostile_calendar",
    "outdated_calendar",
)
HOSTILE_PACKAGE = "andock-aaa-hostile-calendar"
NOTICED_SECONDS = 4.0
ROUNDS, PAGES_EACH = 3, 15


class MakeRun(DemoRun):
    """`make run`, as somebody types it in a clone."""

    ready_seconds = 240  # with a plugin that hangs, each part starts twenty seconds later

    def __init__(self, clone: Path, ports: tuple[int, int], environment: dict[str, str]) -> None:
        self.clone = clone
        self.environment = environment
        super().__init__(clone / "var", ports, ("make", "run"), clone, **environment)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """As a terminal does: to everyone in the foreground."""
        os.killpg(self.process.pid, number)
        return self.process.wait(40)

    def andock(self, *words: str) -> str:
        """The installation's own command line; what it prints."""
        command = [str(self.clone / ".venv" / "bin" / "andock"), *words]
        environment = {**self.environment, "ANDOCK_HOME": str(self.home)}
        done = subprocess.run(
            command, cwd=self.clone, env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def workers(self) -> set[int]:
        """The processes of the workers, not their work-horses."""
        found = [one for one in self.processes() if "worker.py" in " ".join(one.cmdline())]
        pids = {one.pid for one in found}
        return {one.pid for one in found if one.ppid() not in pids}

    def connections(self, integration: str) -> list[tuple[str, str, str]]:
        """Id, state and error of all connections to an integration."""
        storage = Storage(f"sqlite:///{self.home / 'andock.db'}")
        try:
            with storage.read(SYSTEM) as session:
                query = select(Connection.id, Connection.state, Connection.error)
                rows = session.execute(query.where(Connection.integration == integration))
                return [(row.id, row.state, row.error) for row in rows]
        finally:
            storage.close()

    def set_aside(self) -> set[tuple[str, str, str]]:
        """Which calls are not made any more: package, entry point, call."""
        storage = Storage(f"sqlite:///{self.home / 'andock.db'}")
        try:
            with storage.read(SYSTEM) as session:
                query = select(PluginFault).where(PluginFault.set_aside_at.is_not(None))
                rows = session.scalars(query)
                return {(row.distribution, row.entry_point, row.call) for row in rows}
        finally:
            storage.close()


def pip_install(clone: Path, environment: dict[str, str], *names: str) -> None:
    """Install examples into the clone's environment as an operator does; no dependency is fetched,
    all are there."""
    command = [
        *(str(clone / ".venv" / "bin" / "python"), "-m", "pip", "install", "--quiet"),
        *("--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index"),
    ]
    packages = [str(clone / "examples" / name) for name in names]
    subprocess.run([*command, *packages], cwd=clone, env=environment, check=True)


def page_times(
    run: MakeRun, web: APIRequestContext, say: Callable[[str], None]
) -> dict[str, list[float]]:
    """Seconds per page of the marketplace with and without the hostile plugins, in turns."""
    seconds: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(ROUNDS):
        for state, word in (("with", "enable"), ("without", "disable")):
            run.andock("plugins", word, HOSTILE_PACKAGE)
            time.sleep(NOTICED_SECONDS)
            for _ in range(PAGES_EACH):
                begun = time.monotonic()
                assert web.get(f"{run.ready['web_url']}/marketplace/").ok
                seconds[state].append(time.monotonic() - begun)
    run.andock("plugins", "enable", HOSTILE_PACKAGE)
    time.sleep(NOTICED_SECONDS)
    for state, found in seconds.items():
        figures = " ".join(f"{1000 * one:.0f}" for one in found)
        say(f"{state} hostile plugins: median {1000 * statistics.median(found):.0f} ms: {figures}")
    return seconds
