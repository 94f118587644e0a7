"""The six patterns that both sides hold, and what fits none of them."""

from datetime import date, datetime
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from andock_core.calendar.expand import originals
from andock_core.calendar.rules import POSITIONS, WEEKDAYS, Kind, Pattern, RuleRefused, parse, spell
from tests.calendar.builders import appointment, at

START = date(2026, 11, 24)  # a Tuesday, the fourth of its month


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("FREQ=DAILY;INTERVAL=2", Pattern("daily", 2)),
        ("FREQ=WEEKLY", Pattern("weekly", days=("TU",))),
        ("FREQ=WEEKLY;BYDAY=FR,MO", Pattern("weekly", days=("MO", "FR"))),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", Pattern("weekly", 2, ("TU",), week_start="SU")),
        ("FREQ=MONTHLY", Pattern("monthly_day", day=24)),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", Pattern("monthly_day", day=31)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", Pattern("monthly_day", day=31)),
        ("FREQ=MONTHLY;BYDAY=4TU", Pattern("monthly_weekday", days=("TU",), position=4)),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", Pattern("monthly_weekday", 1, ("TU",), 0, -1)),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            Pattern("monthly_weekday", days=WEEKDAYS[:5], position=1),
        ),
        ("FREQ=YEARLY", Pattern("yearly_day", day=24, month=11)),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
            Pattern("yearly_day", day=29, month=2),
        ),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", Pattern("yearly_weekday", 1, ("SU",), 0, -1, 3)),
        ("FREQ=DAILY;COUNT=5", Pattern("daily", count=5)),
        ("FREQ=DAILY;UNTIL=20261231", Pattern("daily", until=date(2026, 12, 31))),
    ],
)
def test_what_exchange_knows_is_understood(rule: str, pattern: Pattern) -> None:
    assert parse(rule, START) == pattern


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ("FREQ=HOURLY", "rule.unknown"),
        ("FREQ=DAILY;BYDAY=MO", "rule.unknown"),
        ("FREQ=WEEKLY;BYDAY=1MO", "rule.unknown"),
        ("FREQ=WEEKLY;BYMONTH=3", "rule.unknown"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "rule.unknown"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "rule.short_months"),
        ("FREQ=MONTHLY;BYDAY=5MO", "rule.unknown"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "rule.unknown"),
        ("FREQ=YEARLY;INTERVAL=2", "rule.interval"),
        ("FREQ=YEARLY;BYMONTH=2,3", "rule.unknown"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "rule.unknown"),
        ("FREQ=DAILY;COUNT=1000", "rule.interval"),
        ("FREQ=DAILY;UNTIL=20200101", "rule.ends_before"),
        ("FREQ=DAILY;UNTIL=20261231T000000Z", "rule.unknown"),
    ],
)
def test_what_exchange_does_not_know_is_refused(rule: str, key: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        parse(rule, START)
    assert refused.value.key == key


def test_the_thirty_first_is_the_last_day_of_short_months() -> None:
    rule = spell(Pattern("monthly_day", day=31, count=4))
    series = appointment(at("2027-01-31 09:00"), rule)
    assert [f"{wall:%m-%d}" for wall in originals(series)] == ["01-31", "02-28", "03-31", "04-30"]


def test_the_thirtieth_of_february_is_refused() -> None:
    with pytest.raises(RuleRefused, match=r"rule\.no_such_day"):
        spell(Pattern("yearly_day", day=30, month=2))


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any pattern that a form could build."""
    kind = draw(st.sampled_from(get_args(Kind)))
    days: tuple[str, ...] = ()
    if kind == "weekly":
        chosen = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
        days = tuple(day for day in WEEKDAYS if day in chosen)
    elif kind.endswith("_weekday"):
        days = draw(st.sampled_from([WEEKDAYS, WEEKDAYS[:5], WEEKDAYS[5:], ("WE",), ("SU",)]))
    month = draw(st.integers(1, 12)) if kind.startswith("yearly") else 0
    return Pattern(
        kind=kind,
        interval=1 if month else draw(st.integers(1, 12)),
        days=days,
        day=draw(st.integers(1, 28)) if kind.endswith("_day") else 0,
        position=draw(st.sampled_from(POSITIONS)) if kind.endswith("_weekday") else 0,
        month=month,
        count=draw(st.none() | st.integers(1, 99)),
    )


@given(patterns())
def test_every_pattern_survives_its_spelling(pattern: Pattern) -> None:
    assert parse(spell(pattern), START) == pattern


@given(patterns())
def test_every_pattern_takes_place(pattern: Pattern) -> None:
    series = appointment(at("2026-11-24 09:00"), spell(pattern))
    first = next(originals(series))
    assert first >= datetime(2026, 11, 24)  # noqa: DTZ001 - a wall time
