"""A circuit breaker for the calls of a plugin's code that nobody waits for: observers, its own
jobs, webhooks.

What raises, lies or hangs `MOST` times in a row is set aside: the call is not made any more, until
somebody lets it in again (`andock plugins enable`), its package has another version, or a worker
starts. After `AGAIN` it is tried again, and one more fault sets it aside anew. A call that goes
well ends the row. Checks and runs are not counted here: somebody asked for
them, they are bounded by limits and pauses of their own, and one member's odd server must not take
an integration away from everybody else.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from andock_core.clock import now
from andock_core.host.catalog import Listed
from andock_core.storage import SYSTEM, PluginFault, Storage
from andock_sdk.errors import PluginBug

log = logging.getLogger("andock.host")

MOST = 3
AGAIN = timedelta(days=1)
OBSERVERS, WEBHOOK = "observers", "webhook"
SET_ASIDE = "plugin.set_aside"


def job_call(name: str) -> str:
    """The name under which the faults of a plugin's own job are counted."""
    return f"job {name}"[:80]


@dataclass(frozen=True)
class SetAside:
    """One kind of call to an integration that is not made any more; `error` is the last fault's
    key."""

    integration: str
    call: str
    error: str
    since: datetime


@contextmanager
def counted(storage: Storage, listed: Listed, call: str) -> Iterator[None]:
    """Runs the block, and counts it when it raises a PluginBug.

    Raises PluginBug ("plugin.set_aside") instead when the call is set aside.
    """
    if is_set_aside(storage, listed, call):
        raise PluginBug(SET_ASIDE, f"{listed.slug}: {call}")
    try:
        yield
    except PluginBug as error:
        note(storage, listed, call, error.key)
        raise
    forget(storage, listed, call)


def is_set_aside(storage: Storage, listed: Listed, call: str) -> bool:
    """Whether a call is not to be made. A database that is away sets nothing aside."""
    return any(one.call == call for one in set_aside(storage, [listed]))


def set_aside(storage: Storage, plugins: Iterable[Listed]) -> list[SetAside]:
    """What is set aside of these plugins, by plugin and call."""
    asked = {(one.distribution, one.name, one.version): one.slug for one in plugins}
    query = select(PluginFault).where(PluginFault.set_aside_at > now() - AGAIN)
    ordered = query.order_by(PluginFault.distribution, PluginFault.entry_point, PluginFault.call)
    try:
        with storage.read(SYSTEM) as session:
            return [
                SetAside(slug, row.call, row.error, row.set_aside_at)
                for row in session.scalars(ordered)
                if (slug := asked.get((row.distribution, row.entry_point, row.version)))
                and row.set_aside_at is not None
            ]
    except SQLAlchemyError as error:
        log.warning("faults not looked up error=%s", type(error).__name__)
        return []


def note(storage: Storage, listed: Listed, call: str, error: str) -> None:
    """Count a fault; from the `MOST`th in a row on the call is set aside."""
    moment = now()
    try:
        with storage.write(SYSTEM) as session:
            key = (listed.distribution, listed.name, call)
            row = session.get(PluginFault, key, with_for_update=True)
            if row is None:
                row = PluginFault(distribution=key[0], entry_point=key[1], call=call, faults=0)
                session.add(row)
            if row.version != listed.version:
                row.version, row.faults, row.set_aside_at = listed.version, 0, None
            row.faults, row.error, row.last_at = row.faults + 1, error[:80], moment
            if row.faults >= MOST and (row.set_aside_at or moment - AGAIN) <= moment - AGAIN:
                row.set_aside_at = moment
                log.error("set aside plugin=%s call=%r error=%s", listed.slug, call, error)
    except IntegrityError:
        log.info("another process counted the same fault plugin=%s", listed.slug)
    except SQLAlchemyError as trouble:
        log.warning("fault not counted error=%s", type(trouble).__name__)


def forget(storage: Storage, listed: Listed, call: str) -> None:
    """The call went well: the row of faults ends. Writes only when there is one."""
    mine = (
        PluginFault.distribution == listed.distribution,
        PluginFault.entry_point == listed.name,
        PluginFault.call == call,
    )
    try:
        with storage.read(SYSTEM) as session:
            if session.scalar(select(PluginFault.faults).where(*mine)) is None:
                return
        with storage.write(SYSTEM) as session:
            session.execute(delete(PluginFault).where(*mine))
    except SQLAlchemyError as error:
        log.warning("faults not forgotten error=%s", type(error).__name__)


def let_in(storage: Storage, distribution: str, entry_point: str) -> list[str]:
    """Make all calls of a plugin again; which ones had been set aside."""
    mine = (PluginFault.distribution == distribution, PluginFault.entry_point == entry_point)
    aside = select(PluginFault.call).where(*mine, PluginFault.set_aside_at.is_not(None))
    with storage.write(SYSTEM) as session:
        found = list(session.scalars(aside.order_by(PluginFault.call)))
        session.execute(delete(PluginFault).where(*mine))
    return found


def start_afresh(storage: Storage) -> None:
    """When a worker starts: what went wrong before counts no more."""
    with storage.write(SYSTEM) as session:
        session.execute(delete(PluginFault))
