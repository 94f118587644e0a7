"""What people do on either side, and the ledger of every value that they wrote.

Each value is unique. At the end it must be alive, or overwritten or deleted by somebody who saw it,
or stand in the journal as the loser of a conflict.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from andock_core.proof.remote import Remote
from andock_core.proof.subject import Subject
from andock_core.proof.values import (
    WEEKLY,
    cancelled,
    count_of,
    key_of,
    places,
    slot_from,
    tag,
    value_of,
    values,
    with_count,
    with_value,
)
from andock_core.sync.plan import Local, Policy
from andock_sdk import Appointment, Body, Contact, Item, Person
from andock_sdk.connector import CollectionKind

FIRST = datetime(2026, 12, 1, 8)  # noqa: DTZ001 - a wall time, as documents spell it
OPTIONAL = ("attendees", "phones", "photo", "occurrence")

Fate = Literal["alive", "seen", "deleted"]


class Ledger:
    """Every value and every item that anybody made."""

    def __init__(self) -> None:
        self.fate: dict[str, Fate] = {}
        self.deleted: set[str] = set()
        self.made: set[str] = set()
        self.shown: set[str] = set()
        """Items that the member made in Andock or made visible there."""

    def wrote(self, before: Item, after: Item) -> None:
        """Somebody who saw `before` made `after` of it."""
        old, new = set(values(before).values()), set(values(after).values())
        for value in old - new:
            self.fate[value] = "seen"
        for value in new - old:
            self.fate.setdefault(value, "alive")

    def born(self, item: Item) -> None:
        """Somebody made it."""
        self.made.add(tag(item))
        for value in values(item).values():
            self.fate.setdefault(value, "alive")

    def buried(self, item: Item) -> None:
        """Somebody who saw `item` deleted it."""
        self.deleted.add(tag(item))
        for value in values(item).values():
            self.fate[value] = "deleted"

    def alive(self) -> set[str]:
        """Values that nobody overwrote or deleted."""
        return {value for value, fate in self.fate.items() if fate == "alive"}


class People:
    """One pair of hands on each side."""

    def __init__(
        self,
        random: Random,
        kind: CollectionKind,
        policy: Policy,
        sides: tuple[Subject, Remote],
        new_id: Callable[[], str],
    ) -> None:
        self.ledger = Ledger()
        self._random = random
        self._kind = kind
        self._policy = policy
        self._here, self._there = sides
        self._new_id = new_id
        self.between_runs = True
        self._values = self._tags = 0

    def act(self) -> None:
        """One of them does something."""
        self._random.choice(
            (
                self._create_here,
                self._edit_here,
                self._edit_here,
                self._edit_here,
                self._delete_here,
                self._convert,
                self._create_there,
                self._create_there,
                self._edit_there,
                self._edit_there,
                self._edit_there,
                self._delete_there,
                self._move_there,
                self._copy_there,
                self._hide_there,
            )
        )()

    def begin(self) -> None:
        """What is there already when a schedule begins: on one side, the other, or on both."""
        for _ in range(self._random.choice((0, 1, 2, 3, 10))):
            self._create_there()
        can = self._policy.role == "one" and "uids" in self._there.abilities
        if can and self._random.random() < 0.3:
            both: dict[str, Any] = {"uid": "from before"}
            if self._kind == "contacts":
                both = {"emails": {"email1": Person(email="both@example.test")}}
            item = self._item().model_copy(update=both)
            self.ledger.shown.add(tag(item))
            self._there.put(item, keep_uid=self._kind == "calendar")
            self._here.create(self._new_id(), item)

    # -- here

    def _create_here(self) -> None:
        planned = "planned" in self._here.abilities and self._kind == "calendar"
        kind = "planned" if planned and self._random.random() < 0.2 else "own"
        item = self._item()
        self.ledger.shown.add(tag(item))
        self._here.create(self._new_id(), item, kind)  # type: ignore[arg-type]

    def _edit_here(self) -> None:
        found = self._editable()
        if found:
            one = self._random.choice(found)
            after = self._edited(one.item, keep_exceptions=True)
            self.ledger.wrote(one.item, after)
            self._here.edit(one.entry_id, after)

    def _delete_here(self) -> None:
        found = self._editable()
        if found and self._random.random() < 0.5:
            one = self._random.choice(found)
            self.ledger.buried(one.item)
            self._here.delete(one.entry_id)

    def _convert(self) -> None:
        found = [local for local in self._here.entries() if local.kind == "block"]
        if found:
            block = self._random.choice(found)
            self.ledger.shown.add(tag(block.item))
            self._here.convert(block.entry_id)

    def _editable(self) -> list[Local]:
        return [local for local in self._here.entries() if local.kind != "block"]

    # -- there

    def _create_there(self) -> None:
        ref = self._there.put(self._item())
        if "twins" in self._here.abilities and self._random.random() < 0.05:
            self._here.add_twin(self._there.items[ref].item.uid)

    def _edit_there(self) -> None:
        ref = self._some_ref()
        if ref:
            before = self._there.items[ref].item
            keep = not self._there.nature.drops_exceptions
            after = self._edited(before, keep_exceptions=keep)
            self.ledger.wrote(before, after)
            self._there.edit(ref, after)

    def _delete_there(self) -> None:
        ref = self._some_ref()
        if ref and self._random.random() < 0.5:
            self.ledger.buried(self._there.items[ref].item)
            self._there.remove(ref)

    def _move_there(self) -> None:
        """The server gives an item a new id: it was moved away and back, or the mailbox was. Not
        during a run: a delete may then be seen before what it goes with."""
        ref = self._some_ref()
        if ref and self.between_runs and "moves" in self._there.abilities:
            held = self._there.items[ref]
            self._there.remove(ref)
            self._there.put(held.item, held.operation_id, keep_uid=True)

    def _copy_there(self) -> None:
        """Somebody copies an item; the copy carries our operation id, as Outlook does it. The
        original may go afterwards. Not of an item whose create is still unknown here: nothing could
        tell the two apart."""
        ref = self._some_ref()
        can = "copies" in self._there.abilities
        if can and ref and self._random.random() < 0.3 and self._is_known(ref):
            held = self._there.items[ref]
            self._there.put(self._item(), held.operation_id)
            if self._random.random() < 0.5:
                self.ledger.buried(held.item)
                self._there.remove(ref)

    def _is_known(self, ref: str) -> bool:
        ours = self._there.items[ref].operation_id
        return not ours or any(pair.ref == ref for pair in self._here.pairs())

    def _hide_there(self) -> None:
        ref = self._some_ref()
        can = self._kind == "calendar" and "sensitivity" not in self._there.without
        if ref and can and self._random.random() < 0.3:
            item = self._there.items[ref].item
            self._there.edit(ref, item.model_copy(update={"sensitivity": "private"}))

    def _some_ref(self) -> str:
        refs = sorted(self._there.items)
        return self._random.choice(refs) if refs else ""

    # -- documents

    def _item(self) -> Item:
        self._tags += 1
        body = Body(content=f"tag-{self._tags}")
        item: Item = Contact(notes=body)
        if self._kind == "calendar":
            weekly = f"{WEEKLY}4" if self._random.random() < 0.4 else ""
            weekly = "" if "recurrence" in self._there.without else weekly
            item = Appointment(when=slot_from(self._start()), body=body, recurrence=weekly)
        for place in self._kept(places(item)):
            if place.partition("/")[0] not in (*OPTIONAL, "when") or self._random.random() < 0.3:
                item = with_value(item, place, self._new_value(place))
        self.ledger.born(item)
        return item

    def _edited(self, item: Item, *, keep_exceptions: bool) -> Item:
        if isinstance(item, Appointment) and item.recurrence and self._random.random() < 0.3:
            return self._other_series(item)
        place = self._random.choice(self._places(item))
        optional = place.partition("/")[0] in OPTIONAL
        value = self._new_value(place)
        if optional and value_of(item, place) and self._random.random() < 0.3:
            value = ""
        return with_value(item, place, value, keep_exceptions=keep_exceptions)

    def _places(self, item: Item) -> list[str]:
        """Where somebody can write: not in an occurrence that is cancelled or not there."""
        if not isinstance(item, Appointment) or not item.recurrence:
            return self._kept(places(item))
        there = {f"{n}" for n in range(count_of(item)) if key_of(item, n) not in item.cancellations}
        return [
            place
            for place in self._kept(places(item))
            if not place.startswith("occurrence/") or place.split("/")[1] in there
        ]

    def _kept(self, found: Sequence[str]) -> list[str]:
        """Those that the other side has."""
        return [place for place in found if place.partition("/")[0] not in self._there.without]

    def _other_series(self, item: Appointment) -> Appointment:
        """An occurrence is cancelled, comes back, or there are more or fewer of them."""
        what = self._random.random()
        if what < 0.5:
            return with_count(item, self._random.choice((2, 3, 4, 5)))
        if what < 0.65 and item.cancellations:
            back = self._random.choice(item.cancellations)
            kept = tuple(key for key in item.cancellations if key != back)
            return item.model_copy(update={"cancellations": kept})
        return cancelled(item, self._random.randrange(count_of(item)))

    def _new_value(self, place: str) -> str:
        if place == "when":
            return self._start()
        self._values += 1
        return f"w{self._values}"

    def _start(self) -> str:
        """A start that no other item ever had."""
        self._values += 1
        by = timedelta(days=self._random.randrange(25), seconds=self._values)
        return (FIRST + by).isoformat(timespec="seconds")
