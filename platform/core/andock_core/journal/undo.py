"""Taking back a run, or one change: asked for in a page, carried out by a run of its own.

The run first brings both sides in step, so that it knows what changed since. Then each line is
taken back here, in a transaction of its own. Then it runs once more, and the ordinary way carries
it to the other side, with intents and conditions (see docs/decisions).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from andock_core import audit, clock
from andock_core.calendar.window import Window
from andock_core.connections import preferences
from andock_core.connections.errors import NotReady
from andock_core.connections.service import own
from andock_core.jobs.due import request_run
from andock_core.jobs.lease import Lease, check
from andock_core.jobs.sql import changed
from andock_core.journal.deeds import Deed, Deeds, in_effect_again
from andock_core.journal.lines import Line, opened
from andock_core.runs.here import Here
from andock_core.runs.sealing import Seals
from andock_core.storage import Collection, Connection, JournalLine, Run, Scope
from andock_core.storage.types import new_id
from andock_core.sync.ports import Line as Told, LocalChanged, Unusable

if TYPE_CHECKING:
    from andock_core.core import Core

TRIGGER = "undo"
MOST_SHOWN = 200
"""So many lines are looked at before the member decides; of more, the rest is only counted."""

_CAN = JournalLine.undo.in_(("", "skipped", "partly"))


@dataclass(frozen=True)
class Target:
    """What is to be taken back: all of a run, or one line of it."""

    run_id: str = ""
    line_id: str = ""


@dataclass(frozen=True)
class Look:
    """What taking back would do. `more`: so many lines were not looked at."""

    lines: tuple[tuple[Line, Deed], ...]
    more: int

    @property
    def taken(self) -> tuple[tuple[Line, Deed], ...]:
        """What goes back, whole or in part."""
        return tuple((line, deed) for line, deed in self.lines if deed.way != "skip")

    @property
    def skipped(self) -> tuple[tuple[Line, Deed], ...]:
        """What stays as it is."""
        return tuple((line, deed) for line, deed in self.lines if deed.way == "skip")


@dataclass(frozen=True)
class Standing:
    """How far it is: lines by what became of them in the newest run that took any of them back,
    `run_id`."""

    waiting: int
    done: int
    partly: int
    skipped: int
    run_id: str = ""


def look(core: "Core", scope: Scope, connection_id: str, target: Target) -> Look:
    """What would be taken back now, newest change first. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        mine = tuple(_lines(connection_id, target))
        seals = Seals(core.vault, connection.tenant_id, connection.owner_id)
        rows = session.scalars(
            select(JournalLine)
            .where(*mine, _CAN)
            .order_by(JournalLine.at.desc(), JournalLine.id.desc())
            .limit(MOST_SHOWN)
        ).all()
        total = session.scalar(select(func.count(JournalLine.id)).where(*mine, _CAN)) or 0
        reader = Lease(connection_id, connection.tenant_id, connection.owner_id, 0, "")
        collections = _Collections(core, session, reader)
        found = []
        for row in rows:
            line = opened(seals, row)
            deeds = collections.deeds(line.collection_id)
            found.append((line, deeds.decide(line) if deeds else Deed("skip", "let go")))
        return Look(tuple(found), total - len(rows))


def ask(core: "Core", scope: Scope, connection_id: str, target: Target) -> int:
    """Have it taken back by a worker; how many lines. Raises NotFound, NotReady when the
    connection cannot run now, QueueDown when it starts only later."""
    with core.storage.write(scope) as session:
        own(session, scope, connection_id)
        wanted = update(JournalLine).where(*_lines(connection_id, target), _CAN)
        wanted = wanted.where(JournalLine.action != "aside")
        asked = changed(session, wanted.values(undo="wanted", undo_reason=""))
    if asked and not request_run(core, scope, connection_id, TRIGGER):
        with core.storage.write(scope) as session:
            back = update(JournalLine).where(*_lines(connection_id, target))
            changed(session, back.where(JournalLine.undo == "wanted").values(undo=""))
        raise NotReady
    if asked:  # only now: a log that is only added to cannot take it back
        with core.storage.write(scope) as session:
            audit.record(
                *(session, scope.tenant_id, "run.undone"),
                actor_id=scope.member_id,
                subject_id=scope.member_id,
                integration=own(session, scope, connection_id).integration,
                changes=asked,
            )
    return asked


def standing(core: "Core", scope: Scope, connection_id: str, target: Target) -> Standing:
    """How far taking back is. Raises NotFound."""
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        mine = tuple(_lines(connection_id, target))
        by = (
            select(Run.id)
            .join(JournalLine, JournalLine.undone_by == Run.id)
            .where(*mine)
            .order_by(Run.started_at.desc())
            .limit(1)
        )
        run_id = session.scalar(by) or ""
        of_it = or_(JournalLine.undo == "wanted", JournalLine.undone_by == run_id)
        query = (
            select(JournalLine.undo, func.count(JournalLine.id))
            .where(*mine, JournalLine.undo != "", of_it)
            .group_by(JournalLine.undo)
        )
        count = {row[0]: row[1] for row in session.execute(query)}
    return Standing(
        waiting=count.get("wanted", 0),
        done=count.get("done", 0),
        partly=count.get("partly", 0),
        skipped=count.get("skipped", 0),
        run_id=run_id,
    )


