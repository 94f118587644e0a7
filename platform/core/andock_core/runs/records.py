"""Andock's own side of a collection: the rows that the sync core knows as entries.

A calendar's are entries, and the tasks and calls that the collection holds; a folder of contacts
has contacts, a list of tasks has tasks. Each kind answers the same few questions, and every write
compares the version.
"""

from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from andock_core.calendar.entries import Entries, EntryChanged
from andock_core.calendar.expand import CannotExpand
from andock_core.contacts.store import ContactChanged, Contacts
from andock_core.storage import Entry
from andock_core.sync.plan import Kind, Local
from andock_core.sync.ports import ChangedEntry, GoneEntry, LocalChanged, NewEntry, Unusable
from andock_sdk import Appointment, Contact, Item

RecordKind = Literal["entry", "contact", "task", "call", "todo"]
"""task, call: by their entries in a calendar. todo: a task in a list of tasks."""
RULE_UNKNOWN = "item.rule"


class Records(Protocol):
    """The rows of one kind. What writes raises LocalChanged, Unusable; nothing then took effect."""

    def get(self, record_id: str) -> Local | None:
        """As the sync sees it; None when it is not there, or has no place in the collection."""

    def version(self, record_id: str) -> int:
        """Its version; 0 when it is not there, or has no place in the collection."""

    def knows(self, record_id: str) -> bool:
        """Whether there is such a row at all."""

    def create(self, new: NewEntry) -> int:
        """Make it; its version."""

    def change(self, change: ChangedEntry) -> int:
        """Put the item into it; its new version."""

    def delete(self, gone: GoneEntry) -> None:
        """It was deleted on the other side."""


class EntryRecords:
    """Calendar entries: appointments and private blocks."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def get(self, record_id: str) -> Local | None:
        """An entry with its document; opens a block's seal. What rests has no place there."""
        row = self._entries.get(record_id)
        return None if row is None or row.resting else self.local(row)

    def version(self, record_id: str) -> int:
        """An entry's version."""
        row = self._entries.get(record_id)
        return 0 if row is None or row.resting else row.version

    def knows(self, record_id: str) -> bool:
        """Whether there is such an entry."""
        return self._entries.has(record_id)

    def local(self, row: Entry) -> Local:
        """An entry as the sync sees it."""
        return Local(row.id, kind_of(row), self._entries.document(row), row.version)

    def create(self, new: NewEntry) -> int:
        """An appointment, or a block. What rested and was changed there rests no more."""
        item = _appointment(new.item)
        row = self._entries.get(new.entry_id)
        if row is not None:
            if not row.resting:
                raise LocalChanged
            return self.change(ChangedEntry(row.id, new.kind, item, row.version))
        try:
            entry = self._entries.create(
                item,
                visibility="block" if new.kind == "block" else "appointment",
                origin="andock" if new.kind == "own" else "remote",
                locked=not item.editable,
                entry_id=new.entry_id,
            )
        except CannotExpand as error:
            raise Unusable(RULE_UNKNOWN) from error
        entry.converted = new.kind == "converted"
        return entry.version

    def change(self, change: ChangedEntry) -> int:
        """Its document, and its visibility when it shall be a block."""
        entry = self._expected(change.entry_id, change.expected_version)
        try:
            return self._changed(entry, change.kind, _appointment(change.item)).version
        except EntryChanged as error:
            raise LocalChanged from error
        except CannotExpand as error:
            raise Unusable(RULE_UNKNOWN) from error

    def delete(self, gone: GoneEntry) -> None:
        """Delete it here too."""
        entry = self._expected(gone.entry_id, gone.expected_version)
        try:
            self._entries.delete(entry, expected_version=gone.expected_version)
        except EntryChanged as error:
            raise LocalChanged from error

    def _changed(self, entry: Entry, kind: Kind, item: Appointment) -> Entry:
        if kind == "block" and entry.visibility != "block":
            entry = self._entries.make_private(entry, expected_version=entry.version)
        if self._entries.document(entry) != item or entry.locked == item.editable:
            entry = self._entries.replace(
                entry, item, expected_version=entry.version, locked=not item.editable
            )
        entry.resting = False
        return entry

    def _expected(self, entry_id: str, version: int) -> Entry:
        entry = self._entries.get(entry_id)
        if entry is None or entry.version != version:
            raise LocalChanged
        return entry


class ContactRecords:
    """Contacts. All are the owner's own, wherever they were made."""

    def __init__(self, session: Session, tenant_id: str, owner_id: str) -> None:
        self._contacts = Contacts(session, tenant_id, owner_id)

    def get(self, record_id: str) -> Local | None:
        """A contact with its photo. What rests has no place there."""
        row = self._contacts.get(record_id)
        if row is None or row.resting:
            return None
        return Local(row.id, "own", self._contacts.document(row), row.version)

    def version(self, record_id: str) -> int:
        """A contact's version."""
        row = self._contacts.get(record_id)
        return 0 if row is None or row.resting else row.version

    def knows(self, record_id: str) -> bool:
        """Whether the owner has this contact."""
        return self._contacts.get(record_id) is not None

    def create(self, new: NewEntry) -> int:
        """A contact that came from the other side."""
        present = self._contacts.get(new.entry_id)
        if present is not None:
            if not present.resting:
                raise LocalChanged
            change = ChangedEntry(present.id, new.kind, new.item, present.version)
            return self.change(change)
        row = self._contacts.create(_contact(new.item), new.entry_id)
        row.origin = "remote"
        return row.version

    def change(self, change: ChangedEntry) -> int:
        """Its document."""
        row = self._expected(change.entry_id, change.expected_version)
        try:
            return self._contacts.replace(row, _contact(change.item), row.version).version
        except ContactChanged as error:
            raise LocalChanged from error

    def delete(self, gone: GoneEntry) -> None:
        """Delete it here too."""
        row = self._expected(gone.entry_id, gone.expected_version)
        try:
            self._contacts.delete(row, gone.expected_version)
        except ContactChanged as error:
            raise LocalChanged from error

    def _expected(self, contact_id: str, version: int) -> Any:
        row = self._contacts.get(contact_id)
        if row is None or row.version != version:
            raise LocalChanged
        return row


def kind_of(entry: Entry) -> Kind:
    """What an entry is to the sync."""
    if entry.visibility == "block":
        return "block"
    return "own" if entry.origin == "andock" else "converted"


def _appointment(item: Item) -> Appointment:
    if not isinstance(item, Appointment):
        raise Unusable("item.kind")
    return item


def _contact(item: Item) -> Contact:
    if not isinstance(item, Contact):
        raise Unusable("item.kind")
    return item
