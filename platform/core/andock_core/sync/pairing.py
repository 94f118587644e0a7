"""Pairing at first sight: is this remote item an entry that Andock already has?

By the operation id (Andock made it), else by UID and slot, else by equal content in the same slot.
A contact by its UID, by an e-mail address, or by its name with one more thing in common. A task by
its UID, or by its title and day.
Only entries that no pair speaks for are candidates, and each can be taken once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from andock_core.sync.plan import Local
from andock_sdk.items import Appointment, Contact, Item, Slot, Task


def operation_id(entry_id: str, collection_id: str, number: int) -> str:
    """The id that a create carries: it tells whose entry it is, and the same try twice has the
    same id. At most 64 characters."""
    return f"{entry_id}-{collection_id[:8]}-{number}"


def entry_of(operation: str) -> str:
    """The entry id within an operation id; empty when it is none of ours."""
    head, sep, _ = operation.partition("-")
    return head if sep and len(head) == 32 else ""


def next_operation_id(entry_id: str, collection_id: str, last: str) -> str:
    """The id for creating an entry anew after its item with the id `last` was deleted there."""
    head, _, number = last.rpartition("-")
    known = head == operation_id(entry_id, collection_id, 0).rpartition("-")[0]
    return operation_id(entry_id, collection_id, int(number) + 1 if known else 1)


@dataclass
class Unpaired:
    """The entries that may be found on the other side."""

    entries: list[Local]
    _by_sign: dict[str, list[Local]] = field(init=False)

    def __post_init__(self) -> None:
        self._left = {entry.entry_id for entry in self.entries}
        self._by_sign = defaultdict(list)
        for entry in self.entries:
            for sign in _signs(entry.item):
                self._by_sign[sign].append(entry)

    def take(self, item: Item) -> Local | None:
        """The entry that `item` is, taken out of the list; None when there is none."""
        alike = {
            entry.entry_id: entry
            for sign in _signs(item)
            for entry in self._by_sign.get(sign, ())
            if entry.entry_id in self._left and _may_be(entry.item, item)
        }.values()
        found = next((e for e in alike if item.uid and e.item.uid == item.uid), None)
        if found is None:
            found = next((e for e in alike if _is_same(e.item, item)), None)
        if found is not None:
            self.drop(found.entry_id)
        return found

    def drop(self, entry_id: str) -> None:
        """That entry is spoken for."""
        self._left.discard(entry_id)


def same_person(one: Contact, other: Contact) -> bool:
    """Whether two contacts are one person: an e-mail address in common, or the same name and one
    more thing."""
    if _addresses(one) & _addresses(other):
        return True
    if not _name(one) or _name(one) != _name(other):
        return False
    return bool(_details(one) & _details(other))


def same_slot(one: Appointment, other: Appointment) -> bool:
    """Whether both take place at the same time, and repeat alike."""
    return (
        one.when.all_day == other.when.all_day
        and bool(one.recurrence) == bool(other.recurrence)
        and _moments(one.when) == _moments(other.when)
    )


def _same_content(one: Appointment, other: Appointment) -> bool:
    return (
        one.subject.strip() == other.subject.strip()
        and one.location.strip() == other.location.strip()
        and one.recurrence == other.recurrence
        and not (one.uid and other.uid and one.uid != other.uid)
    )


def _signs(item: Item) -> list[str]:
    """What an item is looked up by: what is the same has at least one of these in common."""
    if isinstance(item, Contact):
        signs = [f"mail {address}" for address in sorted(_addresses(item))]
        signs += [f"name {_name(item)}"] if _name(item) else []
        return [*signs, f"uid {item.uid}"] if item.uid else signs
    if isinstance(item, Task):
        signs = [f"task {_subject(item)} {item.due_day}"]
        return [*signs, f"uid {item.uid}"] if item.uid else signs
    moments = [m if isinstance(m, str) else m.timestamp() for m in _moments(item.when)]
    return [f"{bool(item.recurrence)} {moments}"]


def _may_be(one: Item, other: Item) -> bool:
    if isinstance(one, Appointment) and isinstance(other, Appointment):
        return same_slot(one, other)
    return type(one) is type(other)


def _is_same(one: Item, other: Item) -> bool:
    if isinstance(one, Appointment) and isinstance(other, Appointment):
        return _same_content(one, other)
    if isinstance(one, Task) and isinstance(other, Task):
        return _same_task(one, other)
    return isinstance(one, Contact) and isinstance(other, Contact) and same_person(one, other)


def _same_task(one: Task, other: Task) -> bool:
    return (
        bool(_subject(one))
        and _subject(one) == _subject(other)
        and one.due_day == other.due_day
        and one.done == other.done
        and not (one.uid and other.uid and one.uid != other.uid)
    )


def _subject(task: Task) -> str:
    return " ".join(task.subject.split()).casefold()


def _addresses(contact: Contact) -> frozenset[str]:
    found = {person.email.strip().casefold() for person in contact.emails.values()}
    return frozenset(found - {""})


def _name(contact: Contact) -> str:
    """ "Mara Lindt", from the parts of the name where there are any."""
    parts = (contact.given, contact.surname)
    name = " ".join(filter(None, (part.strip() for part in parts))) or contact.display_name
    return " ".join(name.split()).casefold()


def _details(contact: Contact) -> frozenset[tuple[str, str]]:
    """What may be in common besides the name. Numbers by their digits, whatever they are for."""
    texts = ("company", "department", "job_title", "birthday", "website", "nickname")
    found = {(name, getattr(contact, name).strip().casefold()) for name in texts}
    for number in contact.phones.values():
        found.add(("phone", "".join(filter(str.isdigit, number))[-9:]))
    for address in contact.addresses.values():
        found.add(("address", f"{address.street} {address.city}".strip().casefold()))
    return frozenset(pair for pair in found if pair[1])


def _moments(slot: Slot) -> Sequence[datetime | str]:
    """Start and end as moments, or as days; wall times of an unknown zone as they are spelled."""
    if slot.all_day:
        return (slot.start, slot.end)
    try:
        return (
            datetime.fromisoformat(slot.start).replace(tzinfo=ZoneInfo(slot.start_zone)),
            datetime.fromisoformat(slot.end).replace(tzinfo=ZoneInfo(slot.end_zone)),
        )
    except (KeyError, ValueError, OSError):
        return (slot.start, slot.end, slot.start_zone)
