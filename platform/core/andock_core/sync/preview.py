"""What a run would do: the very same run, over a store that keeps nothing and a connector that
writes nothing.

`run_collection` itself goes through the collection, so its order, its pairing, its merges and its
breaker are those of a real run. Only the ends are cut off: `Rehearsal` answers as the store would
after each step, and notes what the step says; `Unwritten` answers each write as if it had happened.

What cannot be foreseen: how the other side normalises what is written, and whether it refuses it;
what somebody changes on either side after the look; writes of an earlier run whose outcome is still
unknown; and in a listing, items that come and go while it is read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

from andock_core.sync.documents import differing, mails
from andock_core.sync.pairing import same_slot
from andock_core.sync.plan import Local
from andock_core.sync.ports import (
    ChangedEntry,
    Feed,
    IdsOnly,
    Intent,
    Known,
    Line,
    NewEntry,
    Recognition,
    Settled,
    Side,
    Step,
    SyncStore,
    Unusable,
    Work,
)
from andock_sdk.connector import (
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Connector,
    ReadResult,
    RemoteItem,
)
from andock_sdk.items import IDENTITY_FIELDS, Appointment, Contact, Item, Patch

Effect = Literal[
    "comes",
    "goes",
    "changes_here",
    "changes_there",
    "deletes_here",
    "deletes_there",
    "leaves_here",
    "held_here",
    "held_there",
    "held_mail",
    "same",
    "alike",
    "conflicts",
    "outside",
    "twin",
    "unread",
]
"""What would become of one item. same: found on both sides and joined. alike: new, and another one
of that title at that time is there or comes too. leaves_here: let go of. unread: cannot be taken
over. outside: of the window. twin: another connection has it."""

_WRITES: dict[tuple[str, str], Effect] = {
    ("here", "create"): "comes",
    ("here", "update"): "changes_here",
    ("here", "merge"): "changes_here",
    ("here", "delete"): "deletes_here",
    ("there", "create"): "goes",
    ("there", "update"): "changes_there",
    ("there", "merge"): "changes_there",
    ("there", "delete"): "deletes_there",
}
_HELD: dict[str, Effect] = {
    "mail.would": "held_mail",
    "breaker.here": "held_here",
    "breaker.there": "held_there",
}


class Ledger(SyncStore, Protocol):
    """A store of which only the reading half is used, and what reading changes does in SQL."""

    def news(self, changes: Sequence[Change]) -> list[str]:
        """The refs of those changes that are no echo of what is agreed already."""

    def unnamed(self, named: frozenset[str], *, anew: bool) -> list[str]:
        """The refs of pairs that a listing did not name; `anew`: it began with `named`, else
        earlier, in a run that stopped half-way."""


@dataclass
class Foreseen:
    """What a run over all collections would do. `on_effect` is told of each with its item."""

    on_effect: Callable[[str, Effect, Item | None], None]
    mails: int = 0
    settled: set[str] = field(default_factory=set)
    _news: list[tuple[str, Item]] = field(default_factory=list)
    _waiting: dict[str, Item] = field(default_factory=dict)

    def arrives(self, collection_id: str, item: Item) -> None:
        """Something would be new on one side."""
        self._news.append((collection_id, item))

    def waits(self, entries: Sequence[Local]) -> None:
        """Entries that no pair speaks for."""
        self._waiting.update({entry.entry_id: entry.item for entry in entries})

    def finish(self) -> None:
        """All collections were looked at: tell which of the new items look alike."""
        alone = [item for key, item in self._waiting.items() if key not in self.settled]
        by_title: dict[str, list[Item]] = {}
        for item in [*alone, *(item for _, item in self._news)]:
            by_title.setdefault(title_of(item).casefold(), []).append(item)
        for collection_id, item in self._news:
            title = title_of(item).casefold()
            others = (each for each in by_title[title] if each is not item)
            if title and any(_look_alike(item, each) for each in others):
                self.on_effect(collection_id, "alike", item)


@dataclass
class Rehearsal:
    """A store for one collection that behaves as if each step had been committed.

    `refuses` gives the message key of what Andock could not keep, else "". `inviting`: writes there
    tell attendees.
    """

    ledger: Ledger
    collection_id: str
    foreseen: Foreseen
    refuses: Callable[[Item], str]
    inviting: bool = False
    _named: dict[str, None] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _suspects: list[str] = field(default_factory=list)
    _new_pairs: int = 0
    _later: int = 0
    _unread: int = 0
    _anew: bool = False

    def __post_init__(self) -> None:
        self.stops = self.ledger.stops

    def feed(self) -> Feed:
        """Where reading changes goes on."""
        return self.ledger.feed()

    def begin_listing(self) -> None:
        """All is named from now on."""
        self._anew = True
        self._named.clear()
        self._seen.clear()

    def take_page(self, changes: Sequence[Change], cursor: str, *, complete: bool) -> None:
        """Remember what was announced."""
        for change in changes:
            if change.kind == "changed":
                self._seen.add(change.ref)
        self._named.update(dict.fromkeys(self.ledger.news(changes)))
        if complete:
            self._suspects = self.ledger.unnamed(frozenset(self._seen), anew=self._anew)

    def work(self, now: datetime) -> list[Work]:
        """As the store's, with what was announced just now."""
        stored = self.ledger.work(now)
        by_ref = {work.ref: work for work in stored if work.ref}
        named = [
            by_ref.get(ref, Work(ref=ref)) for ref in dict.fromkeys([*self._named, *self._suspects])
        ]
        refs = {work.ref for work in named}
        met = sum(1 for work in stored if work.ref and not work.pair_id)
        self._later = self.ledger.unmet() - met
        return named + [work for work in stored if not work.ref or work.ref not in refs]

    def known(self, work: Work) -> Known | None:
        """As the store's; what was paired a step ago has nothing more to say."""
        if work.entry_id in self.foreseen.settled and not work.pair_id:
            return None
        return self.ledger.known(work)

    def unmet(self) -> int:
        """As the store's, without what was looked at and could be read."""
        return self._later + self._unread

    def recognise(self, remote: RemoteItem) -> Recognition:
        """As the store's; an entry that was paired a step ago is not paired twice."""
        met = self.ledger.recognise(remote)
        taken = met.entry is not None and met.entry.entry_id in self.foreseen.settled
        return replace(met, entry=None) if taken else met

    def unpaired(self) -> list[Local]:
        """As the store's, without what was paired a step ago."""
        found = self.ledger.unpaired()
        self.foreseen.waits(found)
        return [entry for entry in found if entry.entry_id not in self.foreseen.settled]

    def intents(self) -> list[Intent]:
        """None: what became of them is for a real run to ask."""
        return []

    def intend(self, intent: Intent) -> None:
        """Nothing is written."""

    def drop_intent(self, intent_id: str) -> None:
        """Nothing was noted."""

    def commit(self, step: Step) -> None:
        """Note what the step would do. Raises Unusable."""
        if isinstance(step.entry, NewEntry | ChangedEntry):
            why = self.refuses(step.entry.item)
            if why:
                raise Unusable(why)
        self._pair(step)
        for line in step.lines:
            self._line(line)
        if step.trouble is not None:
            effect = _HELD.get(step.trouble.error, "unread")
            if step.trouble.state == "dirty" and not step.work.pair_id:
                self._unread += 1
            self._tell(effect, self._item_of(step.work))

    def pairs(self) -> int:
        """As the store's, with those of the steps so far."""
        return self.ledger.pairs() + self._new_pairs

    def deletes_since(self, side: Side, since: datetime) -> int:
        """As the store's."""
        return self.ledger.deletes_since(side, since)

    def held(self, side: Side) -> int:
        """As the store's."""
        return self.ledger.held(side)

    def _pair(self, step: Step) -> None:
        if isinstance(step.pair, IdsOnly):
            if step.pair.why != "ignored":  # nothing becomes of what stays as it is
                self._tell(step.pair.why, step.pair.remote.item)
        elif step.pair == "drop":
            self._new_pairs -= 1
        elif isinstance(step.pair, Settled):
            self.foreseen.settled.add(step.pair.entry_id)
            if step.work.pair_id:
                return
            self._new_pairs += 1
            if not any(line.action == "create" for line in step.lines):
                self._tell("same", step.pair.base_local)

    def _line(self, line: Line) -> None:
        item = line.after or line.before
        effect = _WRITES.get((line.side, line.action))
        if effect is None or item is None or _only_named(line):
            return
        self._tell(effect, item)
        if line.action == "create":
            self.foreseen.arrives(self.collection_id, item)
        if line.lost:
            self._tell("conflicts", item)
        if line.side == "there" and self.inviting and mails(item):
            self.foreseen.mails += len(item.attendees) if isinstance(item, Appointment) else 0

    def _item_of(self, work: Work) -> Item | None:
        known = self.ledger.known(work)
        if known is None:
            return None
        if known.local is not None:
            return known.local.item
        return known.agreed.base_remote.item if known.agreed else None

    def _tell(self, effect: Effect, item: Item | None) -> None:
        self.foreseen.on_effect(self.collection_id, effect, item)


