"""`andock serve` and `andock work`, without any configuration but a folder and a port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.jobs.workers import runs

pytestmark = pytest.mark.more

SECONDS = 40


@contextmanager
def running(home: Path, *words: str) -> Iterator[psutil.Process]:
    """A command of an installation whose folder is `home`, ended as an operator would."""
    environment = {**os.environ, "ANDOCK_HOME": str(home)}
    for name in ("DATABASE_URL", "REDIS_URL", "ANDOCK_KEYS"):
        environment.pop(name, None)
    with (home / f"{words[0]}.log").open("wb") as log:
        started = psutil.Popen(
            [sys.executable, "-m", "andock_command", *words],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield started
        finally:
            if runs(started):
                started.send_signal(signal.SIGTERM)
            started.wait(SECONDS)


def command(home: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "andock_command", *words],
        env={**os.environ, "ANDOCK_HOME": str(home)},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def test_a_first_start_without_the_demo(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert command(tmp_path, "serve").stderr.strip().endswith("andock migrate")
    words = ("init", "--company", "Acme", "--slug", "acme", "--email", "ada@acme.example")
    made = command(
        tmp_path, *words, "--name", "Ada", "--password-stdin", given="a long enough password\n"
    )
    assert made.returncode == 0, made.stderr
    with (
        running(tmp_path, "work") as work,
        running(tmp_path, "serve", "--bind", f"127.0.0.1:{port}"),
    ):
        until = time.monotonic() + SECONDS
        while "bad" in (told := command(tmp_path, "doctor").stdout):
            assert time.monotonic() < until, told
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        children = work.children(recursive=True)
        assert len(children) >= 3
    assert not any(runs(child) for child in children)
