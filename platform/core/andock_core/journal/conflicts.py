"""Conflicts, afterwards: both sides had changed the same field, and one gave way.

What the member chooses is an edit like any other: compared and set here, and the next run carries
it out. If the field changed since, nothing is written and the page asks again.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, update

from andock_core import clock
from andock_core.calendar.window import Window
from andock_core.connections.errors import NotFound
from andock_core.connections.service import own
from andock_core.jobs.due import request_run
from andock_core.jobs.lease import Lease
from andock_core.jobs.sql import changed
from andock_core.journal.differences import plain, value_at, with_values
from andock_core.journal.lines import Line, Loss, opened
from andock_core.runs.here import Here
from andock_core.runs.sealing import Seals
from andock_core.storage import Collection, JournalLine, Scope
from andock_core.sync.documents import editable
from andock_core.sync.ports import ChangedEntry, LocalChanged, Unusable
from andock_sdk import Item

if TYPE_CHECKING:
    from andock_core.core import Core

Choice = Literal["mine", "theirs", "fine"]
PAGE = 50


@dataclass(frozen=True)
class Field:
    """One field of a conflict, as JSON values. `now`: what the entry has at present."""

    path: str
    mine: Any
    theirs: Any
    now: Any


@dataclass(frozen=True)
class Conflict:
    """A line whose fields gave way, with what is there now. `seen`: the state that a choice was
    made on, handed back with it; `why_not`: why nothing can be chosen any more (gone, block,
    organised), empty when it can."""

    line: Line
    title: str
    fields: tuple[Field, ...]
    seen: str
    why_not: str = ""

    @property
    def moved_on(self) -> bool:
        """Whether a field is neither what won nor what lost by now."""
        return any(field.now not in (field.mine, field.theirs) for field in self.fields)

    @property
    def holds(self) -> str:
        """Whose values are there now: mine, theirs, or empty when neither."""
        for side in ("mine", "theirs"):
            if all(getattr(field, side) == field.now for field in self.fields):
                return side
        return ""


class Changed(Exception):
    """The entry is no longer what the member saw when choosing. Nothing was written."""


class CannotChoose(Exception):
    """The value cannot be written any more; `reason` as in `Conflict.why_not`, or "cannot"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def page(
    core: "Core", scope: Scope, connection_id: str, *, decided: bool = False
) -> list[Conflict]:
    """The conflicts that wait, oldest first; or those decided, newest first. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        seals = Seals(core.vault, connection.tenant_id, connection.owner_id)
        mine = select(JournalLine).where(JournalLine.connection_id == connection_id)
        if decided:
            mine = mine.where(JournalLine.conflict.in_(("mine", "theirs", "fine")))
            mine = mine.order_by(JournalLine.at.desc(), JournalLine.id)
        else:
            mine = mine.where(JournalLine.conflict == "open")
            mine = mine.order_by(JournalLine.at, JournalLine.id)
        reader = Lease(connection_id, connection.tenant_id, connection.owner_id, 0, "")
        found = []
        for row in session.scalars(mine.limit(PAGE)).all():
            line = opened(seals, row)
            here = _here(core, session, reader, line.collection_id)
            found.append(_conflict(line, here))
        return found


def decide(
    core: "Core", scope: Scope, connection_id: str, line_id: str, choice: Choice, seen: str
) -> None:
    """Settle a conflict. `seen` is what its page showed. Raises NotFound, Changed, CannotChoose."""
    wrote = False
    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id)
        query = select(JournalLine).where(
            JournalLine.id == line_id,
            JournalLine.connection_id == connection_id,
            JournalLine.conflict != "",
        )
        row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFound
        if choice != "fine":
            line = opened(Seals(core.vault, connection.tenant_id, connection.owner_id), row)
            writer = Lease(connection_id, connection.tenant_id, connection.owner_id, 0, "")
            here = _here(core, session, writer, line.collection_id)
            wrote = _write(_conflict(line, here), here, choice, seen)
        row.conflict = choice
    if wrote:
        request_run(core, scope, connection_id)


def settle_all(core: "Core", scope: Scope, connection_id: str) -> int:
    """All that wait are fine as they are; how many. Raises NotFound."""
    with core.storage.write(scope) as session:
        own(session, scope, connection_id)
        waiting = update(JournalLine).where(
            JournalLine.connection_id == connection_id, JournalLine.conflict == "open"
        )
        return changed(session, waiting.values(conflict="fine"))


def _write(conflict: Conflict, here: Here | None, choice: Choice, seen: str) -> bool:
    """Whether anything had to be written."""
    if conflict.holds == choice:
        return False
    if conflict.why_not or here is None:
        raise CannotChoose(conflict.why_not or "let go")
    if seen != conflict.seen:
        raise Changed
    local = here.get(conflict.line.entry_id)
    if local is None:
        raise CannotChoose("gone")
    values = {field.path: getattr(field, choice) for field in conflict.fields}
    try:
        item = with_values(local.item, {**_uncancelled(local.item, values), **values})
        change = ChangedEntry(local.entry_id, local.kind, item, local.version)
        here.carry_out(change, conflict.line.local_kind)  # type: ignore[arg-type]
    except LocalChanged as error:
        raise Changed from error
    except (Unusable, ValueError) as error:
        raise CannotChoose("cannot") from error
    return True


def _uncancelled(item: Item, values: dict[str, Any]) -> dict[str, Any]:
    """A cancelled occurrence keeps nothing of its own."""
    gone = [path.partition("/")[2] for path, value in values.items() if _cancels(path, value)]
    overrides = getattr(item, "overrides", {})
    return (
        {"overrides": {key: one for key, one in overrides.items() if key not in gone}}
        if gone
        else {}
    )


def _cancels(path: str, value: Any) -> bool:
    return path.startswith("cancellations/") and value is True


def _conflict(line: Line, here: Here | None) -> Conflict:
    local = here.get(line.entry_id) if here is not None else None
    why_not = ""
    if local is None:
        why_not = "gone"
    elif local.kind == "block":
        why_not = "block"
    elif not editable(local.item):
        why_not = "organised"
    fields = tuple(_field(line, loss, local.item if local else None) for loss in line.lost)
    return Conflict(line, line.title, fields, f"{local.version}" if local else "", why_not)


def _field(line: Line, loss: Loss, now: Item | None) -> Field:
    lost: Any = loss.value
    if loss.path.startswith("cancellations/"):
        lost = True  # what gave way is the cancelling
    won = plain(value_at(line.after, loss.path)) if line.after is not None else None
    present = plain(value_at(now, loss.path)) if now is not None else None
    mine, theirs = (lost, won) if loss.side == "here" else (won, lost)
    return Field(loss.path, mine, theirs, present)


def _here(core: "Core", session: Any, lease: Lease, collection_id: str) -> Here | None:
    row = session.get(Collection, collection_id)
    if row is None:
        return None
    return Here.of(session, core.vault, lease, row, Window.around(clock.now()))