class Unwritten:
    """A connector whose reads are real and whose writes never leave."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._made = 0

    @property
    def capabilities(self) -> Capabilities:
        """As the real one's."""
        return self._connector.capabilities

    def collections(self) -> list[Collection]:
        """As the real one's."""
        return self._connector.collections()

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """As the real one's."""
        return self._connector.changes(collection, cursor)

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """As the real one's."""
        return self._connector.read(collection, refs)

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """As if it had been created just so."""
        self._made += 1
        ref = f"preview {self._made}"
        return RemoteItem(ref=ref, version="", item=item, operation_id=operation_id)

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """As if it had been written just so."""
        return RemoteItem(ref=ref, version=expected, item=patch.item)

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """As if it were gone."""

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """As the real one's."""
        return self._connector.find_operation(collection, operation_id)

    def close(self) -> None:
        """The real one belongs to whoever opened it."""


def title_of(item: Item) -> str:
    """What a person calls it."""
    if not isinstance(item, Contact):
        return " ".join(item.subject.split())
    name = item.display_name or " ".join((item.given, item.surname))
    return " ".join(name.split())


def _only_named(line: Line) -> bool:
    """Whether nothing but ids of the other side is adopted: nobody sees that."""
    if line.before is None or line.after is None:
        return False
    changed = differing(line.before, line.after)
    return bool(changed) and changed <= IDENTITY_FIELDS


def _look_alike(one: Item, other: Item) -> bool:
    """Of one title already; appointments at the same time too."""
    if isinstance(one, Appointment) and isinstance(other, Appointment):
        return same_slot(one, other)
    return type(one) is type(other)
