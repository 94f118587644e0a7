"""Which items of the new side are those of the old one? Pure: values in, values out.

By the operation id (Andock made it), else by the UID (iCalUId), else by equal content in the same
slot; contacts as at first sync. Each is taken once, and the outcome does not depend on the order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from andock_core.sync.pairing import Unpaired, entry_of, same_slot
from andock_core.sync.plan import Local
from andock_sdk.connector import RemoteItem
from andock_sdk.items import Appointment, Item

By = Literal["operation", "uid", "content"]
MOST = 10_000
"""Comparisons of items with one sign: a hostile side could give one UID to everything."""


@dataclass(frozen=True)
class Known:
    """An item of the old side: what it held when both sides last agreed."""

    pair_id: str
    entry_id: str
    operation_id: str
    item: Item


@dataclass(frozen=True)
class Match:
    """The pair's item is `ref` on the new side; `by` says how it was recognised."""

    pair_id: str
    ref: str
    by: By


@dataclass(frozen=True)
class Pairing:
    """`only_old` are ids of pairs, `only_new` refs. All are sorted."""

    matches: tuple[Match, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A collection of either side, as far as proposing one for another needs it."""

    id: str
    name: str
    default: bool = False


def pair_up(known: Iterable[Known], found: Iterable[RemoteItem]) -> Pairing:
    """Pair what one collection held on the old side with what is there on the new one."""
    return _Matching(known, found).outcome()


def propose(old: Sequence[Place], new: Mapping[str, Sequence[Place]]) -> dict[str, str]:
    """Old collection → the new one that most likely takes over from it; without one it is missing.

    `new`: what may take over from each old one. By the same name, else where both are the default,
    else where there is no other. None is proposed twice.
    """
    proposed: dict[str, str] = {}

    def free(one: Place) -> list[Place]:
        return [place for place in new.get(one.id, ()) if place.id not in proposed.values()]

    def by_name(one: Place) -> Place | None:
        return next((p for p in free(one) if p.name and _plain(p.name) == _plain(one.name)), None)

    def by_default(one: Place) -> Place | None:
        return next((p for p in free(one) if one.default and p.default), None)

    def by_being_alone(one: Place) -> Place | None:
        left = free(one)
        return left[0] if len(left) == 1 else None

    for rule in (by_name, by_default, by_being_alone):
        for one in old:
            if one.id not in proposed and (place := rule(one)) is not None:
                proposed[one.id] = place.id
    return proposed


class _Matching:
    def __init__(self, known: Iterable[Known], found: Iterable[RemoteItem]) -> None:
        self._old = {one.pair_id: one for one in sorted(known, key=lambda one: one.pair_id)}
        self._new = {one.ref: one for one in sorted(found, key=lambda one: one.ref)}
        self._matches: list[Match] = []

    def outcome(self) -> Pairing:
        """From the surest sign to the weakest."""
        self._by_sign("operation", lambda one: one.operation_id, lambda one: one.operation_id)
        self._by_sign("operation", lambda one: one.entry_id, lambda one: entry_of(one.operation_id))
        self._by_sign("uid", lambda one: one.item.uid, lambda one: one.item.uid)
        self._by_content()
        return Pairing(
            matches=tuple(sorted(self._matches, key=lambda match: match.pair_id)),
            only_old=tuple(self._old),
            only_new=tuple(self._new),
        )

    def _by_sign(
        self, by: By, of_old: Callable[[Known], str], of_new: Callable[[RemoteItem], str]
    ) -> None:
        """Several may have the same sign (a copy keeps it): then the nearest are paired first."""
        there = defaultdict(list)
        for remote in self._new.values():
            if sign := of_new(remote):
                there[sign].append(remote)
        here = defaultdict(list)
        for one in self._old.values():
            if of_old(one) in there:
                here[of_old(one)].append(one)
        for sign, mine in here.items():
            for pair_id, ref in _nearest(mine, there[sign]):
                self._take(pair_id, ref, by)

    def _by_content(self) -> None:
        """Whatever its UID says: the new side may have given it another one."""
        left = Unpaired(
            [Local(one.pair_id, "own", _nameless(one.item), 0) for one in self._old.values()]
        )
        for remote in list(self._new.values()):
            one = left.take(_nameless(remote.item))
            if one is not None:
                self._take(one.entry_id, remote.ref, "content")

    def _take(self, pair_id: str, ref: str, by: By) -> None:
        if pair_id in self._old and ref in self._new:
            del self._old[pair_id], self._new[ref]
            self._matches.append(Match(pair_id, ref, by))


def _nearest(mine: list[Known], others: list[RemoteItem]) -> list[tuple[str, str]]:
    """Pairs of ids, the most alike first. A sign that hundreds share says nothing: then by id."""
    if len(mine) * len(others) > MOST:
        return [(one.pair_id, other.ref) for one, other in zip(mine, others, strict=False)]
    found = [(_distance(one, other), one.pair_id, other.ref) for one in mine for other in others]
    return [(pair_id, ref) for _, pair_id, ref in sorted(found)]


def _distance(one: Known, remote: RemoteItem) -> tuple[bool, bool, bool]:
    """How unlike they are, the weightiest difference first."""
    mine, other = one.item, remote.item
    both = isinstance(mine, Appointment) and isinstance(other, Appointment)
    return (
        type(mine) is not type(other) or mine.uid != other.uid,
        both and not _same_slot(mine, other),
        both and _subject(mine) != _subject(other),
    )


def _same_slot(one: Item, other: Item) -> bool:
    appointments = isinstance(one, Appointment) and isinstance(other, Appointment)
    return appointments and same_slot(one, other)  # type: ignore[arg-type]


def _subject(item: Item) -> str:
    return item.subject.strip() if isinstance(item, Appointment) else ""


def _nameless(item: Item) -> Item:
    return item.model_copy(update={"uid": ""})


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
