"""A change that is kept back: what counts as agreed while it waits, place by place.

A place is a field, an entry of a dictionary, an attendee, or a field of one occurrence. Where both
sides hold the same, that is agreed, even within a field whose other places wait.
"""

from collections.abc import Mapping
from typing import Any

from andock_core.sync.documents import with_fields
from andock_core.sync.merge import keyed
from andock_core.sync.series import along, same_pattern, without_place
from andock_sdk.items import Appointment, Item, Override

_NOTHING = Override()


def agreed_so_far(was: Item, now: Item, other: Item, kept: frozenset[str]) -> Item:
    """A side's base: as it is `now`, but in the `kept` fields as it `was`, wherever the `other`
    side holds something else by now."""
    if not kept:
        return now
    before, beside = along(was, now), along(other, now)
    values = {
        name: _place_by_place(
            name, getattr(before, name), getattr(now, name), getattr(beside, name)
        )
        for name in kept
    }
    return _in_its_pattern(with_fields(now, now.model_copy(update=values), kept), now, was)


def _place_by_place(name: str, was: Any, now: Any, other: Any) -> Any:
    if name == "overrides":
        return _overrides(was, now, other)
    if name == "cancellations":
        same = {key for key in {*now, *other} if (key in now) == (key in other)}
        return tuple(sorted((set(now) & same) | (set(was) - same)))
    if isinstance(now, dict) or name == "attendees":
        found = _entries(keyed(was), keyed(now), keyed(other))
        return found if isinstance(now, dict) else tuple(found.values())
    return now if now == other else was


def _entries(
    was: Mapping[str, Any], now: Mapping[str, Any], other: Mapping[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in [*now, *(key for key in was if key not in now)]:
        value = now.get(key) if now.get(key) == other.get(key) else was.get(key)
        if value is not None:
            found[key] = value
    return found


def _overrides(
    was: Mapping[str, Override], now: Mapping[str, Override], other: Mapping[str, Override]
) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for key in sorted(was.keys() | now.keys()):
        three = [side.get(key, _NOTHING) for side in (was, now, other)]
        values = {}
        for name in Override.model_fields:
            before, mine, yours = (getattr(one, name) for one in three)
            values[name] = mine if mine == yours else before
        override = Override(**values)
        if override != _NOTHING:
            found[key] = override
    return found


def _in_its_pattern(base: Item, now: Item, was: Item) -> Item:
    """The base with its exceptions where its own pattern has them, should that wait too; those
    with it that the new pattern has no place for."""
    if not (isinstance(base, Appointment) and isinstance(now, Appointment)):
        return base
    if same_pattern(base, now) or not isinstance(was, Appointment):
        return base
    exceptions = {"overrides": base.overrides, "cancellations": base.cancellations}
    back = along(now.model_copy(update=exceptions), base)
    overrides, cancellations = without_place(was, now)
    if isinstance(back, Appointment) and same_pattern(base, was):
        exceptions = {
            "overrides": {**overrides, **back.overrides},
            "cancellations": (*cancellations, *back.cancellations),
        }
        back = back.model_copy(update=exceptions)
    return with_fields(base, back, frozenset(exceptions))
