"""How far a run is, on the connection's row, where the page reads it."""

import time

from sqlalchemy import update

from andock_core.jobs.lease import Lease
from andock_core.storage import Connection, Storage

SECONDS = 0.5


class ProgressBoard:
    """Writes {"phase", "done", "total"}, at most every half second; a new phase at once."""

    def __init__(self, storage: Storage, lease: Lease) -> None:
        self._storage = storage
        self._lease = lease
        self._phase = ""
        self._written_at = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show how far the phase is. `total` 0: not known."""
        moment = time.monotonic()
        if phase == self._phase and moment - self._written_at < SECONDS:
            return
        self._phase, self._written_at = phase, moment
        values = {"progress": {"phase": phase, "done": done, "total": total}}
        with self._storage.write(self._lease.scope) as session:
            session.execute(
                update(Connection)
                .where(
                    Connection.id == self._lease.connection_id,
                    Connection.fence == self._lease.fence,
                )
                .values(values)
                .execution_options(synchronize_session=False)
            )
