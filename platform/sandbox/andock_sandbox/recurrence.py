"""Exchange's recurrence patterns: which days a series falls on. Pure.

A rule is JSON as the Recurrence element spells it::

    {"pattern": "WeeklyRecurrence", "Interval": 1, "DaysOfWeek": ["Tuesday"],
     "FirstDayOfWeek": "Monday", "range": "NumberedRecurrence",
     "StartDate": "2026-11-24", "NumberOfOccurrences": 20}

A day of month beyond a month's end means its last day there (as Outlook does it, unlike
iCalendar, which skips the month).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any, TypeAlias

from .errors import EwsError

Rule: TypeAlias = dict[str, Any]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = tuple(calendar.month_name)[1:]
INDEXES = ("First", "Second", "Third", "Fourth", "Last")
_SETS = {
    "Day": frozenset(range(7)),
    "Weekday": frozenset(range(5)),
    "WeekendDay": frozenset((5, 6)),
}
# An occurrence's number is bounded so that a rule without an end can still be walked.
LIMIT = 20_000


def _days(words: list[str]) -> frozenset[int]:
    found: set[int] = set()
    for word in words:
        found |= _SETS[word] if word in _SETS else {WEEKDAYS.index(word)}
    return frozenset(found)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _relative(year: int, month: int, words: list[str], index: str) -> date:
    wanted = _days(words)
    length = calendar.monthrange(year, month)[1]
    days = [
        date(year, month, day)
        for day in range(1, length + 1)
        if date(year, month, day).weekday() in wanted
    ]
    return days[-1] if index == "Last" else days[INDEXES.index(index)]


def _daily(rule: Rule, start: date) -> Iterator[date]:
    while True:
        yield start
        start += timedelta(days=rule["Interval"])


def _weekly(rule: Rule, start: date) -> Iterator[date]:
    first = WEEKDAYS.index(rule.get("FirstDayOfWeek") or "Sunday")
    wanted = sorted(_days(rule["DaysOfWeek"]), key=lambda day: (day - first) % 7)
    week = start - timedelta(days=(start.weekday() - first) % 7)
    while True:
        for weekday in wanted:
            day = week + timedelta(days=(weekday - first) % 7)
            if day >= start:
                yield day
        week += timedelta(weeks=rule["Interval"])


def _months(rule: Rule, start: date) -> Iterator[date]:
    number = start.year * 12 + start.month - 1
    step = rule["Interval"]
    while True:
        year, month = number // 12, number % 12 + 1
        if rule["pattern"] == "AbsoluteMonthlyRecurrence":
            yield _clamped(year, month, rule["DayOfMonth"])
        else:
            yield _relative(year, month, rule["DaysOfWeek"], rule["DayOfWeekIndex"])
        number += step


def _years(rule: Rule, start: date) -> Iterator[date]:
    month = MONTHS.index(rule["Month"]) + 1
    for year in range(start.year, date.max.year):
        if rule["pattern"] == "AbsoluteYearlyRecurrence":
            yield _clamped(year, month, rule["DayOfMonth"])
        else:
            yield _relative(year, month, rule["DaysOfWeek"], rule["DayOfWeekIndex"])


_WALKS = {
    "DailyRecurrence": _daily,
    "WeeklyRecurrence": _weekly,
    "AbsoluteMonthlyRecurrence": _months,
    "RelativeMonthlyRecurrence": _months,
    "AbsoluteYearlyRecurrence": _years,
    "RelativeYearlyRecurrence": _years,
}


def days(rule: Rule) -> Iterator[date]:
    """The days of the series in order, deleted ones included; ends where its range ends."""
    start = date.fromisoformat(rule["StartDate"])
    end = date.fromisoformat(rule["EndDate"]) if rule["range"] == "EndDateRecurrence" else None
    count = rule["NumberOfOccurrences"] if rule["range"] == "NumberedRecurrence" else LIMIT
    try:
        walk = (day for day in _WALKS[rule["pattern"]](rule, start) if day >= start)
        for day in islice(walk, min(count, LIMIT)):
            if end is not None and day > end:
                return
            yield day
    except (OverflowError, ValueError):  # the calendar's end, 9999-12-31
        return


def check(rule: Rule) -> None:
    """EwsError when a number lies outside what Exchange accepts."""
    limits = {"Interval": (1, 999), "DayOfMonth": (1, 31), "NumberOfOccurrences": (1, 999)}
    for key, (low, high) in limits.items():
        if key in rule and not low <= rule[key] <= high:
            raise EwsError("ErrorInvalidValueForProperty", f"{key} is out of range.")
    if rule["range"] == "EndDateRecurrence" and rule["EndDate"] < rule["StartDate"]:
        raise EwsError("ErrorRecurrenceHasNoOccurrence")


def first_day(rule: Rule) -> date:
    """The first day of the series. EwsError ErrorRecurrenceHasNoOccurrence when there is none."""
    found = next(days(rule), None)
    if found is None:
        raise EwsError("ErrorRecurrenceHasNoOccurrence")
    return found


def is_endless(rule: Rule) -> bool:
    """Whether the series never ends."""
    return bool(rule["range"] == "NoEndRecurrence")


def smallest_gap(rule: Rule, sample: int = 64) -> timedelta | None:
    """The shortest time between two neighbours of the series; None when there is one alone."""
    some = list(islice(days(rule), sample))
    gaps = [later - earlier for earlier, later in pairwise(some)]
    return min(gaps, default=None)


def same_pattern(one: Rule, other: Rule) -> bool:
    """Whether two rules agree, the end of their range aside."""
    ends = {"range", "EndDate", "NumberOfOccurrences"}
    return _bare(one, ends) == _bare(other, ends)


def _bare(rule: Rule, without: set[str]) -> Rule:
    kept = {key: value for key, value in rule.items() if key not in without}
    if isinstance(kept.get("DaysOfWeek"), list):
        kept["DaysOfWeek"] = sorted(kept["DaysOfWeek"])
    kept.setdefault("FirstDayOfWeek", "Sunday")
    return kept
