"""The dispatcher: a process that puts into the queues what SQL says is due.

Any number of them may run: `python -m andock_core.jobs.dispatcher`. With `--beside PID` it ends
with the process that started it.
"""

import argparse
import logging
import os
import signal
import threading
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from andock_core import config, logs, notices
from andock_core.clock import now
from andock_core.contacts import undo
from andock_core.jobs import own
from andock_core.jobs.claims import claim_due
from andock_core.jobs.due import enqueue_claimed, unclaim
from andock_core.jobs.housekeeping import (
    extend_series,
    purge_attempts,
    purge_audit,
    purge_journal,
    repair_lapsed,
)
from andock_core.jobs.queue import QueueDown
from andock_core.webhooks import answering

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.dispatcher")

POLL_SECONDS = 2.0
TIDY_EVERY = 30  # ticks


class Dispatcher:
    """Looks every `POLL_SECONDS` seconds, until `stop` is set."""

    def __init__(self, core: "Core") -> None:
        self._core = core
        self._ticks = 0
        self._trouble = ""

    def loop(self, stop: threading.Event, parent: int | None) -> None:
        """Tick until told to stop, or until the parent process, if one counts, is gone."""
        while not stop.is_set() and parent in (None, os.getppid()):
            self.try_tick()
            stop.wait(POLL_SECONDS)

    def try_tick(self) -> None:
        """One tick; a database or a Redis that is away is told once and tried again."""
        try:
            self.tick()
        except (QueueDown, SQLAlchemyError) as error:
            trouble = type(error).__name__
        else:
            trouble = ""
        if trouble != self._trouble:
            log.warning("trouble=%s", trouble or "over")
            self._trouble = trouble

    def tick(self) -> int:
        """Repair, tidy, queue what is due; how many were queued. Raises QueueDown."""
        moment = now()
        repair_lapsed(self._core.storage, moment)
        if self._ticks % TIDY_EVERY == 0:
            purge_attempts(self._core.storage, moment)
            purge_journal(self._core.storage, moment, self._core.settings.journal_days)
            purge_audit(self._core.storage, moment, self._core.settings.audit_days)
            undo.purge(self._core.storage, moment)
            notices.purge(self._core.storage, moment)
            extend_series(self._core.storage, self._core.vault, moment)
        self._ticks += 1
        queued = own.dispatch(self._core, moment) + answering.dispatch(self._core, moment)
        return queued + self._dispatch()

    def _dispatch(self) -> int:
        waiting = self._core.queue.connections_waiting()
        claims = claim_due(self._core.storage, now(), waiting=waiting)
        for done, claim in enumerate(claims):
            try:
                enqueue_claimed(
                    self._core,
                    claim.connection_id,
                    claim.claimed_at,
                    claim.trigger,
                    first=claim.interrupted,
                )
            except QueueDown:
                for left in claims[done + 1 :]:
                    unclaim(self._core.storage, left.connection_id, left.claimed_at)
                raise
        return len(claims)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    from andock_core.core import Core

    parser = argparse.ArgumentParser(description="Queues what is due.")
    help_text = "end when this process, which started it, is gone"
    parser.add_argument("--beside", type=int, metavar="PID", help=help_text)
    parent: int | None = parser.parse_args().beside
    logs.set_up("dispatcher")
    core = Core.open(config.load(), probe=False)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    log.info("dispatcher ready pid=%d", os.getpid())
    try:
        Dispatcher(core).loop(stop, parent)
    finally:
        core.close()


if __name__ == "__main__":
    main()
