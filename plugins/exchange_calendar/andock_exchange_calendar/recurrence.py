"""Exchange's recurrence patterns and RRULE, exactly or not at all.

Where Exchange means something else by the same words, the rule says what Exchange does: a
monthly pattern on day 31 falls on the last day of shorter months, where RFC 5545 skips them.
"""

from dataclasses import replace
from datetime import date, datetime

from andock_exchange_calendar.rules import DAYS, Day, Rule, parse, position_of, refuse
from andock_exchange_calendar.soap import Element, fields, local, t, text_of
from andock_sdk import Slot, errors

_NAMES = dict(
    zip(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        DAYS,
        strict=True,
    )
)
_SETS = {
    "Day": DAYS,
    "Weekday": DAYS[:5],
    "WeekendDay": DAYS[5:],
}
_INDEXES = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAX_INTERVAL = {"DAILY": 999, "WEEKLY": 99, "MONTHLY": 99}
_MAX_COUNT = 999
_MOST_OCCURRENCES = 100_000
"""More than a daily series has in 270 years: what others wrote is read, however long."""


def read(recurrence: Element) -> str:
    """The RRULE value of a Recurrence element. Raises ValueError for what it cannot be."""
    pattern, span = recurrence[0], recurrence[1]
    inside, limits = fields(pattern), fields(span)
    rule = _pattern(local(pattern), inside)
    count, until = text_of(limits, "NumberOfOccurrences"), text_of(limits, "EndDate")
    return str(
        replace(
            rule,
            count=_number(count, _MOST_OCCURRENCES) if count else None,
            until=_day_of(until) if until else None,
        )
    )


def _day_of(text: str) -> date:
    return date.fromisoformat(text.strip()[:10])  # some versions add an offset to the day


def _pattern(name: str, inside: dict[str, Element]) -> Rule:
    interval = _number(text_of(inside, "Interval") or "1", _MAX_INTERVAL["DAILY"])
    match name:
        case "DailyRecurrence":
            return Rule("DAILY", interval)
        case "WeeklyRecurrence":
            names = [_NAMES[day] for day in text_of(inside, "DaysOfWeek").split()]
            days = tuple(Day(day) for day in DAYS if day in names)
            if not days:
                raise ValueError("weekly on no day")
            start = text_of(inside, "FirstDayOfWeek") or "Monday"
            return Rule("WEEKLY", interval, days=days, week_start=_NAMES[start])
        case "AbsoluteMonthlyRecurrence":
            day = min(_number(text_of(inside, "DayOfMonth")), 31)
            return _on_day(Rule("MONTHLY", interval), day, 28)
        case "RelativeMonthlyRecurrence":
            return _relative(Rule("MONTHLY", interval), inside)
        case "AbsoluteYearlyRecurrence":
            month = _month(inside)
            day = min(_number(text_of(inside, "DayOfMonth")), _LONGEST[month - 1])
            shortest = 28 if month == 2 else 31
            return _on_day(Rule("YEARLY", months=(month,)), day, shortest)
        case "RelativeYearlyRecurrence":
            return _relative(Rule("YEARLY", months=(_month(inside),)), inside)
    raise ValueError("unknown recurrence pattern")


def _number(text: str, most: int = 9999) -> int:
    """A number from 1 to `most`. Raises ValueError: an interval of nought would never end."""
    number = int(text) if len(text) < 10 else 0
    if not 1 <= number <= most:
        raise ValueError("number out of range")
    return number


def _on_day(rule: Rule, day: int, shortest: int) -> Rule:
    """A day of the month, which is the last day where the month is shorter: of 28, 29 and 30
    the last one that there is."""
    if day <= shortest:
        return replace(rule, month_days=(day,))
    return replace(rule, month_days=tuple(range(28, day + 1)), positions=(-1,))


def _month(inside: dict[str, Element]) -> int:
    return _MONTHS.index(text_of(inside, "Month")) + 1


def _relative(rule: Rule, inside: dict[str, Element]) -> Rule:
    index, kind = _INDEXES[text_of(inside, "DayOfWeekIndex")], text_of(inside, "DaysOfWeek").strip()
    if kind in _SETS:
        days = tuple(Day(day) for day in _SETS[kind])
        return replace(rule, days=days, positions=(index,))
    return replace(rule, days=(Day(_NAMES[kind], index),))


def write(rrule: str, slot: Slot) -> Element:
    """The Recurrence element for a series whose first occurrence is at `slot`.

    Raises Unrepresentable for what Exchange cannot hold exactly.
    """
    rule = parse(rrule)
    first = datetime.fromisoformat(slot.start).date()
    pattern = _write_pattern(rule, first)
    if position_of(rule, first, first) != 1:
        raise errors.Unrepresentable("series.start", "the start is not an occurrence")
    return t("Recurrence", pattern, _write_range(rule, first))


