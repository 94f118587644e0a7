"""What a member may change, and what becomes of a series' exceptions then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from andock_core.calendar import edit
from andock_core.calendar.edit import Refused, Values, values_of
from andock_core.calendar.expand import expand, has_occurrence, originals, slot_at
from andock_core.calendar.occurrences import occurrence_document
from andock_core.calendar.shift import shifted
from andock_sdk import NO_REMINDER, Appointment, Body, Override, Slot
from tests.calendar.builders import appointment, at, days

WEEKLY = appointment(
    at("2026-11-24 09:00"),
    "FREQ=WEEKLY;BYDAY=TU;COUNT=10",
    overrides={"2026-12-01T09:00:00": Override(subject="Outing")},
    cancellations=("2026-12-08T09:00:00",),
    categories=("Red",),
)


def days_of(item: Appointment) -> list[str]:
    found = expand(item, datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    return [interval.original_start for interval in found]


def refused(key: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, match=rf"^{key}$")


def test_a_new_appointment_holds_what_was_filled_in() -> None:
    values = Values(when=at("2026-11-24 09:00"), subject="Talk", reminder_minutes=15)
    item = edit.new(values)
    assert values_of(item) == values


def test_a_new_series_begins_on_the_first_day_of_its_rule() -> None:
    values = Values(when=at("2026-11-24 09:00"), subject="Talk", recurrence="FREQ=WEEKLY;BYDAY=FR")
    assert edit.new(values).when == at("2026-11-27 09:00")


@pytest.mark.parametrize(
    ("change", "key", "field"),
    [
        ({"subject": "  "}, "title.missing", "title"),
        ({"subject": "x" * 256}, "title.long", "title"),
        ({"location": "x" * 256}, "place.long", "place"),
        ({"when": at("2026-11-24 09:00", hours=-1)}, "time.backwards", "end"),
        ({"when": at("2026-11-24 09:00", hours=24 * 400)}, "time.long", "end"),
        ({"when": at("2026-11-24 09:00", zone="Mars/Phobos")}, "time.unusable", "start"),
        ({"recurrence": "FREQ=HOURLY"}, "rule.unknown", "repeat"),
        (
            {"recurrence": "FREQ=DAILY", "when": at("2026-11-24 09:00", 25)},
            "rule.overlap",
            "repeat",
        ),
    ],
)
def test_unusable_input_is_refused_at_its_field(
    change: dict[str, object], key: str, field: str
) -> None:
    good = Values(when=at("2026-11-24 09:00"), subject="Talk")
    with pytest.raises(Refused) as found:
        edit.new(replace(good, **change))  # type: ignore[arg-type]
    assert (found.value.key, found.value.field) == (key, field)


def test_an_entry_that_came_without_a_title_can_be_moved() -> None:
    untitled = appointment(at("2026-11-24 09:00"), subject="")
    moved = edit.change(untitled, replace(values_of(untitled), when=at("2026-11-25 09:00")))
    assert moved.when == at("2026-11-25 09:00")


def test_what_the_form_does_not_show_stays() -> None:
    changed = edit.change(WEEKLY, replace(values_of(WEEKLY), subject="Weekly"))
    assert changed.categories == ("Red",)
    assert changed.overrides == WEEKLY.overrides
    assert changed.recurrence == WEEKLY.recurrence


def test_a_later_time_takes_the_exceptions_along() -> None:
    moved = edit.change(WEEKLY, replace(values_of(WEEKLY), when=at("2026-11-24 11:00")))
    assert set(moved.overrides) == {"2026-12-01T11:00:00"}
    assert moved.cancellations == ("2026-12-08T11:00:00",)


def test_an_occurrence_that_was_moved_by_hand_stays_where_it_was_put() -> None:
    by_hand = edit.change_occurrence(
        WEEKLY,
        "2026-12-15T09:00:00",
        Values(when=at("2026-12-16 18:00"), subject=WEEKLY.subject),
    )
    moved = edit.change(by_hand, replace(values_of(by_hand), when=at("2026-11-24 11:00")))
    assert moved.overrides["2026-12-15T11:00:00"].when == at("2026-12-16 18:00")


def test_turning_it_into_an_all_day_series_keeps_the_exceptions_days() -> None:
    turned = edit.change(WEEKLY, replace(values_of(WEEKLY), when=days("2026-11-24", "2026-11-25")))
    assert set(turned.overrides) == {"2026-12-01"}
    assert turned.cancellations == ("2026-12-08",)


def test_exceptions_on_days_that_the_new_rule_lacks_are_dropped() -> None:
    monthly = replace(values_of(WEEKLY), recurrence="FREQ=MONTHLY;BYMONTHDAY=24")
    changed = edit.change(WEEKLY, monthly)
    assert (changed.overrides, changed.cancellations) == ({}, ())


def test_without_a_rule_only_the_one_appointment_remains() -> None:
    single = edit.change(WEEKLY, replace(values_of(WEEKLY), recurrence=""))
    assert (single.recurrence, single.overrides, single.cancellations) == ("", {}, ())


def test_a_moved_series_takes_its_weekday_and_its_exceptions_along() -> None:
    moved = edit.move_series(WEEKLY, "2026-12-15T09:00:00", at("2026-12-16 10:00"))
    assert moved.when == at("2026-11-25 10:00")
    assert moved.recurrence == "FREQ=WEEKLY;BYDAY=WE;COUNT=10"
    assert set(moved.overrides) == {"2026-12-02T10:00:00"}
    assert moved.cancellations == ("2026-12-09T10:00:00",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=24", "FREQ=MONTHLY;BYMONTHDAY=26"),
        ("FREQ=MONTHLY;BYDAY=4TU", "FREQ=MONTHLY;BYDAY=4TH"),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=26"),
        ("FREQ=DAILY;INTERVAL=3;UNTIL=20261231", "FREQ=DAILY;INTERVAL=3;UNTIL=20270102"),
    ],
)
def test_a_moved_series_keeps_its_kind_of_pattern(before: str, after: str) -> None:
    series = appointment(at("2026-11-24 09:00"), before)
    moved = edit.move_series(series, "2026-11-24T09:00:00", at("2026-11-26 09:00"))
    assert moved.recurrence == after


def test_the_last_workday_of_the_month_cannot_be_dragged() -> None:
    series = appointment(at("2026-11-30 09:00"), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    with refused("rule.cannot_move"):
        edit.move_series(series, "2026-11-30T09:00:00", at("2026-11-27 09:00"))


def test_a_changed_occurrence_holds_only_what_differs() -> None:
    values = Values(when=at("2026-12-16 14:00"), subject=WEEKLY.subject, location="Room 2")
    changed = edit.change_occurrence(WEEKLY, "2026-12-15T09:00:00", values)
    assert changed.overrides["2026-12-15T09:00:00"] == Override(
        when=at("2026-12-16 14:00"), location="Room 2"
    )


def test_an_occurrence_changed_back_is_regular_again() -> None:
    back = Values(when=at("2026-12-01 09:00"), subject=WEEKLY.subject)
    assert edit.change_occurrence(WEEKLY, "2026-12-01T09:00:00", back).overrides == {}


def test_an_occurrence_may_go_without_the_series_reminder() -> None:
    item = WEEKLY.model_copy(update={"reminder_minutes": 15})
    values = Values(when=at("2026-12-15 09:00"), subject=WEEKLY.subject, reminder_minutes=None)
    changed = edit.change_occurrence(item, "2026-12-15T09:00:00", values)
    assert changed.overrides["2026-12-15T09:00:00"] == Override(reminder_minutes=NO_REMINDER)
    alone = occurrence_document(changed, "2026-12-15T09:00:00")
    assert alone is not None
    assert alone.reminder_minutes is None


def test_an_occurrence_stays_between_its_neighbours() -> None:
    for day in ("2026-12-29 08:00", "2027-01-05 18:00"):
        with refused("occurrence.crosses"):
            edit.change_occurrence(
                WEEKLY, "2026-12-22T09:00:00", Values(when=at(day), subject="Standup")
            )


def test_an_occurrence_that_is_not_there_cannot_change() -> None:
    with refused("occurrence.gone"):
        edit.change_occurrence(WEEKLY, "2026-12-08T09:00:00", values_of(WEEKLY))


def test_deleting_an_occurrence_cancels_it_and_forgets_its_change() -> None:
    after = edit.cancel_occurrence(WEEKLY, "2026-12-01T09:00:00")
    assert after.cancellations == ("2026-12-01T09:00:00", "2026-12-08T09:00:00")
    assert after.overrides == {}


def test_the_last_occurrence_left_goes_with_its_series() -> None:
    pair = appointment(
        at("2026-11-24 09:00"), "FREQ=DAILY;COUNT=2", cancellations=("2026-11-25T09:00:00",)
    )
    with refused("occurrence.last"):
        edit.cancel_occurrence(pair, "2026-11-24T09:00:00")


def test_the_time_of_a_series_in_an_unknown_zone_stays_untouched() -> None:
    series = appointment(
        at("2026-11-24 09:00", zone="UTC").model_copy(update={"foreign_zone": "Customized"}),
        "FREQ=DAILY",
    )
    with refused("zone.foreign"):
        edit.change(series, replace(values_of(series), when=at("2026-11-24 10:00")))
    notes = replace(values_of(series), body=Body(content="Bring tea"))
    assert edit.change(series, notes).when.foreign_zone == "Customized"


RULES = st.sampled_from(
    [
        "",
        "FREQ=DAILY;COUNT=12",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;BYDAY=MO,WE",
        "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3",
    ]
)
SLOTS = st.one_of(
    st.builds(
        lambda day, hour, length: at(f"2026-11-{day:02} {hour:02}:00", hours=length),
        st.integers(1, 30),
        st.integers(0, 23),
        st.sampled_from([0, 0.5, 1, 8]),
    ),
    st.builds(lambda day: days(f"2026-11-{day:02}", f"2026-11-{day + 1:02}"), st.integers(1, 29)),
)


@settings(max_examples=150, deadline=None)
@given(SLOTS, RULES, SLOTS, RULES, st.data())
def test_after_any_change_every_exception_belongs_to_an_occurrence(
    when: Slot, rule: str, new_when: Slot, new_rule: str, data: st.DataObject
) -> None:
    item = edit.new(Values(when=when, subject="Standup", recurrence=rule))
    if rule:
        keys = data.draw(st.lists(st.sampled_from(days_of(item)[:8]), max_size=3, unique=True))
        for key in keys:
            item = edit.cancel_occurrence(item, key)
    item = edit.change(item, Values(when=new_when, subject="Standup", recurrence=new_rule))
    bare = item.model_copy(update={"cancellations": (), "overrides": {}})
    assert all(has_occurrence(bare, key) for key in (*item.cancellations, *item.overrides))
    assert bool(item.recurrence) == bool(new_rule)
    assert not new_rule or next(originals(item)) is not None


@settings(max_examples=100, deadline=None)
@given(SLOTS, st.sampled_from([1, 2, 5]), st.integers(-23, 23))
def test_a_series_moved_there_and_back_is_as_it_was(slot: Slot, at_index: int, hours: int) -> None:
    series = edit.new(Values(when=slot, subject="Standup", recurrence="FREQ=WEEKLY;COUNT=8"))
    key = days_of(series)[at_index]
    place = slot_at(series, key)
    assert place is not None
    target = shifted(place, timedelta(hours=24 * (hours // 8)))
    moved = edit.move_series(series, key, target)
    back = edit.move_series(moved, days_of(moved)[at_index], place)
    assert back == series
