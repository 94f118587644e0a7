"""What taking back one line of the journal means, given what is there now; and doing it here.

Everything happens in Andock's own tables, in one transaction, compared and set like any edit of
the member. The other side is written by the run that follows, by its ordinary way (see
docs/decisions, "What is taken back is an edit").
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from andock_core.clock import now
from andock_core.journal.differences import Row
from andock_core.journal.lines import Line
from andock_core.journal.taking_back import restored
from andock_core.runs.here import Here
from andock_core.runs.queries import PENDING, TABLES
from andock_core.runs.sealing import digest
from andock_core.storage import Connection, JournalLine, Pair
from andock_core.storage.types import new_id
from andock_core.sync.documents import editable, light
from andock_core.sync.plan import Kind
from andock_core.sync.ports import ChangedEntry, GoneEntry, Line as Told, LocalChanged, NewEntry
from andock_sdk import Item

Way = Literal[
    "skip",  # nothing, `reason` says why
    "edit",  # the fields go back
    "ignore",  # out of Andock, and not imported again until it changes there
    "rest",  # it leaves the other side, and stays here alone until it changes
    "remove",  # deleted here, and with it there
    "revive",  # it comes back here and there
    "plan",  # the task or call comes back into the calendar
    "unrest",  # it goes there again
    "import",  # it is imported again
]

_BOTH_SIDES = frozenset({"edit", "rest", "remove", "revive"})
BROUGHT_BACK = ("taken back", "restored")
"""Created by the member's own word, on both sides."""


@dataclass(frozen=True)
class Deed:
    """What to do about a line. `back` and `kept` as in `taking_back.Restored`."""

    way: Way
    reason: str = ""
    item: Item | None = None
    back: tuple[Row, ...] = ()
    kept: tuple[Row, ...] = ()

    @property
    def outcome(self) -> str:
        """For the line's column `undo`."""
        if self.way == "skip":
            return "skipped"
        return "partly" if self.kept else "done"