def is_wanted(session: Session, connection_id: str) -> bool:
    """Whether the member asked to take something back that no run has dealt with."""
    return session.scalars(_wanted(connection_id).limit(1)).first() is not None


def carry_out(core: "Core", lease: Lease, run_id: str, window: Window) -> frozenset[str]:
    """Take back here all that was asked for; the entries that it touched. Raises LeaseLost."""
    touched: set[str] = set()
    with core.storage.read(lease.scope) as session:
        wanted = list(session.scalars(_wanted(lease.connection_id)))
    for line_id in wanted:
        touched |= _one(core, lease, run_id, window, line_id)
    return frozenset(touched)


def _one(core: "Core", lease: Lease, run_id: str, window: Window, line_id: str) -> set[str]:
    try:
        with core.storage.write(lease.scope) as session:
            check(session, lease)
            return _taken_back(core, session, lease, run_id, window, line_id)
    except (LocalChanged, Unusable) as error:
        reason = "changed" if isinstance(error, LocalChanged) else "cannot"
        with core.storage.write(lease.scope) as session:
            check(session, lease)
            values = {"undo": "skipped", "undo_reason": reason, "undone_by": run_id}
            changed(session, update(JournalLine).where(JournalLine.id == line_id).values(values))
        return set()


def _taken_back(
    core: "Core", session: Session, lease: Lease, run_id: str, window: Window, line_id: str
) -> set[str]:
    row = session.get_one(JournalLine, line_id)
    seals = Seals(core.vault, lease.tenant_id, lease.owner_id)
    line = opened(seals, row)
    deeds = _Collections(core, session, lease, window).deeds(line.collection_id)
    deed = deeds.decide(line) if deeds else Deed("skip", "let go")
    row.undo, row.undo_reason, row.undone_by = deed.outcome, deed.reason, run_id
    if deed.kept and not row.undo_reason:
        row.undo_reason = "changed"
    if deed.way == "skip" or deeds is None:
        return set()
    entry_id, told = deeds.carry_out(line, deed)
    if told is not None:
        session.add(_journalled(seals, line, told, entry_id, run_id))
    in_effect_again(session, line)
    return {entry_id, line.entry_id}


def _journalled(seals: Seals, line: Line, told: Told, entry_id: str, run_id: str) -> JournalLine:
    identifier = new_id()
    return JournalLine(
        id=identifier,
        tenant_id=seals.tenant_id,
        run_id=run_id,
        connection_id=line.connection_id,
        collection_id=line.collection_id,
        entry_id=entry_id,
        pair_id=line.pair_id if entry_id == line.entry_id else "",
        local_kind=line.local_kind,
        kind=line.kind,
        side=told.side,
        action=told.action,
        reason=told.reason,
        content=seals.line_content(identifier, told),
        at=clock.now(),
    )


class _Collections:
    """The deeds of each collection, opened once per session."""

    def __init__(
        self, core: "Core", session: Session, lease: Lease, window: Window | None = None
    ) -> None:
        self._core = core
        self._session = session
        self._lease = lease
        self._window = window or Window.around(clock.now())
        self._deeds: dict[str, Deeds | None] = {}

    def deeds(self, collection_id: str) -> Deeds | None:
        """None when the collection is no longer synchronised."""
        if collection_id not in self._deeds:
            self._deeds[collection_id] = self._open(collection_id)
        return self._deeds[collection_id]

    def _open(self, collection_id: str) -> Deeds | None:
        row = self._session.get(Collection, collection_id)
        if row is None:
            return None
        here = Here.of(self._session, self._core.vault, self._lease, row, self._window)
        connection = self._session.get_one(Connection, row.connection_id)
        return Deeds(self._session, here, preferences.of(connection).direction)


def _wanted(connection_id: str) -> Select[str]:
    """The newest run first, its lines as they were made: what came back here goes before what went
    there because of it."""
    return (
        select(JournalLine.id)
        .join(Run, Run.id == JournalLine.run_id)
        .where(JournalLine.connection_id == connection_id, JournalLine.undo == "wanted")
        .order_by(Run.started_at.desc(), JournalLine.at, JournalLine.id)
    )


def _lines(connection_id: str, target: Target) -> Iterator[ColumnElement[bool]]:
    yield JournalLine.connection_id == connection_id
    if target.line_id:
        yield JournalLine.id == target.line_id
    else:
        yield JournalLine.run_id == target.run_id
