"""Andock's side of one collection: which rows belong there, found by their ids alone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.jobs.lease import Lease
from andock_core.runs import listed, queries
from andock_core.runs.listed import ListedRecords
from andock_core.runs.planned import planned_records
from andock_core.runs.records import ContactRecords, EntryRecords, RecordKind, Records
from andock_core.storage import Collection
from andock_core.sync.plan import Local
from andock_core.sync.ports import ChangedEntry, GoneEntry, NewEntry
from andock_core.vault import Vault
from andock_sdk import Contact


@dataclass
class Here:
    """In one session. Ids are unique across the tables."""

    session: Session
    lease: Lease
    collection: Collection
    entries: EntryRecords
    kinds: dict[RecordKind, Records]

    @classmethod
    def of(
        cls, session: Session, vault: Vault, lease: Lease, collection: Collection, window: Window
    ) -> "Here":
        """The side of the lease's owner."""
        owner = (lease.tenant_id, lease.owner_id)
        entries = EntryRecords(Entries(session, vault, *owner, window))
        if collection.kind == "contacts":
            kinds: dict[RecordKind, Records] = {"contact": ContactRecords(session, *owner)}
        elif collection.kind == "tasks":
            kinds = {"todo": ListedRecords(session, *owner)}
        else:
            holds = frozenset(map(str, collection.holds))
            kinds = {"entry": entries, **planned_records(session, *owner, holds)}
        return cls(session, lease, collection, entries, kinds)

    def get(self, record_id: str) -> Local | None:
        """What has this id, if it has a place in the collection."""
        if not record_id:
            return None
        found = (records.get(record_id) for records in self.kinds.values())
        return next((local for local in found if local is not None), None)

    def version_of(self, record_id: str) -> int:
        """Its version, without opening it: also of what cannot be opened. 0: it has no place
        here."""
        found = (records.version(record_id) for records in self.kinds.values())
        return next((version for version in found if version), 0)

    def kind_of(self, record_id: str) -> RecordKind | None:
        """Which table an id belongs to, whether it has a place in the collection or not; None
        when there is no such row."""
        if not record_id:
            return None
        return next((kind for kind, rows in self.kinds.items() if rows.knows(record_id)), None)

    @property
    def usual(self) -> RecordKind:
        """What such a collection mostly holds."""
        return next(iter(self.kinds))

    def unpaired(self) -> list[Local]:
        """The owner's entries, contacts without their photos, or tasks, that no pair speaks for."""
        if self.collection.kind == "contacts":
            rows = queries.unpaired_contacts(self.session, self.collection, self.lease.owner_id)
            return [
                Local(row.id, "own", Contact.model_validate(row.document), row.version)
                for row in rows
            ]
        if self.collection.kind == "tasks":
            tasks = queries.unpaired_tasks(self.session, self.collection, self.lease.owner_id)
            return [listed.local(task) for task in tasks]
        found = queries.unpaired_entries(self.session, self.collection, self.lease.owner_id)
        return [self.entries.local(entry) for entry in found]

    def carry_out(
        self, change: NewEntry | ChangedEntry | GoneEntry | None, kind: RecordKind
    ) -> int | None:
        """Change a row of a kind; its new version. Raises LocalChanged, Unusable."""
        if change is None:
            return None
        records = self.kinds[kind]
        if isinstance(change, NewEntry):
            return records.create(change)
        if isinstance(change, ChangedEntry):
            return records.change(change)
        records.delete(change)
        return None
