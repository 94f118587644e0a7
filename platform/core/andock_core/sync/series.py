"""Exceptions of a series whose pattern was changed: under which original start each then stands.

The sides may disagree about the pattern while they merge. Exceptions are compared only after all
documents speak of the occurrences of one pattern: the one that both sides shall have.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from andock_core.calendar.expand import CannotExpand, has_occurrence
from andock_core.calendar.shift import spelled
from andock_sdk.items import Appointment, Item, Override

Rename = Callable[[str], str]
"""An original start in the old pattern to the one in the new; empty when there is none."""


def same_pattern(one: Appointment, other: Appointment) -> bool:
    """Whether both repeat alike, from the same start."""
    return one.when == other.when and one.recurrence == other.recurrence


def stays_put(before: Appointment, after: Appointment) -> bool:
    """Whether whoever changed the pattern left the exceptions on their days ("from now on also on
    Thursdays") instead of moving them along with the start ("a day later"). Their own exceptions
    tell; where they tell nothing, they moved along."""
    now = {*after.overrides, *after.cancellations}
    keys = {*before.overrides, *before.cancellations}
    moved, kept = _along(before, after), _on_its_day(after)
    return len(now & {kept(key) for key in keys}) > len(now & {moved(key) for key in keys})


def renamer(old: Appointment, new: Appointment, *, stay: bool) -> Rename:
    """How original starts of `old` are spelled in `new`."""
    bare = new.model_copy(update={"overrides": {}, "cancellations": ()})
    ways = [_along(old, new), _on_its_day(new)]
    if stay:
        ways.reverse()

    def rename(key: str) -> str:
        starts = (way(key) for way in ways)
        return next((start for start in starts if _exists(bare, start)), "")

    return rename


def renamed(series: Appointment, rename: Rename) -> tuple[Appointment, tuple[str, ...]]:
    """The series with its exceptions under their new starts, and the keys of overrides that have
    no place there."""
    placed: dict[str, Override] = {}
    homeless: list[str] = []
    for key, override in series.overrides.items():
        start = rename(key)
        if start and start not in placed:
            placed[start] = override
        else:
            homeless.append(key)
    cancelled = {rename(key) for key in series.cancellations} - {""} - placed.keys()
    exceptions = {
        "overrides": dict(sorted(placed.items(), key=lambda one: one[0])),
        "cancellations": tuple(sorted(cancelled)),
    }
    return series.model_copy(update=exceptions), tuple(homeless)


def along(document: Item, other: Item) -> Item:
    """A series' document with its exceptions where they stand in the other's pattern."""
    if not isinstance(document, Appointment) or not isinstance(other, Appointment):
        return document
    if same_pattern(document, other) or not (document.overrides or document.cancellations):
        return document
    return renamed(document, renamer(document, other, stay=False))[0]


def without_place(
    series: Appointment, other: Appointment
) -> tuple[dict[str, Override], tuple[str, ...]]:
    """The overrides and cancellations that the other's pattern has no occurrence for."""
    rename = renamer(series, other, stay=False)
    overrides = {key: one for key, one in series.overrides.items() if not rename(key)}
    return overrides, tuple(key for key in series.cancellations if not rename(key))


def fields_of_override(series: Appointment, key: str) -> Iterator[tuple[str, object]]:
    """What an occurrence has of its own."""
    override = series.overrides.get(key)
    for name in type(override).model_fields if override else ():
        value = getattr(override, name)
        if value is not None:
            yield name, value


def _along(old: Appointment, new: Appointment) -> Rename:
    by = _wall(new.when.start) - _wall(old.when.start)
    if old.when.all_day != new.when.all_day:
        by = timedelta(days=(_wall(new.when.start).date() - _wall(old.when.start).date()).days)
    return lambda key: spelled(_wall(key) + by, all_day=new.when.all_day)


def _on_its_day(new: Appointment) -> Rename:
    time_of_day = _wall(new.when.start).time()
    return lambda key: spelled(
        datetime.combine(_wall(key).date(), time_of_day), all_day=new.when.all_day
    )


def _exists(series: Appointment, key: str) -> bool:
    if not series.recurrence:
        return False
    try:
        return has_occurrence(series, key)
    except CannotExpand:
        return True


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)
