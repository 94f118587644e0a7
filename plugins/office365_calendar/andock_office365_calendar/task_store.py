"""Reading and writing one list of Microsoft To Do."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from andock_office365_calendar.client import Call, Client, Json
from andock_office365_calendar.reading import SHAPE, taken, version, whole
from andock_office365_calendar.tasks import new_task, operation_id, properties, to_task
from andock_sdk import Context, Missing, ReadResult, RemoteItem, Task, Unreadable, errors

_QUERY = "$expand=extensions"
_MOST_PAGES = 200


def tasks_of(collection: str) -> str:
    """Where a list's tasks are."""
    return f"/me/todo/lists/{quote(collection, safe='')}/tasks"


def path_of(collection: str, ref: str) -> str:
    """Where a task is."""
    return f"{tasks_of(collection)}/{quote(ref, safe='')}"


class TaskStore:
    """The tasks of one mailbox."""

    def __init__(self, context: Context, client: Client) -> None:
        self._zone = context.zone
        self._client = client

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """One result per ref. A bad task never fails the others."""
        calls = [Call("GET", f"{path_of(collection, ref)}?{_QUERY}") for ref in refs]
        outcomes = self._client.batch(calls)
        whole(self._client, outcomes)
        made = partial(_result, zone=self._zone)
        return [taken(ref, held, made) for ref, held in zip(refs, outcomes, strict=True)]

    def create(self, collection: str, item: Task, operation: str) -> RemoteItem:
        """POST, with our note on it."""
        try:
            made = self._client.post(tasks_of(collection), new_task(item, operation))
        except errors.Gone as gone:
            raise errors.CollectionGone(detail=gone.detail) from gone
        return self._read_one(collection, str(made["id"]))

    def update(
        self, collection: str, ref: str, item: Task, names: frozenset[str], expected: str
    ) -> RemoteItem:
        """Write the fields if the version is still the expected one."""
        made = properties(item, names)
        path = path_of(collection, ref)
        if made:
            self._client.patch(path, made, expected)
        elif version(self._client.get(path)) != expected:
            raise errors.Conflict(detail="etag")
        return self._read_one(collection, ref)

    def find_operation(self, collection: str, operation: str) -> RemoteItem | None:
        """By our note, which Graph does not search: through the list, after a crash alone."""
        path = f"{tasks_of(collection)}?{_QUERY}&$top=100"
        for _ in range(_MOST_PAGES):
            try:
                page = self._client.get(path)
            except errors.Gone as gone:
                raise errors.CollectionGone(detail=gone.detail) from gone
            for one in page.get("value") or ():
                if operation_id(one) == operation:
                    return self._read_one(collection, str(one["id"]))
            path = str(page.get("@odata.nextLink") or "")
            if not path:
                return None
        raise errors.Transient("answer.broken", "a list without an end")

    def _read_one(self, collection: str, ref: str) -> RemoteItem:
        (made,) = self.read(collection, [ref])
        if isinstance(made, RemoteItem):
            return made
        raise (
            errors.Gone(detail="no task")
            if isinstance(made, Missing)
            else errors.Transient("answer.broken", "a task that cannot be read")
        )


def _result(ref: str, given: Any, zone: str) -> ReadResult:
    try:
        held: Json = given
        item, operation = to_task(held, zone), operation_id(held)
        return RemoteItem(ref=ref, version=version(held), item=item, operation_id=operation)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Unreadable(ref=ref, error=SHAPE)
