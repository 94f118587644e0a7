"""Reading and writing one list of Microsoft To Do."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from andock_office365_calendar.client import Call, Client, Json
from andock_office365_calendar.reading import SHAPE, check_version, taken, version, whole
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
        with errors.in_steps() as written:
            try:
                made = self._client.post(tasks_of(collection), new_task(item, operation))
            except errors.Gone as gone:
                raise errors.CollectionGone(detail=gone.detail) from gone
            written()
            return self._answered(collection, made)

    def update(
        self, collection: str, ref: str, item: Task, names: frozenset[str], expected: str
    ) -> RemoteItem:
        """Write the fields if the version is still the expected one."""
        properties_of = properties(item, names)
        with errors.in_steps() as written:
            if properties_of:
                made = self._client.patch(path_of(collection, ref), properties_of, expected)
                written()
                return self._answered(collection, made)
            held = self._read_one(collection, ref)
            if held.version != expected:
                raise errors.Conflict(detail="etag")
            return held

    def _answered(self, collection: str, made: Json) -> RemoteItem:
        """What a write led to that was answered so. Raises Transient when somebody was quicker than
        our look (see `reading.answered`): another version, which says other things."""
        held = self._read_one(collection, str(made["id"]))
        if to_task(made, self._zone) != held.item:
            check_version(held.version, version(made))
        return held

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
