"""Two documents, field by field. Pure: no words, no zones, no storage.

A field's path is a name ("subject"), one key of a dictionary ("phones/mobile"), one value of a
changed occurrence ("overrides/<original start>/location"), or whether an occurrence is cancelled
("cancellations/<original start>", true or false). The conflicts of the sync name theirs likewise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from andock_sdk import Appointment, Contact, Item, Task
from andock_sdk.items import IDENTITY_FIELDS, Override

DICTIONARIES = frozenset({"emails", "phones", "addresses"})
_OCCURRENCES = frozenset({"overrides", "cancellations"})


@dataclass(frozen=True)
class Row:
    """One field before and after; None: it had no value, or there was no document."""

    path: str
    before: Any
    after: Any


def rows(before: Item | None, after: Item | None) -> tuple[Row, ...]:
    """Where the documents differ, in the order of their fields. Without one of them: all that the
    other says, fields left as they come aside."""
    present = after if after is not None else before
    if present is None:
        return ()
    empty = None if before is not None and after is not None else _empty(present)
    one, other = before or empty, after or empty
    return tuple(_rows(one, other)) if one is not None and other is not None else ()


def value_at(item: Item, path: str) -> Any:
    """What a document has at a path."""
    name, _, rest = path.partition("/")
    if name == "cancellations" and rest:
        return isinstance(item, Appointment) and rest in item.cancellations
    if name == "overrides" and rest:
        key, _, field = rest.rpartition("/")
        found = item.overrides.get(key) if isinstance(item, Appointment) else None
        return getattr(found, field) if found is not None else None
    if name in DICTIONARIES and rest:
        return getattr(item, name).get(rest)
    return getattr(item, name)


def with_values(item: Item, values: dict[str, Any]) -> Item:
    """The document with other values at some paths. Raises ValueError when they do not fit."""
    fields: dict[str, Any] = {name: getattr(item, name) for name in type(item).model_fields}
    for path, value in values.items():
        name, _, rest = path.partition("/")
        if not rest:
            fields[name] = value
        elif name == "cancellations":
            fields[name] = tuple({*fields[name], rest} if value else {*fields[name]} - {rest})
        elif name == "overrides":
            fields[name] = _with_override(fields[name], rest, value)
        else:
            kept = {key: one for key, one in fields[name].items() if key != rest}
            fields[name] = kept if value is None else {**kept, rest: value}
    return type(item).model_validate(fields)


def plain(value: Any) -> Any:
    """A value as the journal keeps it: JSON."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def _rows(before: Item, after: Item) -> Iterator[Row]:
    for name in type(after).model_fields:
        if name in IDENTITY_FIELDS:
            continue
        one, other = getattr(before, name), getattr(after, name)
        if one == other:
            continue
        if name in DICTIONARIES:
            yield from _keys(name, one, other)
        elif name == "cancellations":
            yield from _cancelled(one, other)
        elif name == "overrides":
            yield from _occurrences(one, other)
        else:
            yield Row(name, one, other)


def _keys(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Row]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield Row(f"{name}/{key}", before.get(key), after.get(key))


def _cancelled(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    for key in sorted({*before} ^ {*after}):
        yield Row(f"cancellations/{key}", key in before, key in after)


def _occurrences(before: dict[str, Override], after: dict[str, Override]) -> Iterator[Row]:
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key) or Override(), after.get(key) or Override()
        for field in Override.model_fields:
            if getattr(one, field) != getattr(other, field):
                yield Row(f"overrides/{key}/{field}", getattr(one, field), getattr(other, field))


def _with_override(overrides: dict[str, Override], path: str, value: Any) -> dict[str, Override]:
    key, _, field = path.rpartition("/")
    values = {**dict(overrides.get(key) or Override()), field: value}
    override = Override.model_validate(values)
    kept = {one: each for one, each in overrides.items() if one != key}
    return kept if override == Override() else {**kept, key: override}


def _empty(like: Item) -> Item:
    """A document that says as little as one can."""
    if isinstance(like, Contact):
        return Contact()
    if isinstance(like, Task):
        return Task()
    return Appointment(when=like.when).model_copy(update={"when": None})
