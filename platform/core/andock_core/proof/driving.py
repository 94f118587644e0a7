"""The schedules over an author's own connector: the other side is real, what fails is ours.

Calls go through gates, as with the model: they may fail before or after their effect, answer twice
or out of order, or lose their cursor. People's hands there are the harness's; their eyes are a
second connector, which no fault meets.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from andock_core.proof.checks import judge
from andock_core.proof.remote import LATEST, Held, Nature
from andock_core.proof.world import Gate, Reach
from andock_sdk import (
    Capabilities,
    ChangePage,
    Collection,
    Connector,
    Item,
    Missing,
    Patch,
    ReadResult,
    RemoteItem,
    Unreadable,
    errors,
)
from andock_sdk.contract import Cannot
from andock_sdk.contract.case import Case

NOTHING = "nothing"


def play(case: Case) -> str:
    """As many schedules as the harness wants. What did not hold in the first bad one; or ""."""
    grant = case.tested()
    mine, eyes = case.connect(grant), case.connect(grant)
    collection = case.collection(mine, writable=True)
    for seed in range(case.harness.schedules):
        for ref in case.listed(eyes, collection)[0]:
            case.harness.remove(ref)
        try:
            outcome = judge(seed, reach=_reach(case, mine, eyes, collection))
        except Cannot:
            raise
        except Exception as error:
            return f"schedule {seed}: {type(error).__name__}: {error}"
        if outcome.broken:
            return f"schedule {seed}: " + "; ".join(f"{k}: {v}" for k, v in outcome.broken.items())
    return ""


def _reach(case: Case, mine: Connector, eyes: Connector, collection: str) -> Reach:
    def reach(gate: Gate, now: Callable[[], datetime]) -> DrivenRemote:
        case.context.clock = now
        return DrivenRemote(case, (mine, eyes), collection, gate, now)

    return reach


class DrivenRemote:
    """See `andock_core.proof.remote.Remote`."""

    abilities: frozenset[str] = frozenset()

    def __init__(
        self,
        case: Case,
        connectors: tuple[Connector, Connector],
        collection: str,
        gate: Gate,
        now: Callable[[], datetime],
    ) -> None:
        self.writes: list[tuple[str, str]] = []
        self.blank = False
        self.nature = Nature(drops_exceptions=case.harness.drops_exceptions)
        self.without = case.harness.lacks | case.harness.leaves_out
        self._case, self._harness = case, case.harness
        self._mine, self._eyes = connectors
        self._collection = collection
        self._gate, self._now = gate, now
        self._late: list[tuple[datetime, Item, str]] = []
        self._epoch = 0
        self._there: dict[str, Held] | None = None
        self._mails = self._sent()

    # -- what people see and do there

    @property
    def items(self) -> dict[str, Held]:
        """All that lies there."""
        if self._there is None:
            told, _, _ = self._case.listed(self._eyes, self._collection)
            read = self._eyes.read(self._collection, sorted(told))
            self._there = {
                one.ref: Held(one.item, one.operation_id, 0)
                for one in read
                if isinstance(one, RemoteItem)
            }
        return self._there

    @property
    def outbox(self) -> list[str]:
        """What was mailed, where the harness can tell."""
        return ["mail"] * (self._sent() - self._mails)

    def put(self, item: Item, operation_id: str = "", *, keep_uid: bool = False) -> str:
        """A new item; its ref."""
        self._there = None
        return self._harness.put(self._collection, item)

    def edit(self, ref: str, item: Item) -> None:
        """Somebody changed it."""
        self._there = None
        self._harness.edit(ref, item)

    def remove(self, ref: str) -> None:
        """Somebody deleted it."""
        self._there = None
        self._harness.remove(ref)

    def lose_cursors(self) -> None:
        """Cursors handed out so far are void."""
        self._epoch += 1

    def land(self) -> None:
        """Creates that were under way appear."""
        due = [one for one in self._late if one[0] <= self._now()]
        self._late = [one for one in self._late if one[0] > self._now()]
        for _, item, operation_id in due:
            self._there = None
            self._mine.create(self._collection, item, operation_id)

    # -- the connector

    @property
    def capabilities(self) -> Capabilities:
        """The author's."""
        return self._mine.capabilities

    def collections(self) -> list[Collection]:
        """The author's."""
        return self._mine.collections()

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """A page, with the gate's oddities."""
        odd = self._enter("changes")
        if odd == "token lost":
            self.lose_cursors()
        inner = None
        if cursor is not None:
            epoch, _, inner = cursor.partition("|")
            if int(epoch) != self._epoch:
                raise errors.CursorLost
        if self.blank and cursor is None:
            page = ChangePage(changes=(), cursor=NOTHING, complete=True)
        else:
            page = self._mine.changes(self._collection, inner)
        changes = page.changes * 2 if odd == "repeated" else page.changes
        changes = changes[::-1] if odd == "reordered" else changes
        self._gate("changes.after")
        cursor = f"{self._epoch}|{page.cursor}"
        return page.model_copy(update={"changes": changes, "cursor": cursor})

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """The items."""
        odd = self._enter("read")
        found = (
            [Missing(ref=ref) for ref in refs]
            if self.blank
            else self._mine.read(self._collection, refs)
        )
        if odd == "unreadable":
            found = [Unreadable(ref=refs[0], error="item.odd"), *found[1:]]
        self._gate("read.after")
        return list(found)

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """Create, perhaps late."""
        odd = self._enter("create")
        self.writes.append(("create", operation_id))
        if odd == "late":
            self._late.append((self._now() + LATEST, item, operation_id))
            raise errors.Transient
        made = self._mine.create(self._collection, item, operation_id)
        self._gate("create.after")
        return made

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write."""
        self._enter("update")
        made = self._mine.update(self._collection, ref, patch, expected)
        self.writes.append(("update", ref))
        self._gate("update.after")
        return made

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Delete."""
        self._enter("delete")
        self._mine.delete(self._collection, ref, expected)
        self.writes.append(("delete", ref))
        self._gate("delete.after")

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """Look the id up."""
        self._enter("find_operation")
        found = self._mine.find_operation(self._collection, operation_id)
        self._gate("find_operation.after")
        return None if self.blank else found

    def close(self) -> None:
        """The case closes it."""

    # -- inside

    def _enter(self, call: str) -> str:
        """The gate before a call; what people see is read anew after it."""
        odd = self._gate(f"{call}.before")
        self.land()
        if call in ("create", "update", "delete"):
            self._there = None
        return odd

    def _sent(self) -> int:
        try:
            return self._harness.mails()
        except Cannot:
            return 0
