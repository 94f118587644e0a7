"""A worker whose runs are rehearsed: everything is real but the engine.

`python -m tests.jobs.rehearsal --queue …` is worker.py, and instead of a sync run it does what the
connection's account label says: "run SECONDS" or "raise ERROR". Each begin and end is a line in
the file that REHEARSAL names.
"""

import os
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from unittest.mock import patch

from andock_core.core import Core
from andock_core.jobs import lease as leases, worker
from andock_core.jobs.lease import Lease
from andock_core.storage import Connection, Run
from andock_sdk import errors

SECRET = "correct horse battery staple"
ERRORS: dict[str, Exception] = {
    "credentials": errors.BadCredentials(),
    "transient": errors.Transient(),
    "foreign": ValueError(SECRET),
}


@dataclass
class Result:
    """What a run returns."""

    counts: dict[str, int] = field(default_factory=dict)
    again_at: datetime | None = None


def run_connection(core: Core, lease: Lease, trigger: str) -> Result:
    """The rehearsed run."""
    with core.storage.write(lease.scope) as session:
        leases.check(session, lease)
        label = session.get_one(Connection, lease.connection_id).account_label
        run = Run(
            tenant_id=lease.tenant_id,
            connection_id=lease.connection_id,
            trigger=trigger,
            fence=lease.fence,
        )
        session.add(run)
        session.flush()
        run_id = run.id
    note(f"begin {lease.connection_id} {os.getpid()}")
    what, _, how = label.partition(" ")
    if what == "raise":
        raise ERRORS[how]
    time.sleep(float(how or 0))
    with core.storage.write(lease.scope) as session:
        leases.check(session, lease)
        session.get_one(Run, run_id).state = "done"
    note(f"end {lease.connection_id} {os.getpid()}")
    return Result({"in.created": 1})


def note(line: str) -> None:
    """Tell the test."""
    with open(os.environ["REHEARSAL"], "a") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    # Installed plugins are not needed, and looking at them takes time.
    patch("andock_core.host.catalog.installed", list).start()
    engine = ModuleType("andock_core.runs.execute")
    engine.run_connection = run_connection  # type: ignore[attr-defined]
    sys.modules[engine.__name__] = engine
    worker.main()
