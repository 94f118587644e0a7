"""A run through one collection: recover, fetch, look at each item, delete last.

1. Writes whose outcome is unknown are recovered first.
2. Announced changes are kept together with the cursor, page by page.
3. Every item in question is read (in batches), planned, and dealt with alone: one that fails is
   tried again later, and set aside after five times; the rest goes on.
4. Deletes wait for the end, where the breaker sees all of them at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from andock_core.sync import breaker
from andock_core.sync.apply import Applier
from andock_core.sync.cases import Case
from andock_core.sync.pairing import Unpaired
from andock_core.sync.plan import Action, Arrival, Local, Policy, plan
from andock_core.sync.ports import (
    Known,
    LocalChanged,
    Side,
    Step,
    Surroundings,
    SyncStore,
    Trouble,
    Unusable,
    Work,
)
from andock_core.sync.recover import recover
from andock_core.sync.there import There
from andock_sdk import errors
from andock_sdk.connector import (
    CollectionKind,
    Connector,
    Missing,
    ReadResult,
    RemoteItem,
    Unreadable,
)

BATCH = 40
"""Items read at a time: as many as servers give in one request or two, and no more in memory."""
PAGES = 100_000
MERGES = 4
TRIES = 5
FIRST_WAIT = timedelta(minutes=5)
UNFORESEEN = "item.unforeseen"
STRIKES = 3
"""So many items in a row with a transient error, and the run ends: the network is down."""


@dataclass
class CollectionResult:
    """What a run did in one collection. `counts` as in the hook `sync_finished`."""

    counts: dict[str, int] = field(default_factory=dict)
    held: bool = False
    again_at: datetime | None = None
    """When a write whose outcome is still unknown can be settled: run again then."""


def run_collection(
    store: SyncStore,
    connector: Connector,
    *,
    ref: str,
    collection_id: str,
    policy: Policy,
    around: Surroundings,
    counts: dict[str, int] | None = None,
    kind: CollectionKind = "calendar",
) -> CollectionResult:
    """Bring one collection in step; `counts` is added to as it goes.

    Raises what concerns the whole connection: Throttled, MemberError, AdminError, CollectionGone,
    three Transient in a row, a broken plugin, and what the store raises when the lease is lost.
    Everything done until then stays done.
    """
    there = There(connector, ref, kind)
    counted = {} if counts is None else counts
    applier = Applier(store, there, around, collection_id, counted, tells=policy.invite)
    return _Run(store, there, policy, around, applier).go()


class _Run:
    def __init__(
        self,
        store: SyncStore,
        there: There,
        policy: Policy,
        around: Surroundings,
        applier: Applier,
    ) -> None:
        self._store = store
        self._there = there
        self._policy = policy
        self._around = around
        self._applier = applier
        self._unpaired: Unpaired | None = None
        self._unknown: frozenset[str] = frozenset()
        self._vanished: list[Work] = []
        self._deletes: dict[Side, dict[str, tuple[Work, ReadResult]]] = {"here": {}, "there": {}}
        self._ends: tuple[type[Exception], ...] = (*store.stops, errors.AndockError)
        self._strikes = 0
        self._deleting = False

    def go(self) -> CollectionResult:
        """The whole journey."""
        self._around.progress("recover", 0, 0)
        self._unknown = recover(self._store, self._there, self._applier, self._around)
        self._fetch()
        self._items()
        held = self._delete()
        again_at = self._around.now() + self._around.settles if self._unknown else None
        return CollectionResult(self._applier.counts, held, again_at)

    def _fetch(self) -> None:
        cursor = self._store.feed().cursor
        lost = False
        if cursor is None:
            self._store.begin_listing()
        seen = 0
        for _ in range(PAGES):
            try:
                page = self._there.changes(cursor)
            except errors.CursorLost as error:
                if lost:
                    raise errors.Transient(error.key) from error
                lost, cursor = True, None
                self._store.begin_listing()
                continue
            if page.changes or page.complete or page.cursor != cursor:
                self._store.take_page(page.changes, page.cursor, complete=page.complete)
            elif page.more:
                raise errors.PluginBug(detail="changes: more, but nothing new")
            seen += len(page.changes)
            self._around.progress("changes", seen, 0)
            cursor = page.cursor
            if not page.more:
                return
        raise errors.PluginBug(detail="changes: no end")

    def _items(self) -> None:
        works = [
            work
            for work in self._store.work(self._around.now())
            if not (work.entry_id and work.entry_id in self._unknown)
        ]
        done = 0
        for batch in _batches(works):
            found = self._read([work.ref for work in batch if work.ref])
            for work in batch:
                self._item(work, found.get(work.ref) or Missing(ref=work.ref))
                done += 1
                self._around.progress("items", done, len(works))

    def _read(self, refs: Sequence[str]) -> dict[str, ReadResult]:
        """The items by ref. When a connector stumbles over one of them, they are read alone."""
        try:
            return self._there.read(refs) if refs else {}
        except errors.PluginBug as error:
            if len(refs) == 1:
                return {refs[0]: Unreadable(ref=refs[0], error=error.key)}
        return {ref: result for one in refs for ref, result in self._read([one]).items()}

    def _item(self, work: Work, result: ReadResult) -> None:
        """Deal with one item, whatever happens to it."""
        try:
            self._until_settled(work, result)
        except (errors.Unrepresentable, Unusable) as error:
            self._trouble(work, error.key, aside=True)
        except errors.PluginBug as error:
            self._trouble(work, error.key)
        except errors.Transient as error:
            self._strikes += 1
            self._trouble(work, error.key)
            if self._strikes >= STRIKES:
                raise
        except self._ends:
            raise
        except Exception as error:
            # A bug of ours, or something in the store that cannot be opened: this item's trouble.
            self._around.unforeseen(error)
            self._trouble(work, UNFORESEEN)

    def _until_settled(self, work: Work, result: ReadResult) -> None:
        """Plan and act, again when it was changed meanwhile."""
        for _ in range(MERGES):
            if isinstance(result, Unreadable):
                return self._trouble(work, result.error)
            try:
                return self._once(work, result if isinstance(result, RemoteItem) else None)
            except (errors.Conflict, LocalChanged):
                found = self._read([work.ref] if work.ref else [])
                result = found.get(work.ref) or Missing(ref=work.ref)
            except errors.Gone:
                result = Missing(ref=work.ref)
        return self._trouble(work, "item.restless")

    def _once(self, work: Work, remote: RemoteItem | None) -> None:
        known = self._store.known(work)
        if known is None:
            return self._applier.commit(Step(Work(ref=work.ref)))
        work = replace(work, pair_id=known.pair_id)  # it may have been paired a moment ago
        arrival: Arrival = "new"
        asked = work
        if remote is None and known.agreed is not None and known.operation_id:
            remote = self._under_new_ref(known)
            work = replace(work, ref=remote.ref) if remote else work
        elif remote is not None and known.local is None and known.agreed is None:
            met = self._meet(work, remote)
            if met is None:
                return None
            work, known, arrival = met
        if remote is None and known.local is None and known.pair_id:
            if known.agreed and not self._deleting:
                self._vanished.append(work)
                return None
            return self._applier.commit(Step(work, pair="drop"))
        policy = replace(self._policy, silent=True) if work.mailing else self._policy
        action = plan(known.local, remote, known.agreed, policy, arrival, restore=work.restore)
        side = _suspicious_side(action, known)
        if side and not self._deleting:
            self._deletes[side][known.pair_id] = asked, remote or Missing(ref=asked.ref)
            return None
        self._applier.carry_out(
            Case(work, known.local, remote, action, known.agreed, known.operation_id)
        )
        if asked.ref != work.ref:
            self._applier.commit(Step(Work(ref=asked.ref)))
        self._strikes = 0
        return None

    def _under_new_ref(self, known: Known) -> RemoteItem | None:
        """The item that we created, when it has another ref by now. Its copy is another item."""
        found = self._there.find_operation(known.operation_id)
        other = self._store.known(Work(ref=found.ref)) if found else None
        if found is None or other is None or other.pair_id not in ("", known.pair_id):
            return None
        return found if _may_be(known, found) else None

    def _meet(self, work: Work, remote: RemoteItem) -> tuple[Work, Known, Arrival] | None:
        """An unpaired remote item: one of ours, one that we hold already, or a new one. None: what
        became of its create is not known yet."""
        met = self._store.recognise(remote)
        if met.entry is not None and met.entry.entry_id in self._unknown:
            return None
        if met.paired is not None:
            before = self._read([met.paired.ref])[met.paired.ref]
            if isinstance(before, Unreadable):
                raise errors.PluginBug(before.error)
            known = self._store.known(met.paired) or Known(None, None)
            if isinstance(before, Missing) and _may_be(known, remote):
                # moved on the other side: the same item under a new ref
                return replace(met.paired, ref=remote.ref), known, "new"
            return work, Known(None, None), self._arrival(remote)  # a copy made there
        if met.ours:
            if met.entry is not None and self._may_pair(met.entry, met.elsewhere):
                self._candidates().drop(met.entry.entry_id)
                return work, Known(met.entry, None, remote.operation_id), "new"
            return work, Known(None, None), "ours"
        if met.twin:
            return work, Known(None, None), "twin"
        local = self._candidates().take(remote.item)
        found = self._store.known(Work(entry_id=local.entry_id)) if local else None
        if found is not None and found.local is not None:
            return work, Known(found.local, None), "new"
        return work, Known(None, None), self._arrival(remote)

    def _may_pair(self, entry: Local, elsewhere: bool) -> bool:
        if self._policy.role == "one" or entry.kind == "planned":
            return True
        return entry.kind != "own" and not elsewhere

    def _candidates(self) -> Unpaired:
        if self._unpaired is None:
            entries = [] if self._policy.role == "planning" else self._store.unpaired()
            if self._policy.role == "import":
                entries = [entry for entry in entries if entry.kind != "own"]
            self._unpaired = Unpaired(entries)
        return self._unpaired

    def _arrival(self, remote: RemoteItem) -> Arrival:
        enters = self._around.enters(remote.item)
        return "new" if enters is not None and enters <= self._around.now() else "outside"

    def _delete(self) -> bool:
        """Carry out the deletes that were put off, unless there are too many of them. What the
        member has decided about passes the breaker, but has waited like all others: by now it
        would have been met under a new ref."""
        self._deleting = True
        since = self._around.now() - timedelta(hours=breaker.HOURS)
        held = False
        sides: tuple[Literal["here"], Literal["there"]] = ("here", "there")
        for side in sides:
            waited = self._deletes[side].values()
            if side == "here" and waited and self._store.unmet():
                continue  # what could not be read yet may be what vanished, under a new ref
            decided = [one for one in waited if one[0].released or one[0].restore]
            planned = [one for one in waited if not (one[0].released or one[0].restore)]
            for work, result in decided:
                self._item(work, result)
            recent = self._store.deletes_since(side, since) if planned else 0
            waiting = len(planned) + self._store.held(side)
            if planned and breaker.holds(self._store.pairs(), recent, waiting):
                held = True
                for work, _ in planned:
                    self._applier.commit(Step(work, trouble=Trouble("held", f"breaker.{side}")))
                continue
            for number, (work, result) in enumerate(planned, start=1):
                self._item(work, result)
                self._around.progress("deletes", number, len(planned))
        for work in self._vanished:
            if not any(work.pair_id in deletes for deletes in self._deletes.values()):
                self._item(work, Missing(ref=work.ref))
        return held

    def _trouble(self, work: Work, error: str, *, aside: bool = False) -> None:
        tries = work.tries + 1
        if aside or tries >= TRIES:
            trouble = Trouble("aside", error)
        else:
            wait = FIRST_WAIT * 2 ** (tries - 1)
            trouble = Trouble("dirty", error, self._around.now() + wait)
        self._applier.commit(Step(work, trouble=trouble))


def _suspicious_side(action: Action, known: Known) -> Side | None:
    """The side on which something vanished that the other still has. It waits for the end: the
    item may be met under a new ref, and many at once are a fault until a person says they are not.
    Also what is to be created there anew, because it was edited here."""
    if action.verb == "delete_here" or (action.verb == "create_there" and known.agreed):
        return "here"
    return "there" if action.verb == "delete_there" else None


def _may_be(known: Known, remote: RemoteItem) -> bool:
    """Whether it can be the paired item under a new ref. A copy has our operation id too, but
    another UID."""
    uid = known.agreed.base_remote.item.uid if known.agreed else ""
    return not uid or not remote.item.uid or uid == remote.item.uid


def _batches(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    for start in range(0, len(works), BATCH):
        yield works[start : start + BATCH]
