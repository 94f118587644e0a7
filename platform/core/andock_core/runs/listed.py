"""A member's tasks as a list of tasks on the other side has them: whole, both ways."""

from typing import Any

from sqlalchemy.orm import Session

from andock_core.calendar.expand import CannotExpand
from andock_core.clock import now
from andock_core.planning.documents import UNNAMED, apply_document, task_document
from andock_core.planning.records import RecordChanged
from andock_core.planning.tasks import Tasks
from andock_core.storage import Task as Row
from andock_core.sync.plan import Local
from andock_core.sync.ports import ChangedEntry, GoneEntry, LocalChanged, NewEntry, Unusable
from andock_sdk import Item, Task

DUE_UNKNOWN = "item.due"


class ListedRecords:
    """Tasks. All are the owner's own, wherever they were made."""

    def __init__(self, session: Session, tenant_id: str, owner_id: str) -> None:
        self._tasks = Tasks(session, tenant_id, owner_id)

    def get(self, record_id: str) -> Local | None:
        """A task. What rests has no place there."""
        row = self._tasks.get(record_id)
        return None if row is None or row.resting else local(row)

    def version(self, record_id: str) -> int:
        """A task's version."""
        row = self._tasks.get(record_id)
        return 0 if row is None or row.resting else row.version

    def knows(self, record_id: str) -> bool:
        """Whether the owner has this task."""
        return self._tasks.get(record_id) is not None

    def create(self, new: NewEntry) -> int:
        """A task that came from the other side, or comes back. What rested rests no more."""
        present = self._tasks.get(new.entry_id)
        if present is not None:
            if not present.resting:
                raise LocalChanged
            return self.change(ChangedEntry(present.id, new.kind, new.item, present.version))
        row = self._tasks.create(UNNAMED, task_id=new.entry_id)
        row.origin = "remote"
        return self._put(row, new.item)

    def change(self, change: ChangedEntry) -> int:
        """All that the document says."""
        return self._put(self._expected(change.entry_id, change.expected_version), change.item)

    def delete(self, gone: GoneEntry) -> None:
        """Delete it here too."""
        row = self._expected(gone.entry_id, gone.expected_version)
        try:
            self._tasks.delete(row, expected_version=gone.expected_version)
        except RecordChanged as error:
            raise LocalChanged from error

    def _put(self, row: Any, item: Item) -> int:
        if not isinstance(item, Task):
            raise Unusable("item.kind")
        try:
            values = apply_document(row, item, now())
        except CannotExpand as error:
            raise Unusable(DUE_UNKNOWN) from error
        if not values and not row.resting:
            return int(row.version)
        try:
            return int(self._tasks.replace(row, values, expected_version=row.version).version)
        except RecordChanged as error:
            raise LocalChanged from error

    def _expected(self, record_id: str, version: int) -> Any:
        row = self._tasks.get(record_id)
        if row is None or row.version != version:
            raise LocalChanged
        return row


def local(row: Row) -> Local:
    """A task as the sync sees it."""
    return Local(row.id, "own", task_document(row), row.version)
