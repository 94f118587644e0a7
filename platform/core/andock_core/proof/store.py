"""The sync store in memory: the same promises as the SQL one, a few lines each.

`Memory` is what is kept, with the member's hands; `ModelStore` is one run's view of it. Every
method is one transaction: it works on a copy, which takes the place of what was when all went
well. Values are never changed in place.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from andock_core.proof.subject import Paired, Setting
from andock_core.sync.documents import Base, light
from andock_core.sync.pairing import entry_of
from andock_core.sync.plan import Agreed, Kind, Local
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

IDS_ONLY = ("outside", "twin", "ignored")
DECIDED = ("release", "restore", "send")


class LeaseGone(Exception):
    """Another run took over."""


class DatabaseGone(Exception):
    """The database does not answer."""


@dataclass(frozen=True)
class ModelEntry:
    """An entry."""

    kind: Kind
    item: Item
    version: int = 1


@dataclass(frozen=True)
class ModelPair:
    """A pair; `ref` empty while the remote item could not be created."""

    entry_id: str
    ref: str = ""
    remote_version: str = ""
    operation_id: str = ""
    kind: str = "own"
    bases: tuple[Item, Item] | None = None
    entry_version: int = 0
    seen: int = 0
    state: str = "ok"
    error: str = ""
    tries: int = 0
    next_try_at: datetime | None = None


@dataclass(frozen=True)
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
    journal: tuple[tuple[datetime, Line], ...] = ()
    twins: frozenset[str] = frozenset()
    cursor: str | None = None
    listing: bool = True
    mark: int = 0
    next_pair: int = 0

    def copy(self) -> "State":
        return replace(
            self,
            entries=dict(self.entries),
            pairs=dict(self.pairs),
            inbox=dict(self.inbox),
            intents=dict(self.intents),
        )

    def local(self, entry_id: str) -> Local | None:
        entry = self.entries.get(entry_id)
        return None if entry is None else Local(entry_id, entry.kind, entry.item, entry.version)

    def find(self, work: Work) -> tuple[str, ModelPair | None]:
        for key, pair in self.pairs.items():
            if work.pair_id:
                hit = key == work.pair_id
            elif work.ref:
                hit = pair.ref == work.ref
            else:
                hit = pair.entry_id == work.entry_id
            if hit:
                return key, pair
        return "", None


class Memory:
    """Implements `andock_core.proof.subject.Subject`."""

    abilities = frozenset({"planned", "twins"})

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.state = State()
        self.fence = 0

    def store(self) -> "ModelStore":
        self.fence += 1
        return ModelStore(self, self.fence)

    def entries(self) -> list[Local]:
        found = (self.state.local(key) for key in self.state.entries)
        return [local for local in found if local is not None]

    def create(self, entry_id: str, item: Item, kind: Kind = "own") -> None:
        self.state.entries[entry_id] = ModelEntry(kind, item)

    def edit(self, entry_id: str, item: Item) -> None:
        entry = self.state.entries[entry_id]
        self.state.entries[entry_id] = replace(entry, item=item, version=entry.version + 1)

    def delete(self, entry_id: str) -> None:
        del self.state.entries[entry_id]

    def convert(self, entry_id: str) -> None:
        entry = self.state.entries[entry_id]
        made = replace(entry, kind="converted", version=entry.version + 1)
        self.state.entries[entry_id] = made
        for key, pair in self.state.pairs.items():
            if pair.entry_id == entry_id and pair.kind == "block":
                self.state.pairs[key] = replace(pair, kind="converted")

    def release(self, error: str) -> None:
        meant = "send" if error == "mail.would" else "release"
        for key, pair in self.state.pairs.items():
            if pair.state == "held" and pair.error == error:
                self.state.pairs[key] = replace(pair, state=meant, error="")

    def retry(self) -> None:
        now = self.setting.now()
        for key, pair in self.state.pairs.items():
            if pair.state in ("aside", "dirty"):
                self.state.pairs[key] = replace(pair, state="dirty", next_try_at=now)
        for ref in self.state.inbox:
            self.state.inbox[ref] = Waiting()

    def add_twin(self, uid: str) -> None:
        self.state.twins |= {uid}

    def pairs(self) -> list[Paired]:
        return [
            Paired(pair.entry_id, pair.ref, pair.kind if pair.bases else "", pair.state)
            for pair in self.state.pairs.values()
        ]

    def journal(self) -> Sequence[Line]:
        return [line for _, line in self.state.journal]

    def open_intents(self) -> int:
        return len(self.state.intents)

    def fingerprint(self) -> object:
        seen = {key: replace(pair, seen=0) for key, pair in self.state.pairs.items()}
        return replace(self.state.copy(), pairs=seen, cursor=None, mark=0)

    def close(self) -> None:
        pass


class ModelStore:
    """Implements `andock_core.sync.ports.SyncStore`."""

    stops: tuple[type[Exception], ...] = (LeaseGone, DatabaseGone)

    def __init__(self, memory: Memory, fence: int) -> None:
        self.memory = memory
        self._setting = memory.setting
        self._fence = fence

    def feed(self) -> Feed:
        return Feed(self.memory.state.cursor, self.memory.state.listing)

    def begin_listing(self) -> None:
        with self._transaction() as state:
            state.cursor, state.listing = None, True
            state.mark += 1

    def take_page(self, changes: Sequence[Change], cursor: str, *, complete: bool) -> None:
        with self._transaction() as state:
            for change in changes:
                _announce(state, change)
            state.cursor = cursor
            if complete:
                state.listing = False
                for pair in state.pairs.values():
                    if pair.ref and pair.seen != state.mark:
                        state.inbox.setdefault(pair.ref, Waiting())

    def work(self, now: datetime) -> list[Work]:
        state, found = self.memory.state, dict[str, Work]()
        by_ref = {pair.ref: key for key, pair in state.pairs.items() if pair.ref}
        for ref, waiting in state.inbox.items():
            if waiting.tries == 0 or (waiting.next_try_at and waiting.next_try_at <= now):
                key = by_ref.get(ref, "")
                found[key or ref] = _work(state, key) if key else Work(ref=ref, tries=waiting.tries)
        for key, pair in state.pairs.items():
            if _is_due(pair, now) or self._changed_here(state, pair):
                found.setdefault(key, _work(state, key))
        paired = {pair.entry_id for pair in state.pairs.values()}
        for entry_id, entry in state.entries.items():
            if self._goes_out(entry) and entry_id not in paired:
                found.setdefault(entry_id, Work(entry_id=entry_id))
        return list(found.values())

    def known(self, work: Work) -> Known | None:
        state = self.memory.state
        key, pair = state.find(work)
        if pair is None:
            return None if work.pair_id else Known(state.local(work.entry_id), None)
        if pair.ref and pair.ref != work.ref:
            return None
        agreed = None
        if pair.bases:
            here, there = map(Base, pair.bases)
            kind: Kind = pair.kind  # type: ignore[assignment]
            agreed = Agreed(kind, here, there, pair.entry_version, pair.remote_version)
        return Known(state.local(pair.entry_id), agreed, pair.operation_id, key)

    def unmet(self) -> int:
        state = self.memory.state
        paired = {pair.ref for pair in state.pairs.values()}
        return sum(
            1
            for ref, waiting in state.inbox.items()
            if ref not in paired and (waiting.tries == 0 or waiting.next_try_at)
        )

    def recognise(self, remote: RemoteItem) -> Recognition:
        state, operation, uid = self.memory.state, remote.operation_id, remote.item.uid
        entry_id = entry_of(operation)
        real = [(key, pair) for key, pair in state.pairs.items() if pair.ref]
        same = [one for one in real if uid and one[1].bases and one[1].bases[1].uid == uid]
        made = [
            (key, pair)
            for key, pair in real
            if operation and (pair.entry_id == entry_id or pair.operation_id == operation)
        ]
        begun = any(i.operation_id == operation for i in state.intents.values() if operation)
        local = state.local(entry_id)
        paired = [Work(pair.ref, key, pair.entry_id) for key, pair in (*same, *made)]
        return Recognition(
            ours=bool(local or made or begun),
            entry=local,
            paired=paired[0] if paired else None,
            twin=uid in state.twins,
        )

    def unpaired(self) -> list[Local]:
        state = self.memory.state
        paired = {pair.entry_id for pair in state.pairs.values() if pair.ref}
        found = [state.local(key) for key in state.entries if key not in paired]
        return [local for local in found if local is not None and local.kind != "planned"]

    def intents(self) -> list[Intent]:
        return list(self.memory.state.intents.values())

    def intend(self, intent: Intent) -> None:
        with self._transaction() as state:
            state.intents[intent.id] = intent

    def drop_intent(self, intent_id: str) -> None:
        with self._transaction() as state:
            state.intents.pop(intent_id, None)

    def commit(self, step: Step) -> None:
        with self._transaction() as state:
            version = _change_entry(state, step)
            key, pair = state.find(step.work)
            if step.pair == "drop":
                state.pairs.pop(key, None)
            elif isinstance(step.pair, Settled):
                self._settle(state, key, step.pair, version)
            elif isinstance(step.pair, IdsOnly):
                _keep_ids(state, key, step.pair)
            elif step.trouble:
                _trouble(state, key, step.work, step.trouble)
            elif pair is not None:
                _calm(state, key, pair)
            state.intents.pop(step.intent_done, None)
            if step.work.ref and (step.trouble is None or pair is not None):
                state.inbox.pop(step.work.ref, None)
            state.journal += tuple((self._setting.now(), line) for line in step.lines)

    def pairs(self) -> int:
        return sum(1 for pair in self.memory.state.pairs.values() if pair.bases)

    def deletes_since(self, side: Side, since: datetime) -> int:
        return sum(
            1
            for at, line in self.memory.state.journal
            if line.side == side and line.action == "delete" and at >= since
        )

    def held(self, side: Side) -> int:
        return sum(
            1
            for pair in self.memory.state.pairs.values()
            if pair.state == "held" and pair.error == f"breaker.{side}"
        )

    # -- inside

    def _goes_out(self, entry: ModelEntry) -> bool:
        own = entry.kind == "own" and self._setting.policy.role == "one"
        return own or entry.kind == "planned"

    def _changed_here(self, state: State, pair: ModelPair) -> bool:
        if pair.state in IDS_ONLY:
            return False
        if self._setting.policy.role != "one" and pair.kind == "own":
            return False
        entry = state.entries.get(pair.entry_id)
        if entry is None:
            return pair.state == "ok" or not pair.ref
        return entry.version != pair.entry_version

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
            bases=(light(settled.base_local), light(settled.base_remote)),
            entry_version=known or 0,
            seen=state.mark,
            state="dirty" if settled.again else "ok",
            next_try_at=self._setting.now() if settled.again else None,
        )

    @contextmanager
    def _transaction(self) -> Iterator[State]:
        if self.memory.fence != self._fence:
            raise LeaseGone
        draft = self.memory.state.copy()
        yield draft
        self.memory.state = draft


def _announce(state: State, change: Change) -> None:
    found = ((key, pair) for key, pair in state.pairs.items() if pair.ref == change.ref)
    key, pair = next(found, ("", None))
    if pair is None:
        if change.kind == "changed":
            state.inbox[change.ref] = Waiting()
        return
    if change.kind == "changed":
        state.pairs[key] = replace(pair, seen=state.mark)
        echo = change.version != "" and change.version == pair.remote_version
        if echo and pair.state != "held" and change.ref not in state.inbox:
            return
    state.inbox[change.ref] = Waiting()


def _is_due(pair: ModelPair, now: datetime) -> bool:
    waits = pair.state == "dirty" or pair.state in IDS_ONLY
    return pair.state in DECIDED or bool(waits and pair.next_try_at and pair.next_try_at <= now)


def _work(state: State, key: str) -> Work:
    pair = state.pairs[key]
    return Work(
        pair.ref,
        key,
        pair.entry_id,
        pair.tries,
        released=pair.state == "release",
        restore=pair.state == "restore",
        mailing=pair.state == "send",
    )


def _keep_ids(state: State, key: str, ids: IdsOnly) -> None:
    if not key:
        state.next_pair += 1
        key = f"p{state.next_pair}"
    before = state.pairs.get(key)
    state.pairs[key] = ModelPair(
        entry_id=before.entry_id if before else key,
        ref=ids.remote.ref,
        remote_version=ids.remote.version,
        kind="",
        seen=state.mark,
        state=ids.why,
        next_try_at=ids.look_again,
    )


def _trouble(state: State, key: str, work: Work, trouble: Trouble) -> None:
    if not key and work.ref:
        state.inbox[work.ref] = Waiting(work.tries + 1, trouble.next_try_at)
        return
    if not key:
        state.next_pair += 1
        key = f"p{state.next_pair}"
        entry = state.entries.get(work.entry_id)
        state.pairs[key] = ModelPair(work.entry_id, kind=entry.kind if entry else "own")
    pair = state.pairs[key]
    entry = state.entries.get(pair.entry_id)
    version = trouble.entry_version
    if version is None:
        version = entry.version if entry else 0
    state.pairs[key] = replace(
        pair,
        entry_version=version,
        state=trouble.state,
        error=trouble.error,
        tries=work.tries + 1,
        next_try_at=trouble.next_try_at,
    )


def _calm(state: State, key: str, pair: ModelPair) -> None:
    if not pair.ref:
        state.pairs.pop(key)
    elif pair.state not in IDS_ONLY:
        state.pairs[key] = replace(pair, state="ok", error="", tries=0, next_try_at=None)


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
    state.entries[change.entry_id] = ModelEntry(change.kind, change.item, entry.version + 1)
    return entry.version + 1
