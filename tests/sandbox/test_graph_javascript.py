"""@microsoft/microsoft-graph-client, Microsoft's own from npm, against the sandbox."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.graph_client import SCOPES, meeting, sign_in
from tests.support.runtimes import BUILD, alone, npm, run

pytestmark = [pytest.mark.more, pytest.mark.timeout(600)]

SOURCE = Path(__file__).parent / "graph_javascript"
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def node() -> tuple[Path, Path]:
    """(node, the client's script), with the packages that package-lock.json pins by hash."""
    home = BUILD / "graph_javascript"
    command, program = npm()
    lock = (SOURCE / "package-lock.json").read_text()
    stamp = home / "installed.json"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "client.mjs"):
        shutil.copy(SOURCE / name, home / name)
    with alone("graph_javascript"):
        if not stamp.exists() or stamp.read_text() != lock:
            run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], home)
            stamp.write_text(lock)
    return program, home / "client.mjs"


class Javascript:
    """The client's process."""

    def __init__(self, node: tuple[Path, Path], server: SandboxServer, token: str) -> None:
        program, script = node
        self._process = subprocess.Popen(
            [str(program), str(script), server.cloud_url, token],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=script.parent,
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(server.ca_file), "TZ": "UTC"},
        )

    def __call__(self, name: str, **given: Any) -> Any:
        """Carry out a command; its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": name, **given}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def javascript(
    node: tuple[Path, Path], server: SandboxServer, box: Sandbox
) -> Iterator[Javascript]:
    """The client, with a token that a real sign-in has brought."""
    app = box.directory.register("Andock", ["http://127.0.0.1:8765/callback"])
    made = Javascript(node, server, sign_in(server, app, SCOPES)["access_token"])
    yield made
    made.close()


def test_an_entry_goes_and_comes(javascript: Javascript, anna: Mailbox) -> None:
    """Created, changed under a condition, deleted; errors by their code."""
    assert javascript("me")["mail"] == anna.email
    made = javascript("create", **meeting("Aus Node"))
    assert [one["subject"] for one in anna.events()] == ["Aus Node"]
    change = {"id": made["id"], "body": {"subject": "Neu"}}
    assert javascript("change", etag=made["@odata.etag"], **change)["subject"] == "Neu"
    refused = javascript("change", etag=made["@odata.etag"], **change)
    assert (refused["status"], refused["code"]) == (412, "ErrorIrresolvableConflict")
    assert javascript("remove", id=made["id"]) == {}
    assert anna.events() == []


def test_views_pages_and_delta(javascript: Javascript, anna: Mailbox) -> None:
    """Its page iterator follows the links to the delta link."""
    hour = timedelta(hours=1)
    anna.add_event(anna.calendar, "Serie", NINE, NINE + hour, recurrence="FREQ=DAILY;COUNT=3")
    for number in range(4):
        start = NINE + timedelta(days=10 + number)
        anna.add_event(anna.calendar, str(number), start, start + hour)
    span = {"startDateTime": "2026-11-24T00:00:00Z", "endDateTime": "2026-11-30T00:00:00Z"}
    starts = [one["start"]["dateTime"][:16] for one in javascript("view", **span)["value"]]
    assert starts == ["2026-11-24T10:00", "2026-11-25T10:00", "2026-11-26T10:00"]
    found = javascript("all", path="/me/events/delta", size=2)
    assert len(set(found["lines"])) == 5
    assert "$deltatoken=" in found["delta"]


def test_its_batches_are_understood(javascript: Javascript, anna: Mailbox) -> None:
    """Made by its own classes."""
    bodies = [meeting("Eins"), {"subject": "ohne Zeit"}, meeting("Zwei")]
    assert javascript("batch", bodies=bodies)["statuses"] == [201, 400, 201]
    assert sorted(one["subject"] for one in anna.events()) == ["Eins", "Zwei"]
