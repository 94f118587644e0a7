"""Time zone definitions with their transitions, as GetServerTimeZones gives them.

Exchange describes a zone by periods (a bias each) and by yearly transitions between them. The
rules are read off the tz database for the years around now, so that they agree with what the
sandbox itself computes.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from . import times, zones
from .soap import Element, add

_YEARS = range(2025, 2030)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Change:
    """One yearly change: at ``offset`` after midnight (wall time) on the ``occurrence``-th
    ``weekday`` (-1: the last) of ``month``, to summer time or back."""

    month: int
    weekday: str
    occurrence: int
    offset: timedelta
    to_summer: bool


def _changes_in(zone: tzinfo, year: int) -> list[datetime]:
    """The instants at which the zone's offset changes within a year (UTC)."""
    found = []
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(days=1)
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = moment, later
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        moment = later
    return found


def _wall(zone: tzinfo, moment: datetime) -> datetime:
    """The wall time at which the change strikes: that of the period which ends."""
    before = (moment - timedelta(minutes=1)).astimezone(zone)
    return (before + timedelta(minutes=1)).replace(tzinfo=None)


def _nth(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _is_last(day: date) -> bool:
    return day.day + 7 > calendar.monthrange(day.year, day.month)[1]


@lru_cache(maxsize=256)
def changes(windows_name: str) -> tuple[Change, ...]:
    """The zone's yearly changes, none when it keeps one offset all year."""
    zone = zones.find(windows_name)
    if zone is None:
        return ()
    years = [[_wall(zone, at) for at in _changes_in(zone, year)] for year in _YEARS]
    if any(len(found) != 2 for found in years):
        return ()
    made = []
    for column in zip(*years, strict=True):
        first = column[0]
        last = all(_is_last(day.date()) for day in column)
        moment = first.replace(tzinfo=zone, fold=0) + timedelta(hours=3)
        summer = moment.utcoffset() != zones.standard_offset(zone)
        made.append(
            Change(
                first.month,
                _DAYS[first.weekday()],
                -1 if last else _nth(first.date()),
                timedelta(hours=first.hour, minutes=first.minute),
                summer,
            )
        )
    return tuple(made)


@lru_cache(maxsize=256)
def summer_offset(windows_name: str) -> timedelta:
    """The zone's offset in summer; that of the whole year when it has no summer time."""
    zone = zones.find(windows_name)
    if zone is None:
        return timedelta(0)
    return max(datetime(2026, m, 1, tzinfo=zone).utcoffset() or timedelta(0) for m in (1, 7))


def write(parent: Element, tag: str, windows_name: str, *, full: bool, name: str = "") -> Element:
    """A TimeZoneDefinition element; ``full`` adds periods and transitions."""
    made = add(parent, tag, Id=windows_name, Name=name or zones.display_name(windows_name))
    zone = zones.find(windows_name)
    if not full or zone is None:
        return made
    rules = changes(windows_name)
    standard = zones.standard_offset(zone)
    summer = summer_offset(windows_name)
    periods = add(made, "Periods")
    _period(periods, "Standard", standard, windows_name)
    if rules:
        _period(periods, "Daylight", summer, windows_name)
    groups = add(made, "TransitionsGroups")
    group = add(groups, "TransitionsGroup", Id="0")
    if not rules:
        _target(add(group, "Transition"), "Period", f"trule:{windows_name}/Standard")
    for rule in rules:
        period = "Daylight" if rule.to_summer else "Standard"
        change = add(group, "RecurringDayTransition")
        _target(change, "Period", f"trule:{windows_name}/{period}")
        add(change, "TimeOffset", times.duration(rule.offset))
        add(change, "Month", rule.month)
        add(change, "DayOfWeek", rule.weekday)
        add(change, "Occurrence", rule.occurrence)
    _target(add(add(made, "Transitions"), "Transition"), "Group", "0")
    return made


def _period(parent: Element, kind: str, offset: timedelta, windows_name: str) -> None:
    # A bias is what must be added to local time to reach UTC: the offset's negative.
    add(
        parent,
        "Period",
        Bias=times.duration(-offset),
        Name=kind,
        Id=f"trule:{windows_name}/{kind}",
    )


def _target(parent: Element, kind: str, target: str) -> None:
    add(parent, "To", target, Kind=kind)
