"""What a run needs from the outside: a store that remembers, and the values that pass it.

The other side is an `andock_sdk.Connector`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from andock_core.sync.merge import Lost
from andock_core.sync.plan import Agreed, Kind, Local
from andock_sdk.connector import Change, RemoteItem
from andock_sdk.items import Item

Side = Literal["here", "there"]
Progress = Callable[[str, int, int], None]
"""phase ("recover", "changes", "items", "deletes"), done, total."""


class LocalChanged(Exception):
    """The entry is no longer what the plan saw. Nothing of the transaction took effect."""


class Unusable(Exception):
    """Andock cannot keep this item (a rule that it cannot expand). Nothing took effect."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True)
class Feed:
    """Where reading changes goes on. `listing`: a full listing is under way."""

    cursor: str | None
    listing: bool


@dataclass(frozen=True)
class Work:
    """One item to look at, by ids only. `ref` is empty for what is not there yet, `pair_id` and
    `entry_id` for what is not here yet. The member has decided: `released`, its delete is meant;
    `restore`, what vanished on one side comes back from the other; `mailing`, it may tell
    attendees."""

    ref: str = ""
    pair_id: str = ""
    entry_id: str = ""
    tries: int = 0
    released: bool = False
    restore: bool = False
    mailing: bool = False


@dataclass(frozen=True)
class Known:
    """What the store knows of a work's item. `pair_id` is empty when it is not paired."""

    local: Local | None
    agreed: Agreed | None
    operation_id: str = ""
    pair_id: str = ""


@dataclass(frozen=True)
class Recognition:
    """What the store knows of a remote item that is not paired.

    `paired`: by its operation id or its UID it is the item of a pair in this collection.

    `ours`: its operation id is one of this owner's. `entry`: the entry that it was created for,
    if that still exists; `elsewhere`: that has a pair in another collection. `twin`: another
    connection to the same mailbox has the item.
    """

    ours: bool = False
    entry: Local | None = None
    paired: Work | None = None
    elsewhere: bool = False
    twin: bool = False


@dataclass(frozen=True)
class Intent:
    """A remote write that is about to happen. `item` is what the entry held when it was planned,
    `sent` what shall be there afterwards, `before` what was there (both None for a delete or
    create where they do not apply), `begun` when."""

    id: str
    action: Literal["create", "update", "delete"]
    work: Work
    kind: Kind
    operation_id: str = ""
    expected: str = ""
    entry_version: int = 0
    item: Item | None = None
    sent: Item | None = None
    before: Item | None = None
    fields: frozenset[str] = frozenset()
    lost: tuple[Lost, ...] = ()
    reason: str = ""
    begun: datetime | None = None


@dataclass(frozen=True)
class NewEntry:
    """Make an entry. `origin` as in the table."""

    entry_id: str
    kind: Kind
    item: Item


@dataclass(frozen=True)
class ChangedEntry:
    """Put `item` into an entry that still has `expected_version`."""

    entry_id: str
    kind: Kind
    item: Item
    expected_version: int


@dataclass(frozen=True)
class GoneEntry:
    """Delete an entry that still has `expected_version`."""

    entry_id: str
    expected_version: int


@dataclass(frozen=True)
class Settled:
    """What both sides hold now: the pair's new notes.

    `entry_version` None: the version that this transaction's entry change leads to. `again`: not
    all is done, look at it once more.
    """

    entry_id: str
    ref: str
    remote_version: str
    kind: Kind
    base_local: Item
    base_remote: Item
    entry_version: int | None = None
    operation_id: str = ""
    link: str = ""
    again: bool = False


@dataclass(frozen=True)
class IdsOnly:
    """A remote item of which only the id is kept: outside the window, or held by a twin.

    `ignored`: deleted here, and nothing is written there. `look_again`: when it may come into the
    window; None: when it changes.
    """

    remote: RemoteItem
    why: Literal["outside", "twin", "ignored"]
    look_again: datetime | None = None


