"""The sync store in memory: the same promises as the SQL one, a few lines each.

Every method is one transaction. `gate` is called before and after each one that writes, so that a
schedule can let the process die there, or let a member edit in between.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from andock_core.sync.documents import Base
from andock_core.sync.pairing import entry_of
from andock_core.sync.plan import Agreed, Kind, Local, Policy
from andock_core.sync.ports import (
    ChangedEntry,
    Feed,
    GoneEntry,
    IdsOnly,
    Intent,
    Known,
    Line,
    LocalChanged,
    NewEntry,
    Recognition,
    Settled,
    Side,
    Step,
    Trouble,
    Work,
)
from andock_sdk import Change, Item, RemoteItem


@dataclass
class ModelEntry:
    """An entry."""

    kind: Kind
    item: Item
    version: int = 1


@dataclass
class ModelPair:
    """A pair; `ref` empty while the remote item could not be created."""

    entry_id: str
    ref: str = ""
    remote_version: str = ""
    operation_id: str = ""
    kind: Kind = "own"
    bases: tuple[Item, Item] | None = None
    entry_version: int = 0
    seen: int = 0
    state: str = "ok"
    tries: int = 0
    next_try_at: datetime | None = None


@dataclass
class Waiting:
    """An announced ref."""

    tries: int = 0
    next_try_at: datetime | None = None


@dataclass
class State:
    """All that is remembered."""

    entries: dict[str, ModelEntry] = field(default_factory=dict)
    pairs: dict[str, ModelPair] = field(default_factory=dict)
    inbox: dict[str, Waiting] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    journal: list[Line] = field(default_factory=list)
    cursor: str | None = None
    listing: bool = True
    mark: int = 0
    next_pair: int = 0


class ModelStore:
    """Implements `andock_core.sync.ports.SyncStore`."""

    def __init__(
        self, policy: Policy, now: Callable[[], datetime], gate: Callable[[str], None]
    ) -> None:
        self.state = State()
        self._policy = policy
        self._now = now
        self._gate = gate

    def feed(self) -> Feed:
        return Feed(self.state.cursor, self.state.listing)

    def begin_listing(self) -> None:
        with self._transaction("begin_listing") as state:
            state.cursor, state.listing = None, True
            state.mark += 1

    def take_page(self, changes: Sequence[Change], cursor: str, *, complete: bool) -> None:
        with self._transaction("take_page") as state:
            for change in changes:
                pair = _by_ref(state, change.ref)
                if pair is not None and change.kind == "changed":
                    pair.seen = state.mark
                if pair is None and change.kind == "deleted":
                    continue
                if (
                    pair is not None
                    and change.kind == "changed"
                    and change.version == pair.remote_version
                ):
                    continue
                state.inbox[change.ref] = Waiting()
            state.cursor = cursor
            if complete:
                state.listing = False
                for pair in state.pairs.values():
                    if pair.ref and pair.seen != state.mark:
                        state.inbox.setdefault(pair.ref, Waiting())

    def work(self, now: datetime) -> list[Work]:
        state, found = self.state, dict[str, Work]()
        by_ref = {pair.ref: key for key, pair in state.pairs.items() if pair.ref}
        for ref, waiting in state.inbox.items():
            if waiting.tries == 0 or (waiting.next_try_at and waiting.next_try_at <= now):
                key = by_ref.get(ref, "")
                found[key or ref] = self._work(key) if key else Work(ref=ref, tries=waiting.tries)
        for key, pair in state.pairs.items():
            entry = state.entries.get(pair.entry_id)
            moved = entry is not None and entry.version != pair.entry_version
            gone = entry is None and (pair.state == "ok" or not pair.ref)
            due = pair.state == "dirty" and pair.next_try_at and pair.next_try_at <= now
            if moved or gone or due:
                found.setdefault(key, self._work(key))
        if self._policy.role == "one":
            paired = {pair.entry_id for pair in state.pairs.values()}
            for entry_id, entry in state.entries.items():
                if entry.kind == "own" and entry_id not in paired:
                    found.setdefault(entry_id, Work(entry_id=entry_id))
        return list(found.values())

    def known(self, work: Work) -> Known | None:
        key, pair = self._find(self.state, work)
        if pair is None:
            return None if work.pair_id else Known(self._local(work.entry_id), None)
        if pair.ref and pair.ref != work.ref:
            return None
        bases = pair.bases
        agreed = (
            Agreed(
                pair.kind, Base(bases[0]), Base(bases[1]), pair.entry_version, pair.remote_version
            )
            if bases
            else None
        )
        return Known(self._local(pair.entry_id), agreed, pair.operation_id, key)

    def recognise(self, remote: RemoteItem) -> Recognition:
        operation = remote.operation_id
        if not operation:
            return Recognition()
        entry_id = entry_of(operation)
        here = [
            (key, pair)
            for key, pair in self.state.pairs.items()
            if pair.ref and (pair.entry_id == entry_id or pair.operation_id == operation)
        ]
        begun = any(i.operation_id == operation for i in self.state.intents.values())
        local = self._local(entry_id)
        paired = Work(here[0][1].ref, here[0][0], here[0][1].entry_id) if here else None
        return Recognition(bool(local or here or begun), local, paired)

    def unpaired(self) -> list[Local]:
        paired = {pair.entry_id for pair in self.state.pairs.values() if pair.ref}
        found = [self._local(key) for key in self.state.entries if key not in paired]
        return [local for local in found if local is not None]

    def intents(self) -> list[Intent]:
        return list(self.state.intents.values())

    def intend(self, intent: Intent) -> None:
        with self._transaction("intend") as state:
            state.intents[intent.id] = intent

    def drop_intent(self, intent_id: str) -> None:
        with self._transaction("drop_intent") as state:
            state.intents.pop(intent_id, None)

    def commit(self, step: Step) -> None:
        with self._transaction("commit") as state:
            version = _change_entry(state, step)
            key, pair = self._find(state, step.work)
            if step.pair == "drop":
                state.pairs.pop(key, None)
            elif isinstance(step.pair, Settled):
                self._settle(state, key, step.pair, version)
            elif isinstance(step.pair, IdsOnly):
                raise NotImplementedError("the model has no window")
            elif step.trouble:
                self._trouble(state, pair, step.work, step.trouble)
            elif pair is not None:
                if pair.ref:
                    pair.state, pair.tries, pair.next_try_at = "ok", 0, None
                else:
                    state.pairs.pop(key)
            state.intents.pop(step.intent_done, None)
            if step.work.ref and (step.trouble is None or pair is not None):
                state.inbox.pop(step.work.ref, None)
            state.journal += step.lines

    def pairs(self) -> int:
        return 10_000  # the breaker has tests of its own

    def deletes_since(self, side: Side, since: datetime) -> int:
        return 0

    def held(self, side: Side) -> int:
        return 0

    # -- inside

    def _settle(self, state: State, key: str, settled: Settled, version: int | None) -> None:
        for other, pair in list(state.pairs.items()):
            if other != key and pair.entry_id == settled.entry_id:
                assert not pair.ref, "two items for one entry"
                state.pairs.pop(other)
        if not key:
            state.next_pair += 1
            key = f"p{state.next_pair}"
        clash = [k for k, p in state.pairs.items() if p.ref == settled.ref and k != key]
        assert not clash, "two pairs for one ref"
        known = settled.entry_version if settled.entry_version is not None else version
        state.pairs[key] = ModelPair(
            entry_id=settled.entry_id,
            ref=settled.ref,
            remote_version=settled.remote_version,
            operation_id=settled.operation_id,
            kind=settled.kind,
            bases=(settled.base_local, settled.base_remote),
            entry_version=known or 0,
            seen=state.mark,
            state="dirty" if settled.again else "ok",
            next_try_at=self._now() if settled.again else None,
        )

    def _trouble(self, state: State, pair: ModelPair | None, work: Work, trouble: Trouble) -> None:
        if pair is None and work.ref:
            state.inbox[work.ref] = Waiting(work.tries + 1, trouble.next_try_at)
            return
        if pair is None:
            state.next_pair += 1
            pair = state.pairs[f"p{state.next_pair}"] = ModelPair(work.entry_id)
        entry = state.entries.get(pair.entry_id)
        pair.entry_version = entry.version if entry else 0
        pair.state, pair.tries = trouble.state, work.tries + 1
        pair.next_try_at = trouble.next_try_at

    def _find(self, state: State, work: Work) -> tuple[str, ModelPair | None]:
        for key, pair in state.pairs.items():
            if work.pair_id:
                hit = key == work.pair_id
            elif work.ref:
                hit = pair.ref == work.ref
            else:
                hit = pair.entry_id == work.entry_id
            if hit:
                return key, pair
        return "", None

    def _work(self, key: str) -> Work:
        pair = self.state.pairs[key]
        return Work(pair.ref, key, pair.entry_id, pair.tries)

    def _local(self, entry_id: str) -> Local | None:
        entry = self.state.entries.get(entry_id)
        return None if entry is None else Local(entry_id, entry.kind, entry.item, entry.version)

    def _transaction(self, name: str) -> "_Transaction":
        return _Transaction(self, name, self._gate)


class _Transaction:
    """All or nothing, with a gate on either side."""

    def __init__(self, store: ModelStore, name: str, gate: Callable[[str], None]) -> None:
        self._store, self._name, self._gate = store, name, gate

    def __enter__(self) -> State:
        self._gate(f"{self._name}.before")
        self._draft = deepcopy(self._store.state)
        return self._draft

    def __exit__(self, kind: Any, error: Any, trace: Any) -> Literal[False]:
        if kind is None:
            self._store.state = self._draft
            self._gate(f"{self._name}.after")
        return False


def _by_ref(state: State, ref: str) -> ModelPair | None:
    return next((pair for pair in state.pairs.values() if pair.ref == ref), None)


def _change_entry(state: State, step: Step) -> int | None:
    change = step.entry
    if change is None:
        return None
    entry = state.entries.get(change.entry_id)
    if isinstance(change, NewEntry):
        if entry is not None:
            raise LocalChanged
        state.entries[change.entry_id] = ModelEntry(change.kind, change.item)
        return 1
    if entry is None or entry.version != change.expected_version:
        raise LocalChanged
    if isinstance(change, GoneEntry):
        del state.entries[change.entry_id]
        return None
    assert isinstance(change, ChangedEntry)
    entry.item, entry.kind = change.item, change.kind
    entry.version += 1
    return entry.version
