"""What switching over would do: reads the new side, pairs it with what the old one brought, and
plans the first run. Nothing is written on any side; no network inside a transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from andock_core import clock
from andock_core.jobs.lease import Lease
from andock_core.moving import sides
from andock_core.moving.pairing import Known, Match, pair_up
from andock_core.moving.prospect import Prospect, ProspectPart, Tally
from andock_core.moving.sides import Old, Side
from andock_core.runs import execute, queries
from andock_core.runs.sealing import Seals, digest
from andock_core.runs.store import Place, SqlStore
from andock_core.storage import Collection, Connection, Pair, Scope
from andock_core.sync.documents import attendees, respelled
from andock_core.sync.execute import BATCH, PAGES
from andock_core.sync.pairing import Unpaired
from andock_core.sync.plan import Action, Agreed, Local, Policy, plan
from andock_core.sync.ports import Work
from andock_core.sync.there import There
from andock_sdk import Connector, RemoteItem, errors
from andock_sdk.connector import Change, Unreadable

if TYPE_CHECKING:
    from andock_core.core import Core

Report = Callable[[dict[str, int]], None]

_VERBS = {
    "create_here": ("created_here",),
    "create_there": ("created_there",),
    "update_here": ("changed_here",),
    "update_there": ("changed_there",),
    "update_both": ("changed_here", "changed_there"),
    "delete_here": ("deleted_here",),
    "delete_there": ("deleted_there",),
    "hold": ("waiting",),
}
_WRITES = ("create_there", "update_there", "update_both", "delete_there")


def look(core: "Core", scope: Scope, new_id: str, report: Report) -> dict[str, Any]:
    """{"prospect": …, "matches": […]}, to be kept sealed until the member agrees.

    Raises what `andock_sdk.errors` has when the new side does not let itself be read, NotMoving.
    `report` is told {"done", "total", "percent"} now and then.
    """
    pairs, left_out, old = sides.opened(core, scope, new_id)
    opened = execute.open_connection(core, _nobody(scope, new_id))
    before = dict(opened.notebook)
    context = execute.context_of(core, _nobody(scope, new_id), opened)
    matches: list[dict[str, Any]] = []
    parts: list[ProspectPart] = []
    mails, blocked = 0, False
    try:
        connector = execute.connect(core, opened, context)
        try:
            for number, (old_row, new_row) in enumerate(pairs):
                looking = _Look(core, scope, old, old_row, new_row, connector)
                for done, total in looking.read():
                    share = (number + done / max(total, 1)) / len(pairs)
                    report({"done": done, "total": total, "percent": round(100 * share)})
                matches += looking.compare()
                parts.append(looking.part())
                mails += looking.tally.mails
                blocked = blocked or looking.blocked
        finally:
            execute.close(connector)
    finally:
        if context.notebook != before:
            _keep_notes(core, scope, new_id, before, context.notebook)
    found = Prospect(parts=tuple(parts), left_out=left_out, mails=mails, blocked=blocked)
    return {"prospect": found.model_dump(mode="json"), "matches": matches}


@dataclass
class _Look:
    """One collection and the one that takes over from it."""

    core: "Core"
    scope: Scope
    old: Old
    mine: Side
    other: Side
    connector: Connector
    tally: Tally = field(default_factory=Tally)
    blocked: bool = False

    def __post_init__(self) -> None:
        wanted, can = self.old.preferences, self.connector.capabilities
        self._policy: Policy = execute.policy_of(self.other.role, wanted, can)  # type: ignore[arg-type]
        self._window = wanted.window(clock.now())
        self._there: dict[str, RemoteItem] = {}
        self._seals = Seals(self.core.vault, self.scope.tenant_id, self.scope.member_id)

    def read(self) -> Iterator[tuple[int, int]]:
        """All that is there; how far that is, as it goes."""
        there = There(self.connector, self.other.ref, self.other.kind)  # type: ignore[arg-type]
        refs = _listed(there)
        for begin in range(0, len(refs), BATCH):
            for result in there.read(refs[begin : begin + BATCH]).values():
                if isinstance(result, RemoteItem):
                    self._there[result.ref] = result
                elif isinstance(result, Unreadable):
                    self.tally["unread"] += 1
            yield min(begin + BATCH, len(refs)), len(refs)

    def compare(self) -> list[dict[str, Any]]:
        """What is paired, to be kept; all the rest is counted."""
        known, agreed, ignored, outside = self._known()
        pairing = pair_up(known, self._there.values())
        self.tally["paired"] += len(pairing.matches)
        changed = self._changed_here()
        kept = []
        for match in pairing.matches:
            remote = self._there[match.ref]
            pair, bases = agreed[match.pair_id]
            exactly = not bases.base_remote.changes(remote.item)
            spelled = bases.base_remote if exactly else respelled(bases.base_remote, remote.item)
            differs = bool(spelled.changes(remote.item))
            self.tally["differing"] += differs
            if differs or match.pair_id in changed:
                self._count(self._planned(pair, remote, bases), remote)
            kept.append(_to_keep(match, pair, self.other.id, remote, in_step=exactly))
        new = [self._there[ref] for ref in pairing.only_new]
        for remote in list(new):
            out = ignored.pop(digest(remote.item.uid), None)
            if out is not None:
                match = Match(out.id, remote.ref, "uid")
                kept.append(_to_keep(match, out, self.other.id, remote, in_step=True))
                new.remove(remote)
        met = self._only_new([one for one in new if digest(one.item.uid) not in outside])
        met |= {agreed[match.pair_id][0].entry_id for match in pairing.matches}
        made = self._goes_out() - met
        for entry_id in sorted(made):
            self._made(entry_id)
        for pair_id in pairing.only_old:
            self._only_old(agreed[pair_id][0], made)
        self.blocked = bool(self.tally["unread"] and self.tally["created_there"])
        return kept

    def part(self) -> ProspectPart:
        """The counts."""
        counts = {name: number for name, number in self.tally.items() if number}
        names = (self.mine.name, self.other.name)
        return ProspectPart(
            old_name=names[0],
            new_name=names[1],
            kind=self.other.kind,
            role=self.other.role,
            counts=counts,
        )

    def _known(
        self,
    ) -> tuple[list[Known], dict[str, tuple[Pair, Agreed]], dict[str, Pair], frozenset[str]]:
        """What the old side has: with bases, and by the digests of their UIDs what the member took
        out of Andock, and what lies outside the window."""
        known: list[Known] = []
        agreed: dict[str, tuple[Pair, Agreed]] = {}
        ignored: dict[str, Pair] = {}
        outside: set[str] = set()
        with self.core.storage.read(self.scope) as session:
            for pair in session.scalars(select(Pair).where(Pair.collection_id == self.mine.id)):
                session.expunge(pair)
                bases = self._seals.agreed(pair)
                if bases is not None and not pair.ref.startswith(queries.PENDING):
                    item = bases.base_remote.item
                    known.append(Known(pair.id, pair.entry_id, pair.operation_id, item))
                    agreed[pair.id] = (pair, bases)
                elif pair.state == "ignored" and pair.uid:
                    ignored[pair.uid] = pair
                elif pair.state in queries.IDS_ONLY and pair.uid:
                    outside.add(pair.uid)
        return known, agreed, ignored, frozenset(outside)

    def _changed_here(self) -> frozenset[str]:
        with self.core.storage.read(self.scope) as session:
            row = session.get_one(Collection, self.mine.id)
            return frozenset(work.pair_id for work in queries.changed_here(session, row))

    def _planned(self, pair: Pair, remote: RemoteItem, bases: Agreed) -> Action:
        """What the first run does with it."""
        never_read = replace(bases, remote_version="")
        return plan(self._local(pair), remote, never_read, self._policy)

    def _local(self, pair: Pair) -> Local | None:
        store = self._store(self.old.id, self.mine.id)
        known = store.known(Work(ref=pair.ref, pair_id=pair.id, entry_id=pair.entry_id))
        return known.local if known else None

    def _goes_out(self) -> set[str]:
        """Ids of what belongs on the new side, whether it is there already or not."""
        with self.core.storage.read(self.scope) as session:
            row = session.get_one(Collection, self.other.id)
            works = queries.unsent(session, row, self.scope.member_id, clock.now())
            return {work.entry_id for work in works}

    def _made(self, entry_id: str) -> None:
        known = self._store(self.other_connection, self.other.id).known(Work(entry_id=entry_id))
        if known is not None and known.local is not None:
            self._count(plan(known.local, None, None, self._policy), None)

    def _only_old(self, pair: Pair, made: set[str]) -> None:
        """What Andock made goes to the new side; what only came from the old one stays here."""
        self.tally["only_old"] += 1
        self.tally["stays"] += pair.entry_id not in made and self._local(pair) is not None

    def _only_new(self, remotes: list[RemoteItem]) -> set[str]:
        """Count them; the ids of the entries that turn out to be one of them."""
        self.tally["only_new"] += len(remotes)
        met: set[str] = set()
        if not remotes:
            return met
        store = self._store(self.other_connection, self.other.id)
        here = Unpaired(store.unpaired())
        for remote in remotes:
            ours = store.recognise(remote).entry if remote.operation_id else None
            entry = ours or here.take(remote.item)
            if entry is not None:
                met.add(entry.entry_id)
                continue
            enters = execute.enters(remote.item, self._window, clock.now())
            inside = enters is not None and enters <= clock.now()
            arrival = "new" if inside else "outside"
            self._count(plan(None, remote, None, self._policy, arrival), remote)  # type: ignore[arg-type]
        return met

    @property
    def other_connection(self) -> str:
        """The connection that takes over."""
        with self.core.storage.read(self.scope) as session:
            return session.get_one(Collection, self.other.id).connection_id

    def _count(self, action: Action, remote: RemoteItem | None) -> None:
        for name in _VERBS.get(action.verb, ()):
            self.tally[name] += 1
        if action.verb in _WRITES and self._policy.invite:
            self.tally.mails += attendees(action.there, remote.item if remote else None)

    def _store(self, connection_id: str, collection_id: str) -> SqlStore:
        lease = _nobody(self.scope, connection_id)
        place = Place(lease, "", collection_id, self._window, clock.now)
        return SqlStore(self.core.storage, self.core.vault, place)


def _listed(there: There) -> list[str]:
    """The refs of all that is there. A list that does not say that it is whole is no ground to
    pair on: what it leaves out would be made once more."""
    refs: dict[str, Change] = {}
    cursor: str | None = None
    for _ in range(PAGES):
        page = there.changes(cursor)
        for change in page.changes:
            refs.pop(change.ref, None)
            if change.kind == "changed":
                refs[change.ref] = change
        cursor = page.cursor
        if page.complete:
            return list(refs)
        if not page.more:
            raise errors.Transient("moving.incomplete")
    raise errors.PluginBug(detail="changes: no end")


def _to_keep(
    match: Match, pair: Pair, collection_id: str, remote: RemoteItem, *, in_step: bool
) -> dict[str, Any]:
    """What the switch has to know of a match. `seen`: the pair as it was compared."""
    return {
        "pair": match.pair_id,
        "collection": collection_id,
        "ref": remote.ref,
        "version": remote.version if in_step else "",
        "operation": remote.operation_id,
        "link": remote.link,
        "uid": digest(remote.item.uid),
        "seen": pair.remote_version,
    }


def _keep_notes(
    core: "Core", scope: Scope, new_id: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    from andock_core.connections.ties import keep_notes

    with core.storage.write(scope) as session:
        row = session.get(Connection, new_id, with_for_update=True)
        if row is not None:
            keep_notes(core.vault, row, before, after)


def _nobody(scope: Scope, connection_id: str) -> Lease:
    """The lease of somebody who only looks: nothing can be written with it."""
    return Lease(connection_id, scope.tenant_id, scope.member_id, fence=-1, holder="moving")
