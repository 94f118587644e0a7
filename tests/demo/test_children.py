"""Parts that die are started again, and no process of a run is ever lost sight of."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from andock_demo.checks import require_free_port
from andock_demo.processes import MARK, RunMark, end, of_home, of_run
from andock_demo.services import Service, make_room
from andock_demo.settings import CannotStart

ORPHAN = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
"""


def marked(mark: RunMark) -> dict[str, str]:
    """The environment of a process of that run."""
    return {**os.environ, MARK: str(mark)}


def eventually(mark: RunMark, count: int) -> list[psutil.Process]:
    """The run's processes, once there are that many."""
    deadline = time.monotonic() + 10
    while len(found := of_run(str(mark))) != count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(found) == count
    return found


def test_orphans_are_found(tmp_path: Path) -> None:
    """A process whose parent is gone, in a session of its own, still belongs to its run."""
    mark, other = RunMark.fresh(tmp_path), RunMark.fresh(tmp_path)
    subprocess.run([sys.executable, "-c", ORPHAN], check=True, env=marked(mark))
    found = eventually(mark, 1)
    assert of_home(tmp_path) == found
    assert of_run(str(other)) == []
    assert of_home(tmp_path / "else") == []
    end(found, 5)
    assert of_home(tmp_path) == []


def test_the_stubborn_are_ended(tmp_path: Path) -> None:
    """Who ignores a polite request is killed."""
    mark = RunMark.fresh(tmp_path)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], env=marked(mark))
    found = eventually(mark, 1)
    time.sleep(0.3)
    end(found, 0.2)
    assert not psutil.pid_exists(process.pid)
    process.wait()


def test_the_guardian_sweeps(tmp_path: Path) -> None:
    """When the supervisor is gone, by whatever death, its guardian ends what it left."""
    mark = RunMark.fresh(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], env=marked(mark)
    )
    eventually(mark, 1)
    guardian = subprocess.Popen(
        [sys.executable, "-m", "andock_demo.guardian", str(mark)], stdin=subprocess.PIPE
    )
    assert child.poll() is None
    guardian.communicate()
    assert guardian.returncode == 0
    assert child.wait(5) == -signal.SIGTERM


def test_a_dead_part_starts_again(tmp_path: Path) -> None:
    """Its end is told with the log's name, and it starts again after a pause that grows."""
    make_room(tmp_path / "log")
    code = "print('here'); raise SystemExit(3)"
    part = Service("web", [sys.executable, "-c", code], dict(os.environ), tmp_path / "log")
    part.start()
    lines: list[str] = []
    deadline = time.monotonic() + 10
    while len(lines) < 2 and time.monotonic() < deadline:
        if line := part.check():
            lines.append(line)
        time.sleep(0.02)
    assert lines[0].startswith("web ended (exit code 3), starts again in 1 s")
    assert lines[1].startswith("web ended (exit code 3), starts again in 2 s")
    assert str(part.log_file) in lines[0]
    assert part.log_file.read_text() == "here\nhere\n"


def test_large_logs_are_set_aside(tmp_path: Path) -> None:
    """A log does not grow without end."""
    log = tmp_path / "log" / "web.log"
    make_room(log.parent)
    log.write_bytes(b"x" * 6_000_000)
    make_room(log.parent)
    assert [path.name for path in log.parent.iterdir()] == ["web.log.1"]


def test_a_taken_port_is_told() -> None:
    """The message has the port, and the variable that chooses another."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port}.*\n.*ANDOCK_PORT=") as raised:
            require_free_port(port, "ANDOCK_PORT", "the site")
    assert raised.value.exit_code == 2
    require_free_port(port, "ANDOCK_PORT", "the site")
