"""Who may change an entry: its owner, where it is visible and nobody else organises it."""

from andock_core.calendar.edit import Refused
from andock_core.calendar.entries import Entries, EntryChanged
from andock_core.storage.tables import Entry
from andock_sdk import Appointment


class EntryGone(Exception):
    """The member has no such entry (any more)."""


def open_entry(entries: Entries, entry_id: str) -> tuple[Entry, Appointment]:
    """The member's own entry and what it holds. Raises EntryGone."""
    entry = entries.get(entry_id)
    if entry is None:
        raise EntryGone
    return entry, entries.document(entry)


def open_for_edit(entries: Entries, entry_id: str, version: int) -> tuple[Entry, Appointment]:
    """As `open_entry`, if it may be changed. Raises EntryGone, EntryChanged, Refused."""
    entry, item = open_entry(entries, entry_id)
    if entry.version != version:
        raise EntryChanged
    reason = why_not(entry, item)
    if reason:
        raise Refused(reason)
    return entry, item


def why_not(entry: Entry, item: Appointment) -> str:
    """Why it cannot be changed here, as a message key; empty when it can.

    A private series stays read-only also where one of its dates is visible: no private block is
    ever written out, so a change made here would be lost with the next one made there.
    """
    return read_only(entry.locked, item.editable, entry.visibility)


def read_only(locked: bool, editable: bool, visibility: str) -> str:
    """As `why_not`, for who has not the whole entry at hand."""
    if locked or not editable:
        return "entry.locked"
    return "" if visibility == "appointment" else "entry.private"
