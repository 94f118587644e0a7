"""How a run ends: the lease goes back, and what became of it decides when the next one starts."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from andock_core import notices
from andock_core.clock import now
from andock_core.connections import alarm
from andock_core.jobs.due import back_off, enqueue_claimed, next_slot
from andock_core.jobs.lease import Lease, LeaseLost, check
from andock_core.jobs.queue import QueueDown
from andock_core.jobs.sql import changed
from andock_core.storage import Connection, Run
from andock_sdk import ConnectionFacts
from andock_sdk.errors import AdminError, AndockError, MemberError, Throttled

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.jobs")

ADMIN_RETRY = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True)
class Ended:
    """How a run ended: `error` is None when all went well. `counts` as in `sync_finished`.
    `again_at`: when a write whose outcome is still unknown can be settled."""

    error: AndockError | None = None
    counts: dict[str, int] = field(default_factory=dict)
    again_at: datetime | None = None


@dataclass(frozen=True)
class Settled:
    """The connection after its run, for those who listen. `alarmed`: it just came to need
    attention."""

    facts: ConnectionFacts
    alarmed: bool


def settle(core: "Core", lease: Lease, ended: Ended) -> Settled | None:
    """Give the lease back and say when the next run is. None when the lease was lost before.

    A run that was asked for meanwhile is queued at once, unless this one ended in a way that
    another would too.
    """
    moment = now()
    try:
        with core.storage.write(lease.scope) as session:
            check(session, lease)
            row = session.scalars(
                select(Connection).where(Connection.id == lease.connection_id).with_for_update()
            ).one()
            was = (row.state, row.error)
            asked = row.requested_at is not None and may_follow(ended.error)
            for name, value in values_after(row, ended.error, moment).items():
                setattr(row, name, value)
            told = alarm.raised(session, row, was, ended.error)
            if was[0] == "attention" and row.state == "active":
                alarm.settled(session, row.id)
            if ended.again_at is not None and row.next_due_at is not None:
                row.next_due_at = min(row.next_due_at, ended.again_at)
            if asked:
                row.next_due_at = row.queued_at = moment
            if ended.error is not None:
                mine = (Run.connection_id == row.id, Run.fence == lease.fence)
                failed = {"state": "failed", "error": ended.error.key[:80], "ended_at": moment}
                running = update(Run).where(*mine, Run.state == "running")
                changed(session, running.values(failed))
            facts = ConnectionFacts(
                connection_id=row.id,
                tenant_id=row.tenant_id,
                integration=row.integration,
                state=row.state,
            )
    except LeaseLost:
        log.warning("lease lost connection=%s fence=%d", lease.connection_id, lease.fence)
        return None
    notices.post(core, told)
    if asked:
        _follow(core, lease.connection_id, moment)
    return Settled(facts, alarmed=facts.state == "attention" and was[0] != "attention")


def values_after(row: Connection, error: AndockError | None, moment: datetime) -> dict[str, Any]:
    """The connection's columns after a run that ended with `error`, or well with None."""
    values: dict[str, Any] = {
        "lease_holder": "",
        "lease_until": None,
        "progress": None,
        "requested_at": None,
        "error": error.key[:80] if error is not None else "",
        "failures": row.failures + 1,
    }
    match error:
        case None:
            interval = max(row.interval_minutes, row.minimum_minutes)
            due = next_slot(row.id, interval, moment)
            done = {"failures": 0, "state": "active", "last_success_at": moment}
            return values | done | {"next_due_at": due}
        case MemberError():
            return values | {"state": "attention", "next_due_at": None}
        case AdminError():
            return values | {"state": "attention", "next_due_at": moment + ADMIN_RETRY}
        case Throttled(until=datetime() as until):
            soonest = moment + timedelta(seconds=1)
            return values | {"next_due_at": max(soonest, min(until, moment + LONGEST_PAUSE))}
        case _:
            pause = max(back_off(row.failures + 1), timedelta(minutes=row.minimum_minutes))
            return values | {"next_due_at": moment + pause}


def may_follow(error: AndockError | None) -> bool:
    """Whether a run that was asked for meanwhile starts right after one that ended so."""
    return not isinstance(error, MemberError | AdminError | Throttled)


def _follow(core: "Core", connection_id: str, claimed_at: datetime) -> None:
    try:
        enqueue_claimed(core, connection_id, claimed_at, "manual")
    except QueueDown:
        log.warning("queue down connection=%s", connection_id)  # the dispatcher sees it is due
