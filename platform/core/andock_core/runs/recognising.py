"""Is a remote item that is not paired here one that we know?"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from andock_core.runs.here import Here
from andock_core.runs.queries import PENDING, same_mailbox
from andock_core.runs.sealing import digest
from andock_core.storage import Connection, Intent as IntentRow, Pair
from andock_core.sync.pairing import entry_of
from andock_core.sync.ports import Recognition, Work
from andock_sdk import RemoteItem


@dataclass
class Recognising:
    """Looks among all that the owner of a connection has."""

    session: Session
    connection_id: str
    collection_id: str

    def recognise(self, remote: RemoteItem, here: Callable[[], Here]) -> Recognition:
        """What is known of it. `here` knows the entry that its operation id names, if there is."""
        if remote.operation_id:
            found = self._ours(remote.operation_id, here())
            if found.ours:
                return found
        known = self._same_uid(remote.item.uid)
        if known is not None:
            return Recognition(ours=True, paired=known)
        return Recognition(twin=self.is_twin(remote.item.uid))

    def _ours(self, operation: str, side: Here) -> Recognition:
        entry_id = entry_of(operation)
        owner_id = self._connection().owner_id
        owned = (
            select(Pair)
            .join(Connection, Connection.id == Pair.connection_id)
            .where(
                Connection.owner_id == owner_id,
                (Pair.operation_id == operation) | (Pair.entry_id == entry_id),
                ~Pair.ref.startswith(PENDING),
            )
        )
        pairs = self.session.scalars(owned).all()
        begun = self.session.scalars(select(IntentRow.id).filter_by(operation_id=operation)).first()
        here = [pair for pair in pairs if pair.collection_id == self.collection_id]
        return Recognition(
            ours=side.kind_of(entry_id) is not None or bool(pairs) or begun is not None,
            entry=side.get(entry_id),
            paired=Work(here[0].ref, here[0].id, here[0].entry_id) if here else None,
            elsewhere=len(pairs) > len(here),
        )

    def _same_uid(self, uid: str) -> Work | None:
        """The pair of this collection that speaks of the same UID: the item may have got a new
        ref there, by a move or by being put back."""
        if not uid:
            return None
        known = select(Pair).where(
            Pair.collection_id == self.collection_id,
            Pair.uid == digest(uid),
            Pair.base_local.is_not(None),
            ~Pair.ref.startswith(PENDING),
        )
        pair = self.session.scalars(known.order_by(Pair.id)).first()
        return None if pair is None else Work(pair.ref, pair.id, pair.entry_id)

    def has_siblings(self) -> bool:
        """Whether the owner has another connection to the same mailbox."""
        other = select(Connection.id).where(same_mailbox(self._connection()))
        return self.session.scalars(other.limit(1)).first() is not None

    def lock_mailbox(self) -> None:
        """Until the transaction ends, no other connection to the mailbox takes anything in. On
        SQLite writers wait for each other anyway."""
        if self.session.get_bind().dialect.name != "postgresql":
            return
        owner_id = self._connection().owner_id
        key = int.from_bytes(hashlib.sha256(owner_id.encode()).digest()[:8], signed=True)
        self.session.execute(select(func.pg_advisory_xact_lock(key)))

    def is_twin(self, uid: str) -> bool:
        """Whether another connection to the same mailbox has the item of this UID."""
        if not uid:
            return False
        mine = self._connection()
        query = (
            select(Pair.id)
            .join(Connection, Connection.id == Pair.connection_id)
            .where(
                Pair.uid == digest(uid),
                Pair.base_local.is_not(None),
                same_mailbox(mine),
            )
        )
        return self.session.scalars(query).first() is not None

    def _connection(self) -> Connection:
        return self.session.get_one(Connection, self.connection_id)
