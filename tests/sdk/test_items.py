"""Canonical documents: one spelling each, nonsense refused."""

import pytest
from pydantic import ValidationError

from andock_sdk import Appointment, Override, Slot, Text

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
