"""patternedRecurrence and Exchange's rules (see ``andock_sandbox.recurrence``)."""

from __future__ import annotations

from datetime import date

from ..model import Json
from ..recurrence import INDEXES, MONTHS, WEEKDAYS, Rule
from .bodies import choice
from .errors import GraphError, bad_property

_PATTERNS = {
    "daily": "DailyRecurrence",
    "weekly": "WeeklyRecurrence",
    "absoluteMonthly": "AbsoluteMonthlyRecurrence",
    "relativeMonthly": "RelativeMonthlyRecurrence",
    "absoluteYearly": "AbsoluteYearlyRecurrence",
    "relativeYearly": "RelativeYearlyRecurrence",
}
_NAMES = {name: kind for kind, name in _PATTERNS.items()}
# Of tasks alone: they begin anew when they are done.
_NAMES |= {"DailyRegeneration": "daily", "WeeklyRegeneration": "weekly"}
_NAMES |= {"MonthlyRegeneration": "absoluteMonthly", "YearlyRegeneration": "absoluteYearly"}
_RANGES = {
    "endDate": "EndDateRecurrence",
    "noEnd": "NoEndRecurrence",
    "numbered": "NumberedRecurrence",
}
_RANGE_NAMES = {name: kind for kind, name in _RANGES.items()}
_DAYS = tuple(day.lower() for day in WEEKDAYS)
_SETS = {"Day": _DAYS, "Weekday": _DAYS[:5], "WeekendDay": _DAYS[5:]}
_NEVER = "0001-01-01"


def write(rule: Rule | None, zone_name: str) -> Json:
    """A rule as Graph tells it; None for none."""
    if not rule:
        return None
    days: list[str] = []
    for word in rule.get("DaysOfWeek") or [rule["DayOfWeek"]] if _has_days(rule) else []:
        days += _SETS.get(word, (word.lower(),))
    month = rule.get("Month")
    return {
        "pattern": {
            "type": _NAMES[rule["pattern"]],
            "interval": rule.get("Interval", 1),
            "month": MONTHS.index(month) + 1 if month else 0,
            "dayOfMonth": rule.get("DayOfMonth", 0),
            "firstDayOfWeek": str(rule.get("FirstDayOfWeek") or "Sunday").lower(),
            "index": str(rule.get("DayOfWeekIndex") or "First").lower(),
            **({"daysOfWeek": days} if days else {}),
        },
        "range": {
            "type": _RANGE_NAMES[rule["range"]],
            "startDate": rule["StartDate"],
            "endDate": rule.get("EndDate", _NEVER),
            "recurrenceTimeZone": zone_name,
            "numberOfOccurrences": rule.get("NumberOfOccurrences", 0),
        },
    }


def _has_days(rule: Rule) -> bool:
    return bool(rule.get("DaysOfWeek") or rule.get("DayOfWeek"))


def read(value: Json) -> Rule | None:
    """The rule of a patternedRecurrence; None for none. GraphError."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_property("recurrence")
    pattern, span = value.get("pattern"), value.get("range")
    if not isinstance(pattern, dict) or not isinstance(span, dict):
        raise _wrong("A recurrence has a pattern and a range.")
    kind = choice("type", pattern.get("type"), tuple(_PATTERNS))
    rule: Rule = {"pattern": _PATTERNS[kind], "Interval": _number(pattern, "interval", 1)}
    if kind == "weekly":
        first = pattern.get("firstDayOfWeek") or "sunday"
        rule["DaysOfWeek"] = _days(pattern)
        rule["FirstDayOfWeek"] = choice("firstDayOfWeek", first, _DAYS).title()
    if kind.startswith("absolute"):
        rule["DayOfMonth"] = _number(pattern, "dayOfMonth")
    if kind.startswith("relative"):
        indexes = tuple(name.lower() for name in INDEXES)
        index = choice("index", pattern.get("index") or "first", indexes)
        rule |= {"DaysOfWeek": [_day_set(pattern)], "DayOfWeekIndex": index.title()}
    if kind.endswith("Yearly"):
        month = _number(pattern, "month")
        if not 1 <= month <= 12:
            raise _wrong("month lies between 1 and 12.")
        rule["Month"] = MONTHS[month - 1]
        if rule.pop("Interval") != 1:
            raise _wrong("A yearly pattern has the interval 1.")
    return rule | _range(span)


def _range(span: Json) -> Rule:
    kind = choice("type", span.get("type"), tuple(_RANGES))
    made: Rule = {"range": _RANGES[kind], "StartDate": _day(span, "startDate")}
    if kind == "endDate":
        made["EndDate"] = _day(span, "endDate")
    if kind == "numbered":
        made["NumberOfOccurrences"] = _number(span, "numberOfOccurrences")
    return made


def _days(pattern: Json) -> list[str]:
    given = pattern.get("daysOfWeek")
    if not isinstance(given, list) or not given:
        raise _wrong("daysOfWeek is missing.")
    return [choice("daysOfWeek", day, _DAYS).title() for day in given]


def _day_set(pattern: Json) -> str:
    """One day, or one of the sets that Exchange's patterns know."""
    days = {day.lower() for day in _days(pattern)}
    if len(days) == 1:
        return days.pop().title()
    for name, members in _SETS.items():
        if days == set(members):
            return name
    raise _wrong("A relative pattern falls on one day, on weekdays or on weekend days.")


def _number(held: Json, name: str, otherwise: int | None = None) -> int:
    value = held.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(f"{name} is missing or too small.")
    return value


def _day(held: Json, name: str) -> str:
    value = held.get(name)
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise _wrong(f"{name} is missing or no day.") from error


def _wrong(text: str) -> GraphError:
    return GraphError(400, "ErrorPropertyValidationFailure", text)
