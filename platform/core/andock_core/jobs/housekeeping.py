"""Repairs what dead workers left behind, throws away what has expired, keeps series going."""

import logging
from datetime import datetime

from sqlalchemy import delete, select, update

from andock_core.calendar.entries import extend
from andock_core.calendar.window import Window
from andock_core.doctor import links
from andock_core.jobs.due import back_off
from andock_core.jobs.lease import abandon_runs
from andock_core.jobs.sql import changed
from andock_core.storage import SYSTEM, Attempt, Connection, Storage
from andock_core.vault import Vault

log = logging.getLogger("andock.jobs")


def repair_lapsed(storage: Storage, moment: datetime) -> int:
    """Take lapsed leases back: their runs are abandoned, their connections due again at once.

    When run after run dies, the next ones wait as after other failures. Returns how many.
    """
    with storage.read(SYSTEM) as session:
        lapsed = session.execute(
            select(Connection.id, Connection.fence, Connection.failures).where(
                Connection.lease_until < moment
            )
        ).all()
    return sum(_repair(storage, row.id, row.fence, row.failures, moment) for row in lapsed)


def _repair(
    storage: Storage, connection_id: str, fence: int, failures: int, moment: datetime
) -> int:
    mine = (
        Connection.id == connection_id,
        Connection.fence == fence,
        Connection.lease_until < moment,
    )
    values = {
        "lease_holder": "",
        "lease_until": None,
        "progress": None,
        "failures": failures + 1,
        "next_due_at": moment if failures == 0 else moment + back_off(failures),
    }
    with storage.write(SYSTEM) as session:
        if not changed(session, update(Connection).where(*mine).values(values)):
            return 0
        abandon_runs(session, connection_id, fence + 1)
    log.warning("run abandoned connection=%s fence=%d", connection_id, fence)
    return 1


def extend_series(storage: Storage, vault: Vault, moment: datetime) -> None:
    """Let series without end follow the window as it moves, a portion at a time."""
    with storage.write(SYSTEM) as session:
        extend(session, vault, Window.around(moment))


def purge_attempts(storage: Storage, moment: datetime) -> None:
    """Delete searches and tests that were not saved in time, with their sealed drafts, and links
    to reports that have ended."""
    with storage.write(SYSTEM) as session:
        session.execute(
            delete(Attempt).where(Attempt.expires_at < moment),
            execution_options={"synchronize_session": False},
        )
        links.purge(session, moment)
