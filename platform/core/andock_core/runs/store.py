"""The sync core's store in SQL, for one collection of one run. See `andock_core.sync.ports`.

Each method is one transaction. Those that write check the run's lease first, so a run that lost
it changes nothing more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from andock_core.calendar.window import Window
from andock_core.jobs.lease import Lease, LeaseLost, check
from andock_core.runs import queries
from andock_core.runs.announcing import announce, suspect
from andock_core.runs.committing import TAKEN_BACK, Committing
from andock_core.runs.here import Here
from andock_core.runs.recognising import Recognising
from andock_core.runs.sealing import Seals
from andock_core.storage import (
    Collection,
    Intent as IntentRow,
    JournalLine,
    Pair,
    Storage,
)
from andock_core.sync.plan import Local
from andock_core.sync.ports import (
    Feed,
    Intent,
    Known,
    Recognition,
    Side,
    Step,
    Work,
)
from andock_core.vault import Vault
from andock_sdk import Change, RemoteItem

CHUNK = 500
"""Refs in one IN list: SQLite takes 32,766 at most, and shorter statements are kinder."""


@dataclass(frozen=True)
class Place:
    """Which run works on which collection, and when `now` is. `taken_back`: the entries that the
    member takes back in it."""

    lease: Lease
    run_id: str
    collection_id: str
    window: Window
    now: Callable[[], datetime]
    taken_back: frozenset[str] = frozenset()


class SqlStore:
    """Implements `andock_core.sync.ports.SyncStore`."""

    stops: tuple[type[Exception], ...] = (LeaseLost, SQLAlchemyError)

    def __init__(self, storage: Storage, vault: Vault, place: Place) -> None:
        self._storage = storage
        self._vault = vault
        self._place = place
        self._lease = place.lease
        self._seals = Seals(vault, place.lease.tenant_id, place.lease.owner_id)

    def feed(self) -> Feed:
        """Where reading changes goes on; from the start when the role changed meanwhile."""
        with self._read() as session:
            row = self._collection(session)
            kept = self._seals.cursor(row)
            if kept is None or kept[1] != row.role:
                return Feed(None, True)
            return Feed(kept[0], row.listing)

    def begin_listing(self) -> None:
        """Forget the cursor; pairs that the listing does not name become suspects."""
        with self._write() as session:
            row = self._collection(session)
            row.cursor, row.listing = None, True
            row.listing_mark += 1

    def take_page(self, changes: Sequence[Change], cursor: str, *, complete: bool) -> None:
        """Keep a page of changes together with its cursor."""
        with self._write() as session:
            row = self._collection(session)
            for start in range(0, len(changes), CHUNK):
                announce(session, row, changes[start : start + CHUNK])
            self._seals.keep_cursor(row, cursor)
            if complete:
                suspect(session, row)
                row.listing = False

    def work(self, now: datetime) -> list[Work]:
        """All that has to be looked at."""
        with self._read() as session:
            row = self._collection(session)
            return queries.work(session, row, self._lease.owner_id, now)

    def known(self, work: Work) -> Known | None:
        """The local side and the bases of a work; None when its pair moved on."""
        with self._read() as session:
            pair = self._pair(session, work)
            if pair is None:
                if work.pair_id:
                    return None
                return Known(self._local(session, work.entry_id), None)
            pending = pair.ref.startswith(queries.PENDING)
            if not pending and pair.ref != work.ref:
                return None
            local = self._here(session).get(pair.entry_id)
            return Known(local, self._seals.agreed(pair), pair.operation_id, pair.id)

    def unmet(self) -> int:
        """Announced items that no pair speaks for and that are still to be looked at."""
        return self._count(queries.unmet(self._place.collection_id))

    def recognise(self, remote: RemoteItem) -> Recognition:
        """What is known of an unpaired remote item."""
        with self._read() as session:
            met = Recognising(session, self._lease.connection_id, self._place.collection_id)
            return met.recognise(remote, lambda: self._here(session))

    def unpaired(self) -> list[Local]:
        """The owner's entries or contacts that no pair speaks for."""
        with self._read() as session:
            return self._here(session).unpaired()

    def intents(self) -> list[Intent]:
        """Writes that were begun and never settled."""
        with self._read() as session:
            query = select(IntentRow).where(IntentRow.collection_id == self._place.collection_id)
            rows = session.scalars(query.order_by(IntentRow.created_at, IntentRow.id)).all()
            return [self._seals.intent(row) for row in rows]

    def intend(self, intent: Intent) -> None:
        """Note a write that is about to happen."""
        with self._write() as session:
            session.add(
                IntentRow(
                    id=intent.id,
                    tenant_id=self._lease.tenant_id,
                    connection_id=self._lease.connection_id,
                    collection_id=self._place.collection_id,
                    entry_id=intent.work.entry_id,
                    ref=intent.work.ref,
                    action=intent.action,
                    operation_id=intent.operation_id,
                    payload=self._seals.payload(intent),
                    created_at=self._place.now(),
                )
            )

    def drop_intent(self, intent_id: str) -> None:
        """The write did not happen."""
        with self._write() as session:
            session.execute(delete(IntentRow).where(IntentRow.id == intent_id))

    def commit(self, step: Step) -> None:
        """Carry out a step, all or nothing."""
        with self._write() as session:
            committing = Committing(
                session,
                self._here(session),
                self._seals,
                self._lease,
                run_id=self._place.run_id,
                collection_id=self._place.collection_id,
                now=self._place.now(),
                taken_back=self._place.taken_back,
            )
            committing.carry_out(step)

    def pairs(self) -> int:
        """How many entries are paired here."""
        mine = (Pair.collection_id == self._place.collection_id, Pair.base_local.is_not(None))
        return self._count(select(func.count(Pair.id)).where(*mine))

    def deletes_since(self, side: Side, since: datetime) -> int:
        """Deletes in the journal of this collection, on that side. What the member took back was no
        fault of anybody's."""
        conditions = (
            JournalLine.collection_id == self._place.collection_id,
            JournalLine.side == side,
            JournalLine.action == "delete",
            JournalLine.reason != TAKEN_BACK,
            JournalLine.at >= since,
        )
        return self._count(select(func.count(JournalLine.id)).where(*conditions))

    def held(self, side: Side) -> int:
        """Deletes on that side that wait for the member."""
        conditions = (
            Pair.collection_id == self._place.collection_id,
            Pair.state == "held",
            Pair.error == f"breaker.{side}",
        )
        return self._count(select(func.count(Pair.id)).where(*conditions))

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with self._storage.read(self._lease.scope) as session:
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with self._storage.write(self._lease.scope) as session:
            check(session, self._lease)
            yield session

    def _collection(self, session: Session) -> Collection:
        mine = select(Collection).where(Collection.id == self._place.collection_id)
        return session.scalars(mine).one()

    def _here(self, session: Session) -> Here:
        row = self._collection(session)
        return Here.of(session, self._vault, self._lease, row, self._place.window)

    def _local(self, session: Session, entry_id: str) -> Local | None:
        return self._here(session).get(entry_id) if entry_id else None

    def _count(self, query: Select[int]) -> int:
        with self._read() as session:
            return session.scalar(query) or 0

    def _pair(self, session: Session, work: Work) -> Pair | None:
        """By id; else whoever speaks of the ref or the entry by now."""
        mine = select(Pair).where(Pair.collection_id == self._place.collection_id)
        if work.pair_id:
            return session.scalars(mine.where(Pair.id == work.pair_id)).one_or_none()
        if work.ref:
            return session.scalars(mine.where(Pair.ref == work.ref)).one_or_none()
        return session.scalars(mine.where(Pair.entry_id == work.entry_id)).one_or_none()
