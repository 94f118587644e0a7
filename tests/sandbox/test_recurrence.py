"""Which days a series falls on: a table of known Exchange patterns."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from andock_sandbox import recurrence, rrule

START = date(2026, 1, 1)  # a Thursday


def first_days(rule: recurrence.Rule, count: int = 5) -> list[str]:
    """The first days of a series."""
    return [day.isoformat() for day in islice(recurrence.days(rule), count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", "2026-01-01 2026-01-02 2026-01-03 2026-01-04 2026-01-05"),
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", "2026-01-01 2026-01-11 2026-01-21"),
        (
            "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
            "2026-01-01 2026-01-02 2026-01-05 2026-01-06 2026-01-07",
        ),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "2026-01-06 2026-01-13"),
        ("FREQ=WEEKLY", "2026-01-01 2026-01-08 2026-01-15 2026-01-22 2026-01-29"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO",
            "2026-01-04 2026-01-12 2026-01-18 2026-01-26 2026-02-01",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
            "2026-01-11 2026-01-12 2026-01-25 2026-01-26 2026-02-08",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15;COUNT=2", "2026-01-15 2026-04-15"),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260401", "2026-01-30 2026-02-27 2026-03-27"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-01-13 2026-02-10 2026-03-10 2026-04-14 2026-05-12"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;COUNT=3",
            "2026-01-01 2026-02-02 2026-03-02",
        ),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1;COUNT=3", "2026-01-31 2026-02-28 2026-03-29"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3", "2026-02-28 2027-02-28 2028-02-29"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2", "2026-11-26 2027-11-25"),
        (
            "FREQ=YEARLY;BYMONTH=5;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=2;COUNT=2",
            "2026-05-02 2027-05-02",
        ),
    ],
)
def test_a_pattern_falls_on_its_days(text: str, expected: str) -> None:
    """As Outlook shows it; a 31st is the last day of a shorter month."""
    assert first_days(rrule.parse(text, START)) == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=HOURLY",
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=MO,TH;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=DAILY;BYHOUR=9",
    ],
)
def test_what_exchange_cannot_hold_is_refused(text: str) -> None:
    """Never approximated."""
    with pytest.raises(ValueError, match=r"Exchange"):
        rrule.parse(text, START)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"NumberOfOccurrences": 9}, True),
        ({"Interval": 2}, False),
        ({"StartDate": "2026-01-02"}, False),
    ],
)
def test_only_the_end_may_differ_for_the_same_pattern(change: dict[str, Any], same: bool) -> None:
    """The rest makes another series."""
    rule = rrule.parse("FREQ=DAILY;COUNT=5", START)
    assert recurrence.same_pattern(rule, {**rule, **change}) is same


def test_an_endless_series_ends_with_the_calendar() -> None:
    """No error near the year 9999."""
    rule = rrule.parse("FREQ=YEARLY", date(9990, 6, 1))
    assert 8 < len(list(recurrence.days(rule))) <= 10


@pytest.mark.parametrize("seed", range(60))
def test_patterns_agree_with_an_independent_library(seed: int) -> None:
    """dateutil's rrule, wherever iCalendar and Exchange mean the same."""
    rng = random.Random(seed)
    codes = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    interval = rng.randint(1, 4)
    texts = [
        f"FREQ=DAILY;INTERVAL={interval}",
        f"FREQ=WEEKLY;INTERVAL={interval};WKST={rng.choice(codes)};BYDAY="
        + ",".join(rng.sample(codes, rng.randint(1, 5))),
        f"FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY={rng.randint(1, 28)}",
        f"FREQ=MONTHLY;INTERVAL={interval};BYDAY={rng.choice((1, 2, 3, 4, -1))}{rng.choice(codes)}",
        f"FREQ=MONTHLY;INTERVAL={interval};BYDAY=MO,TU,WE,TH,FR;BYSETPOS={rng.choice((1, 3, -1))}",
        f"FREQ=YEARLY;BYMONTH={rng.randint(1, 12)};BYMONTHDAY={rng.randint(1, 28)}",
        f"FREQ=YEARLY;BYMONTH={interval};BYDAY={rng.choice((1, 4, -1))}{rng.choice(codes)}",
    ]
    start = START + timedelta(days=rng.randrange(900))
    midnight = datetime.combine(start, time(), tzinfo=UTC)
    for text in texts:
        theirs = [day.date().isoformat() for day in islice(rrulestr(text, dtstart=midnight), 30)]
        assert first_days(rrule.parse(text, start), 30) == theirs, (text, start)
