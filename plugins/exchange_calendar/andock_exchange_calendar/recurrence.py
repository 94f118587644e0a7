"""Exchange's Recurrence elements and RRULE; what the patterns mean stands in the SDK."""

from datetime import date, datetime

from andock_exchange_calendar.soap import Element, fields, local, t, text_of
from andock_sdk import Slot
from andock_sdk.patterns import SETS, Kind, Pattern, of_rule, to_rule
from andock_sdk.rules import DAYS

_NAMES = dict(
    zip(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        DAYS,
        strict=True,
    )
)
_SETS = dict(zip(("Day", "Weekday", "WeekendDay"), SETS, strict=True))
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
_KINDS: dict[str, Kind] = {
    "DailyRecurrence": "daily",
    "WeeklyRecurrence": "weekly",
    "AbsoluteMonthlyRecurrence": "absolute_monthly",
    "RelativeMonthlyRecurrence": "relative_monthly",
    "AbsoluteYearlyRecurrence": "absolute_yearly",
    "RelativeYearlyRecurrence": "relative_yearly",
}
_ELEMENTS = {kind: name for name, kind in _KINDS.items()}


def read(recurrence: Element) -> str:
    """The RRULE value of a Recurrence element. Raises ValueError for what it cannot be."""
    pattern, span = recurrence[0], recurrence[1]
    inside, limits = fields(pattern), fields(span)
    count, until = text_of(limits, "NumberOfOccurrences"), text_of(limits, "EndDate")
    days, month = text_of(inside, "DaysOfWeek").split(), text_of(inside, "Month")
    return to_rule(
        Pattern(
            kind=_KINDS[local(pattern)],
            interval=_number(text_of(inside, "Interval") or "1"),
            days=tuple(name for day in days for name in _SETS.get(day) or (_NAMES[day],)),
            index=_INDEXES.get(text_of(inside, "DayOfWeekIndex"), 0),
            day=_number(text_of(inside, "DayOfMonth") or "0"),
            month=_MONTHS.index(month) + 1 if month else 0,
            week_start=_NAMES[text_of(inside, "FirstDayOfWeek") or "Monday"],
            count=_number(count) if count else None,
            until=_day_of(until) if until else None,
        )
    )


def _day_of(text: str) -> date:
    return date.fromisoformat(text.strip()[:10])  # some versions add an offset to the day


def _number(text: str) -> int:
    return int(text) if len(text) < 10 else 0


def write(rrule: str, slot: Slot) -> Element:
    """The Recurrence element for a series whose first occurrence is at `slot`.

    Raises Unrepresentable for what Exchange cannot hold exactly.
    """
    first = datetime.fromisoformat(slot.start).date()
    pattern = of_rule(rrule, first)
    element = t(_ELEMENTS[pattern.kind], *(t(name, text=text) for name, text in _parts(pattern)))
    return t("Recurrence", element, _range(pattern, first))


def _range(pattern: Pattern, first: date) -> Element:
    start = t("StartDate", text=first.isoformat())
    if pattern.count is not None:
        count = t("NumberOfOccurrences", text=str(pattern.count))
        return t("NumberedRecurrence", start, count)
    if pattern.until is not None:
        return t("EndDateRecurrence", start, t("EndDate", text=pattern.until.isoformat()))
    return t("NoEndRecurrence", start)


def _parts(pattern: Pattern) -> list[tuple[str, str]]:
    """The pattern's elements in the schema's order."""
    interval = ("Interval", str(pattern.interval))
    match pattern.kind:
        case "daily":
            return [interval]
        case "weekly":
            days = " ".join(name for name, day in _NAMES.items() if day in pattern.days)
            start = next(name for name, day in _NAMES.items() if day == pattern.week_start)
            return [interval, ("DaysOfWeek", days), ("FirstDayOfWeek", start)]
        case "absolute_monthly":
            return [interval, ("DayOfMonth", str(pattern.day))]
        case "relative_monthly":
            return [interval, *_which_day(pattern)]
        case "absolute_yearly":
            return [("DayOfMonth", str(pattern.day)), ("Month", _MONTHS[pattern.month - 1])]
        case "relative_yearly":
            return [*_which_day(pattern), ("Month", _MONTHS[pattern.month - 1])]


def _which_day(pattern: Pattern) -> list[tuple[str, str]]:
    if len(pattern.days) == 1:
        kind = next(name for name, day in _NAMES.items() if day == pattern.days[0])
    else:
        kind = next(name for name, days in _SETS.items() if days == pattern.days)
    index = next(name for name, number in _INDEXES.items() if number == pattern.index)
    return [("DaysOfWeek", kind), ("DayOfWeekIndex", index)]
