"""One part of the demo as a child process that is started again when it dies."""

import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from andock_demo.settings import ROOT

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
GOOD_RUN = 60.0  # seconds after which an earlier failure is forgotten
LARGEST_LOG = 5_000_000


@dataclass
class Service:
    """A child process. Its output goes to a log file named after it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log_folder: Path
    failures: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started: float = 0.0
    _next_start: float | None = None

    @property
    def log_file(self) -> Path:
        """Where its output goes."""
        return self.log_folder / f"{self.name}.log"

    def start(self) -> None:
        """Start the process, in a session of its own: a Ctrl-C reaches the supervisor alone."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started = time.monotonic()
        self._next_start = None

    def check(self) -> str | None:
        """Start again what died, after a pause that grows; a line to print when that is news."""
        if self._next_start is not None:
            if time.monotonic() >= self._next_start:
                self.start()
            return None
        if self._process is None or self._process.poll() is None:
            return None
        if time.monotonic() - self._started > GOOD_RUN:
            self.failures = 0
        pause = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self._next_start = time.monotonic() + pause
        how = self._process.returncode
        return f"{self.name} ended ({_reason(how)}), starts again in {pause:.0f} s: {self.log_file}"

    def ask_to_end(self) -> None:
        """Ask the process to end; does not wait."""
        self._next_start = None
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def ended(self) -> bool:
        """Whether there is no process (any more)."""
        return self._process is None or self._process.poll() is not None

    def succeeded(self) -> bool:
        """Whether it ended, and ended well."""
        return self._process is not None and self._process.poll() == 0


def make_room(log_folder: Path) -> None:
    """Set aside logs that have grown large; one older generation is kept."""
    log_folder.mkdir(mode=0o700, exist_ok=True)
    for path in log_folder.glob("*.log"):
        if path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
