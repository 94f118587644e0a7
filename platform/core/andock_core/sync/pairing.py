"""Pairing at first sight: is this remote item an entry that Andock already has?

By the operation id (Andock made it), else by UID and slot, else by equal content in the same slot.
Only entries that no pair speaks for are candidates, and each can be taken once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from andock_core.sync.plan import Local
from andock_sdk.items import Appointment, Slot


def operation_id(entry_id: str, collection_id: str, number: int) -> str:
    """The id that a create carries: it tells whose entry it is, and the same try twice has the
    same id. At most 64 characters."""
    return f"{entry_id}-{collection_id[:8]}-{number}"


def entry_of(operation: str) -> str:
    """The entry id within an operation id; empty when it is none of ours."""
    head, sep, _ = operation.partition("-")
    return head if sep and len(head) == 32 else ""


def next_operation_id(entry_id: str, collection_id: str, last: str) -> str:
    """The id for creating an entry anew after its item with the id `last` was deleted there."""
    head, _, number = last.rpartition("-")
    known = head == operation_id(entry_id, collection_id, 0).rpartition("-")[0]
    return operation_id(entry_id, collection_id, int(number) + 1 if known else 1)


@dataclass
class Unpaired:
    """The entries that may be found on the other side."""

    entries: list[Local]

    def take(self, item: Appointment) -> Local | None:
        """The entry that `item` is, taken out of the list; None when there is none."""
        slot = [entry for entry in self.entries if same_slot(entry.item, item)]
        found = next((e for e in slot if item.uid and e.item.uid == item.uid), None)
        if found is None:
            found = next((e for e in slot if _same_content(e.item, item)), None)
        if found is not None:
            self.entries.remove(found)
        return found

    def drop(self, entry_id: str) -> None:
        """That entry is spoken for."""
        self.entries = [entry for entry in self.entries if entry.entry_id != entry_id]


def same_slot(one: Appointment, other: Appointment) -> bool:
    """Whether both take place at the same time, and repeat alike."""
    return (
        one.when.all_day == other.when.all_day
        and bool(one.recurrence) == bool(other.recurrence)
        and _moments(one.when) == _moments(other.when)
    )


def _same_content(one: Appointment, other: Appointment) -> bool:
    return (
        one.subject.strip() == other.subject.strip()
        and one.location.strip() == other.location.strip()
        and one.recurrence == other.recurrence
        and not (one.uid and other.uid and one.uid != other.uid)
    )


def _moments(slot: Slot) -> Sequence[datetime | str]:
    """Start and end as moments, or as days; wall times of an unknown zone as they are spelled."""
    if slot.all_day:
        return (slot.start, slot.end)
    try:
        return (
            datetime.fromisoformat(slot.start).replace(tzinfo=ZoneInfo(slot.start_zone)),
            datetime.fromisoformat(slot.end).replace(tzinfo=ZoneInfo(slot.end_zone)),
        )
    except (KeyError, ValueError, OSError):
        return (slot.start, slot.end, slot.start_zone)
