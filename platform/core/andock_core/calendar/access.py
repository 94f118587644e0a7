"""Who may change an entry: its owner, where it is visible and nobody else organises it."""

from sqlalchemy.orm import Session

from andock_core.calendar.convert import shown_starts
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


def open_for_edit(
    session: Session, entries: Entries, entry_id: str, *, version: int, original_start: str = ""
) -> tuple[Entry, Appointment]:
    """As `open_entry`, if it may be changed: all of it, or the occurrence `original_start`.

    An occurrence that its owner made visible may be changed though its series is private.
    Raises EntryGone, EntryChanged, Refused.
    """
    entry, item = open_entry(entries, entry_id)
    if entry.version != version:
        raise EntryChanged
    reason = why_not(session, entry, item, original_start)
    if reason:
        raise Refused(reason)
    return entry, item


def why_not(session: Session, entry: Entry, item: Appointment, original_start: str = "") -> str:
    """Why it cannot be changed here, as a message key; empty when it can."""
    if entry.locked or not item.editable:
        return "entry.locked"
    if entry.visibility == "appointment":
        return ""
    if original_start and original_start in shown_starts(session, entry.id):
        return ""
    return "entry.private"
