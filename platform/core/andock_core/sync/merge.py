"""The three-way merge, field by field, for two sides that each have their own base.

The sides may hold the same thing in different spellings (a server normalises), so each side is
compared with its own base only, and a field that neither changed stays as each side holds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from andock_core.sync.documents import Base, differing, fields_of, writable
from andock_core.sync.series import (
    fields_of_override,
    renamed,
    renamer,
    same_pattern,
    stays_put,
)
from andock_sdk.items import Appointment, Contact, Item, Override, Task

Winner = Literal["theirs", "ours"]
Side = Literal["here", "there"]
PATTERN = ("when", "recurrence")
_OCCURRENCES = frozenset({"overrides", "cancellations"})
_BY_KEY = frozenset({"emails", "phones", "addresses", "attendees"})
_EMPTY = Override()


@dataclass(frozen=True)
class Lost:
    """A value that gave way. `field` is a name, "overrides/<original start>/<name>",
    "phones/<key>", or "attendees/<address>"."""

    field: str
    side: Side
    value: Any


@dataclass(frozen=True)
class Merged:
    """What each side shall hold, which fields of it are new to that side, and what was lost."""

    here: Item
    there: Item
    here_fields: frozenset[str]
    there_fields: frozenset[str]
    lost: tuple[Lost, ...]


def merge(base_local: Base, local: Item, base_remote: Base, remote: Item, winner: Winner) -> Merged:
    """Bring both sides together. What has to stay together counts as one field: `when`, and the
    pattern (`when` with `recurrence`) of a series. Overrides merge per original start and field,
    cancellations as sets, both in the pattern that the series then has; a contact's e-mails,
    phones and addresses key by key, attendees address by address."""
    lacking = base_local.lacking | base_remote.lacking
    changed_here = base_local.changes(local) & writable(local) - lacking
    changed_there = base_remote.changes(remote) | lacking
    draft = _Draft(local, remote, winner)
    for unit in _units(base_local.item, local, remote):
        mine = any(name in changed_here for name in unit)
        yours = any(name in changed_there for name in unit)
        draft.settle(unit, mine, yours)
    if lacking & _OCCURRENCES:
        draft.settle(tuple(sorted(_OCCURRENCES)), False, True)
    elif (changed_here | changed_there) & {*_OCCURRENCES, *PATTERN}:
        draft.settle_occurrences(base_local.item, base_remote.item)
    for name in sorted((changed_here | changed_there) & _BY_KEY):
        if name in lacking:
            draft.settle((name,), False, True)
        else:
            draft.settle_keys(name, base_local.item, base_remote.item)
    return draft.merged()


def adopt(local: Item, remote: Item, winner: Winner) -> Merged:
    """Bring two documents together that never agreed before: where they differ, one wins. Of a
    contact or a task nothing is emptied: what only one side knows, both know afterwards."""
    if not isinstance(local, Appointment):
        nothing = Base(Contact() if isinstance(local, Contact) else Task())
        return merge(nothing, local, nothing, remote, winner)
    draft = _Draft(local, remote, winner)
    for unit in _units(local, local, remote):
        draft.settle(unit, unit[0] in writable(local), True)
    if any(getattr(local, name) != getattr(remote, name) for name in _OCCURRENCES):
        draft.settle(tuple(sorted(_OCCURRENCES)), True, True)
    return draft.merged()


def _units(base: Item, local: Item, remote: Item) -> list[tuple[str, ...]]:
    alone = sorted(fields_of(local) - _OCCURRENCES - _BY_KEY)
    if not any(isinstance(i, Appointment) and i.recurrence for i in (base, local, remote)):
        return [(name,) for name in alone]
    return [PATTERN, *((name,) for name in alone if name not in PATTERN)]


class _Draft:
    """The two results while they grow."""

    def __init__(self, local: Item, remote: Item, winner: Winner) -> None:
        self._local = local
        self._remote = remote
        self._winner = winner
        self._here: dict[str, Any] = {name: getattr(local, name) for name in fields_of(local)}
        self._there: dict[str, Any] = {name: getattr(remote, name) for name in fields_of(local)}
        self._lost: list[Lost] = []

    def settle(self, unit: tuple[str, ...], mine: bool, yours: bool) -> None:
        """Decide fields that stay together, given which side changed any of them."""
        if not (mine or yours) or all(self._here[n] == self._there[n] for n in unit):
            return
        if mine and yours:
            loser: Side = "here" if self._winner == "theirs" else "there"
            values = self._here if loser == "here" else self._there
            self._lost += [
                Lost(name, loser, values[name])
                for name in unit
                if self._here[name] != self._there[name]
            ]
            mine = loser == "there"
        source, target = (self._here, self._there) if mine else (self._there, self._here)
        for name in unit:
            target[name] = source[name]

    def settle_keys(self, name: str, base_local: Item, base_remote: Item) -> None:
        """Merge a dictionary entry by entry; one that is missing is an empty one."""
        here, there = keyed(self._here[name]), keyed(self._there[name])
        was_here, was_there = keyed(getattr(base_local, name)), keyed(getattr(base_remote, name))
        for key in _in_order(here, there):
            mine, yours = here.get(key), there.get(key)
            changed_here, changed_there = mine != was_here.get(key), yours != was_there.get(key)
            if mine == yours or not (changed_here or changed_there):
                continue
            if changed_here and changed_there:
                loser: Side = "here" if self._winner == "theirs" else "there"
                self._lost.append(Lost(f"{name}/{key}", loser, mine if loser == "here" else yours))
                changed_here = loser == "there"
            value, target = (mine, there) if changed_here else (yours, here)
            target.pop(key, None)
            if value is not None:
                target[key] = value
        as_kept = type(self._here[name])
        self._here[name] = here if as_kept is dict else as_kept(here.values())
        self._there[name] = there if as_kept is dict else as_kept(there.values())

    def settle_occurrences(self, base_local: Item, base_remote: Item) -> None:
        """Merge overrides and cancellations. An edited occurrence beats a cancelled one."""
        if not isinstance(self._local, Appointment):
            return
        found = self._in_one_pattern(_series(base_local), _series(base_remote))
        base_local, base_remote, local, remote = found
        gone_here = frozenset(local.cancellations) - frozenset(base_local.cancellations)
        gone_there = frozenset(remote.cancellations) - frozenset(base_remote.cancellations)
        back_here = frozenset(base_local.cancellations) - frozenset(local.cancellations)
        back_there = frozenset(base_remote.cancellations) - frozenset(remote.cancellations)
        edited_here = _edited(base_local.overrides, local.overrides)
        edited_there = _edited(base_remote.overrides, remote.overrides)
        kept_here = (gone_there - gone_here) & edited_here
        kept_there = (gone_here - gone_there) & edited_there
        self._lost += [Lost(f"cancellations/{key}", "there", key) for key in sorted(kept_here)]
        self._lost += [Lost(f"cancellations/{key}", "here", key) for key in sorted(kept_there)]
        kept = kept_here | kept_there
        here = frozenset(local.cancellations) | gone_there
        there = frozenset(remote.cancellations) | gone_here
        self._here["cancellations"] = tuple(sorted(here - back_there - kept))
        self._there["cancellations"] = tuple(sorted(there - back_here - kept))
        self._here["overrides"], self._there["overrides"] = self._overrides(
            (base_local.overrides, local.overrides),
            (base_remote.overrides, remote.overrides),
            kept_here,
            kept_there,
        )

    def _in_one_pattern(
        self, base_local: Appointment, base_remote: Appointment
    ) -> tuple[Appointment, Appointment, Appointment, Appointment]:
        """Both bases and both sides, their exceptions under the original starts of the pattern
        that the sides then have. What has no place in it is told."""
        sides: list[tuple[Side, Appointment, Appointment, dict[str, Any]]] = [
            ("here", base_local, _series(self._local), self._here),
            ("there", base_remote, _series(self._remote), self._there),
        ]
        stay = False
        for _, base, now, then in sides:
            unchanged = now.when == then["when"] and now.recurrence == then["recurrence"]
            if unchanged and not same_pattern(base, now):
                stay = stays_put(base, now)  # this side's pattern is the one that both shall have
        found: dict[Side, tuple[Appointment, Appointment]] = {}
        for side, base, now, then in sides:
            new = now.model_copy(update={name: then[name] for name in PATTERN})
            rename = renamer(base, new, stay=stay)
            was = base if same_pattern(base, new) else renamed(base, rename)[0]
            present = now
            if not same_pattern(now, new):
                rename = renamer(now, new, stay=stay)
                present, homeless = renamed(now, rename)
                self._tell_homeless(side, base, now, homeless)
            found[side] = (was, present)
        return found["here"][0], found["there"][0], found["here"][1], found["there"][1]

    def _tell_homeless(
        self, side: Side, base: Appointment, now: Appointment, keys: tuple[str, ...]
    ) -> None:
        """Edits of occurrences that the other side's pattern has not got."""
        for key in keys:
            before = dict(fields_of_override(base, key))
            self._lost += [
                Lost(f"overrides/{key}/{name}", side, value)
                for name, value in fields_of_override(now, key)
                if before.get(name) != value
            ]

    def _overrides(
        self,
        mine_then_now: tuple[Mapping[str, Override], Mapping[str, Override]],
        yours_then_now: tuple[Mapping[str, Override], Mapping[str, Override]],
        kept_here: frozenset[str],
        kept_there: frozenset[str],
    ) -> tuple[dict[str, Override], dict[str, Override]]:
        (base_local, local), (base_remote, remote) = mine_then_now, yours_then_now
        here, there = dict(local), dict(remote)
        for key in sorted(here.keys() | there.keys() | base_local.keys() | base_remote.keys()):
            if key in kept_here:
                there[key] = here[key]
                continue
            if key in kept_there:
                here[key] = there[key]
                continue
            mine, yours = local.get(key), remote.get(key)
            if mine == base_local.get(key) and yours == base_remote.get(key):
                continue
            pair = self._override(
                key,
                (base_local.get(key) or _EMPTY, mine or _EMPTY),
                (base_remote.get(key) or _EMPTY, yours or _EMPTY),
            )
            for side, result in ((here, pair[0]), (there, pair[1])):
                if result == _EMPTY:
                    side.pop(key, None)
                else:
                    side[key] = result
        return here, there

    def _override(
        self, key: str, mine: tuple[Override, Override], yours: tuple[Override, Override]
    ) -> tuple[Override, Override]:
        """One occurrence: (base, now) of either side."""
        here, there = dict(mine[1]), dict(yours[1])
        for name in Override.model_fields:
            changed_here = here[name] != getattr(mine[0], name)
            changed_there = there[name] != getattr(yours[0], name)
            if here[name] == there[name] or not (changed_here or changed_there):
                continue
            if changed_here and changed_there:
                loser: Side = "here" if self._winner == "theirs" else "there"
                value = here[name] if loser == "here" else there[name]
                self._lost.append(Lost(f"overrides/{key}/{name}", loser, value))
                changed_here = loser == "there"
            if changed_here:
                there[name] = here[name]
            else:
                here[name] = there[name]
        return Override(**here), Override(**there)

    def merged(self) -> Merged:
        """The result."""
        here, there = type(self._local)(**self._here), type(self._remote)(**self._there)
        changed_there = differing(self._remote, there) & writable(there)
        if changed_there & set(PATTERN) and isinstance(there, Appointment):
            # A new pattern takes the exceptions with it on many servers: they are written again.
            changed_there |= {name for name in _OCCURRENCES if getattr(there, name)}
        return Merged(
            here=here,
            there=there,
            here_fields=differing(self._local, here),
            there_fields=changed_there,
            lost=tuple(self._lost),
        )


def keyed(value: Any) -> dict[str, Any]:
    """A dictionary as it is; attendees by their address, else by their name."""
    if isinstance(value, dict):
        return dict(value)
    found: dict[str, Any] = {}
    for attendee in value:
        person = attendee.person
        key = person.email.strip().casefold() or person.name
        while key in found:  # invited twice
            key += "'"
        found[key] = attendee
    return found


def _in_order(here: dict[str, Any], there: dict[str, Any]) -> list[str]:
    return [*here, *(key for key in there if key not in here)]


def _series(item: Item) -> Appointment:
    if not isinstance(item, Appointment):
        raise TypeError("only appointments have occurrences")
    return item


def _edited(before: Mapping[str, Override], now: Mapping[str, Override]) -> frozenset[str]:
    """The occurrences that have something of their own which they did not have before."""
    return frozenset(key for key, override in now.items() if override != before.get(key))
