"""Leases: one connection runs once at a time.

A lease is a compare-and-set on the connection's row. Its fence number grows with each lease, and
each of a run's write transactions checks it, so a run that lost its lease cannot commit anything.
Hosts need roughly the same time: a clock that is wrong by more than the lease could take one early.
"""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from andock_core.clock import now
from andock_core.host.registry import is_switched_off
from andock_core.jobs.sql import changed
from andock_core.storage import SYSTEM, Connection, Run, Scope, Storage

log = logging.getLogger("andock.jobs")

DEFAULT_SECONDS = 60
RUNNABLE = ("active", "attention")


class LeaseLost(Exception):
    """Another run holds the connection now. Whoever gets this stops and writes nothing more."""


@dataclass(frozen=True)
class Lease:
    """The right to run a connection, until it lapses or is released."""

    connection_id: str
    tenant_id: str
    owner_id: str
    fence: int
    holder: str

    @property
    def scope(self) -> Scope:
        """In whose name the run works."""
        return Scope(self.tenant_id, self.owner_id)


def seconds() -> int:
    """How long a lease lasts without being renewed (ANDOCK_LEASE_SECONDS)."""
    return int(os.environ.get("ANDOCK_LEASE_SECONDS") or DEFAULT_SECONDS)


def acquire(
    storage: Storage, connection_id: str, holder: str, *, claimed_only: bool = False
) -> Lease | None:
    """The lease, or None while another run holds it or nothing can run (no grant, disconnected).

    `claimed_only`: only if a job was queued and no other job took it up since, so that a job
    that was queued twice runs once. Takes up all requests made so far.
    """
    moment = now()
    conditions = [
        Connection.id == connection_id,
        runnable(),
        is_free(moment),
    ]
    if claimed_only:
        conditions.append(Connection.queued_at.is_not(None))
    values = {
        "fence": Connection.fence + 1,
        "lease_holder": holder,
        "lease_until": _end(moment),
        "queued_at": None,
        "requested_at": None,
        "next_due_at": moment,  # stays due until the run has ended: a crash is made up for at once
        "last_run_at": moment,
        "progress": {"phase": "starting", "done": 0, "total": 0},
    }
    with storage.write(SYSTEM) as session:
        if not changed(session, update(Connection).where(*conditions).values(values)):
            return None
        found = session.execute(
            select(Connection.tenant_id, Connection.owner_id, Connection.fence).where(
                Connection.id == connection_id
            )
        ).one()
        abandon_runs(session, connection_id, found.fence)
    return Lease(connection_id, found.tenant_id, found.owner_id, found.fence, holder)


def check(session: Session, lease: Lease) -> None:
    """Extend the lease as part of this transaction. Raises LeaseLost.

    First statement of each of a run's write transactions: it also makes whoever wants to take
    the lease wait until the transaction ends.
    """
    values = {"lease_until": _end(now())}
    if not changed(session, update(Connection).where(*_held(lease)).values(values)):
        raise LeaseLost


def renew(storage: Storage, lease: Lease) -> None:
    """Extend the lease in a transaction of its own. Raises LeaseLost."""
    with storage.write(lease.scope) as session:
        check(session, lease)


def release(storage: Storage, lease: Lease) -> None:
    """Give the lease back. Nothing happens when it was lost meanwhile."""
    with storage.write(lease.scope) as session:
        values = {"lease_holder": "", "lease_until": None, "progress": None}
        changed(session, update(Connection).where(*_held(lease)).values(values))


@contextmanager
def kept(storage: Storage, lease: Lease) -> Iterator[None]:
    """Renews the lease in the background, for calls that take longer than it lasts."""
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(seconds() / 3):
            try:
                renew(storage, lease)
            except LeaseLost:
                return  # the run notices at its next transaction
            except SQLAlchemyError as error:
                log.warning("lease not renewed connection=%s error=%s", *_words(lease, error))

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def runnable() -> ColumnElement[bool]:
    """SQL: the connection can run, the member agreed to what it would do, and did not pause it, and
    nothing that the company decided or the plugin asks for stands in the way, nor has the operator
    switched the plugin off."""
    return and_(
        Connection.state.in_(RUNNABLE),
        Connection.paused_at.is_(None),
        Connection.stopped == "",
        Connection.wanted == Connection.confirmed,
        not_(is_switched_off()),
    )


def is_free(moment: datetime) -> ColumnElement[bool]:
    """SQL: nobody holds the connection's lease."""
    return or_(Connection.lease_until.is_(None), Connection.lease_until < moment)


def abandon_runs(session: Session, connection_id: str, fence: int) -> None:
    """Runs of earlier leases that never ended: their workers died."""
    conditions = (
        Run.connection_id == connection_id,
        Run.state == "running",
        Run.fence < fence,
    )
    changed(session, update(Run).where(*conditions).values(state="abandoned", ended_at=now()))


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        Connection.id == lease.connection_id,
        Connection.fence == lease.fence,
        Connection.lease_holder == lease.holder,
    )


def _end(moment: datetime) -> datetime:
    return moment + timedelta(seconds=seconds())


def _words(lease: Lease, error: Exception) -> tuple[str, str]:
    return lease.connection_id, type(error).__name__
