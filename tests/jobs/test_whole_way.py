"""The whole way with real parts: pages' service, queues, workers, a plugin, the engine.

The plugin is one in a file (tests/support/memory_plugin.py), registered from outside: nothing in
Andock knows it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import func, select

from andock_core import logs
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.connections import agreeing, service, status
from andock_core.core import Core
from andock_core.host.catalog import Catalog
from andock_core.jobs.due import request_run
from andock_core.storage import SYSTEM, Connection, Entry, Run, Scope
from andock_sdk import Answers, Appointment, Slot
from tests.jobs.test_worker import ON_SQLITE
from tests.jobs.workers import ROOT, everything, wait_until
from tests.support.memory_plugin import FILE, SERVER, SLUG
from tests.support.memory_service import MemoryService, document

PLUGIN = "tests.support.memory_plugin:integration"
USER, PASSWORD = "anna@memory.example", "swordfish-9000"
ACCESS: Answers = {"user": USER, "password": PASSWORD, "server": SERVER}


def appointment(subject: str, day: int = 1) -> Appointment:
    """An hour in the morning, `day` days from now."""
    date = (now() + timedelta(days=day)).date().isoformat()
    zone = "Europe/Berlin"
    when = Slot(start=f"{date}T09:00:00", end=f"{date}T10:00:00", start_zone=zone, end_zone=zone)
    return Appointment(when=when, subject=subject)


@dataclass
class House:
    """Two workers, a dispatcher, and a mailbox on the other side."""

    core: Core
    member: Scope
    memory: MemoryService
    calendar: str
    log: Path

    def attempt(self, attempt_id: str) -> status.AttemptStatus:
        """How an attempt ended."""

        def look() -> status.AttemptStatus:
            return status.attempt(self.core, self.member, attempt_id)

        wait_until(lambda: look().state in ("done", "failed"))
        return look()

    def connection(self) -> Connection:
        """The member's connection as it is now."""
        with self.core.storage.read(SYSTEM) as session:
            row = session.scalars(select(Connection)).one()
            session.expunge(row)
            return row

    def runs(self) -> list[tuple[str, str]]:
        """Trigger and state of all runs, oldest first."""
        with self.core.storage.read(SYSTEM) as session:
            rows = session.execute(select(Run.trigger, Run.state).order_by(Run.fence))
            return [(row.trigger, row.state) for row in rows]

    def write(self, subject: str) -> None:
        """An appointment of the member's own, and a click on the sync icon."""
        scope = self.member
        with self.core.storage.write(scope) as session:
            Entries(
                session,
                self.core.vault,
                scope.tenant_id,
                scope.member_id,
                Window.around(now()),
            ).create(appointment(subject), visibility="appointment", origin="andock")
        assert request_run(self.core, scope, self.connection().id)

    def there(self) -> list[str]:
        """The subjects on the other side."""
        return sorted(
            document(found).subject for found in self.memory.items(self.calendar).values()
        )


@pytest.fixture
def house(
    core: Core, member: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """Everything under way, nothing connected yet."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    core.catalog = Catalog([PLUGIN])
    memory = MemoryService(tmp_path / "memory.db")
    memory.add_account(USER, PASSWORD)
    calendar = memory.add_calendar(USER, "Kalender", default=True)
    environment = {
        **os.environ,
        "ANDOCK_HOME": str(core.settings.home),
        "ANDOCK_KEYS": ",".join(core.settings.keys),
        "ANDOCK_EXTRA_PLUGINS": PLUGIN,
        "ANDOCK_LEASE_SECONDS": "3",
        "ANDOCK_LOG": "json",
        "ANDOCK_TRACE_HOOKS": "1",
        "DATABASE_URL": core.settings.database_url,
        "REDIS_URL": core.settings.redis_url,
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        workers = [
            subprocess.Popen(
                [sys.executable, "worker.py", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
            for arguments in (["--queue", "interactive"], ["--queue", "background", "--scheduler"])
        ]
    yield House(core, member, memory, calendar, log)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(20)


@ON_SQLITE
@pytest.mark.more  # half a minute; in shares, the worker's and the browser's tests see it too
def test_from_adding_to_a_killed_run(house: House) -> None:
    """Add, test, choose, preview, first run; an appointment goes out; a run that dies in the middle
    of a write is repaired without a duplicate; a password that stopped working is tried once."""
    core, member, memory = house.core, house.member, house.memory
    memory.put(house.calendar, appointment("Zahnarzt bei Dr. Weh"))
    connection = service.add(core, member, SLUG)
    with logs.about(request="a-click-0001"):
        attempt_id = service.start_test(core, member, connection, ACCESS)
    tested = house.attempt(attempt_id)
    assert (tested.state, tested.error) == ("done", "")
    chosen: Answers = {"calendar": house.calendar, "imports": []}
    saved = house.attempt(service.save_settings(core, member, connection, chosen))
    assert (saved.state, saved.error) == ("done", "")
    looked = house.attempt(agreeing.start_preview(core, member, connection))
    assert (looked.state, looked.error, house.runs()) == ("done", "", [])
    seen = agreeing.preview(core, member, connection)
    assert seen is not None
    agreeing.confirm(core, member, connection, seen.digest)
    wait_until(lambda: house.runs() == [("first", "done")])

    house.write("Besprechung")
    wait_until(lambda: house.runs()[1:] == [("manual", "done")])
    assert house.there() == ["Besprechung", "Zahnarzt bei Dr. Weh"]

    memory.fail("create", "crash")
    house.write("Planung")
    wait_until(lambda: len(house.runs()) == 4 and house.runs()[3][1] == "done")
    assert house.runs()[2:] == [("manual", "abandoned"), ("schedule", "done")]
    assert house.there() == ["Besprechung", "Planung", "Zahnarzt bei Dr. Weh"]
    with core.storage.read(SYSTEM) as session:
        assert session.scalar(select(func.count(Entry.id))) == 3

    memory.add_account(USER, "another password")
    request_run(core, member, connection)
    wait_until(lambda: house.connection().state == "attention")
    assert house.connection().error == "sign_in.refused"
    assert house.connection().next_due_at is None

    written = house.log.read_text().encode() + everything(Redis.from_url(core.settings.redis_url))
    for private in ("Zahnarzt", "Besprechung", PASSWORD, USER):
        assert private.encode() not in written
    check_log([json.loads(line) for line in house.log.read_text().splitlines()], attempt_id)


def check_log(lines: list[dict[str, Any]], attempt_id: str) -> None:
    """Each line says when and who; those of one click, and of one run, can be put together."""
    assert [line for line in lines if not {"time", "level", "event", "process"} <= set(line)] == []
    click = [line for line in lines if line.get("request") == "a-click-0001"]
    assert {line["attempt"] for line in click} == {attempt_id}
    assert len({line["job"] for line in click}) == 1
    hooks = [line["call"] for line in click if line["event"] == "hook"]
    assert hooks[:3] == ["load", "authorize", "load"]
    assert "test" in hooks
    assert [line["task"] for line in click if line["event"] == "job done"] == ["test"]
    created = [line for line in lines if line.get("call") == "create" and "result" in line]
    assert {line["result"] for line in created} == {"RemoteItem"}
    assert all(line["run"] and line["connection"] for line in created)
