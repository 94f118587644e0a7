"""One sync run of one connection, as a job: lease, run, settle, tell."""

import logging
import os
import socket
from typing import TYPE_CHECKING
from uuid import uuid4

from andock_core.host.deadline import DeadlinePassed, deadline
from andock_core.host.faults import describe
from andock_core.jobs import observe
from andock_core.jobs.lease import Lease, LeaseLost, acquire, kept
from andock_core.jobs.queue import SECONDS
from andock_core.jobs.settling import Ended, Settled, settle
from andock_sdk.errors import AndockError, Transient

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.jobs")


def run(core: "Core", connection_id: str, trigger: str) -> None:
    """Run a connection whose run was claimed. Does nothing when another job took it up, or when it
    may not run at present (`andock_core.governance.standing`)."""
    from andock_core.governance import standing

    if not standing.may_run(core, connection_id):
        log.info("may not run connection=%s", connection_id)
        return
    lease = acquire(core.storage, connection_id, _holder(), claimed_only=True)
    if lease is None:
        log.info("nothing to run connection=%s", connection_id)
        return
    ended = _execute(core, lease, trigger)
    settled = settle(core, lease, ended) if ended is not None else None
    if settled is not None and ended is not None:
        _tell(core, settled, ended)


def _execute(core: "Core", lease: Lease, trigger: str) -> Ended | None:
    """The run itself; None when it lost its lease. Lets nothing out."""
    from andock_core.runs.execute import run_connection

    try:
        with deadline(SECONDS["sync"]), kept(core.storage, lease):
            result = run_connection(core, lease, trigger)
        return Ended(counts=dict(result.counts), again_at=result.again_at)
    except LeaseLost:
        return None
    except DeadlinePassed:
        error: AndockError = Transient("sync.too_long")
    except AndockError as found:
        error = found
    except Exception as found:
        log.error("run failed connection=%s error=%r", lease.connection_id, describe(found))
        error = AndockError("unexpected")
    return Ended(error)


def _tell(core: "Core", settled: Settled, ended: Ended) -> None:
    if ended.error is None:
        observe.announce(core, "sync_finished", settled.facts, counts=ended.counts)
    elif settled.alarmed:
        key = ended.error.key
        observe.announce(core, "connection_needs_attention", settled.facts, error=key)


def _holder() -> str:
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{uuid4().hex[:8]}"
