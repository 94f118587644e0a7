"""The six recurrence patterns of Outlook's family of calendars, and RRULE: exactly or not at all.

Exchange (EWS) and Microsoft Graph spell the same patterns, each in its own way; a connector turns
its spelling into a `Pattern` and back. Where they mean something else than RFC 5545 by the same
words, the rule says what they do: a monthly pattern on day 31 falls on the last day of shorter
months, where the RFC skips them.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from andock_sdk import errors
from andock_sdk.rules import DAYS, Day, Rule, parse, refuse

Kind = Literal[
    "daily",
    "weekly",
    "absolute_monthly",
    "relative_monthly",
    "absolute_yearly",
    "relative_yearly",
]
SETS = (DAYS, DAYS[:5], DAYS[5:])
"""What a relative pattern may name besides a single weekday: any day, working days, weekends."""
_INDEXES = (1, 2, 3, 4, -1)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAX_INTERVAL = {"daily": 999, "weekly": 99, "monthly": 99}
_MAX_COUNT = 999
_MOST_OCCURRENCES = 100_000
"""More than a daily series has in 270 years: what others wrote is read, however long."""


@dataclass(frozen=True)
class Pattern:
    """A pattern and its end. Which fields count depends on the kind.

    `days` are RFC 5545's names in the week's order: those of a weekly pattern, or the one day or
    set of `SETS` of a relative pattern, of which `index` picks the first (1) to fourth or the
    last (-1) in a month. `day` is a day of the month, `month` counts from 1. At most one of
    `count` and `until` (inclusive) is set. Yearly patterns with an interval are monthly ones.
    """

    kind: Kind
    interval: int = 1
    days: tuple[str, ...] = ()
    index: int = 0
    day: int = 0
    month: int = 0
    week_start: str = "MO"
    count: int | None = None
    until: date | None = None


@lru_cache(maxsize=512)
def to_rule(pattern: Pattern) -> str:
    """The RRULE value of a pattern. Raises ValueError for what cannot be one."""
    if pattern.count is not None:
        _within(pattern.count, _MOST_OCCURRENCES)
    rule = _rule(pattern, _within(pattern.interval, _MAX_INTERVAL["daily"]))
    return str(replace(rule, count=pattern.count, until=pattern.until))


def _rule(pattern: Pattern, interval: int) -> Rule:
    match pattern.kind:
        case "daily":
            return Rule("DAILY", interval)
        case "weekly":
            days = tuple(Day(day) for day in DAYS if day in pattern.days)
            if not days:
                raise ValueError("weekly on no day")
            return Rule("WEEKLY", interval, days=days, week_start=pattern.week_start)
        case "absolute_monthly":
            return _on_day(Rule("MONTHLY", interval), min(_within(pattern.day), 31), 28)
        case "relative_monthly":
            return _relative(Rule("MONTHLY", interval), pattern)
    month = _within(pattern.month, 12)
    if interval > 1:
        monthly = Rule("MONTHLY", interval * 12)
        if pattern.kind == "relative_yearly":
            return _relative(monthly, pattern)
        return _on_day(monthly, min(_within(pattern.day), _LONGEST[month - 1]), 28)
    yearly = Rule("YEARLY", months=(month,))
    if pattern.kind == "relative_yearly":
        return _relative(yearly, pattern)
    day = min(_within(pattern.day), _LONGEST[month - 1])
    return _on_day(yearly, day, 28 if month == 2 else 31)


def _within(number: int, most: int = 9999) -> int:
    """A number from 1 to `most`. Raises ValueError: an interval of nought would never end."""
    if not 1 <= number <= most:
        raise ValueError("number out of range")
    return number


def _on_day(rule: Rule, day: int, shortest: int) -> Rule:
    """A day of the month, which is the last day where the month is shorter: of 28, 29 and 30
    the last one that there is."""
    if day <= shortest:
        return replace(rule, month_days=(day,))
    return replace(rule, month_days=tuple(range(28, day + 1)), positions=(-1,))


def _relative(rule: Rule, pattern: Pattern) -> Rule:
    if pattern.index not in _INDEXES:
        raise ValueError("which one of the month")
    days = tuple(day for day in DAYS if day in pattern.days)
    if len(days) == 1:
        return replace(rule, days=(Day(days[0], pattern.index),))
    if days not in SETS:
        raise ValueError("set of weekdays")
    return replace(rule, days=tuple(Day(day) for day in days), positions=(pattern.index,))


def of_rule(text: str, first: date) -> Pattern:
    """The pattern of an RRULE value whose first occurrence is on `first`.

    Raises Unrepresentable for what no pattern holds exactly ("series.rule", "series.too_long"),
    and where the rule does not fall on `first` ("series.start"): calendars would move it.
    """
    rule = parse(text)
    if rule.count is not None and rule.count > _MAX_COUNT:
        raise errors.Unrepresentable("series.too_long", "more than 999 occurrences")
    pattern = replace(_of(rule, first), count=rule.count, until=rule.until)
    if not falls_on(pattern, first) or (rule.until is not None and rule.until < first):
        raise errors.Unrepresentable("series.start", "the start is not an occurrence")
    return pattern


def falls_on(pattern: Pattern, day: date) -> bool:
    """Whether a series of this pattern, its end aside, can begin on that day."""
    if pattern.kind == "daily":
        return True
    if pattern.kind == "weekly":
        return DAYS[day.weekday()] in pattern.days
    if pattern.month and pattern.month != day.month:
        return False
    length = monthrange(day.year, day.month)[1]
    if pattern.kind in ("absolute_monthly", "absolute_yearly"):
        return day.day == min(pattern.day, length)
    chosen = [n for n in range(1, length + 1) if DAYS[day.replace(day=n).weekday()] in pattern.days]
    return chosen[pattern.index if pattern.index < 0 else pattern.index - 1] == day.day


def _of(rule: Rule, first: date) -> Pattern:
    match rule.frequency:
        case "DAILY":
            return _daily(rule)
        case "WEEKLY":
            return _weekly(rule, first)
        case "MONTHLY":
            if rule.months:
                raise refuse("monthly in some months")
            return _monthly(rule, _interval(rule, "monthly"), first)
        case "YEARLY":
            return _yearly(rule, first)


def _interval(rule: Rule, kind: str, times: int = 1) -> int:
    if rule.interval * times > _MAX_INTERVAL[kind]:
        raise refuse("interval")
    return rule.interval * times


def _daily(rule: Rule) -> Pattern:
    if rule.months or rule.month_days or rule.days or rule.positions:
        raise refuse("daily with conditions")
    return Pattern("daily", _interval(rule, "daily"))


def _weekly(rule: Rule, first: date) -> Pattern:
    if rule.months or rule.month_days or rule.positions or any(d.ordinal for d in rule.days):
        raise refuse("weekly with conditions")
    chosen = {day.name for day in rule.days} or {DAYS[first.weekday()]}
    days = tuple(day for day in DAYS if day in chosen)
    return Pattern("weekly", _interval(rule, "weekly"), days=days, week_start=rule.week_start)


def _monthly(rule: Rule, interval: int, first: date) -> Pattern:
    if rule.month_days and rule.days:
        raise refuse("days of the month and of the week together")
    if rule.days:
        days, index = _weekday_and_index(rule)
        return Pattern("relative_monthly", interval, days=days, index=index)
    return Pattern("absolute_monthly", interval, day=_day(rule, first))


def _day(rule: Rule, first: date) -> int:
    """The day of the month, as these calendars count: 29 and 30 fall back in shorter months."""
    days = rule.month_days or (first.day,)
    if len(days) == 1 and rule.positions in ((), (1,), (-1,)):
        if 1 <= days[0] <= 28:
            return days[0]
        if days[0] == -1:
            return 31
    if rule.positions == (-1,) and days in ((28, 29), (28, 29, 30), (28, 29, 30, 31)):
        return days[-1]
    raise refuse("day of the month")


def _weekday_and_index(rule: Rule) -> tuple[tuple[str, ...], int]:
    names = tuple(day for day in DAYS if day in {each.name for each in rule.days})
    if len(rule.days) == 1:
        (day,) = rule.days
        if bool(day.ordinal) == bool(rule.positions) or len(rule.positions) > 1:
            raise refuse("which weekday of the month")
        return names, _index(day.ordinal or rule.positions[0])
    if names not in SETS or len(rule.positions) != 1 or any(day.ordinal for day in rule.days):
        raise refuse("set of weekdays")
    return names, _index(rule.positions[0])


def _index(number: int) -> int:
    if number not in _INDEXES:
        raise refuse("which one of the month")
    return number


def _yearly(rule: Rule, first: date) -> Pattern:
    months = rule.months or (first.month,)
    if len(months) != 1 or not 1 <= months[0] <= 12:
        raise refuse("several months")
    if not rule.months and rule.days:
        raise refuse("weekdays of the year")
    if rule.interval > 1:
        if months[0] != first.month:
            raise refuse("month of the first occurrence")
        return _monthly(rule, _interval(rule, "monthly", times=12), first)
    if rule.days:
        if rule.month_days:
            raise refuse("days of the month and of the week together")
        days, index = _weekday_and_index(rule)
        return Pattern("relative_yearly", days=days, index=index, month=months[0])
    day = _day_of_year(rule, months[0], first)
    return Pattern("absolute_yearly", day=day, month=months[0])


def _day_of_year(rule: Rule, month: int, first: date) -> int:
    days, longest = rule.month_days or (first.day,), _LONGEST[month - 1]
    if month == 2 and (days, rule.positions) == ((28, 29), (-1,)):
        return longest
    if len(days) != 1 or rule.positions not in ((), (-1,)):
        raise refuse("several days of the month")
    if days[0] == -1:
        return longest
    if not 1 <= days[0] <= (28 if month == 2 else longest):
        raise refuse("day of the month")
    return days[0]
