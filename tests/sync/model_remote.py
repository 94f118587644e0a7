"""The other side in memory: a connector with change keys, and gates where it may fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from andock_sdk import (
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Contact,
    Item,
    Missing,
    Patch,
    ReadResult,
    RemoteItem,
    errors,
)


@dataclass
class Held:
    """An item with the number of its last change."""

    item: Item
    operation_id: str
    number: int


class ModelRemote:
    """One calendar. `gate` is called before and after each call's effect and may raise."""

    capabilities = Capabilities()

    def __init__(self, gate: Callable[[str], None], *, normalises: bool, page: int = 2) -> None:
        self.items: dict[str, Held] = {}
        self.gone: dict[str, int] = {}
        self.writes: list[tuple[str, str]] = []
        self._gate = gate
        self._normalises = normalises
        self._page = page
        self._number = 0
        self._epoch = 0

    # -- what people do there

    def put(self, item: Item, operation_id: str = "") -> str:
        """A new item; its ref. The server gives it a uid."""
        number = self._next()
        ref = f"r{number}"
        uid = item.model_copy(update={"uid": f"uid-{number}"})
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

    # -- the connector

    def collections(self) -> list[Collection]:
        return []

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        self._gate("changes.before")
        listing, since = cursor is None, 0
        if cursor is not None:
            epoch, number, kind = cursor.split(":")
            if int(epoch) != self._epoch:
                raise errors.CursorLost
            listing, since = kind == "listing", int(number)
        news = [(held.number, ref, "changed") for ref, held in self.items.items()]
        if not listing:
            news += [(number, ref, "deleted") for ref, number in self.gone.items()]
        news = sorted(one for one in news if one[0] > since)
        page, more = news[: self._page], len(news) > self._page
        since = page[-1][0] if page else max(since, self._number)
        kind = "listing" if listing and more else "changes"
        self._gate("changes.after")
        made = [
            Change(ref=ref, kind="deleted" if what == "deleted" else "changed", version=f"v{n}")
            for n, ref, what in page
        ]
        return ChangePage(
            changes=tuple(reversed(made + made[:1])),  # repeated, and in no order
            cursor=f"{self._epoch}:{since}:{kind}",
            more=more,
            complete=listing and not more,
        )

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        self._gate("read.before")
        found = [self._read(ref) for ref in refs]
        self._gate("read.after")
        return found

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        self._gate("create.before")
        ref = self.put(self._spelled(item), operation_id)
        self.writes.append(("create", ref))
        made = self._item(ref)
        self._gate("create.after")
        return made

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        self._gate("update.before")
        self._expect(ref, expected)
        changes = {name: getattr(patch.item, name) for name in patch.fields}
        item = self.items[ref].item.model_copy(update=changes)
        self.edit(ref, self._spelled(item))
        self.writes.append(("update", ref))
        made = self._item(ref)
        self._gate("update.after")
        return made

    def delete(self, collection: str, ref: str, expected: str) -> None:
        self._gate("delete.before")
        self._expect(ref, expected)
        self.remove(ref)
        self.writes.append(("delete", ref))
        self._gate("delete.after")

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        self._gate("find_operation.before")
        for ref, held in self.items.items():
            if held.operation_id == operation_id:
                return self._item(ref)
        return None

    def close(self) -> None:
        pass

    # -- inside

    def _spelled(self, item: Item) -> Item:
        if not self._normalises or isinstance(item, Contact):
            return item
        body = item.body.model_copy(update={"content": item.body.content.strip() + "\n"})
        return item.model_copy(update={"body": body})

    def _expect(self, ref: str, expected: str) -> None:
        if ref not in self.items:
            raise errors.Gone
        if expected != f"v{self.items[ref].number}":
            raise errors.Conflict

    def _read(self, ref: str) -> ReadResult:
        return self._item(ref) if ref in self.items else Missing(ref=ref)

    def _item(self, ref: str) -> RemoteItem:
        held = self.items[ref]
        return RemoteItem(
            ref=ref,
            version=f"v{held.number}",
            item=held.item,
            operation_id=held.operation_id,
        )

    def _next(self) -> int:
        self._number += 1
        return self._number
