"""The runs of a connection, newest first; those without any change folded into one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.connections.errors import NotFound
from andock_core.connections.service import own
from andock_core.storage import JournalLine, Run, Scope

if TYPE_CHECKING:
    from andock_core.core import Core

CHUNK = 200
PAGE = 20
SUMMARY = timedelta(days=7)


@dataclass(frozen=True)
class RunRow:
    """One run. `lines`: its changes; `open`: how many of them can be taken back."""

    id: str
    trigger: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    error: str
    counts: dict[str, int]
    lines: int = 0
    open: int = 0

    @property
    def milliseconds(self) -> int | None:
        """How long it took."""
        if self.ended_at is None:
            return None
        return round((self.ended_at - self.started_at).total_seconds() * 1000)

    @property
    def quiet(self) -> bool:
        """Whether there was nothing to do, and nothing to tell."""
        return self.state == "done" and not self.lines and not self.counts.get("aside")


@dataclass(frozen=True)
class Quiet:
    """Runs in a row that had nothing to do."""

    runs: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class RunPage:
    """Runs, and where the older ones begin; empty when there are none."""

    rows: tuple[RunRow | Quiet, ...]
    older: str = ""


@dataclass(frozen=True)
class Summary:
    """What changed in the last seven days. `mails` to attendees because of Andock."""

    came: int = 0
    went: int = 0
    deleted: int = 0
    mails: int = 0
    by: dict[str, int] = field(default_factory=dict)


def page(
    core: "Core", scope: Scope, connection_id: str, older: str = "", size: int = PAGE
) -> RunPage:
    """A page of runs. Raises NotFound."""
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        rows: list[RunRow | Quiet] = []
        last = older
        for run in _newest_first(session, connection_id, older):
            folded = _folded(rows[-1] if rows else None, run)
            if folded is not None:
                rows[-1] = folded
            elif len(rows) == size:
                return RunPage(tuple(rows), last)
            else:
                rows.append(Quiet(1, run.started_at, run.started_at) if run.quiet else run)
            last = _mark(run)
        return RunPage(tuple(rows))


def one(core: "Core", scope: Scope, connection_id: str, run_id: str) -> RunRow:
    """One run. Raises NotFound."""
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        run = session.scalars(
            select(Run).where(Run.id == run_id, Run.connection_id == connection_id)
        ).one_or_none()
        if run is None:
            raise NotFound
        return _counted(session, [run])[0]


def summary(core: "Core", scope: Scope, connection_id: str) -> Summary:
    """What changed lately. Raises NotFound."""
    since = clock.now() - SUMMARY
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        lines = session.execute(
            select(JournalLine.side, JournalLine.action, func.count(JournalLine.id))
            .where(JournalLine.connection_id == connection_id, JournalLine.at >= since)
            .group_by(JournalLine.side, JournalLine.action)
        ).all()
        counts = session.scalars(
            select(Run.counts).where(Run.connection_id == connection_id, Run.started_at >= since)
        ).all()
    by = {f"{side}.{action}": number for side, action, number in lines}
    return Summary(
        came=sum(n for key, n in by.items() if key.startswith("here.") and key[5:] != "delete"),
        went=sum(n for key, n in by.items() if key.startswith("there.") and key[6:] != "delete"),
        deleted=by.get("here.delete", 0) + by.get("there.delete", 0),
        mails=sum((each or {}).get("mails", 0) for each in counts),
        by=by,
    )


def _newest_first(session: Session, connection_id: str, older: str) -> Iterator[RunRow]:
    mark = _read(older)
    while True:
        query = select(Run).where(Run.connection_id == connection_id)
        if mark is not None:
            query = query.where(tuple_(Run.started_at, Run.id) < mark)
        found = session.scalars(
            query.order_by(Run.started_at.desc(), Run.id.desc()).limit(CHUNK)
        ).all()
        yield from _counted(session, found)
        if len(found) < CHUNK:
            return
        mark = (found[-1].started_at, found[-1].id)


def _counted(session: Session, runs: Sequence[Run]) -> list[RunRow]:
    ids = [run.id for run in runs]
    query = (
        select(JournalLine.run_id, JournalLine.undo, func.count(JournalLine.id))
        .where(JournalLine.run_id.in_(ids))
        .group_by(JournalLine.run_id, JournalLine.undo)
    )
    found: dict[str, dict[str, int]] = {}
    for run_id, undo, number in session.execute(query):
        found.setdefault(run_id, {})[undo] = number
    return [_row(run, found.get(run.id, {})) for run in runs]


def _row(run: Run, lines: dict[str, int]) -> RunRow:
    return RunRow(
        id=run.id,
        trigger=run.trigger,
        state=run.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        error=run.error,
        counts=run.counts or {},
        lines=sum(lines.values()),
        open=sum(lines.get(state, 0) for state in ("", "skipped", "partly")),
    )


def _folded(before: RunRow | Quiet | None, run: RunRow) -> Quiet | None:
    if not run.quiet or not isinstance(before, Quiet):
        return None
    return Quiet(before.runs + 1, run.started_at, before.last_at)


def _mark(run: RunRow) -> str:
    return f"{run.started_at.isoformat()}~{run.id}"


def _read(mark: str) -> tuple[datetime, str] | None:
    moment, _, row_id = mark.partition("~")
    try:
        return (datetime.fromisoformat(moment), row_id) if row_id else None
    except ValueError:
        return None
