"""Graph's patterned recurrences and RRULE, in both directions."""

from typing import Any

import pytest

from andock_office365_calendar import recurrence
from andock_sdk import Slot, errors

FRIDAY = "2026-01-30"  # the last but one day of January, a Friday

BOTH_WAYS = [
    ("FREQ=DAILY", FRIDAY),
    ("FREQ=DAILY;INTERVAL=3;COUNT=10", FRIDAY),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20261231", FRIDAY),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,SU;WKST=SU;COUNT=5", FRIDAY),
    ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-15"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2026-01-31"),
    ("FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=5", "2026-01-05"),
    ("FREQ=MONTHLY;BYDAY=-1FR", FRIDAY),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", FRIDAY),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=SA,SU;BYSETPOS=1", "2026-01-03"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2026-02-28"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26"),
    ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20351231", "2026-10-25"),
]


def at(day: str) -> Slot:
    zone = "Europe/Berlin"
    return Slot(start=f"{day}T09:00:00", end=f"{day}T10:00:00", start_zone=zone, end_zone=zone)


@pytest.mark.parametrize(("rule", "day"), BOTH_WAYS)
def test_a_rule_comes_back_as_it_was_written(rule: str, day: str) -> None:
    assert recurrence.read(recurrence.write(rule, at(day))) == rule


def test_the_range_names_the_first_day_and_the_zone() -> None:
    made = recurrence.write("FREQ=WEEKLY;BYDAY=FR", at(FRIDAY))
    assert made["range"] == {
        "type": "noEnd",
        "startDate": FRIDAY,
        "recurrenceTimeZone": "W. Europe Standard Time",
    }


@pytest.mark.parametrize(
    "rule", ["FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=DAILY;BYDAY=MO"]
)
def test_what_these_calendars_cannot_hold_is_refused(rule: str) -> None:
    with pytest.raises(errors.Unrepresentable) as refused:
        recurrence.write(rule, at(FRIDAY))
    assert refused.value.key == "series.rule"


def test_a_start_outside_the_rule_is_refused() -> None:
    with pytest.raises(errors.Unrepresentable) as refused:
        recurrence.write("FREQ=WEEKLY;BYDAY=MO", at(FRIDAY))
    assert refused.value.key == "series.start"


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        ({"type": "daily", "interval": 1, "month": 0, "dayOfMonth": 0, "index": "first",
          "firstDayOfWeek": "sunday"}, "FREQ=DAILY"),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
         "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ({"type": "absoluteYearly", "interval": 2, "dayOfMonth": 5, "month": 3},
         "FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=5"),
        ({"type": "relativeMonthly", "interval": 1, "index": "second", "daysOfWeek": ["tuesday"]},
         "FREQ=MONTHLY;BYDAY=2TU"),
    ],
)  # fmt: skip
def test_patterns_are_read_as_outlook_means_them(pattern: dict[str, Any], rule: str) -> None:
    """Day 31 is the last day of shorter months; properties that do not count are passed over."""
    limits = {"type": "noEnd", "startDate": "2026-01-05", "endDate": "0001-01-01"}
    assert recurrence.read({"pattern": pattern, "range": limits}) == rule


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "hourly", "interval": 1},
        {"type": "weekly", "interval": 1, "daysOfWeek": []},
        {"type": "daily", "interval": -1},
        {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 3, "month": 13},
    ],
)
def test_nonsense_is_an_error_and_no_rule(broken: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError)):
        recurrence.read({"pattern": broken, "range": {"type": "noEnd"}})