@dataclass(frozen=True)
class Trouble:
    """An item that could not be dealt with. `state`: dirty (again at `next_try_at`), aside (for
    the member to see), held (by the delete breaker, or because it would mail). `entry_version`:
    the entry as it was looked at, so that a later edit is seen; None: as it is now."""

    state: Literal["dirty", "aside", "held"]
    error: str
    next_try_at: datetime | None = None
    entry_version: int | None = None


@dataclass(frozen=True)
class Line:
    """A line of the journal."""

    side: Side
    action: Literal["create", "update", "delete", "merge", "aside"]
    reason: str
    before: Item | None = None
    after: Item | None = None
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True)
class Step:
    """All that one transaction changes for one item. The announcement of the work's ref (its
    inbox line) is dealt with, unless there is trouble."""

    work: Work
    entry: NewEntry | ChangedEntry | GoneEntry | None = None
    pair: Settled | IdsOnly | Literal["drop"] | None = None
    intent_done: str = ""
    trouble: Trouble | None = None
    lines: tuple[Line, ...] = field(default=())


class SyncStore(Protocol):
    """What must be remembered for one collection. Each method is one transaction; those that
    write check the run's lease first and raise what the lease raises when it is lost.

    `stops`: the errors that end a run at once (the lease is lost, the database fails). Whatever
    else a store raises while an item is dealt with is that item's own trouble.
    """

    stops: tuple[type[Exception], ...]

    def feed(self) -> Feed:
        """Where reading changes goes on."""

    def begin_listing(self) -> None:
        """The cursor is void: list all, and remember what the listing does not name."""

    def take_page(self, changes: Sequence[Change], cursor: str, *, complete: bool) -> None:
        """Keep announced changes together with the cursor. Echoes of our own writes, known by
        their version, are left out. `complete` ends a listing: pairs that it did not name become
        suspects, to be looked at."""

    def work(self, now: datetime) -> list[Work]:
        """All that has to be looked at: announced, changed here, due again. Opens no seal."""

    def known(self, work: Work) -> Known | None:
        """The local side and the bases of a work; None when the pair speaks of another ref by
        now, so that the work has nothing more to say."""

    def unmet(self) -> int:
        """How many announced items that no pair speaks for are still to be looked at; those set
        aside not counted."""

    def recognise(self, remote: RemoteItem) -> Recognition:
        """What is known of an unpaired remote item."""

    def unpaired(self) -> list[Local]:
        """The owner's entries (or contacts, without their photos) that no pair speaks for. Tasks
        and calls are known by their operation ids alone."""

    def intents(self) -> list[Intent]:
        """Writes that were begun and never settled, oldest first."""

    def intend(self, intent: Intent) -> None:
        """Note a write that is about to happen."""

    def drop_intent(self, intent_id: str) -> None:
        """The write did not happen."""

    def commit(self, step: Step) -> None:
        """Carry out a step, all or nothing. Raises LocalChanged, Unusable."""

    def pairs(self) -> int:
        """How many entries are paired here."""

    def deletes_since(self, side: Side, since: datetime) -> int:
        """How many deletes the journal has for this collection on that side."""

    def held(self, side: Side) -> int:
        """How many deletes on that side already wait for the member."""


@dataclass(frozen=True)
class Surroundings:
    """What is handed in: time, ids, and the window.

    `settles`: for so long after it was begun, a create that left no trace may still appear. Longer
    than a lease, so that a run that was frozen has given up. `unforeseen` hears of errors that
    should not happen; the item is tried again later.

    `enters` says when an item comes into the window: a moment that has passed when it is in it,
    a later one when time will bring it in, None when it never will.
    """

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    enters: Callable[[Item], datetime | None]
    progress: Progress = lambda phase, done, total: None
    settles: timedelta = timedelta(seconds=105)
    unforeseen: Callable[[Exception], None] = lambda error: None
