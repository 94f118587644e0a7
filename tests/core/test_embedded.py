"""The embedded Valkey: private, found by its data folder, whatever that folder's path."""

import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from redis import Redis

from andock_core.embedded import LONGEST_SOCKET, RunningValkey, valkey_in


def test_only_its_user_may_talk_to_it(tmp_path: Path) -> None:
    """It listens on a private socket and on no network port, and keeps nothing on disk."""
    with RunningValkey(tmp_path) as running, Redis.from_url(running.url) as client:
        assert stat.S_IMODE(running.server.socket.stat().st_mode) == 0o700
        assert client.config_get("port") == {"port": "0"}
        client.set("key", "value")
        client.connection_pool.disconnect()
    assert {path.name for path in tmp_path.iterdir()} == {"valkey.log"}


def test_a_long_path_still_works(tmp_path: Path) -> None:
    """A socket's address is short; a data folder's path need not be."""
    home = tmp_path / ("x" * 60) / ("y" * 60)
    home.mkdir(parents=True)
    with RunningValkey(home) as running:
        socket = running.server.socket
        assert len(os.fsencode(socket)) <= LONGEST_SOCKET
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert valkey_in(home).url == running.url
        assert valkey_in(home).answers()
    assert not socket.parent.exists()


def test_a_prepared_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the common temporary folder, nobody else can lay out a place for our socket."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    home = tmp_path / ("x" * 120)
    name = valkey_in(home).socket.parent
    name.chmod(0o755)
    with pytest.raises(PermissionError):
        valkey_in(home)


def test_it_does_not_answer_before_it_runs(tmp_path: Path) -> None:
    """Asking is allowed at any time."""
    assert not valkey_in(tmp_path).answers()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
def test_it_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    """A killed test run, say, leaves no server behind."""
    code = (
        "import sys; from pathlib import Path; from andock_core.embedded import RunningValkey\n"
        "with RunningValkey(Path(sys.argv[1])): print('up', flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"up\n"
        assert valkey_in(tmp_path).answers()
        owner.kill()
    deadline = time.monotonic() + 10
    while valkey_in(tmp_path).answers():
        assert time.monotonic() < deadline
        time.sleep(0.05)
