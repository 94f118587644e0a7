"""The other side as a run sees it: one collection behind a connector that may misbehave."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from andock_sdk import errors
from andock_sdk.connector import (
    ChangePage,
    CollectionKind,
    Connector,
    Missing,
    ReadResult,
    RemoteItem,
    Unreadable,
)
from andock_sdk.items import Appointment, Contact, Item, Patch, Task

T = TypeVar("T")

_HOLDS: dict[CollectionKind, type[Item]] = {
    "calendar": Appointment,
    "contacts": Contact,
    "tasks": Task,
}

NO_EFFECT = (
    errors.MemberError,
    errors.AdminError,
    errors.Throttled,
    errors.CollectionGone,
    errors.Gone,
    errors.Conflict,
    errors.Unrepresentable,
)
"""Errors that say for certain that a write did not happen. After any other it is unknown."""


class There:
    """One remote collection of a kind. Whatever a connector raises that is no AndockError, and
    whatever it answers that breaks its contract, comes out as PluginBug."""

    def __init__(self, connector: Connector, collection: str, kind: CollectionKind) -> None:
        self._connector = connector
        self._collection = collection
        self._holds = _HOLDS[kind]

    def changes(self, cursor: str | None) -> ChangePage:
        """The next page of changes."""
        return self._call(lambda: self._connector.changes(self._collection, cursor), ChangePage)

    def read(self, refs: Sequence[str]) -> dict[str, ReadResult]:
        """The items by ref; one that the connector says nothing about is unreadable."""
        found: list[object] = self._call(
            lambda: list(self._connector.read(self._collection, refs)), list
        )
        by_ref: dict[str, ReadResult] = {
            result.ref: result
            for result in found
            if isinstance(result, Unreadable | Missing)
            or (isinstance(result, RemoteItem) and self._is_ours(result))
        }
        return {ref: by_ref.get(ref) or Unreadable(ref=ref, error="plugin.bug") for ref in refs}

    def create(self, item: Item, operation_id: str) -> RemoteItem:
        """Create an item."""
        return self._call(
            lambda: self._connector.create(self._collection, item, operation_id), RemoteItem
        )

    def update(self, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write a patch if the version is still `expected`."""
        return self._call(
            lambda: self._connector.update(self._collection, ref, patch, expected), RemoteItem
        )

    def delete(self, ref: str, expected: str) -> None:
        """Delete if the version is still `expected`."""
        self._call(lambda: self._connector.delete(self._collection, ref, expected), type(None))

    def find_operation(self, operation_id: str) -> RemoteItem | None:
        """The item that was created with this id."""
        found: RemoteItem | None = self._call(
            lambda: self._connector.find_operation(self._collection, operation_id), object
        )
        if found is not None and not self._is_ours(found):
            raise errors.PluginBug(detail="find_operation: an item of another kind")
        return found

    def _is_ours(self, result: RemoteItem) -> bool:
        return isinstance(result.item, self._holds)

    def _call(self, call: Callable[[], T], kind: type[object]) -> T:
        try:
            answer = call()
        except errors.AndockError:
            raise
        except Exception as error:
            raise errors.PluginBug(detail=type(error).__name__) from error
        if not isinstance(answer, kind):
            raise errors.PluginBug(detail=f"answered with {type(answer).__name__}")
        if isinstance(answer, RemoteItem) and not self._is_ours(answer):
            raise errors.PluginBug(detail="an item of another kind")
        return answer
