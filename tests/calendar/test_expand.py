"""Series as plain intervals: right in both weeks of a clock change, with their exceptions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from andock_core.calendar.expand import CannotExpand, expand, expansion, neighbours, slot_at
from andock_sdk import Appointment, Override
from tests.calendar.builders import BERLIN, appointment, at, days

YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def starts(item: Appointment) -> list[str]:
    """When the occurrences of 2026 begin, in UTC."""
    return [f"{found.start_at:%m-%d %H:%M}" for found in expand(item, *YEAR)]


def test_a_single_appointment_is_one_interval_without_original_start() -> None:
    (found,) = expand(appointment(at("2026-11-24 09:00")), *YEAR)
    assert found.original_start == ""
    assert found.start_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert found.end_at == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_nine_o_clock_stays_nine_when_summer_time_ends() -> None:
    weekly = appointment(at("2026-10-20 09:00"), "FREQ=WEEKLY;COUNT=3")
    assert starts(weekly) == ["10-20 07:00", "10-27 08:00", "11-03 08:00"]


def test_nine_o_clock_stays_nine_when_summer_time_begins() -> None:
    weekly = appointment(at("2026-03-24 09:00"), "FREQ=WEEKLY;COUNT=2")
    assert starts(weekly) == ["03-24 08:00", "03-31 07:00"]


def test_a_time_in_the_gap_counts_with_the_offset_from_before_the_change() -> None:
    daily = appointment(at("2026-03-28 02:30"), "FREQ=DAILY;COUNT=3")
    assert starts(daily) == ["03-28 01:30", "03-29 01:30", "03-30 00:30"]


def test_what_starts_in_the_gap_never_ends_before_it_starts() -> None:
    (found,) = expand(appointment(at("2026-03-29 02:30", hours=0.75)), *YEAR)
    assert found.end_at - found.start_at == timedelta(minutes=45)


def test_a_time_that_exists_twice_is_its_first() -> None:
    (found,) = expand(appointment(at("2026-10-25 02:30")), *YEAR)
    assert found.start_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_start_and_end_may_lie_in_different_zones() -> None:
    flight = at("2026-11-24 09:00", hours=2).model_copy(update={"end_zone": "America/New_York"})
    (found,) = expand(appointment(flight), *YEAR)
    assert found.end_at - found.start_at == timedelta(hours=8)


def test_a_series_elsewhere_follows_that_zones_clock_changes() -> None:
    weekly = appointment(at("2026-10-27 09:00", zone="America/New_York"), "FREQ=WEEKLY;COUNT=2")
    assert starts(weekly) == ["10-27 13:00", "11-03 14:00"]


def test_all_day_ones_are_days_and_nothing_else() -> None:
    yearly = appointment(days("2026-10-25", "2026-10-26"), "FREQ=DAILY;COUNT=2")
    found = expand(yearly, *YEAR)
    assert [(f.original_start, f.start_day, f.end_day) for f in found] == [
        ("2026-10-25", "2026-10-25", "2026-10-26"),
        ("2026-10-26", "2026-10-26", "2026-10-27"),
    ]
    assert all(f.end_at - f.start_at == timedelta(days=1) for f in found)


def test_until_is_a_day_and_includes_it() -> None:
    daily = appointment(at("2026-11-24 23:00"), "FREQ=DAILY;UNTIL=20261125")
    assert starts(daily) == ["11-24 22:00", "11-25 22:00"]


def test_cancelled_occurrences_count_but_do_not_take_place() -> None:
    item = appointment(
        at("2026-11-24 09:00"), "FREQ=DAILY;COUNT=3", cancellations=("2026-11-25T09:00:00",)
    )
    assert starts(item) == ["11-24 08:00", "11-26 08:00"]


def test_a_changed_occurrence_keeps_its_original_start() -> None:
    moved = Override(when=at("2026-11-25 15:00"), busy="free")
    item = appointment(
        at("2026-11-24 09:00"), "FREQ=DAILY;COUNT=2", overrides={"2026-11-25T09:00:00": moved}
    )
    found = expand(item, *YEAR)[1]
    assert (found.original_start, found.busy) == ("2026-11-25T09:00:00", "free")
    assert found.start_at == datetime(2026, 11, 25, 14, tzinfo=UTC)


def test_an_occurrence_moved_into_the_window_from_outside_is_found() -> None:
    moved = Override(when=at("2026-12-30 09:00"))
    item = appointment(
        at("2026-12-02 09:00"),
        "FREQ=MONTHLY;BYMONTHDAY=2",
        overrides={"2027-02-02T09:00:00": moved},
    )
    assert starts(item) == ["12-02 08:00", "12-30 08:00"]


def test_an_override_of_a_day_that_the_rule_does_not_have_is_no_occurrence() -> None:
    item = appointment(
        at("2026-11-24 09:00"),
        "FREQ=WEEKLY;COUNT=1",
        overrides={"2026-11-25T09:00:00": Override(subject="Ghost")},
    )
    assert starts(item) == ["11-24 08:00"]


def test_what_began_before_the_window_and_reaches_into_it_is_found() -> None:
    night = appointment(at("2025-12-31 22:00", hours=4))
    assert len(expand(night, *YEAR)) == 1


@pytest.mark.parametrize(
    ("rule", "complete"),
    [
        ("FREQ=DAILY", False),
        ("FREQ=DAILY;COUNT=20", True),
        ("FREQ=DAILY;COUNT=2000", False),
        ("FREQ=DAILY;UNTIL=20261231", True),
        ("FREQ=DAILY;UNTIL=20270301", False),
        ("", True),
    ],
)
def test_it_is_known_whether_more_comes_after_the_window(rule: str, complete: bool) -> None:
    assert expansion(appointment(at("2026-11-24 09:00"), rule), *YEAR).complete is complete


def test_a_rule_that_never_matches_ends_all_the_same() -> None:
    never = appointment(at("2026-01-30 09:00"), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5")
    assert starts(never) == []


@pytest.mark.parametrize(
    "rule",
    ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "DAILY", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;UNTIL=soon"],
)
def test_an_unknown_rule_is_refused(rule: str) -> None:
    with pytest.raises(CannotExpand):
        expand(appointment(at("2026-11-24 09:00"), rule), *YEAR)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(CannotExpand):
        expand(appointment(at("2026-11-24 09:00", zone="Mars/Phobos")), *YEAR)


def test_an_occurrence_is_found_by_its_original_start() -> None:
    daily = appointment(at("2026-11-24 09:00"), "FREQ=DAILY;COUNT=3")
    assert slot_at(daily, "2026-11-26T09:00:00") == at("2026-11-26 09:00")
    assert slot_at(daily, "2026-11-27T09:00:00") is None
    assert slot_at(daily, "nonsense") is None


def test_the_neighbours_of_an_occurrence_are_known() -> None:
    daily = appointment(at("2026-11-24 09:00"), "FREQ=DAILY;COUNT=2")
    assert neighbours(daily, "2026-11-24T09:00:00") == (None, at("2026-11-25 09:00"))
    assert neighbours(daily, "2026-11-25T09:00:00") == (at("2026-11-24 09:00"), None)


ZONES = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
WALLS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001 - wall time
    lambda wall: wall.replace(second=0, microsecond=0, minute=wall.minute // 15 * 15, fold=0)
)
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@settings(max_examples=150, deadline=None)
@given(WALLS, ZONES, st.sets(st.sampled_from(range(7)), min_size=1), st.integers(1, 40))
def test_a_weekly_series_is_what_counting_the_days_by_hand_gives(
    wall: datetime, zone: str, weekdays: set[int], count: int
) -> None:
    """An independent count: walk day by day, take each wanted weekday, place it by its zone."""
    expected: list[datetime] = []
    day: date = wall.date()
    while len(expected) < count:
        if day.weekday() in weekdays:
            local = datetime.combine(day, wall.time(), ZoneInfo(zone))
            expected.append(local.astimezone(UTC))
        day += timedelta(days=1)
    names = ",".join(WEEK[number] for number in sorted(weekdays))
    item = appointment(
        at(wall.isoformat(" "), zone=zone), f"FREQ=WEEKLY;BYDAY={names};COUNT={count}"
    )
    found = expand(item, datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    assert sorted(expected) == [interval.start_at for interval in found]


@settings(max_examples=100, deadline=None)
@given(WALLS, ZONES, st.floats(0, 30), st.integers(0, 400), st.integers(0, 400))
def test_two_neighbouring_windows_find_what_one_wide_window_finds(
    wall: datetime, zone: str, hours: float, first: int, second: int
) -> None:
    item = appointment(at(wall.isoformat(" "), hours=hours, zone=zone), "FREQ=DAILY;INTERVAL=3")
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    middle = begin + timedelta(days=first)
    end = middle + timedelta(days=second)
    together = {*expand(item, begin, middle), *expand(item, middle, end)}
    assert together == set(expand(item, begin, end))
    assert all(found.start_at <= found.end_at for found in together)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-3",
        "FREQ=DAILY;INTERVAL=1000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=YEARLY;BYMONTH=-1;BYDAY=1MO",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=MONTHLY;BYDAY=99TU",
        "FREQ=MONTHLY;BYSETPOS=999;BYDAY=MO",
    ],
)
def test_a_rule_out_of_all_bounds_is_refused_at_once(rule: str) -> None:
    """An interval of nought would repeat for ever; others fail deep inside a library."""
    item = appointment(at("2026-11-24 09:00"), rule)
    with pytest.raises(CannotExpand):
        expand(item, *YEAR)


@pytest.mark.parametrize("start", ["0001-01-01 00:00", "9999-12-31 23:30"])
def test_moments_beyond_the_calendar_are_refused(start: str) -> None:
    """West of Greenwich the year 9999 ends in the year 10000, in UTC."""
    zone = "Asia/Tokyo" if start.startswith("0") else "America/New_York"
    item = appointment(at(start, 0.25, zone))
    with pytest.raises(CannotExpand):
        expand(item, *YEAR)
