"""Canonical documents: when two mean the same, and how the base of a pair is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from andock_sdk.items import IDENTITY_FIELDS, Appointment

FIELDS = frozenset(Appointment.model_fields)
"""All fields that a document has."""

WRITABLE = FIELDS - IDENTITY_FIELDS
"""The fields that Andock may write on the other side."""

HIDING = frozenset({"private", "confidential"})


@dataclass(frozen=True)
class Base:
    """What one side held when both last agreed.

    `lacking` names fields that an older Andock did not know when it kept this base. Such a field
    counts as changed on the other side and never here: it is adopted, not written out.
    """

    item: Appointment
    lacking: frozenset[str] = frozenset()

    def changes(self, item: Appointment) -> frozenset[str]:
        """The fields in which `item` differs, as far as the base knows them."""
        return differing(self.item, item) - self.lacking


def dump(item: Appointment) -> dict[str, Any]:
    """The document as JSON, every field written out, so that a missing one is known to be new."""
    return item.model_dump(mode="json")


def load(document: Mapping[str, Any]) -> Appointment:
    """The document from JSON. Fields that a newer Andock wrote are left out."""
    return Appointment.model_validate({k: v for k, v in document.items() if k in FIELDS})


def load_base(document: Mapping[str, Any]) -> Base:
    """A kept base, which may be older than today's documents."""
    return Base(load(document), FIELDS - document.keys())


def with_fields(item: Appointment, source: Appointment, names: frozenset[str]) -> Appointment:
    """`item` with the named fields as in `source`, validated and in one spelling."""
    if not names:
        return item
    values = {name: getattr(source if name in names else item, name) for name in FIELDS}
    return Appointment.model_validate(values)


def hiding_marks(item: Appointment) -> frozenset[tuple[str, str]]:
    """Where the item says private or confidential: ("", …) as a whole, else by occurrence."""
    marks: set[tuple[str, str]] = {("", item.sensitivity)}
    marks |= {(key, str(override.sensitivity)) for key, override in item.overrides.items()}
    return frozenset(mark for mark in marks if mark[1] in HIDING)


def differing(one: Appointment, other: Appointment) -> frozenset[str]:
    """The fields in which two documents differ."""
    return frozenset(name for name in FIELDS if getattr(one, name) != getattr(other, name))
