"""One connection runs once at a time, and a run that lost its lease commits nothing."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from andock_core.clock import now
from andock_core.core import Core
from andock_core.jobs import lease as leases
from andock_core.jobs.lease import Lease, LeaseLost, acquire, check, kept, release, renew
from andock_core.storage import SYSTEM, Connection, Member, Run, Storage
from tests.jobs.conftest import AddConnection

Look = Callable[[str], Connection]


def lapse(core: Core, connection_id: str) -> None:
    """Let the lease's time run out, as if its holder had died a while ago."""
    with core.storage.write(SYSTEM) as session:
        session.execute(
            update(Connection)
            .where(Connection.id == connection_id)
            .values(lease_until=now() - timedelta(seconds=1))
        )


def taken(core: Core, connection_id: str, holder: str = "a") -> Lease:
    """A lease that must be there to have."""
    lease = acquire(core.storage, connection_id, holder)
    assert lease is not None
    return lease


def overwrite(core: Core, lease: Lease) -> None:
    """A run's transaction, the check last: what was written before it must not stay either."""
    with core.storage.write(lease.scope) as session:
        session.execute(update(Member).values(name="overwritten"))
        check(session, lease)


def test_a_lease_is_had_by_one(core: Core, connect: AddConnection) -> None:
    """Whoever comes second gets none."""
    connection = connect()
    assert acquire(core.storage, connection, "a") is not None
    assert acquire(core.storage, connection, "b") is None


def test_of_many_at_once_one_gets_it(core: Core, connect: AddConnection) -> None:
    """Eight workers that ask in the same moment."""
    connection = connect()
    storages = [Storage(core.settings.database_url) for _ in range(8)]
    start = threading.Barrier(len(storages))
    won: list[Lease] = []

    def ask(storage: Storage, number: int) -> None:
        start.wait()
        lease = acquire(storage, connection, f"worker {number}")
        if lease is not None:
            won.append(lease)

    threads = [
        threading.Thread(target=ask, args=(storage, number))
        for number, storage in enumerate(storages)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for storage in storages:
        storage.close()
    assert len(won) == 1


def test_a_released_lease_can_be_had_again(core: Core, connect: AddConnection) -> None:
    """With a higher fence number each time."""
    connection = connect()
    first = taken(core, connection)
    release(core.storage, first)
    assert taken(core, connection, "b").fence == first.fence + 1


def test_a_lapsed_lease_can_be_had_by_another(core: Core, connect: AddConnection) -> None:
    """The run of a dead worker does not block the connection for ever."""
    connection = connect()
    first = taken(core, connection)
    lapse(core, connection)
    assert taken(core, connection, "b").fence == first.fence + 1


def test_a_run_that_lost_its_lease_commits_nothing(core: Core, connect: AddConnection) -> None:
    """It was only slow, another took over, and now it wants to write."""
    connection = connect()
    slow = taken(core, connection)
    lapse(core, connection)
    taken(core, connection, "b")
    with pytest.raises(LeaseLost):
        overwrite(core, slow)
    with core.storage.read(SYSTEM) as session:
        assert session.scalars(select(Member.name)).all() == ["Anna"]


def test_a_slow_run_goes_on_when_nobody_took_over(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """The fence counts, not the time: its next transaction extends the lease."""
    connection = connect()
    slow = taken(core, connection)
    lapse(core, connection)
    with core.storage.write(slow.scope) as session:
        check(session, slow)
    until = look(connection).lease_until
    assert until is not None
    assert until > now() + timedelta(seconds=leases.seconds() - 5)


def test_releasing_a_lost_lease_leaves_the_new_one(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """A late release by the slow run takes nothing from its successor."""
    connection = connect()
    slow = taken(core, connection)
    lapse(core, connection)
    successor = taken(core, connection, "b")
    release(core.storage, slow)
    assert look(connection).lease_holder == successor.holder
    with pytest.raises(LeaseLost):
        renew(core.storage, slow)


def test_a_lease_is_kept_during_long_calls(
    core: Core, connect: AddConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call to the other side may take longer than the lease lasts."""
    monkeypatch.setenv("ANDOCK_LEASE_SECONDS", "1")
    connection = connect()
    lease = taken(core, connection)
    with kept(core.storage, lease):
        time.sleep(1.6)
        assert acquire(core.storage, connection, "b") is None
    time.sleep(1.2)
    assert acquire(core.storage, connection, "b") is not None


@pytest.mark.parametrize("state", ["added", "authorized"])
def test_what_is_not_set_up_does_not_run(core: Core, connect: AddConnection, state: str) -> None:
    """There is nothing to synchronise before something was chosen."""
    assert acquire(core.storage, connect(state=state), "a") is None


def test_a_job_that_was_queued_twice_runs_once(core: Core, connect: AddConnection) -> None:
    """The first takes the claim up, the second finds none."""
    connection = connect(queued_at=now())
    first = acquire(core.storage, connection, "a", claimed_only=True)
    assert first is not None
    release(core.storage, first)
    assert acquire(core.storage, connection, "b", claimed_only=True) is None


def test_a_new_run_marks_the_dead_one_abandoned(core: Core, connect: AddConnection) -> None:
    """The list of runs does not show two under way."""
    connection = connect()
    dead = taken(core, connection)
    with core.storage.write(dead.scope) as session:
        session.add(
            Run(
                tenant_id=dead.tenant_id,
                connection_id=connection,
                trigger="manual",
                fence=dead.fence,
            )
        )
    lapse(core, connection)
    taken(core, connection, "b")
    with core.storage.read(SYSTEM) as session:
        run = session.scalars(select(Run)).one()
        assert run.state == "abandoned"
        assert run.ended_at is not None


def test_a_disconnected_connection_has_no_lease(core: Core, connect: AddConnection) -> None:
    """Whoever disconnects during a run ends it at its next transaction."""
    connection = connect()
    lease = taken(core, connection)
    with core.storage.write(lease.scope) as session:
        session.delete(session.get_one(Connection, connection))
    with pytest.raises(LeaseLost):
        renew(core.storage, lease)
