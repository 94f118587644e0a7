"""The dispatcher queues what SQL says is due: each once, however many dispatchers there are, and
again when it was lost."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.core import Core
from andock_core.embedded import RunningValkey
from andock_core.jobs.dispatcher import Dispatcher
from andock_core.jobs.due import request_run
from andock_core.jobs.lease import acquire
from andock_core.jobs.queue import Queue, QueueDown
from andock_core.storage import SYSTEM, Attempt, Connection, Run, Scope, Span
from andock_sdk import Appointment, Slot
from tests.jobs.conftest import AddConnection
from tests.jobs.test_lease import lapse, taken
from tests.jobs.test_settling import begin
from tests.jobs.workers import wait_until

Look = Callable[[str], Connection]
Queued = Callable[[str], list[list[str]]]
MINUTE = timedelta(minutes=1)


def test_what_is_due_is_queued_in_the_background(
    core: Core, connect: AddConnection, queued: Queued
) -> None:
    """And what is not due, is not."""
    due = connect(next_due_at=now() - MINUTE)
    connect(next_due_at=now() + MINUTE)
    connect(next_due_at=None)
    assert Dispatcher(core).tick() == 1
    assert queued("background") == [[due, "schedule"]]


def test_what_is_queued_is_not_queued_again(
    core: Core, connect: AddConnection, queued: Queued
) -> None:
    """While it waits for a worker."""
    connect(next_due_at=now() - MINUTE)
    dispatcher = Dispatcher(core)
    assert [dispatcher.tick(), dispatcher.tick()] == [1, 0]
    assert len(queued("background")) == 1


def test_what_runs_is_not_queued(core: Core, connect: AddConnection) -> None:
    """Its lease is held."""
    connection = connect(next_due_at=now() - MINUTE)
    acquire(core.storage, connection, "a")
    assert Dispatcher(core).tick() == 0


@pytest.mark.parametrize("state", ["added", "authorized"])
def test_what_is_not_set_up_is_not_queued(core: Core, connect: AddConnection, state: str) -> None:
    """Nothing was chosen yet."""
    connect(state=state, next_due_at=now() - MINUTE)
    assert Dispatcher(core).tick() == 0


def test_what_redis_lost_is_queued_again(
    core: Core, connect: AddConnection, queued: Queued, valkey_server: RunningValkey
) -> None:
    """Redis was emptied: SQL still knows that nobody took the job up."""
    connection = connect(next_due_at=now() - MINUTE)
    dispatcher = Dispatcher(core)
    dispatcher.tick()
    valkey_server.flush()
    assert dispatcher.tick() == 0  # it might be on its way to a worker
    let_pass(core, connection, seconds=16)
    assert dispatcher.tick() == 1
    assert queued("background") == [[connection, "schedule"]]


def test_what_waits_long_behind_others_is_not_taken_for_lost(
    core: Core, connect: AddConnection
) -> None:
    """Its job is still there."""
    connection = connect(next_due_at=now() - MINUTE)
    dispatcher = Dispatcher(core)
    dispatcher.tick()
    let_pass(core, connection, seconds=1200)
    assert dispatcher.tick() == 0


def test_what_died_in_a_workers_hands_is_queued_again_while_others_wait(
    core: Core, connect: AddConnection, queued: Queued
) -> None:
    """A worker took the job out of the queue and was killed before it began."""
    dead, waiting = (connect(next_due_at=now() - MINUTE) for _ in range(2))
    dispatcher = Dispatcher(core)
    assert dispatcher.tick() == 2
    for job in core.queue._queue("background").jobs:
        if job.args[0] == dead:
            core.queue._queue("background").remove(job)
    for connection in (dead, waiting):
        let_pass(core, connection, seconds=16)
    assert dispatcher.tick() == 1
    assert sorted(queued("background")) == sorted([[dead, "schedule"], [waiting, "schedule"]])


def let_pass(core: Core, connection_id: str, seconds: int) -> None:
    """Make the claim older."""
    with core.storage.write(SYSTEM) as session:
        row = session.get_one(Connection, connection_id)
        assert row.queued_at is not None
        row.queued_at -= timedelta(seconds=seconds)


def test_a_request_that_redis_missed_is_made_up_for(
    core: Core, member: Scope, connect: AddConnection, queued: Queued
) -> None:
    """On the interactive queue, as it would have been: somebody is waiting."""
    connection = connect(last_run_at=now())
    first = connect()
    working = core.queue
    core.queue = Queue("unix:///nowhere/valkey.sock")
    for requested in (connection, first):
        with pytest.raises(QueueDown):
            request_run(core, member, requested)
    with pytest.raises(QueueDown):
        Dispatcher(core).tick()
    core.queue = working
    assert Dispatcher(core).tick() == 2
    assert sorted(queued("interactive")) == sorted([[connection, "manual"], [first, "first"]])


def test_a_dispatcher_outlives_redis_and_database_troubles(
    core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so once, and once when it is over."""
    dispatcher, working = Dispatcher(core), core.queue
    core.queue = Queue("unix:///nowhere/valkey.sock")
    dispatcher.try_tick()
    dispatcher.try_tick()
    core.queue = working
    dispatcher.try_tick()
    dispatcher.try_tick()
    said = [record.getMessage() for record in caplog.records if record.name == "andock.dispatcher"]
    assert said == ["trouble=QueueDown", "trouble=over"]


