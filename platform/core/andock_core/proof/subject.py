"""A store under test, as the harness needs it: `SyncStore`, and the member's own hands and eyes.

README.md says what an adapter has to keep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from andock_core.sync.plan import Kind, Local, Policy
from andock_core.sync.ports import (
    Feed,
    Intent,
    Known,
    Line,
    Recognition,
    Side,
    Step,
    SyncStore,
    Work,
)
from andock_sdk import Change, Item, RemoteItem
from andock_sdk.connector import CollectionKind

Gate = Callable[[str], None]
"""Called with "commit.before" or "commit.after". May raise, or change what the member has."""


@dataclass(frozen=True)
class Setting:
    """What a store under test is made for. `now` is the schedule's clock."""

    kind: CollectionKind
    policy: Policy
    now: Callable[[], datetime]
    collection_id: str = "c" * 32


@dataclass(frozen=True)
class Paired:
    """A pair as the member would see it. `ref` is empty while there is no remote item, `kind` is
    empty when only ids are kept; `state` as in the table ("ok", "dirty", "aside", "held", …)."""

    entry_id: str
    ref: str
    kind: str
    state: str


class Subject(Protocol):
    """One member's collection in a store, empty at first. No call goes through a gate."""

    abilities: frozenset[str]
    """What else the store can be asked for: "planned" (entries of tasks), "twins"."""

    def store(self) -> SyncStore:
        """The store for the next run. It takes the lease: an earlier run's writes fail from now
        on with one of its store's `stops`."""

    def entries(self) -> list[Local]:
        """All that the member has, in a fixed order."""

    def create(self, entry_id: str, item: Item, kind: Kind = "own") -> None:
        """The member makes an entry ("own"; "planned" by a task)."""

    def edit(self, entry_id: str, item: Item) -> None:
        """The member saves the entry with this document; its version grows."""

    def delete(self, entry_id: str) -> None:
        """The member deletes the entry."""

    def convert(self, entry_id: str) -> None:
        """The member makes a block visible."""

    def release(self, error: str) -> None:
        """The member says that what is held with this error ("breaker.here", "mail.would") is
        meant."""

    def retry(self) -> None:
        """The member has everything tried again that waits or was set aside."""

    def add_twin(self, uid: str) -> None:
        """Another connection to the same mailbox has an item of this UID."""

    def pairs(self) -> list[Paired]:
        """All pairs, those of which only ids are kept and those that wait to be created too."""

    def journal(self) -> Sequence[Line]:
        """All lines, oldest first."""

    def open_intents(self) -> int:
        """How many writes were begun and not settled."""

    def fingerprint(self) -> object:
        """Everything that a run without news must leave as it is; not the cursor, nor the number
        of the listing."""

    def close(self) -> None:
        """Tidy up after the schedule."""


class GatedStore:
    """A store with a gate before and after each transaction that writes."""

    def __init__(self, store: SyncStore, gate: Gate) -> None:
        self._store = store
        self._gate = gate
        self.stops = store.stops

    def feed(self) -> Feed:
        return self._store.feed()

    def begin_listing(self) -> None:
        self._gated("begin_listing", self._store.begin_listing)

    def take_page(self, changes: Sequence[Change], cursor: str, *, complete: bool) -> None:
        self._gated("take_page", lambda: self._store.take_page(changes, cursor, complete=complete))

    def work(self, now: datetime) -> list[Work]:
        return self._store.work(now)

    def known(self, work: Work) -> Known | None:
        return self._store.known(work)

    def unmet(self) -> int:
        return self._store.unmet()

    def recognise(self, remote: RemoteItem) -> Recognition:
        return self._store.recognise(remote)

    def unpaired(self) -> list[Local]:
        return self._store.unpaired()

    def intents(self) -> list[Intent]:
        return self._store.intents()

    def intend(self, intent: Intent) -> None:
        self._gated("intend", lambda: self._store.intend(intent))

    def drop_intent(self, intent_id: str) -> None:
        self._gated("drop_intent", lambda: self._store.drop_intent(intent_id))

    def commit(self, step: Step) -> None:
        self._gated("commit", lambda: self._store.commit(step))

    def pairs(self) -> int:
        return self._store.pairs()

    def deletes_since(self, side: Side, since: datetime) -> int:
        return self._store.deletes_since(side, since)

    def held(self, side: Side) -> int:
        return self._store.held(side)

    def _gated(self, name: str, transaction: Callable[[], None]) -> None:
        self._gate(f"{name}.before")
        transaction()
        self._gate(f"{name}.after")
