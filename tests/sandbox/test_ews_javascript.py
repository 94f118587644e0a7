"""ews-javascript-api, an independent client from npm, against the sandbox."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD, ServerFactory
from tests.sandbox.exchange_client import account, trusted
from tests.support.runtimes import BUILD, alone, npm, run

pytestmark = [pytest.mark.more, pytest.mark.timeout(600)]

SOURCE = Path(__file__).parent / "javascript"


@pytest.fixture(scope="module")
def node() -> tuple[Path, Path]:
    """(node, the client's script), with the packages that package-lock.json pins by hash."""
    home = BUILD / "javascript"
    command, program = npm()
    lock = (SOURCE / "package-lock.json").read_text()
    stamp = home / "installed.json"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "client.mjs"):
        shutil.copy(SOURCE / name, home / name)
    with alone("javascript"):
        if not stamp.exists() or stamp.read_text() != lock:
            run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], home)
            stamp.write_text(lock)
    return program, home / "client.mjs"


class Javascript:
    """The client's process."""

    def __init__(self, node: tuple[Path, Path], server: SandboxServer, version: str) -> None:
        program, script = node
        self._process = subprocess.Popen(
            [
                str(program),
                str(script),
                server.ews_url,
                "anna@musterfirma.test",
                PASSWORD,
                version,
            ],
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
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def javascript(node: tuple[Path, Path], server: SandboxServer) -> Iterator[Javascript]:
    """The client, signed in as Anna."""
    made = Javascript(node, server, "Exchange2016")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("version", "schema"), [("2010_SP2", "Exchange2010_SP2"), ("2013_SP1", "Exchange2013_SP1")]
)
def test_older_servers_are_served_alike(
    node: tuple[Path, Path], serve: ServerFactory, anna: Mailbox, version: str, schema: str
) -> None:
    """In the words of their own schema."""
    javascript = Javascript(node, serve(version=version), schema)
    times = {"start": "2026-11-26T09:00:00Z", "end": "2026-11-26T10:00:00Z"}
    made = javascript("create", subject="Runde", days=["Thursday"], count=3, **times)["id"]
    javascript("changeOccurrence", id=made, index=2, subject="Anders")
    assert javascript("read", id=made)["type"] == "RecurringMaster"
    assert [len(one["exceptions"]) for one in anna.events()] == [1]
    javascript("remove", id=made)
    assert anna.events() == []
    javascript.close()


def test_an_entry_goes_to_exchange_and_back(
    javascript: Javascript, anna: Mailbox, account: Any
) -> None:
    """Created, changed and deleted there; seen in the sandbox and by exchangelib."""
    made = javascript(
        "create",
        subject="Besprechung",
        start="2026-11-26T09:00:00Z",
        end="2026-11-26T10:00:00Z",
        location="Raum 2",
    )["id"]
    (held,) = anna.events()
    assert (held["id"], held["subject"], held["start"]) == (
        made,
        "Besprechung",
        "2026-11-26T09:00:00Z",
    )
    (seen,) = account.calendar.all()
    assert (seen.location, seen.text_body) == ("Raum 2", "Notiz")
    javascript("change", id=made, subject="Neu", end="2026-11-26T11:00:00Z")
    assert [(one["subject"], one["end"]) for one in anna.events()] == [
        ("Neu", "2026-11-26T11:00:00Z")
    ]
    anna.update_event(made, location="Anderswo")
    assert javascript("read", id=made)["location"] == "Anderswo"
    javascript("remove", id=made)
    assert anna.events() == []


def test_a_series_with_its_exceptions(javascript: Javascript, anna: Mailbox, account: Any) -> None:
    """One occurrence renamed, one taken out; the view shows what is left."""
    made = javascript(
        "create",
        subject="Serie",
        start="2026-11-24T09:00:00Z",
        end="2026-11-24T10:00:00Z",
        days=["Tuesday", "Thursday"],
        count=4,
    )["id"]
    javascript("changeOccurrence", id=made, index=2, subject="Anders")
    javascript("deleteOccurrence", id=made, index=3)
    (series,) = anna.events()
    assert series["deleted"] == ["2026-12-01T09:00:00Z"]
    day = datetime(2026, 12, 3, 12, tzinfo=UTC)
    anna.change_occurrence(made, date(2026, 12, 3), start=day, end=day.replace(hour=13))
    span = {"start": "2026-11-20T00:00:00Z", "end": "2026-12-20T00:00:00Z"}
    found = [(one["subject"], one["start"][:16]) for one in javascript("view", **span)["entries"]]
    assert found == [
        ("Serie", "2026-11-24T09:00"),
        ("Anders", "2026-11-26T09:00"),
        ("Serie", "2026-12-03T12:00"),
    ]
    (master,) = account.calendar.all()
    assert [one.start.day for one in master.deleted_occurrences] == [1]
    assert len(master.modified_occurrences) == 2


def test_changes_are_told(javascript: Javascript, anna: Mailbox) -> None:
    """SyncFolderItems: created, changed and deleted on the other side."""
    start, end = datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC)
    made = anna.add_event(anna.calendar, "Termin", start, end)
    first = javascript("sync")
    assert first["changes"] == [{"type": "Create", "id": made}]
    anna.update_event(made, subject="Neu")
    second = javascript("sync", state=first["state"])
    assert second["changes"] == [{"type": "Update", "id": made}]
    anna.delete_event(made)
    third = javascript("sync", state=second["state"])
    assert third["changes"] == [{"type": "Delete", "id": made}]


def test_attendees_get_their_invitation(javascript: Javascript, box: Sandbox) -> None:
    """It lies in the outbox, and in the attendee's calendar."""
    ben = box.add_mailbox("ben@musterfirma.test", "x", name="Ben")
    javascript(
        "create",
        subject="Runde",
        start="2026-11-26T09:00:00Z",
        end="2026-11-26T10:00:00Z",
        attendee=ben.email,
    )
    assert [(mail.kind, mail.to) for mail in box.outbox] == [("MeetingRequest", (ben.email,))]
    assert [made["subject"] for made in ben.events()] == ["Runde"]


def test_a_contact_goes_to_exchange_and_back(
    javascript: Javascript, anna: Mailbox, account: Any
) -> None:
    """Created, read, changed and deleted."""
    made = javascript(
        "createContact", given="Ute", surname="Berg", email="ute@example.test", mobile="+49 151 1"
    )["id"]
    (held,) = anna.address_book.all()
    assert held["props"]["PhoneNumbers"] == {"MobilePhone": "+49 151 1"}
    assert javascript("readContact", id=made) == {"surname": "Berg", "email": "ute@example.test"}
    javascript("changeContact", id=made, company="Kontor")
    assert [one.company_name for one in account.contacts.all()] == ["Kontor"]
    javascript("remove", id=made)
    assert anna.address_book.all() == []


__all__ = ["account", "trusted"]
