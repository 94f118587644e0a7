"""One step of the sync core as one transaction: entry, pair, intent, inbox, journal."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from andock_core.calendar.entries import Entries, EntryChanged
from andock_core.calendar.expand import CannotExpand
from andock_core.jobs.lease import Lease
from andock_core.runs.queries import IDS_ONLY, PENDING
from andock_core.runs.sealing import Seals, digest
from andock_core.storage import Collection, Entry, InboxItem, Intent, JournalLine, Pair
from andock_core.storage.types import new_id
from andock_core.sync.plan import Kind
from andock_core.sync.ports import (
    ChangedEntry,
    GoneEntry,
    IdsOnly,
    Line,
    LocalChanged,
    NewEntry,
    Settled,
    Step,
    Trouble,
    Unusable,
    Work,
)

RULE_UNKNOWN = "item.rule"


def kind_of(entry: Entry) -> Kind:
    """What an entry is to the sync."""
    if entry.visibility == "block":
        return "block"
    return "own" if entry.origin == "andock" else "converted"


@dataclass
class Committing:
    """Carries out one step in a session whose lease was checked."""

    session: Session
    entries: Entries
    seals: Seals
    lease: Lease
    run_id: str
    collection_id: str
    now: datetime

    def carry_out(self, step: Step) -> None:
        """All of the step. Raises LocalChanged, Unusable; the caller then rolls back."""
        try:
            version = self._entry(step)
        except EntryChanged as error:
            raise LocalChanged from error
        except CannotExpand as error:
            raise Unusable(RULE_UNKNOWN) from error
        pair = self._find_pair(step)
        self._change_pair(pair, step, version)
        if step.intent_done:
            self.session.execute(delete(Intent).where(Intent.id == step.intent_done))
        if step.work.ref and (step.trouble is None or pair is not None):
            self.session.execute(delete(InboxItem).where(*self._line_of(step.work.ref)))
        for line in step.lines:
            self._journal(line, step.work, step)

    def _change_pair(self, pair: Pair | None, step: Step, version: int | None) -> None:
        if step.pair == "drop":
            if pair is not None:
                self.session.delete(pair)
        elif isinstance(step.pair, Settled):
            self._settle(pair, step.pair, version)
        elif isinstance(step.pair, IdsOnly):
            self._keep_ids(pair, step.pair)
        elif step.trouble is not None:
            self._trouble(pair, step.work, step.trouble)
        elif pair is not None:
            self._calm(pair)

    def _entry(self, step: Step) -> int | None:
        """Change the entry; its new version."""
        change = step.entry
        if isinstance(change, NewEntry):
            return self._new_entry(change)
        if change is None:
            return None
        entry = self.entries.get(change.entry_id)
        if entry is None or entry.version != change.expected_version:
            raise LocalChanged
        if isinstance(change, GoneEntry):
            self.entries.delete(entry, expected_version=change.expected_version)
            return None
        return self._changed_entry(entry, change)

    def _new_entry(self, new: NewEntry) -> int:
        if self.entries.get(new.entry_id) is not None:
            raise LocalChanged
        entry = self.entries.create(
            new.item,
            visibility="block" if new.kind == "block" else "appointment",
            origin="andock" if new.kind == "own" else "remote",
            locked=not new.item.editable,
            entry_id=new.entry_id,
        )
        entry.converted = new.kind == "converted"
        return entry.version

    def _changed_entry(self, entry: Entry, change: ChangedEntry) -> int:
        if change.kind == "block" and entry.visibility != "block":
            entry = self.entries.make_private(entry, expected_version=entry.version)
        if self.entries.document(entry) != change.item or entry.locked == change.item.editable:
            entry = self.entries.replace(
                entry,
                change.item,
                expected_version=entry.version,
                locked=not change.item.editable,
            )
        return entry.version

    def _find_pair(self, step: Step) -> Pair | None:
        """The row that speaks of the work's item, whatever it was found by."""
        mine = select(Pair).where(Pair.collection_id == self.collection_id)
        if step.work.pair_id:
            return self.session.scalars(mine.where(Pair.id == step.work.pair_id)).one_or_none()
        if step.work.ref:
            found = self.session.scalars(mine.where(Pair.ref == step.work.ref)).one_or_none()
            if found is not None:
                return found
        entry_id = step.pair.entry_id if isinstance(step.pair, Settled) else step.work.entry_id
        waiting = mine.where(Pair.entry_id == entry_id, Pair.ref.startswith(PENDING))
        return self.session.scalars(waiting).one_or_none() if entry_id else None

    def _settle(self, pair: Pair | None, settled: Settled, version: int | None) -> None:
        self._forget_waiting(pair, settled.entry_id)
        row = pair if pair is not None else self._new_pair()
        row.entry_id = settled.entry_id
        row.ref = settled.ref
        row.remote_version = settled.remote_version
        row.operation_id = settled.operation_id
        row.link = settled.link
        row.uid = digest(settled.base_remote.uid)
        row.kind = settled.kind
        known = settled.entry_version if settled.entry_version is not None else version
        row.entry_version = known or 0
        row.state, row.error, row.tries, row.next_try_at = "ok", "", 0, None
        if settled.again:
            row.state, row.next_try_at = "dirty", self.now
        self.seals.keep_bases(row, settled)
        self.session.add(row)

    def _forget_waiting(self, pair: Pair | None, entry_id: str) -> None:
        """A create that could not happen, of an entry that has its remote item now."""
        waiting = select(Pair).where(
            Pair.collection_id == self.collection_id,
            Pair.entry_id == entry_id,
            Pair.ref.startswith(PENDING),
        )
        for row in self.session.scalars(waiting).all():
            if row is not pair:
                self.session.delete(row)
                self.session.flush()

    def _keep_ids(self, pair: Pair | None, ids: IdsOnly) -> None:
        row = pair if pair is not None else self._new_pair()
        row.entry_id = row.entry_id or row.id  # of an entry that there is not
        row.ref = ids.remote.ref
        row.remote_version = ids.remote.version
        row.link = ids.remote.link
        row.uid = digest(ids.remote.item.uid)
        row.kind, row.base_local, row.base_remote = "", None, None
        row.state, row.error, row.tries = ids.why, "", 0
        row.next_try_at = ids.look_again
        self.session.add(row)

    def _trouble(self, pair: Pair | None, work: Work, trouble: Trouble) -> None:
        if pair is None and work.ref:
            line = self.session.scalars(select(InboxItem).where(*self._line_of(work.ref))).first()
            if line is not None:
                line.error, line.tries = trouble.error[:80], work.tries + 1
                line.next_try_at = trouble.next_try_at
            return
        if pair is None:
            pair = self._new_pair()
            pair.entry_id, pair.ref, pair.kind = work.entry_id, PENDING + work.entry_id, "own"
            self.session.add(pair)
        entry = self.entries.get(pair.entry_id)
        pair.entry_version = entry.version if entry is not None else 0
        pair.state, pair.error = trouble.state, trouble.error[:80]
        pair.tries, pair.next_try_at = work.tries + 1, trouble.next_try_at

    def _calm(self, pair: Pair) -> None:
        """Nothing was to be done after all."""
        if pair.ref.startswith(PENDING):
            self.session.delete(pair)
        elif pair.state not in IDS_ONLY:
            pair.state, pair.error, pair.tries, pair.next_try_at = "ok", "", 0, None

    def _new_pair(self) -> Pair:
        identifier = new_id()
        return Pair(
            id=identifier,
            tenant_id=self.lease.tenant_id,
            connection_id=self.lease.connection_id,
            collection_id=self.collection_id,
            entry_id=identifier,
            seen_mark=self._mark(),
        )

    def _mark(self) -> int:
        """A new pair was just seen: the present listing's number."""
        return self.session.get_one(Collection, self.collection_id).listing_mark

    def _line_of(self, ref: str) -> tuple[ColumnElement[bool], ...]:
        return (InboxItem.collection_id == self.collection_id, InboxItem.ref == ref)

    def _journal(self, line: Line, work: Work, step: Step) -> None:
        entry_id = work.entry_id
        if isinstance(step.pair, Settled):
            entry_id = step.pair.entry_id
        identifier = new_id()
        self.session.add(
            JournalLine(
                id=identifier,
                tenant_id=self.lease.tenant_id,
                run_id=self.run_id,
                connection_id=self.lease.connection_id,
                collection_id=self.collection_id,
                entry_id=entry_id,
                side=line.side,
                action=line.action,
                reason=line.reason[:40],
                content=self.seals.line_content(identifier, line),
                at=self.now,
            )
        )
