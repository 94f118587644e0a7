"""The state on disk, and the command line."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from andock_sandbox import Sandbox, recording
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD, Client
from tests.sandbox.exchange_client import utc


def test_everything_is_found_again(tmp_path: Path) -> None:
    """Items with exceptions, folders, ids, passwords, the outbox."""
    box = Sandbox(tmp_path)
    anna = box.add_mailbox("anna@musterfirma.test", "old", name="Anna", language="de")
    made = anna.add_event(
        anna.add_calendar("Projekte"),
        "Serie",
        utc(2026, 11, 24, 9),
        utc(2026, 11, 24, 10),
        recurrence="FREQ=DAILY;COUNT=5",
        attendees=[("Eva", "eva@x.test")],
        send="SendOnlyToAll",
    )
    anna.change_occurrence(made, 2, subject="Anders")
    anna.delete_occurrence(made, 3)
    anna.set_password("new")
    before, calendar = anna.events(), anna.calendar
    box.close()
    again = Sandbox(tmp_path)
    found = again.add_mailbox("anna@musterfirma.test", "old")
    assert (found.events(), found.calendar, found.password) == (before, calendar, "new")
    assert found.name == "Anna"
    assert [mail.to for mail in again.outbox] == [("eva@x.test",)]
    found.delete_event(made)
    assert found.events() == []
    again.close()


def test_a_gone_item_stays_gone(tmp_path: Path) -> None:
    """And numbers are not given twice."""
    box = Sandbox(tmp_path)
    anna = box.add_mailbox("anna@musterfirma.test", "x")
    first = anna.add_event(anna.calendar, "A", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    anna.delete_event(first)
    box.close()
    again = Sandbox(tmp_path)
    anna = again.mailbox("anna@musterfirma.test")
    assert anna.events() == []
    second = anna.add_event(anna.calendar, "B", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    assert second != first
    again.close()


def test_a_sync_state_outlives_a_restart(tmp_path: Path) -> None:
    """And brings what happened since, once."""

    def changes(box: Sandbox, state: str) -> tuple[list[str], str]:
        with SandboxServer(box, tls_home=tmp_path / "tls") as server:
            reply = Client(server).sync(state=state)
        return reply.texts("//m:Changes/*/*/t:ItemId/@Id"), reply.text("//m:SyncState")

    nine, ten = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)
    box = Sandbox(tmp_path)
    anna = box.add_mailbox("anna@musterfirma.test", PASSWORD)
    made = [anna.add_event(anna.calendar, str(n), nine, ten) for n in range(3)]
    found, state = changes(box, "")
    assert sorted(found) == sorted(made)
    box.close()
    box = Sandbox(tmp_path)
    assert changes(box, state)[0] == []
    anna = box.mailbox("anna@musterfirma.test")
    new = anna.add_event(anna.calendar, "neu", nine, ten)
    assert changes(box, state)[0] == [new]
    box.close()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It holds passwords."""
    box = Sandbox(tmp_path)
    box.close()
    assert (tmp_path / "sandbox.sqlite").stat().st_mode & 0o077 == 0


@contextmanager
def command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command line as a process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "andock_sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    """What the process says first."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_command_line_serves_and_ends_on_a_signal(tmp_path: Path) -> None:
    """It says and writes where it is; SIGTERM ends it with 0; its state is found again."""
    info, state = tmp_path / "info.json", tmp_path / "kept" / "box.sqlite"
    options = ("--certificates", str(tmp_path / "tls"), "--port", "0", "--state", str(state))
    more = ("--info", str(info), "--mailbox", "a@x.test:pw:Anna:X\\anna", "--version", "2016")
    with command(*options, *more) as process:
        assert first_line(process).startswith("EWS      https://127.0.0.1:")
        told = json.loads(info.read_text())
        assert told["microsoft"]["graph_url"] == told["ews_url"].replace(
            "EWS/Exchange.asmx", "v1.0"
        )
        assert told["microsoft"]["client_secret"]
        trusted = ssl.create_default_context(cafile=told["ca_file"])
        headers = {"Authorization": f"Bearer {told['control_token']}"}
        with urlopen(Request(told["control_url"], headers=headers), context=trusted) as page:
            assert "Anna" in page.read().decode()
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        rest = process.stdout.read()
        process.wait(10)
    assert process.returncode == 0
    assert "ca.pem" in rest
    assert "a@x.test  (X\\anna)" in rest
    assert (told["version"], info.stat().st_mode & 0o077) == ("2016", 0)
    assert [one["password"] for one in told["mailboxes"]] == ["pw"]
    again = Sandbox(state=state)
    assert [one.login for one in again.mailboxes] == ["X\\anna"]
    again.close()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """With exit code 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with command("--certificates", str(tmp_path), "--port", port) as process:
            _, complaint = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"127.0.0.1:{port}" in complaint
    assert "Traceback" not in complaint


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """And said in one line."""
    other = tmp_path / "notes.txt"
    other.write_text("not a database, and long enough to be looked at" * 10)
    with command("--certificates", str(tmp_path), "--state", str(other)) as process:
        _, complaint = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"{other} is no state of a sandbox" in complaint
    assert other.read_text().startswith("not a database")


def test_a_killed_process_has_lost_nothing(tmp_path: Path) -> None:
    """What was answered is on disk, kill -9 or not."""
    script = (
        "import os, sys; from datetime import *; from pathlib import Path;"
        "from andock_sandbox import Sandbox; box = Sandbox(Path(sys.argv[1]));"
        "a = box.add_mailbox('a@x.test', 'x'); d = datetime(2026, 11, 24, 9, tzinfo=UTC);"
        "[a.add_event(a.calendar, str(n), d, d) for n in range(20)]; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    box = Sandbox(tmp_path)
    assert len(box.mailbox("a@x.test").events()) == 20
    box.close()


def test_a_server_in_another_process_keeps_its_bodies(tmp_path: Path) -> None:
    """Where the environment says; each request with its answer."""
    record = recording.to_folder(tmp_path / "kept")
    record("<a>ü</a>".encode(), b"<b/>")
    record(b"<c/>", b"\xff")
    assert list(recording.read(tmp_path / "kept")) == [
        ("<a>ü</a>".encode(), b"<b/>"),
        (b"<c/>", b"\xff"),
    ]
