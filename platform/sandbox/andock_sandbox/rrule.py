"""An iCalendar RRULE as an Exchange recurrence, for the Python interface.

Only what Exchange can hold is accepted; anything else is a ValueError that names the part.
"""

from __future__ import annotations

from datetime import date

from .recurrence import INDEXES, MONTHS, WEEKDAYS, Rule

_CODES = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), WEEKDAYS, strict=True))
_KNOWN = {
    "FREQ",
    "INTERVAL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYSETPOS",
    "COUNT",
    "UNTIL",
    "WKST",
}


def parse(text: str, start: date) -> Rule:
    """The Recurrence of ``FREQ=WEEKLY;BYDAY=TU;COUNT=20`` for a series that begins on a day."""
    parts = dict(part.split("=", 1) for part in text.upper().removeprefix("RRULE:").split(";"))
    if set(parts) - _KNOWN:
        raise ValueError(f"Exchange cannot hold {sorted(set(parts) - _KNOWN)}")
    rule = {**_pattern(parts, start), "StartDate": start.isoformat()}
    if "COUNT" in parts:
        rule |= {"range": "NumberedRecurrence", "NumberOfOccurrences": int(parts["COUNT"])}
    elif "UNTIL" in parts:
        until = parts["UNTIL"].replace("-", "")[:8]
        day = date(int(until[:4]), int(until[4:6]), int(until[6:8]))
        rule |= {"range": "EndDateRecurrence", "EndDate": day.isoformat()}
    else:
        rule |= {"range": "NoEndRecurrence"}
    return rule


def _pattern(parts: dict[str, str], start: date) -> Rule:
    interval = int(parts.get("INTERVAL", "1"))
    frequency = parts.get("FREQ")
    if frequency == "DAILY" and "BYDAY" not in parts:
        return {"pattern": "DailyRecurrence", "Interval": interval}
    if frequency in ("DAILY", "WEEKLY"):
        codes = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else None
        names = [_CODES[code] for code in codes] if codes else [WEEKDAYS[start.weekday()]]
        first = _CODES[parts.get("WKST", "MO")]
        return {
            "pattern": "WeeklyRecurrence",
            "Interval": interval,
            "DaysOfWeek": names,
            "FirstDayOfWeek": first,
        }
    if frequency == "MONTHLY":
        return _by_month(parts, start, "Monthly") | {"Interval": interval}
    if frequency == "YEARLY":
        if interval != 1:
            raise ValueError("Exchange has no yearly recurrence with an interval")
        month = MONTHS[int(parts.get("BYMONTH", start.month)) - 1]
        return _by_month(parts, start, "Yearly") | {"Month": month}
    raise ValueError(f"Exchange cannot hold FREQ={frequency}")


def _by_month(parts: dict[str, str], start: date, kind: str) -> Rule:
    if "BYDAY" not in parts:
        day = int(parts.get("BYMONTHDAY", start.day))
        return {"pattern": f"Absolute{kind}Recurrence", "DayOfMonth": 31 if day == -1 else day}
    codes = parts["BYDAY"].split(",")
    position = parts.get("BYSETPOS") or codes[0][:-2]
    names = {code[-2:] for code in codes}
    word = {
        frozenset(_CODES): "Day",
        frozenset(("SA", "SU")): "WeekendDay",
        frozenset(("MO", "TU", "WE", "TH", "FR")): "Weekday",
    }.get(frozenset(names)) or (_CODES[names.pop()] if len(names) == 1 else None)
    if word is None or position not in ("1", "2", "3", "4", "-1"):
        raise ValueError(f"Exchange cannot hold BYDAY={parts['BYDAY']}")
    index = INDEXES[-1] if position == "-1" else INDEXES[int(position) - 1]
    return {
        "pattern": f"Relative{kind}Recurrence",
        "DaysOfWeek": [word],
        "DayOfWeekIndex": index,
    }
