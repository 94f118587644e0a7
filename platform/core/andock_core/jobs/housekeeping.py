"""Repairs what dead workers left behind, throws away what has expired, keeps series going."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from andock_core.accounts import links as account_links
from andock_core.authorizing import sign_ins
from andock_core.calendar.entries import extend
from andock_core.calendar.window import Window
from andock_core.doctor import links
from andock_core.jobs.due import back_off
from andock_core.jobs.lease import abandon_runs
from andock_core.jobs.sql import changed
from andock_core.storage import (
    SYSTEM,
    Attempt,
    AuditEntry,
    Connection,
    JournalLine,
    Run,
    Storage,
)
from andock_core.storage.append_only import TIDYING
from andock_core.vault import Vault

log = logging.getLogger("andock.jobs")

DEATHS_AT_ONCE = 3
"""So many runs that die one after the other are followed by another one at once."""

PORTION = 500
"""So many runs are thrown away at once."""


def repair_lapsed(storage: Storage, moment: datetime) -> int:
    """Take lapsed leases back: their runs are abandoned, their connections due again at once.

    When run after run dies, the fourth and later ones wait as after other failures: an item that
    kills its worker must not keep all of them busy. Returns how many.
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
        "next_due_at": moment
        if failures < DEATHS_AT_ONCE
        else moment + back_off(failures - DEATHS_AT_ONCE + 1),
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
    that have ended."""
    with storage.write(SYSTEM) as session:
        session.execute(
            delete(Attempt).where(Attempt.expires_at < moment),
            execution_options={"synchronize_session": False},
        )
        links.purge(session, moment)
        sign_ins.purge(session, moment)
        account_links.purge(session, moment)


def purge_audit(storage: Storage, moment: datetime, days: int) -> None:
    """Delete entries of the audit log that are older than `days` days: the only thing that ever
    deletes any."""
    with storage.write(SYSTEM) as session:
        session.execute(
            delete(AuditEntry).where(AuditEntry.at < moment - timedelta(days=days)),
            execution_options={TIDYING: True, "synchronize_session": False},
        )


def purge_journal(storage: Storage, moment: datetime, days: int) -> int:
    """Delete runs that ended more than `days` days ago with their lines, a portion at a time; the
    newest run of each connection stays. Returns how many it deleted."""
    newest = (
        select(func.max(Run.started_at))
        .where(Run.connection_id == Connection.id)
        .correlate(Connection)
        .scalar_subquery()
    )
    with storage.write(SYSTEM) as session:
        old = session.scalars(
            select(Run.id)
            .join(Connection, Connection.id == Run.connection_id)
            .where(Run.started_at < moment - timedelta(days=days))
            .where(Run.state != "running", Run.started_at < newest)
            .order_by(Run.started_at)
            .limit(PORTION)
        ).all()
        for table, column in ((JournalLine, JournalLine.run_id), (Run, Run.id)):
            session.execute(
                delete(table).where(column.in_(old)),
                execution_options={"synchronize_session": False},
            )
    return len(old)
