"""The other side in memory: a connector with change keys, an outbox, and gates that may fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from andock_sdk import (
    Appointment,
    Capabilities,
    Change,
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
from andock_sdk.items import Body

LATEST = timedelta(seconds=100)
"""A create whose answer was lost may take this long to appear."""


@dataclass(frozen=True)
class Nature:
    """What kind of server it is. `loud`: writes mail attendees. `spells`: adds blanks.
    `drops_exceptions`: a changed pattern takes the exceptions with it, as on Exchange."""

    loud: bool = False
    spells: bool = False
    drops_exceptions: bool = False


@dataclass
class Held:
    """An item with the number of its last change."""

    item: Item
    operation_id: str
    number: int


class Remote(Connector, Protocol):
    """The other side as a schedule needs it: a connector, and what people see and do there.

    `abilities`: "moves" (an item gets another id), "copies" (with our operation id), "uids" (an
    item can be put with a UID). `without`: fields that people leave alone there.
    """

    writes: list[tuple[str, str]]
    blank: bool
    nature: Nature
    abilities: frozenset[str]
    without: frozenset[str]

    @property
    def items(self) -> dict[str, Held]:
        """All that lies there, by ref."""

    @property
    def outbox(self) -> list[str]:
        """What was mailed."""

    def put(self, item: Item, operation_id: str = "", *, keep_uid: bool = False) -> str:
        """A new item; its ref."""

    def edit(self, ref: str, item: Item) -> None:
        """Somebody changed it."""

    def remove(self, ref: str) -> None:
        """Somebody deleted it."""

    def lose_cursors(self) -> None:
        """Cursors handed out so far are void."""

    def land(self) -> None:
        """Creates that were under way appear."""


class ModelRemote:
    """One calendar. `gate` is called before and after each call's effect: it may raise, or name
    something odd that the answer shall be."""

    def __init__(
        self,
        gate: Callable[[str], str],
        now: Callable[[], datetime],
        nature: Nature,
        page: int = 3,
    ) -> None:
        self.items: dict[str, Held] = {}
        self.abilities = frozenset({"moves", "copies", "uids"})
        self.without: frozenset[str] = frozenset()
        self.gone: dict[str, int] = {}
        self.writes: list[tuple[str, str]] = []
        self.outbox: list[str] = []
        self.blank = False
        self.nature = nature
        self.capabilities = Capabilities(silent_writes=not nature.loud)
        self._late: list[tuple[datetime, Item, str]] = []
        self._gate = gate
        self._now = now
        self._page = page
        self._number = 0
        self._epoch = 0

    # -- what people do there

    def put(self, item: Item, operation_id: str = "", *, keep_uid: bool = False) -> str:
        """A new item; its ref. The server gives it a uid."""
        number = self._next()
        ref = f"r{number}"
        uid = item if keep_uid else item.model_copy(update={"uid": f"uid-{number}"})
        self.items[ref] = Held(uid, operation_id, number)
        return ref

    def edit(self, ref: str, item: Item) -> None:
        """Somebody, or we, changed it."""
        held = self.items[ref]
        held.item, held.number = item, self._next()

    def remove(self, ref: str) -> None:
        """Somebody, or we, deleted it."""
        del self.items[ref]
        self.gone[ref] = self._next()

    def lose_cursors(self) -> None:
        """Cursors handed out so far are void."""
        self._epoch += 1

    def land(self) -> None:
        """Creates that were under way appear."""
        due = [one for one in self._late if one[0] <= self._now()]
        self._late = [one for one in self._late if one[0] > self._now()]
        for _, item, operation_id in due:
            self.put(item, operation_id)

    # -- the connector

    def collections(self) -> list[Collection]:
        return []

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        odd = self._enter("changes")
        if odd == "token lost":
            self.lose_cursors()
        listing, since, begun = cursor is None, 0, self._number
        if cursor is not None:
            epoch, kind, *numbers = cursor.split(":")
            if int(epoch) != self._epoch:
                raise errors.CursorLost
            listing = kind == "listing"
            since, begun = map(int, numbers)
        if odd == "told again":
            since = max(0, since - 5)
        found = sorted(one for one in self._news(listing) if one[0] > since)
        page, more = found[: self._page], len(found) > self._page
        since = page[-1][0] if page else max(since, self._number)
        if listing and not more:
            since = begun  # what was deleted while it was listed is told afterwards
        kind = "listing" if listing and more else "changes"
        made = [
            Change(ref=ref, kind="deleted" if what == "deleted" else "changed", version=f"v{n}")
            for n, ref, what in page
        ]
        if odd == "repeated":
            made += made
        if odd == "reordered":
            made.reverse()
        self._gate("changes.after")
        return ChangePage(
            changes=tuple(made),
            cursor=f"{self._epoch}:{kind}:{since}:{begun}",
            more=more,
            complete=listing and not more,
        )

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        odd = self._enter("read")
        found = [self._read(ref) for ref in refs]
        if odd == "unreadable":
            found[0] = Unreadable(ref=refs[0], error="item.odd")
        self._gate("read.after")
        return found

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        odd = self._enter("create")
        self._tell(item)
        spelled = self._spelled(item)
        self.writes.append(("create", operation_id))
        if odd == "late":
            self._late.append((self._now() + LATEST, spelled, operation_id))
            raise errors.Transient
        made = self._item(self.put(spelled, operation_id))
        self._gate("create.after")
        return made

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        self._enter("update")
        self._expect(ref, expected)
        before = self.items[ref].item
        changes = {name: getattr(patch.item, name) for name in patch.fields}
        if self.nature.drops_exceptions and patch.fields & {"when", "recurrence"}:
            changes = {"overrides": {}, "cancellations": ()} | changes
        item = before.model_copy(update=changes)
        self._tell(before, item)
        self.edit(ref, self._spelled(item))
        self.writes.append(("update", ref))
        made = self._item(ref)
        self._gate("update.after")
        return made

    def delete(self, collection: str, ref: str, expected: str) -> None:
        self._enter("delete")
        self._expect(ref, expected)
        self._tell(self.items[ref].item)
        self.remove(ref)
        self.writes.append(("delete", ref))
        self._gate("delete.after")

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        self._enter("find_operation")
        found = None
        for ref, held in self.items.items():
            if held.operation_id == operation_id and not self.blank:
                found = self._item(ref)
                break
        self._gate("find_operation.after")
        return found

    def close(self) -> None:
        pass

    # -- inside

    def _enter(self, call: str) -> str:
        odd = self._gate(f"{call}.before")
        self.land()
        return odd

    def _news(self, listing: bool) -> list[tuple[int, str, str]]:
        if self.blank and listing:
            return []
        news = [(held.number, ref, "changed") for ref, held in self.items.items()]
        if not listing:
            news += [(number, ref, "deleted") for ref, number in self.gone.items()]
        return news

    def _spelled(self, item: Item) -> Item:
        if not self.nature.spells or not isinstance(item, Appointment):
            return item
        overrides = {
            key: one.model_copy(update={"location": _blank(one.location)})
            for key, one in item.overrides.items()
        }
        return item.model_copy(
            update={
                "body": Body(content=item.body.content.strip() + "\n"),
                "location": _blank(item.location),
                "overrides": overrides,
            }
        )

    def _tell(self, *items: Item) -> None:
        if self.nature.loud and any(isinstance(i, Appointment) and i.attendees for i in items):
            self.outbox.append("mail")

    def _expect(self, ref: str, expected: str) -> None:
        if ref not in self.items:
            raise errors.Gone
        if expected != f"v{self.items[ref].number}":
            raise errors.Conflict

    def _read(self, ref: str) -> ReadResult:
        there = ref in self.items and not self.blank
        return self._item(ref) if there else Missing(ref=ref)

    def _item(self, ref: str) -> RemoteItem:
        held = self.items[ref]
        return RemoteItem(
            ref=ref, version=f"v{held.number}", item=held.item, operation_id=held.operation_id
        )

    def _next(self) -> int:
        self._number += 1
        return self._number


def _blank(text: str | None) -> str | None:
    return f"{text.strip()} " if text and text.strip() else text
