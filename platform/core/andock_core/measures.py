"""What the operator's monitoring asks: a handful of figures, counted when asked.

Figures only, never whose: connections and runs of all companies together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.jobs.lease import runnable
from andock_core.jobs.queue import QueueDown
from andock_core.storage import SYSTEM, Connection, InboxItem, Pair, Run

if TYPE_CHECKING:
    from andock_core.core import Core

RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class Measure:
    """One gauge. `values`: (labels, value) for each of its series."""

    name: str
    help: str
    labels: tuple[str, ...]
    values: tuple[tuple[tuple[str, ...], float], ...]


def measures(core: "Core") -> Iterator[Measure]:
    """All gauges. Raises what the database raises; queues that are away are left out."""
    now = clock.now()
    with core.storage.read(SYSTEM) as session:
        yield _by(
            session,
            *("andock_connections", "Connections by integration and state."),
            ("integration", "state"),
            select(Connection.integration, Connection.state, func.count()).group_by(
                Connection.integration, Connection.state
            ),
        )
        yield _by(
            session,
            *("andock_runs_last_hour", "Sync runs that began within the last hour, by state."),
            ("state",),
            select(Run.state, func.count())
            .where(Run.started_at > now - RECENT)
            .group_by(Run.state),
        )
        yield _by(
            session,
            *("andock_items_waiting", "Items that are tried again, set aside or held, by state."),
            ("state",),
            select(Pair.state, func.count())
            .where(Pair.state.in_(("dirty", "aside", "held")))
            .group_by(Pair.state),
        )
        inbox = session.scalar(select(func.count(InboxItem.id))) or 0
        yield Measure("andock_inbox_items", "Announced, not dealt with.", (), (((), inbox),))
        oldest = session.scalar(select(func.min(Connection.next_due_at)).where(runnable()))
        late = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
        yield Measure(
            "andock_overdue_seconds", "How long the latest connection waits.", (), (((), late),)
        )
    yield from _queues(core)


def _queues(core: "Core") -> Iterator[Measure]:
    try:
        waiting, listening = core.queue.waiting(), core.queue.listening()
    except QueueDown:
        yield Measure("andock_queues_up", "Whether the queues can be reached.", (), (((), 0.0),))
        return
    yield Measure("andock_queues_up", "Whether the queues can be reached.", (), (((), 1.0),))
    yield Measure("andock_jobs_waiting", "Jobs in both queues.", (), (((), waiting),))
    yield Measure(
        *("andock_workers", "Workers by queue.", ("queue",)),
        tuple(((name,), count) for name, count in sorted(listening.items())),
    )


def _by(session: Session, name: str, words: str, labels: tuple[str, ...], query: object) -> Measure:
    rows = session.execute(query).all()  # type: ignore[call-overload]
    values = tuple((tuple(row[:-1]), float(row[-1])) for row in sorted(rows, key=tuple))
    return Measure(name, words, labels, values)
