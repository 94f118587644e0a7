"""What a run held back: shown to the member, who decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from andock_core import audit, clock
from andock_core.calendar.window import Window
from andock_core.connections.errors import ConnectionRefused
from andock_core.connections.service import own
from andock_core.jobs.due import request_run
from andock_core.jobs.lease import Lease
from andock_core.journal.lines import title_of
from andock_core.runs import held as waiting
from andock_core.runs.held import What
from andock_core.runs.here import Here
from andock_core.runs.queries import PENDING
from andock_core.runs.sealing import Seals
from andock_core.storage import Collection, Connection, Entry, InboxItem, Pair, Scope
from andock_core.sync.documents import attendees, editable
from andock_core.sync.plan import Local
from andock_core.sync.ports import ChangedEntry, LocalChanged, Unusable
from andock_core.vault import SealBroken
from andock_sdk import Item

if TYPE_CHECKING:
    from andock_core.core import Core

Decision = Literal["delete", "restore", "send", "back"]
ALLOWED: dict[What, tuple[Decision, ...]] = {
    "here": ("delete", "restore"),
    "there": ("delete", "restore"),
    "mail": ("send", "back"),
}
PAGE = 50


@dataclass(frozen=True)
class Waits:
    """One item that waits. `does` is what the run would do there: create, update, delete.

    `people`: how many it would tell. `organised`: someone else organises it, so it cannot be made
    anew there.
    """

    pair_id: str
    title: str
    item: Item | None
    local_kind: str
    collection_id: str
    error: str
    does: str = "delete"
    people: int = 0
    organised: bool = False


@dataclass(frozen=True)
class WaitPage:
    """Items, and where the next begin; empty when there are none."""

    items: tuple[Waits, ...]
    total: int
    next: str = ""


class NotDecidable(ConnectionRefused):
    """No such decision about what waits."""

    key = "request.bad"


def counts(core: "Core", scope: Scope, connection_id: str) -> dict[str, int]:
    """How much waits: "here", "there", "mail". Raises NotFound."""
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        return waiting.held(session, connection_id)


def aside_count(core: "Core", scope: Scope, connection_id: str) -> int:
    """How many items were set aside. Raises NotFound."""
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        pairs = select(func.count(Pair.id)).where(*_aside(connection_id))
        return (session.scalar(pairs) or 0) + len(list(session.scalars(_unread(connection_id))))


def page(
    core: "Core", scope: Scope, connection_id: str, what: What | Literal["aside"], after: str = ""
) -> WaitPage:
    """What waits for a decision, or was set aside. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        mine = _aside(connection_id) if what == "aside" else waiting.waiting(connection_id, what)
        total = session.scalar(select(func.count(Pair.id)).where(*mine)) or 0
        query = select(Pair).where(*mine, Pair.id > after).order_by(Pair.id).limit(PAGE + 1)
        pairs = session.scalars(query).all()
        seals = Seals(core.vault, connection.tenant_id, connection.owner_id)
        reader = _Reader(core, session, seals, connection_id)
        shown = tuple(reader.waits(pair) for pair in pairs[:PAGE])
        return WaitPage(shown, total, pairs[PAGE - 1].id if len(pairs) > PAGE else "")


def decide(core: "Core", scope: Scope, connection_id: str, what: What, decision: Decision) -> None:
    """Carry out what the member said, by a run. Raises NotFound, NotDecidable, QueueDown."""
    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id)
        if decision not in ALLOWED.get(what, ()):
            raise NotDecidable
        if decision == "delete":
            waiting.release(session, connection_id, what)
        elif decision == "restore":
            waiting.restore(session, connection_id, what)
        elif decision == "send":
            waiting.send(session, connection_id)
        else:
            seals = Seals(core.vault, connection.tenant_id, connection.owner_id)
            _Reader(core, session, seals, connection_id).take_back()
        _record(session, connection, "run.answered", waited=what, answer=decision)
    request_run(core, scope, connection_id)


def pause(core: "Core", scope: Scope, connection_id: str) -> None:
    """Nothing of this connection runs until it is resumed. Raises NotFound."""
    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id)
        waiting.pause(session, connection_id, clock.now())
        _record(session, connection, "connection.paused")


def resume(core: "Core", scope: Scope, connection_id: str) -> None:
    """It runs again, at once. Raises NotFound, QueueDown."""
    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id)
        waiting.pause(session, connection_id, None)
        _record(session, connection, "connection.resumed")
    request_run(core, scope, connection_id)


