"""When a connection runs, and how one asks for a run."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from andock_core.core import Core
from andock_core.jobs.due import back_off, next_slot, request_run
from andock_core.jobs.lease import acquire
from andock_core.jobs.queue import Queue, QueueDown
from andock_core.storage import Connection, Scope
from andock_core.storage.types import new_id
from tests.jobs.conftest import AddConnection

Look = Callable[[str], Connection]
Queued = Callable[[str], list[list[str]]]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_connection_runs_every_half_hour_at_its_own_minute() -> None:
    """Slot follows slot, exactly the interval apart."""
    connection = new_id()
    first = next_slot(connection, 30, NOON)
    assert NOON < first <= NOON + timedelta(minutes=30)
    assert next_slot(connection, 30, first) == first + timedelta(minutes=30)
    assert next_slot(connection, 30, first - timedelta(seconds=1)) == first


def test_connections_spread_evenly_over_the_half_hour() -> None:
    """No minute has more than twice its share of 3000 connections."""
    minutes = Counter(next_slot(f"c{n}", 30, NOON).minute % 30 for n in range(3000))
    assert len(minutes) == 30
    assert max(minutes.values()) < 200


def test_failures_wait_longer_and_longer() -> None:
    """Up to half an hour."""
    waits = [back_off(n).total_seconds() / 60 for n in (1, 2, 3, 4, 5, 6, 50)]
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_a_requested_run_is_due_and_queued(
    core: Core, member: Scope, connect: AddConnection, look: Look, queued: Queued
) -> None:
    """On the interactive queue: somebody is waiting for it."""
    connection = connect()
    assert request_run(core, member, connection)
    row = look(connection)
    assert row.requested_at == row.next_due_at == row.queued_at is not None
    assert queued("interactive") == [[connection, "manual"]]
    assert queued("background") == []


def test_a_connection_that_needs_attention_can_be_tried_by_hand(
    core: Core, member: Scope, connect: AddConnection
) -> None:
    """Perhaps the other side was mended."""
    assert request_run(core, member, connect(state="attention"))


def test_nothing_runs_before_it_is_set_up(
    core: Core, member: Scope, connect: AddConnection, queued: Queued
) -> None:
    """There is no grant to run with."""
    assert not request_run(core, member, connect(state="added"))
    assert queued("interactive") == []


def test_somebody_elses_connection_does_not_run(
    core: Core, member: Scope, connect: AddConnection, queued: Queued
) -> None:
    """Neither a colleague's nor another tenant's."""
    connection = connect()
    assert not request_run(core, Scope(member.tenant_id, new_id()), connection)
    assert not request_run(core, Scope(new_id(), new_id()), connection)
    assert queued("interactive") == []


def test_a_request_outlives_redis_being_away(
    core: Core, member: Scope, connect: AddConnection, look: Look
) -> None:
    """The page can say so, and SQL keeps the connection due for the dispatcher."""
    connection = connect()
    core.queue = Queue("unix:///nowhere/valkey.sock")
    with pytest.raises(QueueDown):
        request_run(core, member, connection)
    row = look(connection)
    assert row.next_due_at is not None
    assert row.queued_at is None


def test_a_request_during_a_run_is_noted_and_not_queued(
    core: Core, member: Scope, connect: AddConnection, look: Look, queued: Queued
) -> None:
    """Whoever ends the run sees it; a second job would only wait in line."""
    connection = connect()
    acquire(core.storage, connection, "a")
    assert request_run(core, member, connection)
    assert look(connection).requested_at is not None
    assert queued("interactive") == []
