"""Real workers: RQ on a real Valkey, work-horses that die, and what becomes of their runs.

Each case runs on one database, the worst of them on both: the statements that matter here are
tested on both in the other files.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from redis import Redis
from sqlalchemy import select

from andock_core.clock import now
from andock_core.connections import sealed
from andock_core.core import Core
from andock_core.embedded import RunningValkey
from andock_core.jobs.due import next_slot, request_run
from andock_core.storage import SYSTEM, Attempt, Connection, Run, Scope
from andock_core.storage.types import new_id
from tests.host.odd_plugins import SECRET as ODD_SECRET
from tests.jobs.conftest import AddConnection
from tests.jobs.rehearsal import SECRET
from tests.jobs.workers import ROOT, Workers, everything, runs, wait_until

Look = Callable[[str], Connection]


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.more)], indirect=True
)


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The worker's child processes."""
    return psutil.Process(process.pid).children(recursive=True)


def is_idle(core: Core, connection_id: str) -> bool:
    """Whether the connection's run has ended well."""
    with core.storage.read(SYSTEM) as session:
        row = session.get_one(Connection, connection_id)
        return row.lease_until is None and row.last_success_at is not None


def be_quick(core: Core, connection_id: str) -> None:
    """The connection's next run ends at once."""
    with core.storage.write(SYSTEM) as session:
        session.get_one(Connection, connection_id).account_label = "run 0"


def states(core: Core) -> list[str]:
    """The states of all runs, oldest first."""
    with core.storage.read(SYSTEM) as session:
        return list(session.scalars(select(Run.state).order_by(Run.fence)))


@ON_SQLITE
def test_a_plugin_that_is_loaded_beforehand_does_not_keep_the_worker(workers: Workers) -> None:
    """Its threads end with the worker, and what it prints goes nowhere."""
    worker = workers.start("--queue", "interactive", plugin="tests.host.odd_plugins:lingering")
    worker.terminate()
    assert worker.wait(15) == 0
    assert ODD_SECRET not in workers.log()


@ON_SQLITE
def test_a_click_runs_at_once(
    core: Core, member: Scope, connect: AddConnection, workers: Workers, look: Look
) -> None:
    """From the click to the end of an empty run within a second or two; one line in the log."""
    workers.start("--queue", "interactive")
    connection = connect()
    begun = time.monotonic()
    request_run(core, member, connection)
    wait_until(lambda: is_idle(core, connection))
    assert time.monotonic() - begun < 5
    assert states(core) == ["done"]
    assert look(connection).next_due_at == next_slot(connection, 30, now())
    wait_until(lambda: "job done" in workers.log())
    assert workers.log().count(connection) == 1


@ON_POSTGRESQL
def test_what_is_due_runs_by_itself(core: Core, connect: AddConnection, workers: Workers) -> None:
    """The dispatcher beside the worker finds it."""
    connection = connect(next_due_at=now())
    workers.start("--queue", "background", "--scheduler")
    wait_until(lambda: is_idle(core, connection))
    assert [note[1] for note in workers.noted("end")] == [connection]


@ON_POSTGRESQL
def test_a_killed_work_horse_is_made_up_for(
    core: Core, member: Scope, connect: AddConnection, workers: Workers
) -> None:
    """kill -9 in the middle of a run: the next one comes when the lease has lapsed."""
    workers.start("--queue", "interactive")
    workers.start("--queue", "background", "--scheduler")
    connection = connect(account_label="run 60")
    request_run(core, member, connection)
    wait_until(lambda: len(workers.noted("begin")) == 1)
    be_quick(core, connection)
    os.kill(int(workers.noted("begin")[0][2]), signal.SIGKILL)
    wait_until(lambda: is_idle(core, connection))
    assert states(core) == ["abandoned", "done"]


def test_a_killed_worker_takes_its_work_horse_along_and_is_made_up_for(
    core: Core, member: Scope, connect: AddConnection, workers: Workers
) -> None:
    """kill -9 of the worker: no process is left, and another worker repairs."""
    doomed = workers.start("--queue", "interactive")
    workers.start("--queue", "background", "--scheduler")
    connection = connect(account_label="run 60")
    request_run(core, member, connection)
    wait_until(lambda: len(workers.noted("begin")) == 1)
    be_quick(core, connection)
    horses = children(doomed)
    doomed.kill()
    doomed.wait()
    assert horses
    wait_until(lambda: not any(runs(horse) for horse in horses), seconds=30)
    wait_until(lambda: is_idle(core, connection))
    assert states(core) == ["abandoned", "done"]


