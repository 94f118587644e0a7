"""One step of the sync core as one transaction: entry, pair, intent, inbox, journal."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from andock_core.jobs.lease import Lease
from andock_core.runs.here import Here
from andock_core.runs.queries import DECIDED, IDS_ONLY, PENDING
from andock_core.runs.recognising import Recognising
from andock_core.runs.records import RecordKind
from andock_core.runs.sealing import Seals, digest
from andock_core.storage import Collection, InboxItem, Intent, JournalLine, Pair
from andock_core.storage.types import new_id
from andock_core.sync.ports import (
    ChangedEntry,
    IdsOnly,
    Line,
    LocalChanged,
    NewEntry,
    Settled,
    Step,
    Trouble,
    Work,
)
from andock_sdk import Item

TAKEN_BACK = "taken back"


@dataclass
class Committing:
    """Carries out one step in a session whose lease was checked."""

    session: Session
    here: Here
    seals: Seals
    lease: Lease
    run_id: str
    collection_id: str
    now: datetime
    taken_back: frozenset[str] = frozenset()
    """Entries that the member takes back in this run: the journal says so."""

    def carry_out(self, step: Step) -> None:
        """All of the step. Raises LocalChanged, Unusable; the caller then rolls back."""
        pair = self._find_pair(step)
        self._refuse_twin(step, pair)
        version = self.here.carry_out(step.entry, self._kind(pair, step))
        step = self._as_kept(step)
        settled = self._change_pair(pair, step, version)
        if step.intent_done:
            self.session.execute(delete(Intent).where(Intent.id == step.intent_done))
        if step.work.ref and (step.trouble is None or pair is not None):
            self.session.execute(delete(InboxItem).where(*self._line_of(step.work.ref)))
        for line in step.lines:
            self._journal(line, step, settled or pair)

    def _refuse_twin(self, step: Step, pair: Pair | None) -> None:
        """Two connections to one mailbox may meet an item at the same moment, and each may have
        seen that the other has not got it. Whoever commits second looks again."""
        settled = step.pair
        if not isinstance(settled, Settled) or settled.operation_id or step.intent_done:
            return
        if pair is not None and pair.base_local is not None:
            return
        meeting = Recognising(self.session, self.lease.connection_id, self.collection_id)
        if meeting.has_siblings():
            meeting.lock_mailbox()
            if meeting.is_twin(settled.base_remote.uid):
                raise LocalChanged

    def _change_pair(self, pair: Pair | None, step: Step, version: int | None) -> Pair | None:
        """The row of what is agreed now; None where nothing is."""
        if step.pair == "drop":
            if pair is not None:
                self.session.delete(pair)
        elif isinstance(step.pair, Settled):
            if pair is not None or step.work.pair_id:  # else it was looked for already
                self._forget_waiting(pair, step.pair.entry_id)
            return self._settle(pair, step.pair, version, written=bool(step.intent_done))
        elif isinstance(step.pair, IdsOnly):
            self._keep_ids(pair, step.pair)
        elif step.trouble is not None:
            self._trouble(pair, step.work, step.trouble)
        elif pair is not None:
            self._calm(pair)
        return None

    def _kind(self, pair: Pair | None, step: Step) -> RecordKind:
        """Which table the step's entry is of."""
        if pair is not None and pair.base_local is not None:
            kind: RecordKind = pair.local_kind  # type: ignore[assignment]
            return kind
        known = self.here.kind_of(step.entry.entry_id) if step.entry else None
        return known or self.here.usual

    def _as_kept(self, step: Step) -> Step:
        """A task keeps less than it says there: its base is what it holds now."""
        settled, change = step.pair, step.entry
        if not isinstance(settled, Settled) or not isinstance(change, NewEntry | ChangedEntry):
            return step
        if settled.kind != "planned" and self.here.usual != "todo":
            return step
        local = self.here.get(change.entry_id)
        if local is None:
            return step
        kept = replace(step, pair=replace(settled, base_local=local.item))
        if self.here.usual != "todo":
            return kept
        lines = (self._as_it_is_here(line, local.item) for line in step.lines)
        return replace(kept, lines=tuple(lines))

    def _as_it_is_here(self, line: Line, item: Item) -> Line:
        """What the journal tells of this side, by which the member takes it back."""
        if line.side != "here" or line.after is None:
            return line
        return replace(line, after=item)

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

    def _settle(
        self, pair: Pair | None, settled: Settled, version: int | None, *, written: bool
    ) -> Pair:
        row = pair if pair is not None else self._new_pair()
        row.entry_id = settled.entry_id
        row.local_kind = self.here.kind_of(settled.entry_id) or row.local_kind
        made = pair is None or row.ref != settled.ref
        row.unannounced = written and (made or row.unannounced)
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
        return row

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
            pair.entry_id, pair.ref = work.entry_id, PENDING + work.entry_id
            pair.local_kind = self.here.kind_of(work.entry_id) or self.here.usual
            pair.kind = "planned" if pair.local_kind in ("task", "call") else "own"
            self.session.add(pair)
        pair.entry_version = self._version_in_trouble(pair, trouble)
        pair.state, pair.error = _after_trouble(pair, trouble), trouble.error[:80]
        if pair.state == "held" and trouble.state == "aside":
            pair.error = "breaker.here"
        pair.tries, pair.next_try_at = work.tries + 1, trouble.next_try_at

    def _version_in_trouble(self, pair: Pair, trouble: Trouble) -> int:
        if trouble.entry_version is not None:
            return trouble.entry_version
        return self.here.version_of(pair.entry_id)

    def _calm(self, pair: Pair) -> None:
        """Nothing was to be done after all."""
        pair.unannounced = False
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
            local_kind=self.here.usual,
            seen_mark=self._mark(),
        )

    def _mark(self) -> int:
        """A new pair was just seen: the present listing's number."""
        return self.session.get_one(Collection, self.collection_id).listing_mark

    def _line_of(self, ref: str) -> tuple[ColumnElement[bool], ...]:
        return (InboxItem.collection_id == self.collection_id, InboxItem.ref == ref)

    def _journal(self, line: Line, step: Step, row: Pair | None) -> None:
        settled = step.pair if isinstance(step.pair, Settled) else None
        entry_id = settled.entry_id if settled else step.work.entry_id
        reason = TAKEN_BACK if entry_id in self.taken_back else line.reason
        identifier = new_id()
        self.session.add(
            JournalLine(
                id=identifier,
                tenant_id=self.lease.tenant_id,
                run_id=self.run_id,
                connection_id=self.lease.connection_id,
                collection_id=self.collection_id,
                entry_id=entry_id,
                pair_id=row.id if row is not None else step.work.pair_id,
                local_kind=self._local_kind(entry_id, row),
                kind=settled.kind if settled else row.kind if row is not None else "",
                side=line.side,
                action=line.action,
                reason=reason[:40],
                conflict="open" if line.lost else "",
                content=self.seals.line_content(identifier, line),
                at=self.now,
            )
        )

    def _local_kind(self, entry_id: str, row: Pair | None) -> str:
        return row.local_kind if row is not None else self.here.kind_of(entry_id) or self.here.usual


def _after_trouble(pair: Pair, trouble: Trouble) -> str:
    """What the member decided outlives a failure. What was to come back and cannot is asked about
    again: set aside, it would be deleted after all."""
    if trouble.state == "dirty" and pair.state in DECIDED:
        return pair.state
    if trouble.state == "aside" and pair.state == "restore" and pair.base_local is not None:
        return "held"
    return trouble.state
