"""A connector under guard: each call has a deadline, and its result is checked."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from andock_core.host.contract import held_to_contract
from andock_core.host.results import many, one
from andock_core.host.tracing import Watched
from andock_sdk import (
    Capabilities,
    ChangePage,
    Collection,
    Connector,
    Context,
    Grant,
    Item,
    Missing,
    Patch,
    ReadResult,
    RemoteItem,
    SyncJob,
    Unreadable,
)
from andock_sdk.errors import PluginBug

SECONDS = 180.0


def guarded(slug: str, job: SyncJob) -> SyncJob:
    """The same declaration, its connector under guard."""

    def connect(context: Context, grant: Grant) -> Connector:
        with held_to_contract(f"{slug}: connect", SECONDS):
            inner = job.connector(context, grant)
        return GuardedConnector(slug, inner)

    return job.model_copy(update={"connector": connect})


class GuardedConnector:
    """See `andock_sdk.Connector`. Raises only what `andock_sdk.errors` has."""

    def __init__(self, slug: str, inner: Connector) -> None:
        self._slug = slug
        self._inner = inner

    @property
    def capabilities(self) -> Capabilities:
        """What the other side can do."""
        with self._held("capabilities") as call:
            return call.gave(one((Capabilities,), self._inner.capabilities, "capabilities"))

    def collections(self) -> list[Collection]:
        """All calendars that the grant reaches."""
        with self._held("collections") as call:
            return call.gave(many(Collection, self._inner.collections(), "collections"))

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """A page of changes."""
        with self._held("changes") as call:
            page = self._inner.changes(collection, cursor)
            return call.gave(one((ChangePage,), page, "changes"))

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """The items, one result per ref."""
        with self._held("read") as call:
            found: Any = self._inner.read(collection, refs)
            if not isinstance(found, list | tuple) or len(found) != len(refs):
                raise PluginBug(detail="read: not one result per ref")
            return call.gave([_read_result(item) for item in found])

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """Create an item."""
        with self._held("create") as call:
            made = self._inner.create(collection, item, operation_id)
            return call.gave(one((RemoteItem,), made, "create"))

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write a patch."""
        with self._held("update") as call:
            made = self._inner.update(collection, ref, patch, expected)
            return call.gave(one((RemoteItem,), made, "update"))

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Delete an item."""
        with self._held("delete"):
            self._inner.delete(collection, ref, expected)

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """The item that was created with this id."""
        with self._held("find_operation") as call:
            found = self._inner.find_operation(collection, operation_id)
            return call.gave(None if found is None else one((RemoteItem,), found, "find_operation"))

    def close(self) -> None:
        """Let go of sockets."""
        with self._held("close"):
            self._inner.close()

    def _held(self, call: str) -> AbstractContextManager[Watched]:
        return held_to_contract(f"{self._slug}: {call}", SECONDS)


def _read_result(found: object) -> ReadResult:
    kinds: dict[str, type[ReadResult]] = {
        kind.__name__: kind for kind in (RemoteItem, Unreadable, Missing)
    }
    return one((kinds.get(type(found).__name__, RemoteItem),), found, "read")