@ON_SQLITE
def test_a_worker_told_to_stop_finishes_its_job(
    core: Core, member: Scope, connect: AddConnection, workers: Workers
) -> None:
    """SIGTERM is no reason to break a run off; after it, nothing is left, dispatcher included."""
    worker = workers.start("--queue", "interactive", "--scheduler")
    connection = connect(account_label="run 2")
    request_run(core, member, connection)
    wait_until(lambda: len(workers.noted("begin")) == 1)
    below = children(worker)
    worker.terminate()
    assert worker.wait(30) == 0
    assert len(workers.noted("end")) == 1
    assert len(below) == 2
    assert not any(runs(process) for process in below)
    assert is_idle(core, connection)


@ON_SQLITE
def test_an_idle_worker_stops_at_once(workers: Workers) -> None:
    """And a dispatcher ends with a worker that was killed."""
    idle = workers.start("--queue", "interactive", "--scheduler")
    idle.terminate()
    assert idle.wait(30) == 0
    killed = workers.start("--queue", "interactive", "--scheduler")
    below = children(killed)
    killed.kill()
    killed.wait()
    assert len(below) == 1
    wait_until(lambda: not any(runs(process) for process in below), seconds=30)


@ON_SQLITE
@pytest.mark.parametrize(
    ("how", "error", "state"),
    [
        ("credentials", "sign_in.refused", "attention"),
        ("transient", "transient", "active"),
        ("foreign", "unexpected", "active"),
    ],
)
def test_no_exception_leaves_a_task(
    core: Core,
    member: Scope,
    connect: AddConnection,
    workers: Workers,
    look: Look,
    how: str,
    error: str,
    state: str,
) -> None:
    """The connection keeps a key; neither the log nor Redis keeps what the exception said."""
    workers.start("--queue", "interactive")
    connection = connect(account_label=f"raise {how}")
    request_run(core, member, connection)
    wait_until(lambda: "job done" in workers.log())
    assert (look(connection).error, look(connection).state) == (error, state)
    assert states(core) == ["failed"]
    assert SECRET not in workers.log()
    assert "Traceback" not in workers.log()
    kept = everything(Redis.from_url(core.settings.redis_url))
    assert SECRET.encode() not in kept
    assert connection.encode() not in kept


@ON_SQLITE
def test_a_plugin_cannot_hurt_its_worker(
    core: Core, member: Scope, connect: AddConnection, workers: Workers
) -> None:
    """Raising, lying, ending the process, dying at once: each attempt ends with a key, and the
    same worker takes the next job."""
    workers.start("--queue", "interactive")
    connection = connect(state="added")
    ends = {
        "raise": "plugin.bug",
        "lie": "plugin.bug",
        "exit": "plugin.bug",
        "die": "plugin.hanging",
        "refuse": "sign_in.refused",
    }
    begun = {how: try_out(core, member, connection, how) for how in ends}
    wait_until(lambda: None not in [error_of(core, attempt) for attempt in begun.values()])
    assert {how: error_of(core, attempt) for how, attempt in begun.items()} == ends
    assert ODD_SECRET not in workers.log()


def try_out(core: Core, member: Scope, connection_id: str, how: str) -> str:
    """Queue a test in which the odd plugin authorizes in its own way; the attempt's id."""
    row = Attempt(
        id=new_id(),
        tenant_id=member.tenant_id,
        owner_id=member.member_id,
        connection_id=connection_id,
        kind="test",
        expires_at=now() + timedelta(hours=1),
    )
    row.draft = sealed.seal(core.vault, row, "draft", {"do": how})
    attempt_id = row.id
    with core.storage.write(member) as session:
        session.add(row)
    core.queue.enqueue("interactive", "test", attempt_id)
    return attempt_id


def error_of(core: Core, attempt_id: str) -> str | None:
    """What a failed attempt keeps; None while it is under way."""
    with core.storage.read(SYSTEM) as session:
        row = session.get_one(Attempt, attempt_id)
        return row.error if row.state == "failed" else None


@ON_SQLITE
def test_a_worker_outlives_its_redis(
    core: Core, member: Scope, connect: AddConnection, workers: Workers, tmp_path: Path
) -> None:
    """Valkey ends and starts again: the worker goes on, and what was due runs."""
    home = tmp_path / "own"
    home.mkdir()
    with RunningValkey(home) as first:
        workers._environment["REDIS_URL"] = first.url
        workers.start("--queue", "background", "--scheduler")
    connection = connect(next_due_at=now())
    time.sleep(3)
    assert not is_idle(core, connection)
    with RunningValkey(home):
        wait_until(lambda: is_idle(core, connection))


def test_a_database_of_another_version_is_refused(redis_url: str, tmp_path: Path) -> None:
    """With a sentence, before anything starts."""
    environment = {
        **os.environ,
        "ANDOCK_HOME": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.db",
        "REDIS_URL": redis_url,
    }
    refused = subprocess.run(
        [sys.executable, "worker.py", "--queue", "interactive"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith(b"The database's schema is not the one")
