"""Tasks and calls as the sync sees them: by their entries in the calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from andock_core.calendar.expand import CannotExpand
from andock_core.planning.calls import Calls
from andock_core.planning.entries import (
    apply_to_call,
    apply_to_task,
    call_entry,
    task_entry,
    unmarked,
)
from andock_core.planning.records import RecordChanged
from andock_core.planning.tasks import Tasks
from andock_core.runs.records import RULE_UNKNOWN, RecordKind
from andock_core.storage import Member, Tenant
from andock_core.sync.plan import Local
from andock_core.sync.ports import ChangedEntry, GoneEntry, LocalChanged, NewEntry, Unusable
from andock_sdk import Appointment, Item


@dataclass
class PlannedRecords:
    """The tasks, or the calls, of one member.

    `held`: the collection holds them; else none of them has a place there. An entry can say more
    than a task or call keeps (a length, a place): that stays on the other side.
    """

    rows: Any
    entry: Callable[[Any], Appointment | None]
    apply: Callable[[Any, Appointment], dict[str, Any]]
    held: bool

    def get(self, record_id: str) -> Local | None:
        """It with its entry; None without a place in the calendar."""
        row = self.rows.get(record_id) if self.held else None
        item = self._entry(row) if row is not None else None
        if row is None or item is None:
            return None
        return Local(row.id, "planned", item, row.version)

    def version(self, record_id: str) -> int:
        """A task's or a call's version."""
        local = self.get(record_id)
        return 0 if local is None else local.version

    def knows(self, record_id: str) -> bool:
        """Whether there is such a task or call."""
        return self.rows.get(record_id) is not None

    def create(self, new: NewEntry) -> int:
        """It lost its place here, or was deleted, and its entry was changed meanwhile: an edit
        beats a delete."""
        item = _appointment(new.item)
        row = self.rows.get(new.entry_id) or self._made(new.entry_id, item)
        return self._put(row, {**self._applied(row, item), "planned": True})

    def change(self, change: ChangedEntry) -> int:
        """What it keeps of the entry: when it is, its name, its notes."""
        row = self._expected(change.entry_id, change.expected_version)
        return self._put(row, self._applied(row, _appointment(change.item)))

    def delete(self, gone: GoneEntry) -> None:
        """Deleted there it leaves the planning, and stays."""
        self._put(self._expected(gone.entry_id, gone.expected_version), {"planned": False})

    def _entry(self, row: Any) -> Appointment | None:
        try:
            return self.entry(row)
        except CannotExpand:
            return None  # a zone that this machine does not know

    def _applied(self, row: Any, item: Appointment) -> dict[str, Any]:
        try:
            return self.apply(row, item)
        except CannotExpand as error:
            raise Unusable(RULE_UNKNOWN) from error

    def _made(self, record_id: str, item: Appointment) -> Any:
        name = unmarked(item.subject) or "?"
        if isinstance(self.rows, Tasks):
            return self.rows.create(name, task_id=record_id)
        return self.rows.create(name, call_id=record_id)

    def _put(self, row: Any, values: dict[str, Any]) -> int:
        if not values:
            return int(row.version)
        try:
            return int(self.rows.replace(row, values, expected_version=row.version).version)
        except RecordChanged as error:
            raise LocalChanged from error

    def _expected(self, record_id: str, version: int) -> Any:
        row = self.rows.get(record_id)
        if row is None or row.version != version:
            raise LocalChanged
        return row


def planned_records(
    session: Session, tenant_id: str, owner_id: str, holds: frozenset[str]
) -> dict[RecordKind, PlannedRecords]:
    """The tasks and calls of a member, as far as a collection holds them."""

    @cache
    def manner() -> tuple[str, str]:
        """The owner's zone and language, looked up when a call needs them."""
        member, tenant = session.get_one(Member, owner_id), session.get_one(Tenant, tenant_id)
        return member.zone or tenant.zone, member.language or tenant.language

    return {
        "task": PlannedRecords(
            Tasks(session, tenant_id, owner_id), task_entry, apply_to_task, "tasks" in holds
        ),
        "call": PlannedRecords(
            Calls(session, tenant_id, owner_id),
            lambda call: call_entry(call, *manner()),
            lambda call, item: apply_to_call(call, item, *manner()),
            "calls" in holds,
        ),
    }


def _appointment(item: Item) -> Appointment:
    if not isinstance(item, Appointment):
        raise Unusable("item.kind")
    return item
