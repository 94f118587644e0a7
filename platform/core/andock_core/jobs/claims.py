"""Claims in SQL what a dispatcher puts into the queues. Of several dispatchers one wins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from andock_core.jobs.lease import is_free, runnable
from andock_core.jobs.queue import QueueDown
from andock_core.jobs.sql import changed
from andock_core.storage import SYSTEM, Connection, PluginJob, Run, Storage, WebhookCall

if TYPE_CHECKING:
    from andock_core.core import Core

BATCH = 100
LOST = timedelta(seconds=15)
"""Longer than a work-horse needs from taking up a job to taking the lease."""


@dataclass(frozen=True)
class Claim:
    """A connection that this dispatcher, and no other, is to queue now. `interrupted`: its worker
    died, so it has had its turn in the queue already."""

    connection_id: str
    claimed_at: datetime
    trigger: str
    interrupted: bool = False


def claim_due(
    storage: Storage, moment: datetime, *, waiting: frozenset[str] = frozenset()
) -> list[Claim]:
    """Claim what is due, the longest due first, at most a batch.

    `waiting` are the connections whose jobs wait in a queue. What was queued, does not wait there
    and was not taken up is claimed anew: Redis lost it, or a worker died with it in its hands. A
    job too many does no harm, it finds nothing to do.
    """
    lost = moment - LOST
    open_to_claim = and_(
        runnable(),
        Connection.next_due_at <= moment,
        is_free(moment),
        or_(
            Connection.queued_at.is_(None),
            and_(Connection.queued_at < lost, Connection.id.not_in(waiting)),
        ),
    )
    with storage.read(SYSTEM) as session:
        due = session.execute(
            select(
                Connection.id,
                Connection.requested_at,
                Connection.last_run_at,
                exists()
                .where(Run.connection_id == Connection.id, Run.fence == Connection.fence)
                .where(Run.state == "abandoned")
                .label("interrupted"),
            )
            .where(open_to_claim)
            .order_by(Connection.next_due_at)
            .limit(BATCH)
        ).all()
    if not due:
        return []
    # In one order everywhere: two dispatchers that lock rows crosswise would block each other.
    return [
        Claim(row.id, moment, _trigger(row.requested_at, row.last_run_at), row.interrupted)
        for row in sorted(due, key=lambda row: row.id)
        if _claim(storage, row.id, moment, open_to_claim)
    ]


def queue_rows(
    core: "Core",
    task: str,
    table: type[PluginJob] | type[WebhookCall],
    condition: ColumnElement[bool],
    moment: datetime,
) -> int:
    """Queue `task` for rows that meet the condition, a batch at most, each claimed first by
    `queued_at`; how many. Of several dispatchers one claims each.

    Raises QueueDown; what could not be queued is unclaimed.
    """
    with core.storage.read(SYSTEM) as session:
        found = session.scalars(select(table.id).where(condition).limit(BATCH)).all()
    queued = 0
    for number in sorted(found):
        claim = update(table).where(table.id == number, condition)
        with core.storage.write(SYSTEM) as session:
            if not changed(session, claim.values(queued_at=moment)):
                continue
        try:
            core.queue.enqueue("background", task, number)
        except QueueDown:
            mine = (table.id == number, table.queued_at == moment)
            with core.storage.write(SYSTEM) as session:
                changed(session, update(table).where(*mine).values(queued_at=None))
            raise
        queued += 1
    return queued


def _claim(
    storage: Storage, connection_id: str, moment: datetime, condition: ColumnElement[bool]
) -> bool:
    mine = update(Connection).where(Connection.id == connection_id, condition)
    with storage.write(SYSTEM) as session:
        return changed(session, mine.values(queued_at=moment)) == 1


def _trigger(requested_at: datetime | None, last_run_at: datetime | None) -> str:
    if requested_at is None:
        return "schedule"
    return "manual" if last_run_at else "first"
