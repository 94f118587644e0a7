"""Tasks and calls as calendar entries and back: pure, so invented cases by the hundred."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from andock_core.calendar.expand import CannotExpand, interval_of
from andock_core.planning.entries import (
    MARK,
    apply_to_call,
    apply_to_task,
    call_entry,
    task_entry,
    unmarked,
)
from andock_core.storage.tables import Call, Task
from andock_sdk import Appointment, Body, Slot
from tests.calendar.builders import at, days

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Pacific/Apia")
DONE = datetime(2026, 11, 20, 9, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=30)
titles = words.map(unmarked).filter(bool)
moments = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def task(**fields: Any) -> Task:
    given = {"title": "Check contract", "notes": "", "due_day": "2026-11-25", "due_time": ""}
    return Task(**{**given, "zone": "", "done_at": None, "planned": True, **fields})


def call(**fields: Any) -> Call:
    start = datetime(2026, 11, 23, 13, tzinfo=UTC)
    given = {"whom": "Mr Brandt", "number": "+49 40 1234", "notes": "", "start_at": start}
    return Call(**{**given, "minutes": 15, "done_at": None, "planned": True, **fields})


def entry_of(found: Appointment | None) -> Appointment:
    assert found is not None
    return found


tasks = st.builds(
    task,
    title=titles,
    notes=words,
    due_day=st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat),
    due_time=st.sampled_from(["", "00:00", "02:30", "09:15", "23:45"]),
    zone=st.sampled_from(ZONES),
    done_at=st.sampled_from([None, DONE]),
)
calls = st.builds(
    call,
    whom=titles.filter(lambda name: ":" not in name),
    number=st.sampled_from(["", "+49 40 1234", "0171-555"]),
    notes=words,
    start_at=moments,
    minutes=st.integers(1, 600),
    done_at=st.sampled_from([None, DONE]),
)


def applied(record: Any, fields: dict[str, Any]) -> Any:
    for name, value in fields.items():
        setattr(record, name, value)
    return record


@given(tasks)
def test_a_tasks_own_entry_changes_nothing(given_task: Task) -> None:
    """Otherwise a run would write for ever."""
    assert apply_to_task(given_task, entry_of(task_entry(given_task))) == {}


@given(tasks, st.sampled_from(ZONES), moments, st.integers(1, 300))
def test_a_task_moved_there_lies_there(
    given_task: Task, zone: str, moment: datetime, minutes: int
) -> None:
    """Its time comes from there; its length stays 30 minutes."""
    item = entry_of(task_entry(given_task))
    moved = item.model_copy(update={"when": at(f"{moment:%Y-%m-%d %H:%M}", minutes / 60, zone)})
    after = entry_of(task_entry(applied(given_task, apply_to_task(given_task, moved))))
    assert (after.when.start, after.when.start_zone) == (moved.when.start, zone)
    assert apply_to_task(given_task, after) == {}


@settings(max_examples=200)
@given(calls, st.sampled_from(ZONES), st.sampled_from(["de", "en", "fr"]))
def test_a_calls_own_entry_changes_nothing(given_call: Call, zone: str, language: str) -> None:
    """Clock changes included."""
    item = entry_of(call_entry(given_call, zone, language))
    assert apply_to_call(given_call, item, zone, language) == {}
    assert apply_to_call(given_call, item, zone, "de") == {}


@settings(max_examples=200)
@given(calls, st.sampled_from(ZONES))
def test_a_calls_entry_is_the_same_moment_and_length(given_call: Call, zone: str) -> None:
    """Also in the hours around a clock change."""
    when = interval_of(entry_of(call_entry(given_call, zone, "de")).when, "", "busy")
    assert when.start_at == given_call.start_at
    assert when.end_at - when.start_at == timedelta(minutes=given_call.minutes)


@given(calls, calls, st.sampled_from(ZONES))
def test_a_call_takes_what_its_entry_says(given_call: Call, other: Call, zone: str) -> None:
    """Whom, start, duration and notes, as of another call."""
    there = entry_of(call_entry(other, zone, "de"))
    after = applied(given_call, apply_to_call(given_call, there, zone, "de"))
    assert (after.whom, after.start_at, after.minutes) == (
        other.whom,
        other.start_at,
        other.minutes,
    )
    assert after.notes == other.notes


def test_a_task_with_a_date_is_all_day_and_takes_no_time() -> None:
    item = entry_of(task_entry(task()))
    assert item.when == days("2026-11-25", "2026-11-26")
    assert (item.busy, item.sensitivity, item.subject) == ("free", "private", "Check contract")


def test_a_task_with_a_time_lasts_half_an_hour() -> None:
    item = entry_of(task_entry(task(due_time="16:00", zone="Europe/Berlin")))
    assert item.when == at("2026-11-25 16:00", 0.5)


@pytest.mark.parametrize("fields", [{"due_day": ""}, {"planned": False}])
def test_a_task_without_a_place_in_the_planning_has_no_entry(fields: dict[str, Any]) -> None:
    assert task_entry(task(**fields)) is None


@pytest.mark.parametrize("fields", [{"start_at": None}, {"planned": False}])
def test_a_call_without_a_place_in_the_planning_has_no_entry(fields: dict[str, Any]) -> None:
    assert call_entry(call(**fields), "UTC", "de") is None


def test_what_is_done_is_marked_there_and_the_mark_is_no_part_of_the_title() -> None:
    item = entry_of(task_entry(task(done_at=DONE)))
    assert item.subject == "✓ Check contract"
    assert apply_to_task(task(), item) == {}


def test_taking_the_mark_away_there_does_not_undo_what_is_done() -> None:
    renamed = entry_of(task_entry(task())).model_copy(update={"subject": "Sign contract"})
    assert apply_to_task(task(done_at=DONE), renamed) == {"title": "Sign contract"}


def test_a_task_moved_to_a_whole_day_loses_its_time() -> None:
    timed = task(due_time="16:00", zone="Europe/Berlin")
    moved = entry_of(task_entry(timed)).model_copy(
        update={"when": days("2026-11-27", "2026-11-29")}
    )
    assert apply_to_task(timed, moved) == {"due_day": "2026-11-27", "due_time": "", "zone": ""}


def test_an_emptied_subject_leaves_the_title() -> None:
    empty = entry_of(task_entry(task())).model_copy(update={"subject": f" {MARK}"})
    assert apply_to_task(task(), empty) == {}


def test_formatted_notes_come_back_as_text_and_equal_ones_change_nothing() -> None:
    there = entry_of(task_entry(task(notes="a\nb")))
    same = there.model_copy(update={"body": Body(kind="html", content="<p>a<br>b</p>")})
    assert apply_to_task(task(notes="a\nb"), same) == {}
    other = there.model_copy(update={"body": Body(kind="html", content="<p>a <b>c</b></p>")})
    assert apply_to_task(task(notes="a\nb"), other) == {"notes": "a c"}


def test_a_zone_that_only_the_other_side_knows_is_read_on_the_tasks_clock() -> None:
    foreign = Slot(
        start="2026-11-25T08:00:00",
        end="2026-11-25T08:30:00",
        start_zone="UTC",
        end_zone="UTC",
        foreign_zone="Customized Time Zone",
    )
    timed = task(due_time="16:00", zone="Europe/Berlin")
    moved = entry_of(task_entry(timed)).model_copy(update={"when": foreign})
    assert apply_to_task(timed, moved) == {"due_time": "09:00"}


@pytest.mark.parametrize(
    ("language", "subject"), [("de", "Anruf: Mr Brandt"), ("en", "Call: Mr Brandt")]
)
def test_a_calls_entry_speaks_the_members_language(language: str, subject: str) -> None:
    item = entry_of(call_entry(call(), "Europe/Berlin", language))
    assert (item.subject, item.when) == (subject, at("2026-11-23 14:00", 0.25))
    assert item.location == "+49 40 1234"


@pytest.mark.parametrize(
    "subject", ["Anruf: Ms Stern", "call:  Ms Stern", "✓ Ms Stern", "Ms Stern"]
)
def test_a_call_renamed_there_is_renamed_here(subject: str) -> None:
    there = entry_of(call_entry(call(), "UTC", "de")).model_copy(update={"subject": subject})
    assert apply_to_call(call(), there, "UTC", "de") == {"whom": "Ms Stern"}


def test_a_call_without_a_name_is_not_named_after_its_number() -> None:
    nameless = call(whom="")
    item = entry_of(call_entry(nameless, "UTC", "de"))
    assert item.subject == "Anruf: +49 40 1234"
    assert apply_to_call(nameless, item, "UTC", "de") == {}


def test_only_a_place_that_looks_like_a_number_becomes_the_number() -> None:
    item = entry_of(call_entry(call(), "UTC", "de"))
    room = item.model_copy(update={"location": "Room 5"})
    assert apply_to_call(call(), room, "UTC", "de") == {}
    number = item.model_copy(update={"location": "0171/555 66"})
    assert apply_to_call(call(), number, "UTC", "de") == {"number": "0171/555 66"}


def test_a_call_moved_to_a_whole_day_keeps_its_time_of_day() -> None:
    item = entry_of(call_entry(call(), "Europe/Berlin", "de"))
    moved = item.model_copy(update={"when": days("2026-11-30", "2026-12-01")})
    after = apply_to_call(call(), moved, "Europe/Berlin", "de")
    assert after == {"start_at": datetime(2026, 11, 30, 13, tzinfo=UTC)}


@pytest.mark.parametrize("day", ["0001-01-01", "9998-12-30"])
def test_a_day_that_no_calendar_reaches_is_refused(day: str) -> None:
    far = entry_of(task_entry(task())).model_copy(
        update={"when": Slot(start=day, end="9999-01-01", all_day=True)}
    )
    with pytest.raises(CannotExpand):
        apply_to_task(task(), far)
    with pytest.raises(CannotExpand):
        apply_to_call(call(), far, "Europe/Berlin", "de")


def test_a_call_is_no_longer_than_a_day() -> None:
    item = entry_of(call_entry(call(), "UTC", "de"))
    long = item.model_copy(update={"when": at("2026-11-23 13:00", 100, "UTC")})
    assert apply_to_call(call(), long, "UTC", "de") == {"minutes": 1440}
