"""kill -9 at random moments of runs, and what each kill hit."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Literal

import psutil
from sqlalchemy import select

from andock_core import clock
from andock_core.jobs.housekeeping import DEATHS_AT_ONCE
from andock_core.runs.sealing import Seals
from andock_core.storage import SYSTEM, Connection, Run
from andock_core.storage.tables import Intent
from tests.kill.house import House, Person

Victim = Literal["work-horse", "worker", "both at once"]
VICTIMS: tuple[Victim, ...] = ("work-horse", "worker", "both at once")
HORSE_SECONDS = 5
"""A work-horse whose worker was killed ends itself within half a second."""


@dataclass(frozen=True)
class Kill:
    """A kill that ended a run. `write`: where it stood to a write on the other side."""

    at: datetime
    connection_id: str
    victim: Victim
    phase: str
    write: str


@dataclass
class Killer:
    """Picks a run under way, waits a random moment, kills, and notes what was hit."""

    house: House
    random: Random
    kills: list[Kill] = field(default_factory=list)
    missed: int = 0
    in_flight: list[int] = field(default_factory=list)

    def strike(self) -> None:
        """One attempt; adds to `kills` or to `missed`."""
        held = self._somebody()
        if held is None:
            return
        time.sleep(self.random.random() * 0.4)
        connection_id, fence, horse = held
        victim = self.random.choice(VICTIMS)
        at = clock.now()
        if not _kill(victim, horse):
            self.missed += 1
            return
        hit = self._what_was_hit(connection_id, fence)
        if hit is None:
            self.missed += 1
        else:
            self.kills.append(Kill(at, connection_id, victim, *hit))

    def _somebody(self) -> tuple[str, int, int] | None:
        """A run under way: connection, fence, the work-horse's process. Not one that died again and
        again: the next try of such a connection waits, as it should."""
        with self.house.core.storage.read(SYSTEM) as session:
            rows = session.execute(
                select(Connection.id, Connection.fence, Connection.lease_holder)
                .where(Connection.lease_until >= clock.now(), Connection.lease_holder != "")
                .where(Connection.failures < DEATHS_AT_ONCE)
                .order_by(Connection.id)
            ).all()
            waiting = session.scalars(
                select(Connection.id).where(Connection.next_due_at <= clock.now())
            ).all()
        self.in_flight.append(len({row.id for row in rows} | set(waiting)))
        found = [(row.id, row.fence, int(row.lease_holder.split(":")[1])) for row in rows]
        alive = [one for one in found if psutil.pid_exists(one[2])]
        return self.random.choice(alive) if alive else None

    def _what_was_hit(self, connection_id: str, fence: int) -> tuple[str, str] | None:
        """Phase and write, read after the death: the dead change nothing any more."""
        with self.house.core.storage.read(SYSTEM) as session:
            row = session.get_one(Connection, connection_id)
            mine = (Run.connection_id == connection_id, Run.fence == fence)
            state = session.scalar(select(Run.state).where(*mine))
            if row.fence != fence or not row.lease_holder or state not in (None, "running"):
                return None  # it had ended, or somebody else took over already
            phase = str((row.progress or {}).get("phase", "?"))
            intents = session.scalars(
                select(Intent).where(Intent.connection_id == connection_id)
            ).all()
            session.expunge_all()
        person = next(p for p in self.house.people if p.connection_id == connection_id)
        if not intents:
            return phase, "no write open"
        seals = Seals(self.house.core.vault, person.scope.tenant_id, person.scope.member_id)
        done = any(_took_effect(person, seals.intent(intent)) for intent in intents)
        return phase, "after a write" if done else "before a write"


def _kill(victim: Victim, horse: int) -> bool:
    """Kill, and see the work-horse gone; False when it was gone before."""
    try:
        process = psutil.Process(horse)
        worker = process.ppid()
        if worker <= 1 or process.status() == psutil.STATUS_ZOMBIE:
            return False
        for pid in {"work-horse": [horse], "worker": [worker]}.get(victim, [worker, horse]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        ends = time.monotonic() + HORSE_SECONDS
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > ends:
                raise AssertionError("a work-horse outlived its worker")
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        return True
    return True


def _took_effect(person: Person, intent: Any) -> bool:
    """Whether the other side shows what an open intent was about to write."""
    events = person.mailbox.events()
    if intent.action == "create":
        return any(intent.operation_id in repr(event["props"]) for event in events)
    found = [event["props"] for event in events if event["id"] == intent.work.ref]
    if intent.action == "delete":
        return not found
    return any(
        (props.get("Subject", ""), props.get("Location", ""))
        == (intent.sent.subject, intent.sent.location)
        for props in found
    )


def moments(kills: list[Kill]) -> Counter[tuple[str, str]]:
    """How many kills hit which phase, and where they stood to a write."""
    return Counter((kill.phase, kill.write) for kill in kills)
