"""Canonical documents: one spelling each, nonsense refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from andock_sdk import Appointment, Override, Slot, Task, Text, TimeOfDay

MORNING = Slot(
    start="2026-11-24T09:00:00",
    end="2026-11-24T10:00:00",
    start_zone="Europe/Berlin",
    end_zone="Europe/Berlin",
)


@pytest.mark.parametrize(
    "slot",
    [
        {"start": "2026-11-24", "end": "2026-11-24", "all_day": True},
        {"start": "2026-11-24", "end": "2026-11-25", "all_day": True, "start_zone": "Europe/Rome"},
        {"start": "2026-11-24T09:00:00", "end": "2026-11-24T10:00:00"},
        {
            "start": "2026-11-24T09:00:00+01:00",
            "end": "2026-11-24T10:00:00",
            "start_zone": "Europe/Rome",
            "end_zone": "Europe/Rome",
        },
        {"start": "tomorrow", "end": "later", "all_day": True},
    ],
)
def test_a_slot_that_means_nothing_is_refused(slot: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Slot.model_validate(slot)


def test_the_order_of_categories_and_cancellations_makes_no_difference() -> None:
    one = Appointment(when=MORNING, categories=("b", "a"), cancellations=("2", "1"))
    other = Appointment(when=MORNING, categories=("a", "b", "a"), cancellations=("1", "2"))
    assert one == other


def test_a_document_survives_json() -> None:
    item = Appointment(
        when=MORNING,
        subject="Morgenrunde",
        recurrence="FREQ=WEEKLY;BYDAY=TU",
        overrides={"2026-12-01T09:00:00": Override(subject="Zu zweit")},
    )
    assert Appointment.model_validate_json(item.model_dump_json()) == item


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        Appointment.model_validate({"when": MORNING.model_dump(), "colour": "red"})


def test_a_text_falls_back_to_english() -> None:
    assert Text(en="Calendar").to("de") == "Calendar"
    assert Text(en="Calendar", de="Kalender").to("de_AT") == "Kalender"
    assert Text(en="Calendar", de="Kalender").to("fr") == "Calendar"


def test_a_task_has_one_spelling() -> None:
    at = TimeOfDay(time="09:05:00", zone="Europe/Berlin")
    task = Task(due_day="2026-11-24", due_time=at, done=True, done_at="2026-11-24T10:00:00+01:00")
    assert task.due_time == TimeOfDay(time="09:05", zone="Europe/Berlin")
    assert task.done_at == "2026-11-24T09:00:00Z"


def test_a_task_without_a_day_has_no_time_and_what_is_open_has_no_moment() -> None:
    at = TimeOfDay(time="09:05", zone="Europe/Berlin")
    assert Task(due_time=at, done_at="2026-11-24T10:00:00Z") == Task()


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_day": "tomorrow"},
        {"done": True, "done_at": "2026-11-24T10:00:00"},
        {"due_time": {"time": "09:05", "zone": ""}},
        {"due_time": {"time": "09:05+01:00", "zone": "Europe/Berlin"}},
    ],
)
def test_a_task_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Task.model_validate(wrong)
