"""Exchange's recurrence patterns and RRULE, in both directions."""

from datetime import date, timedelta

import pytest
from lxml import etree

from andock_core.calendar import rules as core_rules
from andock_exchange_calendar import recurrence
from andock_exchange_calendar.soap import t
from andock_sdk import Slot, errors, rules, series
from tests.exchange_calendar.surroundings import slot

FRIDAY = "2026-01-30"  # the last but one day of January, a Friday


def at(day: str) -> Slot:
    return slot(f"{day}T09:00:00", f"{day}T10:00:00")


BOTH_WAYS = [
    ("FREQ=DAILY", "2026-01-30"),
    ("FREQ=DAILY;INTERVAL=3;COUNT=10", "2026-01-30"),
    ("FREQ=WEEKLY;BYDAY=FR", "2026-01-30"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20261231", "2026-01-30"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,SU;WKST=SU;COUNT=5", "2026-01-30"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-01-30"),
    ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-15"),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=28;COUNT=4", "2026-01-28"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "2026-01-30"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2026-01-31"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1", "2026-01-31"),
    ("FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=5", "2026-01-05"),
    ("FREQ=MONTHLY;BYDAY=2TU", "2026-01-13"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=SA,SU;BYSETPOS=1", "2026-01-03"),
    ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5", "2026-03-05"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2026-02-28"),
    ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30", "2026-04-30"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26"),
    ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20351231", "2026-10-25"),
]


@pytest.mark.parametrize(("rule", "day"), BOTH_WAYS)
def test_a_rule_comes_back_as_it_was_written(rule: str, day: str) -> None:
    """One spelling for one meaning."""
    assert recurrence.read(recurrence.write(rule, at(day))) == rule


@pytest.mark.parametrize(("rule", "day"), BOTH_WAYS)
def test_rules_are_spelled_as_core_spells_them(rule: str, day: str) -> None:
    """What comes from Exchange can be edited in Andock without a change in spelling."""
    assert core_rules.spell(core_rules.parse(rule, date.fromisoformat(day))) == rule


@pytest.mark.parametrize(
    ("rule", "day", "spelled"),
    [
        ("FREQ=WEEKLY", FRIDAY, "FREQ=WEEKLY;BYDAY=FR"),
        ("RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=FR", FRIDAY, "FREQ=WEEKLY;BYDAY=FR;COUNT=3"),
        ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231T225959Z", FRIDAY,
         "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", FRIDAY, "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31",
         "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=5", "2026-03-05",
         "FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=5"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2026-02-28",
         "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("FREQ=YEARLY", "2026-05-04", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=4"),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1", "2026-04-30",
         "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30"),
        ("FREQ=MONTHLY", "2026-01-15", "FREQ=MONTHLY;BYMONTHDAY=15"),
    ],
)  # fmt: skip
def test_other_spellings_mean_the_same(rule: str, day: str, spelled: str) -> None:
    """What is implied by the start is written out."""
    assert recurrence.read(recurrence.write(rule, at(day))) == spelled


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("FREQ=HOURLY", FRIDAY),
        ("FREQ=SECONDLY;COUNT=2", FRIDAY),
        ("", FRIDAY),
        ("FREQ=DAILY;BYHOUR=9", FRIDAY),
        ("FREQ=DAILY;BYDAY=MO", FRIDAY),
        ("FREQ=DAILY;INTERVAL=0", FRIDAY),
        ("FREQ=DAILY;INTERVAL=1000", FRIDAY),
        ("FREQ=DAILY;COUNT=x", FRIDAY),
        ("FREQ=WEEKLY;BYDAY=1FR", FRIDAY),
        ("FREQ=MONTHLY", FRIDAY),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-01-15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", FRIDAY),
        ("FREQ=MONTHLY;BYDAY=5FR", FRIDAY),
        ("FREQ=MONTHLY;BYDAY=FR", FRIDAY),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-02-13"),
        ("FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1", "2026-01-02"),
        ("FREQ=MONTHLY;BYMONTH=1;BYMONTHDAY=15", "2026-01-15"),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1", "2026-01-01"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29"),
        ("FREQ=YEARLY;BYDAY=20MO", "2026-05-18"),
        ("FREQ=YEARLY;BYWEEKNO=3", FRIDAY),
        ("FREQ=YEARLY;INTERVAL=9;BYMONTH=1;BYMONTHDAY=15", "2026-01-15"),
    ],
)
def test_what_exchange_cannot_hold_is_refused(rule: str, day: str) -> None:
    """Never approximated: not even the 31st of each month, where Exchange would take the last
    day and RFC 5545 skips."""
    with pytest.raises(errors.Unrepresentable) as refused:
        recurrence.write(rule, at(day))
    assert refused.value.key == "series.rule"


def test_a_start_outside_the_rule_is_refused() -> None:
    """Exchange would move it."""
    with pytest.raises(errors.Unrepresentable) as refused:
        recurrence.write("FREQ=WEEKLY;BYDAY=MO", at(FRIDAY))
    assert refused.value.key == "series.start"


@pytest.mark.parametrize(
    ("name", "parts", "rule"),
    [
        ("AbsoluteMonthlyRecurrence", {"Interval": "1", "DayOfMonth": "31"},
         "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("AbsoluteMonthlyRecurrence", {"Interval": "24", "DayOfMonth": "5"},
         "FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=5"),
        ("RelativeMonthlyRecurrence",
         {"Interval": "1", "DaysOfWeek": "Day", "DayOfWeekIndex": "Last"},
         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1"),
        ("AbsoluteYearlyRecurrence", {"DayOfMonth": "29", "Month": "February"},
         "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("WeeklyRecurrence", {"Interval": "1", "DaysOfWeek": "Friday Monday",
                              "FirstDayOfWeek": "Sunday"},
         "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("WeeklyRecurrence", {"Interval": "2", "DaysOfWeek": "Monday"},
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    ],
)  # fmt: skip
def test_patterns_of_outlook_are_read_as_exchange_means_them(
    name: str, parts: dict[str, str], rule: str
) -> None:
    """Day 31 is the last day of shorter months."""
    pattern = t(name, *(t(part, text=text) for part, text in parts.items()))
    span = t("NoEndRecurrence", t("StartDate", text="2026-01-05Z"))
    assert recurrence.read(t("Recurrence", pattern, span)) == rule


@pytest.mark.parametrize(("text", "day"), BOTH_WAYS)
def test_every_occurrence_has_its_place(text: str, day: str) -> None:
    """Counted from 1 without a gap; a day between two occurrences has none."""
    rule, first = rules.parse(text), date.fromisoformat(day)
    within = [first + timedelta(days=offset) for offset in range(120)]
    places = [place for one in within if (place := series.position_of(rule, first, one))]
    assert places == list(range(1, len(places) + 1))


def test_what_is_written_is_one_element_per_fact() -> None:
    """As the schema wants it: pattern, then range."""
    element = recurrence.write("FREQ=DAILY;COUNT=2", at(FRIDAY))
    assert [etree.QName(child).localname for child in element] == [
        "DailyRecurrence",
        "NumberedRecurrence",
    ]