def paused_since(core: "Core", scope: Scope, connection_id: str) -> datetime | None:
    """Since when it is paused; None when it is not. Raises NotFound."""
    with core.storage.read(scope) as session:
        return own(session, scope, connection_id).paused_at


def try_again(core: "Core", scope: Scope, connection_id: str) -> None:
    """All that was set aside is looked at once more. Raises NotFound, QueueDown."""
    moment = clock.now()
    with core.storage.write(scope) as session:
        own(session, scope, connection_id)
        for pair in session.scalars(select(Pair).where(*_aside(connection_id))):
            returning = pair.ref.startswith(PENDING) and pair.kind in ("block", "converted")
            pair.state = "restore" if returning else "dirty"
            pair.tries, pair.next_try_at = 0, moment
        for line in session.scalars(_unread(connection_id)):
            line.tries, line.next_try_at = 0, None
    request_run(core, scope, connection_id)


def _record(session: Session, connection: Connection, action: str, **facts: Any) -> None:
    audit.record(
        *(session, connection.tenant_id, action),
        actor_id=connection.owner_id,
        subject_id=connection.owner_id,
        integration=connection.integration,
        **facts,
    )


@dataclass
class _Reader:
    core: "Core"
    session: Session
    seals: Seals
    connection_id: str

    def waits(self, pair: Pair) -> Waits:
        """A pair in the member's words."""
        local, there = self._local(pair), self._there(pair)
        item = local.item if local is not None else there
        return Waits(
            pair_id=pair.id,
            title=title_of(item),
            item=item,
            local_kind=pair.local_kind,
            collection_id=pair.collection_id,
            error=pair.error,
            does=_does(pair, local),
            people=attendees(local.item if local else None, there),
            organised=there is not None and not editable(there),
        )

    def take_back(self) -> None:
        """What would mail is as it was when both sides last agreed."""
        mine = select(Pair).where(*waiting.waiting(self.connection_id, "mail"))
        for pair in self.session.scalars(mine).all():
            here, local = self._here(pair), self._local(pair)
            if local is None:
                pair.state, pair.error = "restore", ""
            elif pair.base_local is None:
                row = self.session.get(Entry, pair.entry_id)
                if row is not None:
                    row.resting = True
                self.session.delete(pair)
            else:
                self._as_agreed(pair, here, local)

    def _as_agreed(self, pair: Pair, here: Here | None, local: Local) -> None:
        agreed = self.seals.agreed(pair)
        if here is None or agreed is None:
            return
        change = ChangedEntry(local.entry_id, local.kind, agreed.base_local.item, local.version)
        try:
            here.carry_out(change, pair.local_kind)  # type: ignore[arg-type]
        except (LocalChanged, Unusable):
            return  # edited at this very moment: it still waits
        pair.state, pair.error = "dirty", ""
        pair.next_try_at = clock.now()

    def _local(self, pair: Pair) -> Local | None:
        here = self._here(pair)
        try:
            return here.get(pair.entry_id) if here is not None else None
        except SealBroken:
            return None

    def _there(self, pair: Pair) -> Item | None:
        try:
            agreed = self.seals.agreed(pair)
        except (SealBroken, ValueError):
            return None
        return agreed.base_remote.item if agreed is not None else None

    def _here(self, pair: Pair) -> Here | None:
        row = self.session.get(Collection, pair.collection_id)
        if row is None:
            return None
        lease = Lease(self.connection_id, self.seals.tenant_id, self.seals.owner_id, 0, "")
        return Here.of(self.session, self.core.vault, lease, row, Window.around(clock.now()))


def _does(pair: Pair, local: Local | None) -> str:
    if pair.error.startswith("breaker.") or local is None:
        return "delete"
    return "create" if pair.base_local is None else "update"


def _aside(connection_id: str) -> tuple[ColumnElement[bool], ...]:
    return (Pair.connection_id == connection_id, Pair.state == "aside")


def _unread(connection_id: str) -> Select[InboxItem]:
    """What was announced there and could not be taken over."""
    return (
        select(InboxItem)
        .join(Collection, Collection.id == InboxItem.collection_id)
        .where(
            Collection.connection_id == connection_id,
            Collection.retired.is_(False),
            InboxItem.error != "",
        )
    )