def _write_range(rule: Rule, first: date) -> Element:
    start = t("StartDate", text=first.isoformat())
    if rule.count is not None:
        if rule.count > _MAX_COUNT:
            raise errors.Unrepresentable("series.too_long", "more than 999 occurrences")
        count = t("NumberOfOccurrences", text=str(rule.count))
        return t("NumberedRecurrence", start, count)
    if rule.until is not None:
        return t("EndDateRecurrence", start, t("EndDate", text=rule.until.isoformat()))
    return t("NoEndRecurrence", start)


def _write_pattern(rule: Rule, first: date) -> Element:
    match rule.frequency:
        case "DAILY":
            return _write_daily(rule)
        case "WEEKLY":
            return _write_weekly(rule, first)
        case "MONTHLY":
            if rule.months:
                raise refuse("monthly in some months")
            return _write_monthly(rule, _interval(rule, "MONTHLY"), first)
        case "YEARLY":
            return _write_yearly(rule, first)


def _interval(rule: Rule, kind: str, times: int = 1) -> Element:
    if rule.interval * times > _MAX_INTERVAL[kind]:
        raise refuse("interval")
    return t("Interval", text=str(rule.interval * times))


def _write_daily(rule: Rule) -> Element:
    if rule.months or rule.month_days or rule.days or rule.positions:
        raise refuse("daily with conditions")
    return t("DailyRecurrence", _interval(rule, "DAILY"))


def _write_weekly(rule: Rule, first: date) -> Element:
    if rule.months or rule.month_days or rule.positions or any(d.ordinal for d in rule.days):
        raise refuse("weekly with conditions")
    chosen = {day.name for day in rule.days} or {DAYS[first.weekday()]}
    names = [name for name, day in _NAMES.items() if day in chosen]
    week_start = next(name for name, day in _NAMES.items() if day == rule.week_start)
    return t(
        "WeeklyRecurrence",
        _interval(rule, "WEEKLY"),
        t("DaysOfWeek", text=" ".join(names)),
        t("FirstDayOfWeek", text=week_start),
    )


def _write_monthly(rule: Rule, interval: Element, first: date) -> Element:
    if rule.month_days and rule.days:
        raise refuse("days of the month and of the week together")
    if rule.days:
        return t("RelativeMonthlyRecurrence", interval, *_weekday_and_index(rule))
    return t("AbsoluteMonthlyRecurrence", interval, t("DayOfMonth", text=str(_day(rule, first))))


def _day(rule: Rule, first: date) -> int:
    """The day of the month, as Exchange counts: 29 and 30 fall back in shorter months."""
    days = rule.month_days or (first.day,)
    if len(days) == 1 and rule.positions in ((), (1,), (-1,)):
        if 1 <= days[0] <= 28:
            return days[0]
        if days[0] == -1:
            return 31
    if rule.positions == (-1,) and days in ((28, 29), (28, 29, 30), (28, 29, 30, 31)):
        return days[-1]
    raise refuse("day of the month")


def _weekday_and_index(rule: Rule) -> tuple[Element, Element]:
    names = tuple(day.name for day in rule.days)
    if len(names) == 1:
        (day,) = rule.days
        if bool(day.ordinal) == bool(rule.positions) or len(rule.positions) > 1:
            raise refuse("which weekday of the month")
        index = day.ordinal or rule.positions[0]
        return _day_and_index(next(n for n, d in _NAMES.items() if d == day.name), index)
    kind = next((kind for kind, days in _SETS.items() if set(days) == set(names)), "")
    if not kind or len(rule.positions) != 1 or any(day.ordinal for day in rule.days):
        raise refuse("set of weekdays")
    return _day_and_index(kind, rule.positions[0])


def _day_and_index(kind: str, index: int) -> tuple[Element, Element]:
    name = next((name for name, number in _INDEXES.items() if number == index), "")
    if not name:
        raise refuse("which one of the month")
    return t("DaysOfWeek", text=kind), t("DayOfWeekIndex", text=name)


def _write_yearly(rule: Rule, first: date) -> Element:
    months = rule.months or (first.month,)
    if len(months) != 1 or not 1 <= months[0] <= 12:
        raise refuse("several months")
    if not rule.months and rule.days:
        raise refuse("weekdays of the year")
    if rule.interval > 1:
        if months[0] != first.month:
            raise refuse("month of the first occurrence")
        return _write_monthly(rule, _interval(rule, "MONTHLY", times=12), first)
    month = t("Month", text=_MONTHS[months[0] - 1])
    if rule.days:
        if rule.month_days:
            raise refuse("days of the month and of the week together")
        return t("RelativeYearlyRecurrence", *_weekday_and_index(rule), month)
    day = t("DayOfMonth", text=str(_day_of_year(rule, months[0], first)))
    return t("AbsoluteYearlyRecurrence", day, month)


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
