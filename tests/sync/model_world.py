"""A schedule made from a seed: people edit on both sides, also during runs, and things fail.

The ledger knows every value that anybody wrote. At the end each one must be alive, or overwritten
or deleted by somebody who saw it, or stand in the journal as the loser of a conflict.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from andock_core.sync.execute import run_collection
from andock_core.sync.plan import Policy
from andock_core.sync.ports import Surroundings
from andock_sdk import Appointment, Body, Contact, Item, errors
from andock_sdk.connector import CollectionKind
from tests.sync.builders import slot
from tests.sync.model_remote import ModelRemote
from tests.sync.model_store import ModelEntry, ModelStore

FIELDS = ("subject", "location")
CONTACT_FIELDS = ("nickname", "company", "phones/mobile", "phones/home")
FAULTS = ("before", "lost", "throttled", "crash", "lease")


class Crash(BaseException):
    """The process died."""


class LeaseGone(Exception):
    """Another run took over."""


class World:
    """Two sides, one pair of hands on each, and a run in between."""

    def __init__(self, seed: int, kind: CollectionKind = "calendar") -> None:
        self.random = Random(seed)
        self.kind = kind
        self.fields = CONTACT_FIELDS if kind == "contacts" else FIELDS
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        winner: Literal["theirs", "ours"] = self.random.choice(("theirs", "ours"))
        role: Literal["one", "import"] = self.random.choice(("one", "one", "import"))
        self.policy = Policy("one" if kind == "contacts" else role, winner)
        normalises = self.random.random() < 0.3
        self.remote = ModelRemote(self._call_gate, normalises=normalises)
        self.store = ModelStore(self.policy, lambda: self.now, self._store_gate)
        self.fate: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.writable: set[str] = set()
        self.fired: Counter[str] = Counter()
        self._ids = self._values = self._tags = 0
        self._budget = 0
        self._busy = False

    def play(self, rounds: int = 5) -> None:
        """Edits, faults, runs; then two runs in peace."""
        for _ in range(rounds):
            for _ in range(self.random.randrange(4)):
                self.somebody_acts()
            if self.random.random() < 0.1:
                self.remote.lose_cursors()
            self._budget = self.random.randrange(4)
            self.run()
        self._budget = 0
        for pair in self.store.state.pairs.values():
            if pair.state == "aside":  # the member presses "try again"
                pair.state, pair.next_try_at = "dirty", self.now
        for _ in range(2):
            self.run()

    def run(self) -> None:
        """One run, whatever becomes of it."""
        self.now += timedelta(hours=7)
        self._busy = True
        around = Surroundings(
            now=lambda: self.now, new_id=self._new_id, enters=lambda item: self.now
        )
        try:
            run_collection(
                self.store,
                self.remote,
                ref="calendar",
                collection_id="c" * 32,
                policy=self.policy,
                around=around,
                kind=self.kind,
            )
        except (Crash, LeaseGone, errors.AndockError):
            if not self.fired:
                raise
        finally:
            self._busy = False

    # -- people

    def somebody_acts(self) -> None:
        """One edit somewhere."""
        self.random.choice(
            (
                self._create_here,
                self._edit_here,
                self._edit_here,
                self._delete_here,
                self._convert,
                self._create_there,
                self._edit_there,
                self._edit_there,
                self._delete_there,
                self._move_there,
            )
        )()

    def _create_here(self) -> None:
        item = self._item()
        self.writable.add(tag(item))
        self.store.state.entries[self._new_id()] = ModelEntry("own", item)

    def _edit_here(self) -> None:
        found = [e for e in self.store.state.entries.values() if e.kind != "block"]
        if found:
            entry = self.random.choice(found)
            entry.item = self._edited(entry.item)
            entry.version += 1

    def _delete_here(self) -> None:
        entries = self.store.state.entries
        found = [key for key, entry in entries.items() if entry.kind != "block"]
        if found and self.random.random() < 0.5:
            self._buried(entries.pop(self.random.choice(found)).item)

    def _convert(self) -> None:
        found = [e for e in self.store.state.entries.values() if e.kind == "block"]
        if found:
            entry = self.random.choice(found)
            entry.kind = "converted"
            entry.version += 1
            self.writable.add(tag(entry.item))

    def _create_there(self) -> None:
        self.remote.put(self._item())

    def _edit_there(self) -> None:
        if self.remote.items:
            ref = self.random.choice(sorted(self.remote.items))
            self.remote.edit(ref, self._edited(self.remote.items[ref].item))

    def _delete_there(self) -> None:
        if self.remote.items and self.random.random() < 0.5:
            ref = self.random.choice(sorted(self.remote.items))
            self._buried(self.remote.items[ref].item)
            self.remote.remove(ref)

    def _move_there(self) -> None:
        """The server gives an item that Andock made a new id."""
        ours = sorted(ref for ref, held in self.remote.items.items() if held.operation_id)
        if ours:
            ref = self.random.choice(ours)
            held = self.remote.items[ref]
            self.remote.remove(ref)
            self.remote.put(held.item, held.operation_id)

    # -- what may happen at any call and any commit

    def _call_gate(self, place: str) -> None:
        self._meanwhile()
        call, when = place.split(".")
        kinds = ("before", "throttled", "crash") if when == "before" else ("lost", "crash")
        kind = self._fault(place, kinds)
        if kind in ("before", "lost"):
            raise errors.Transient
        if kind == "throttled":
            raise errors.Throttled
        if kind == "crash":
            raise Crash(call)

    def _store_gate(self, place: str) -> None:
        self._meanwhile()
        kinds = ("crash", "lease") if place.endswith("before") else ("crash",)
        kind = self._fault(place, kinds)
        if kind == "lease":
            raise LeaseGone
        if kind == "crash":
            raise Crash(place)

    def _fault(self, place: str, kinds: tuple[str, ...]) -> str:
        if self._budget <= 0 or self.random.random() > 0.08:
            return ""
        self._budget -= 1
        kind = self.random.choice(kinds)
        self.fired[f"{place} {kind}"] += 1
        return kind

    def _meanwhile(self) -> None:
        """Somebody edits while a run is under way."""
        if self._busy and self._budget > 0 and self.random.random() < 0.12:
            self.somebody_acts()

    # -- the ledger

    def _item(self) -> Item:
        self._tags += 1
        item: Item = Appointment(when=slot(), body=Body(content=f"tag-{self._tags}"))
        if self.kind == "contacts":
            item = Contact(notes=Body(content=f"tag-{self._tags}"))
        for name in self.fields:
            item = with_value(item, name, self._value())
        return item

    def _edited(self, item: Item) -> Item:
        name = self.random.choice(self.fields)
        self.fate[value_of(item, name)] = "seen"
        return with_value(item, name, self._value())

    def _buried(self, item: Item) -> None:
        self.deleted.add(tag(item))
        for name in self.fields:
            self.fate[value_of(item, name)] = "deleted"

    def _value(self) -> str:
        self._values += 1
        value = f"w{self._values}"
        self.fate[value] = "alive"
        return value

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self._ids:032x}"

    def here(self) -> list[Item]:
        """What Andock holds."""
        return [entry.item for entry in self.store.state.entries.values()]

    def there(self) -> list[Item]:
        """What the other side holds."""
        return [held.item for held in self.remote.items.values()]

    def lost_edits(self) -> set[str]:
        """Values that nobody overwrote or deleted, and that are nowhere."""
        items = self.here() + self.there()
        kept = {value_of(item, name) for item in items for name in self.fields}
        told = {lost.value for line in self.store.state.journal for lost in line.lost}
        return {v for v, fate in self.fate.items() if fate == "alive"} - kept - told


def tag(item: Item) -> str:
    """Which item this is, whatever became of it."""
    notes = item.notes if isinstance(item, Contact) else item.body
    return notes.content.strip()


def value_of(item: Item, name: str) -> str:
    """A field, or an entry of a dictionary ("phones/home")."""
    field, _, key = name.partition("/")
    value = getattr(item, field)
    return str(value.get(key, "")) if key else str(value)


def with_value(item: Item, name: str, value: str) -> Item:
    """The item with another value there."""
    field, _, key = name.partition("/")
    put = {**getattr(item, field), key: value} if key else value
    return item.model_copy(update={field: put})
