"""Canonical documents: when two mean the same, and how the base of a pair is kept."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from andock_core.contacts.texts import plain
from andock_sdk.items import IDENTITY_FIELDS, Appointment, Body, Contact, Item, Task

HIDING = frozenset({"private", "confidential"})
_PRINT = b"sha256"


@dataclass(frozen=True)
class Base:
    """What one side held when both last agreed.

    `lacking` names fields that an older Andock did not know when it kept this base. Such a field
    counts as changed on the other side and never here: it is adopted, not written out.
    """

    item: Item
    lacking: frozenset[str] = frozenset()

    def changes(self, item: Item) -> frozenset[str]:
        """The fields in which `item` differs, as far as the base knows them."""
        return differing(light(self.item), light(item)) - self.lacking


def fields_of(item: Item) -> frozenset[str]:
    """All fields that a document of this kind has."""
    return frozenset(type(item).model_fields)


def writable(item: Item) -> frozenset[str]:
    """The fields that Andock may write on the other side."""
    return fields_of(item) - IDENTITY_FIELDS


def editable(item: Item) -> bool:
    """Whether Andock may change the item there: not what somebody else organises."""
    return item.editable if isinstance(item, Appointment) else True


def mails(item: Item) -> bool:
    """Whether a write could tell attendees."""
    return isinstance(item, Appointment) and bool(item.attendees)


def attendees(*items: Item | None) -> int:
    """How many people a write of these documents could tell."""
    return max((len(one.attendees) for one in items if isinstance(one, Appointment)), default=0)


def dump(item: Item) -> dict[str, Any]:
    """The document as JSON, every field written out, so that a missing one is known to be new."""
    return item.model_dump(mode="json")


def load(document: Mapping[str, Any]) -> Item:
    """The document from JSON. Fields that a newer Andock wrote are left out.

    An appointment is known by its time, a task by its day: nothing else has these fields.
    """
    kind = _kind(document)
    return kind.model_validate({k: v for k, v in document.items() if k in kind.model_fields})


def load_base(document: Mapping[str, Any]) -> Base:
    """A kept base, which may be older than today's documents."""
    return Base(load(document), frozenset(_kind(document).model_fields) - document.keys())


def light(item: Item) -> Item:
    """The item with a fingerprint in place of its photo: all that a base needs to compare it."""
    if not isinstance(item, Contact) or item.photo is None:
        return item
    content = base64.b64decode(item.photo.data)
    if content.startswith(_PRINT):
        return item
    mark = base64.b64encode(_PRINT + hashlib.sha256(content).digest()).decode()
    return item.model_copy(update={"photo": item.photo.model_copy(update={"data": mark})})


def with_fields(item: Item, source: Item, names: frozenset[str]) -> Item:
    """`item` with the named fields as in `source`, validated and in one spelling."""
    if not names:
        return item
    values = {name: getattr(source if name in names else item, name) for name in fields_of(item)}
    return type(item).model_validate(values)


def respelled(base: Base, item: Item) -> Base:
    """The base with the notes as `item` has them, where both read the same: another protocol gives
    as HTML what was text, and other HTML for the same words."""
    mine, name = base.item, "notes" if isinstance(item, Contact) else "body"
    if type(mine) is not type(item):
        return base
    found: dict[str, Any] = {name: _as_spelled(getattr(mine, name), getattr(item, name))}
    if isinstance(mine, Appointment) and isinstance(item, Appointment):
        found["overrides"] = {
            key: one.model_copy(update={"body": _as_spelled(one.body, other.body)})
            if (other := item.overrides.get(key))
            else one
            for key, one in mine.overrides.items()
        }
    return Base(mine.model_copy(update=found), base.lacking)


def _as_spelled(notes: Body | None, other: Body | None) -> Body | None:
    if notes is None or other is None or notes == other:
        return notes
    return other if plain(notes).split() == plain(other).split() else notes


def hiding_marks(item: Item) -> frozenset[tuple[str, str]]:
    """Where the item says private or confidential: ("", …) as a whole, else by occurrence."""
    if not isinstance(item, Appointment):
        return frozenset()
    marks: set[tuple[str, str]] = {("", item.sensitivity)}
    marks |= {(key, str(override.sensitivity)) for key, override in item.overrides.items()}
    return frozenset(mark for mark in marks if mark[1] in HIDING)


def differing(one: Item, other: Item) -> frozenset[str]:
    """The fields in which two documents of one kind differ."""
    return frozenset(name for name in fields_of(one) if getattr(one, name) != getattr(other, name))


def _kind(document: Mapping[str, Any]) -> type[Item]:
    if "when" in document:
        return Appointment
    return Task if "due_day" in document else Contact