@dataclass
class Deeds:
    """Decides and acts for the lines of one collection, in one session."""

    session: Session
    here: Here
    direction: str = "both"
    """As the member's preference: in, nothing is written there; out, nothing here."""

    def decide(self, line: Line) -> Deed:
        """What can be done about a line now. Changes nothing."""
        deed = self._decided(line)
        one_way = self.direction != "both" and self.here.collection.role != "import"
        return Deed("skip", "one way") if one_way and deed.way in _BOTH_SIDES else deed

    def _decided(self, line: Line) -> Deed:
        if self.here.collection.retired:
            return Deed("skip", "let go")
        if line.action == "aside" or line.broken:
            return Deed("skip", "cannot")
        ways: dict[tuple[str, str], Callable[[Line], Deed]] = {
            ("here", "create"): self._arrived,
            ("there", "create"): self._sent,
            ("here", "delete"): self._vanished,
            ("there", "delete"): self._vanished,
        }
        return ways.get((line.side, line.action), self._changed)(line)

    def carry_out(self, line: Line, deed: Deed) -> tuple[str, Told | None]:
        """Do it here; the entry that it is about, and what the journal tells of it. Raises
        LocalChanged, Unusable; nothing then took effect."""
        local = self.here.get(line.entry_id)
        if deed.way == "edit" and local is not None and deed.item is not None:
            change = ChangedEntry(local.entry_id, local.kind, deed.item, local.version)
            self._carry(change, line)
            return line.entry_id, _told("update", local.item, deed.item)
        if deed.way in ("ignore", "remove") and local is not None:
            pair = self._pair(line)
            self._carry(GoneEntry(local.entry_id, local.version), line)
            if pair is not None:
                self._ignore(pair) if deed.way == "ignore" else self._release(pair)
            return line.entry_id, _told("delete", local.item, None)
        if deed.way == "revive" and line.before is not None:
            return self._revive(line, line.before)
        if deed.way == "import":
            pair = self._pair(line)
            if pair is not None:
                pair.next_try_at = now()
        elif deed.way in ("rest", "unrest"):
            self._rest(line, resting=deed.way == "rest")
        elif deed.way == "plan":
            self._plan(line)
        return line.entry_id, None

    def _changed(self, line: Line) -> Deed:
        local = self.here.get(line.entry_id)
        if local is None:
            return Deed("skip", "gone")
        if local.kind == "block":
            return Deed("skip", "block")
        if not editable(local.item):
            return Deed("skip", "organised")
        if line.before is None or line.after is None:
            return Deed("skip", "cannot")
        made = restored(local.item, line.before, line.after)
        if not made.back:
            return Deed("skip", "changed" if made.kept else "as it was", kept=made.kept)
        return Deed("edit", "", made.item, made.back, made.kept)

    def _arrived(self, line: Line) -> Deed:
        """It came from there, or came back."""
        local, pair = self.here.get(line.entry_id), self._pair(line)
        if local is None or pair is None:
            return Deed("skip", "gone")
        if line.after is None or light(local.item) != light(line.after):
            return Deed("skip", "changed")
        if local.kind == "planned":
            return Deed("skip", "cannot")
        if line.reason not in BROUGHT_BACK:
            return Deed("ignore")
        return Deed("skip", "block") if local.kind == "block" else Deed("remove")

    def _sent(self, line: Line) -> Deed:
        """It went there; it stays here."""
        local, pair = self.here.get(line.entry_id), self._pair(line)
        if local is None or pair is None or pair.ref.startswith(PENDING):
            return Deed("skip", "gone")
        if local.kind == "block":
            return Deed("skip", "block")
        agreed = pair.entry_version == local.version
        if not agreed or self._later(line):
            return Deed("skip", "changed")
        return Deed("rest")

    def _vanished(self, line: Line) -> Deed:
        """It was deleted on both sides, one after the other."""
        pair = self._pair(line)
        if pair is not None and pair.state == "ignored":
            return Deed("import")
        row = self._row(line)
        if row is not None and line.local_kind in ("task", "call"):
            return Deed("skip", "back") if row.planned else Deed("plan")
        if row is not None:
            return Deed("unrest") if row.resting else Deed("skip", "back")
        if line.local_kind in ("task", "call"):
            return Deed("skip", "gone")
        if line.before is None or not editable(line.before):
            return Deed("skip", "organised")
        if self._is_back(line.before.uid):
            return Deed("skip", "back")
        return Deed("revive", item=line.before)

    def _revive(self, line: Line, item: Item) -> tuple[str, Told]:
        """Under a new id: so nothing takes it for the one that was deleted there."""
        entry_id, collection = new_id(), self.here.collection
        kind: Kind = line.kind if line.kind in ("own", "converted") else "block"  # type: ignore[assignment]
        if line.local_kind == "contact":
            kind = "own"
        self.here.carry_out(NewEntry(entry_id, kind, item), line.local_kind)  # type: ignore[arg-type]
        row: Any = self.session.get(TABLES[line.local_kind], entry_id)
        if kind == "own" and row is not None:
            row.origin = "andock"
        self.session.add(
            Pair(
                tenant_id=collection.tenant_id,
                connection_id=collection.connection_id,
                collection_id=collection.id,
                entry_id=entry_id,
                local_kind=line.local_kind,
                kind=kind,
                ref=PENDING + entry_id,
                entry_version=row.version if row is not None else 0,
                seen_mark=collection.listing_mark,
                state="restore",
            )
        )
        return entry_id, _told("create", None, item)

    def _rest(self, line: Line, *, resting: bool) -> None:
        row = self._row(line, lock=True)
        if row is None:
            raise LocalChanged
        if line.local_kind in ("task", "call"):
            self._replan(line, planned=not resting)
        else:
            row.resting = resting
        pair = self._pair(line)
        if pair is not None and resting:
            self._release(pair)

    def _plan(self, line: Line) -> None:
        self._replan(line, planned=True)

    def _replan(self, line: Line, *, planned: bool) -> None:
        row = self._row(line, lock=True)
        if row is None:
            raise LocalChanged
        row.planned, row.version = planned, row.version + 1

    def _ignore(self, pair: Pair) -> None:
        pair.state, pair.error, pair.tries, pair.next_try_at = "ignored", "", 0, None
        pair.entry_id, pair.kind = pair.id, ""
        pair.base_local = pair.base_remote = None

    def _release(self, pair: Pair) -> None:
        """The breaker does not hold what the member has just said."""
        pair.state, pair.error, pair.tries, pair.next_try_at = "release", "", 0, None

    def _carry(self, change: ChangedEntry | GoneEntry, line: Line) -> None:
        self.here.carry_out(change, line.local_kind)  # type: ignore[arg-type]

    def _later(self, line: Line) -> bool:
        """Whether another run changed it there since."""
        query = select(JournalLine.id).where(
            JournalLine.pair_id == line.pair_id,
            JournalLine.connection_id == line.connection_id,
            JournalLine.at > line.at,
            JournalLine.undo != "done",
        )
        return self.session.scalars(query.limit(1)).first() is not None

    def _pair(self, line: Line) -> Pair | None:
        mine = select(Pair).where(Pair.collection_id == self.here.collection.id)
        if line.pair_id:
            found = self.session.scalars(mine.where(Pair.id == line.pair_id)).one_or_none()
            if found is not None:
                return found
        return self.session.scalars(mine.where(Pair.entry_id == line.entry_id)).one_or_none()

    def _row(self, line: Line, *, lock: bool = False) -> Any:
        table = TABLES[line.local_kind]
        mine = (table.id == line.entry_id, table.owner_id == self.here.lease.owner_id)
        query = select(table).where(*mine)
        return self.session.scalars(query.with_for_update() if lock else query).one_or_none()

    def _is_back(self, uid: str) -> bool:
        """Whether the item is in one of the owner's calendars again."""
        if not uid:
            return False
        query = (
            select(Pair.id)
            .join(Connection, Connection.id == Pair.connection_id)
            .where(
                Connection.owner_id == self.here.lease.owner_id,
                Pair.uid == digest(uid),
                Pair.base_local.is_not(None),
            )
        )
        return self.session.scalars(query.limit(1)).first() is not None


def in_effect_again(session: Session, line: Line) -> None:
    """A line of an undo is itself taken back: what it had taken back counts again."""
    earlier = (
        JournalLine.undone_by == line.run_id,
        JournalLine.entry_id == line.entry_id,
    )
    session.execute(
        update(JournalLine).where(*earlier).values(undo="", undo_reason="", undone_by=""),
        execution_options={"synchronize_session": False},
    )


def _told(action: str, before: Item | None, after: Item | None) -> Told:
    return Told("here", action, "taken back", before, after)  # type: ignore[arg-type]