def test_a_dead_workers_run_is_abandoned_and_made_up_for(
    core: Core, connect: AddConnection, look: Look, queued: Queued
) -> None:
    """As soon as its lease has lapsed."""
    connection = connect()
    dead = taken(core, connection)
    begin(core, dead)
    dispatcher = Dispatcher(core)
    assert dispatcher.tick() == 0
    lapse(core, connection)
    assert dispatcher.tick() == 1
    assert queued("background") == [[connection, "schedule"]]
    row = look(connection)
    assert (row.lease_holder, row.progress, row.failures) == ("", None, 1)
    with core.storage.read(SYSTEM) as session:
        assert session.scalars(select(Run.state)).all() == ["abandoned"]


def test_a_run_whose_worker_died_does_not_queue_up_again(
    core: Core, connect: AddConnection, queued: Queued
) -> None:
    """It has had its turn; what it began waits to be settled."""
    connection = connect()
    begin(core, taken(core, connection))
    others = [connect(next_due_at=now() - MINUTE) for _ in range(3)]
    dispatcher = Dispatcher(core)
    assert dispatcher.tick() == 3
    lapse(core, connection)
    assert dispatcher.tick() == 1
    waiting = [arguments[0] for arguments in queued("background")]
    assert waiting[0] == connection
    assert sorted(waiting[1:]) == sorted(others)


def test_a_run_that_kills_every_worker_waits_longer_each_time(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """One bad mailbox does not keep the workers busy dying. A few deaths are bad luck: the first
    three are made up for at once."""
    connection = connect()
    dispatcher = Dispatcher(core)
    waits = []
    for _ in range(5):
        taken(core, connection)
        lapse(core, connection)
        dispatcher.tick()
        waits.append((look(connection).next_due_at or now()) > now())
    assert waits == [False, False, False, True, True]
    due = look(connection).next_due_at
    assert due is not None
    assert timedelta(minutes=1.5) < due - now() < timedelta(minutes=2.5)


def test_expired_attempts_are_deleted(core: Core, member: Scope, connect: AddConnection) -> None:
    """With the sealed passwords in their drafts; others stay."""
    connection = connect()
    with core.storage.write(member) as session:
        for minutes in (-1, 1):
            session.add(
                Attempt(
                    tenant_id=member.tenant_id,
                    owner_id=member.member_id,
                    connection_id=connection,
                    kind="test",
                    expires_at=now() + minutes * MINUTE,
                )
            )
    Dispatcher(core).tick()
    with core.storage.read(SYSTEM) as session:
        assert session.scalar(select(func.count(Attempt.id))) == 1


def test_two_dispatchers_queue_nothing_twice(
    core: Core, connect: AddConnection, queued: Queued
) -> None:
    """Two real processes, and 120 connections that become due again and again."""
    connections = [connect(next_due_at=now() - MINUTE) for _ in range(120)]
    environment = {
        **os.environ,
        "ANDOCK_HOME": str(core.settings.home),
        "DATABASE_URL": core.settings.database_url,
        "REDIS_URL": core.settings.redis_url,
    }
    command = [sys.executable, "-m", "andock_core.jobs.dispatcher"]
    dispatchers = [subprocess.Popen(command, env=environment) for _ in range(2)]
    try:
        wait_until(lambda: len(queued("background")) >= len(connections))
        with core.storage.write(SYSTEM) as session:
            session.execute(update(Connection).values(queued_at=None))
        wait_until(lambda: len(queued("background")) >= 2 * len(connections))
        time.sleep(2.5)
    finally:
        for dispatcher in dispatchers:
            dispatcher.terminate()
        ended = [dispatcher.wait(10) for dispatcher in dispatchers]
    assert Counter(ids[0] for ids in queued("background")) == dict.fromkeys(connections, 2)
    assert ended == [0, 0]


def test_a_series_without_end_follows_the_window(core: Core, connect: AddConnection) -> None:
    """What was expanded a year ago is expanded as far as today's window goes."""
    connection = connect()
    with core.storage.read(SYSTEM) as session:
        owner = session.get_one(Connection, connection)
        scope = Scope(owner.tenant_id, owner.owner_id)
    year_ago = now() - timedelta(days=365)
    day = f"{year_ago:%Y-%m-%d}"
    when = Slot(
        start=f"{day}T09:00:00",
        end=f"{day}T10:00:00",
        start_zone="Europe/Berlin",
        end_zone="Europe/Berlin",
    )
    item = Appointment(when=when, recurrence="FREQ=WEEKLY")
    with core.storage.write(scope) as session:
        window = Window.around(year_ago)
        entries = Entries(session, core.vault, scope.tenant_id, scope.member_id, window)
        entries.create(item, visibility="block", origin="remote")
    Dispatcher(core).tick()
    with core.storage.read(scope) as session:
        last = session.scalar(select(func.max(Span.start_at)))
    assert last is not None
    assert last > Window.around(now()).end - timedelta(days=8)
