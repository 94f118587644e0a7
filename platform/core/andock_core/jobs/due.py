"""When a connection runs next."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from andock_core.clock import now
from andock_core.jobs.lease import runnable
from andock_core.jobs.queue import QueueDown
from andock_core.jobs.sql import changed
from andock_core.storage import SYSTEM, Connection, Scope, Storage

if TYPE_CHECKING:
    from andock_core.core import Core

SETTLES = timedelta(seconds=5)
"""So long after a first word of change a run starts: what else changes until then counts too."""


def request_run(core: "Core", scope: Scope, connection_id: str, trigger: str = "manual") -> bool:
    """Ask for a run of one's own connection, now. False when there is nothing to run.

    `trigger`: manual or first. While a run is under way, one more follows it. Raises QueueDown
    when Redis is away; the run then starts by itself once it is back.
    """
    moment = now()
    with core.storage.write(scope) as session:
        mine = [Connection.id == connection_id, runnable()]
        if scope.member_id:
            mine.append(Connection.owner_id == scope.member_id)
        connection = session.scalar(select(Connection).where(*mine).with_for_update())
        if connection is None:
            return False
        connection.requested_at = connection.next_due_at = moment
        if connection.lease_until is not None and connection.lease_until >= moment:
            return True  # whoever ends the present run sees the request
        connection.queued_at = moment
    enqueue_claimed(core, connection_id, moment, trigger)
    return True


def make_due(storage: Storage, scope: Scope, connection_id: str) -> bool:
    """Let a connection run soon, because the other side says that something changed. However often
    that is said within `SETTLES`, one run follows. False when there is nothing to run."""
    moment = now()
    with storage.write(scope) as session:
        mine = (Connection.id == connection_id, runnable())
        connection = session.scalar(select(Connection).where(*mine).with_for_update())
        if connection is None:
            return False
        if connection.lease_until is not None and connection.lease_until >= moment:
            connection.requested_at = moment  # whoever ends the present run sees it
        elif connection.queued_at is None:
            soon = moment + SETTLES
            connection.next_due_at = min(connection.next_due_at or soon, soon)
    return True


def enqueue_claimed(
    core: "Core", connection_id: str, claimed_at: datetime, trigger: str, *, first: bool = False
) -> None:
    """Queue a run that was claimed in SQL (`queued_at`), before all others when `first`; gives the
    claim back when Redis is away.

    Raises QueueDown.
    """
    try:
        if trigger == "schedule":
            core.queue.enqueue("background", "sync", connection_id, trigger, first=first)
        else:
            core.queue.enqueue("interactive", "sync", connection_id, trigger, first=first)
    except QueueDown:
        unclaim(core.storage, connection_id, claimed_at)
        raise


def unclaim(storage: Storage, connection_id: str, claimed_at: datetime) -> None:
    """Undo one's own claim, so that the dispatcher tries again."""
    with storage.write(SYSTEM) as session:
        mine = (Connection.id == connection_id, Connection.queued_at == claimed_at)
        changed(session, update(Connection).where(*mine).values(queued_at=None))


def next_slot(connection_id: str, interval_minutes: int, after: datetime) -> datetime:
    """The connection's next regular time after `after`.

    All connections share the interval evenly: each has its own offset, a stable hash of its id.
    """
    period = interval_minutes * 60
    digest = hashlib.sha256(connection_id.encode()).digest()
    offset = int.from_bytes(digest[:8]) % period
    passed = (int(after.timestamp()) - offset) // period
    return datetime.fromtimestamp((passed + 1) * period + offset, UTC)


def back_off(failures: int) -> timedelta:
    """How long to wait after that many failures in a row: 1, 2, 4, … 30 minutes."""
    return timedelta(minutes=min(2 ** (min(failures, 10) - 1), 30))
