"""Events as Graph gives them, and as Andock writes them."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from andock_office365_calendar import slots, writing, zones
from andock_office365_calendar.convert import OPERATION, operation_id, to_appointment
from andock_sdk import NO_REMINDER, Appointment, Attendee, Body, Override, Person, Slot

BERLIN = "Europe/Berlin"


def event(**changed: Any) -> dict[str, Any]:
    """A single entry as Graph gives it."""
    return {
        "@odata.etag": 'W/"1"',
        "id": "AAMk1",
        "subject": "Besuch",
        "body": {"contentType": "text", "content": "a\r\nb"},
        "location": {"displayName": "Haus 3"},
        "start": {"dateTime": "2026-11-24T08:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-24T09:30:00.0000000", "timeZone": "UTC"},
        "isAllDay": False,
        "originalStartTimeZone": "W. Europe Standard Time",
        "originalEndTimeZone": "W. Europe Standard Time",
        "showAs": "oof",
        "sensitivity": "private",
        "categories": ["Rot", "Blau"],
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 15,
        "attendees": [],
        "isOrganizer": True,
        "organizer": {"emailAddress": {"name": "Anna", "address": "anna@x.test"}},
        "iCalUId": "uid-1",
        "type": "singleInstance",
        **changed,
    }


def test_an_event_is_read_in_its_own_zone() -> None:
    assert to_appointment(event()) == Appointment(
        when=Slot(
            start="2026-11-24T09:00:00",
            end="2026-11-24T10:30:00",
            start_zone=BERLIN,
            end_zone=BERLIN,
        ),
        subject="Besuch",
        body=Body(content="a\nb"),
        location="Haus 3",
        busy="away",
        sensitivity="private",
        categories=("Blau", "Rot"),
        reminder_minutes=15,
        uid="uid-1",
    )


def test_whole_days_are_days_whatever_the_zone() -> None:
    read = to_appointment(
        event(
            isAllDay=True,
            start={"dateTime": "2026-11-24T00:00:00.0000000", "timeZone": "UTC"},
            end={"dateTime": "2026-11-26T00:00:00.0000000", "timeZone": "UTC"},
        )
    )
    assert read.when == Slot(start="2026-11-24", end="2026-11-26", all_day=True)


def test_a_custom_zone_keeps_its_name_and_the_times_are_in_utc() -> None:
    read = to_appointment(event(originalStartTimeZone="tzone://Microsoft/Custom")).when
    assert read.foreign_zone == "tzone://Microsoft/Custom"
    assert (read.start, read.start_zone) == ("2026-11-24T08:00:00", "UTC")


def test_somebody_elses_meeting_is_locked() -> None:
    read = to_appointment(event(isOrganizer=False))
    assert not read.editable
    assert read.organizer == Person(name="Anna", email="anna@x.test")


def test_a_series_has_its_exceptions_by_their_original_start() -> None:
    read = to_appointment(
        event(
            type="seriesMaster",
            recurrence={
                "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
                "range": {"type": "noEnd", "startDate": "2026-11-24"},
            },
            exceptionOccurrences=[
                event(
                    type="exception",
                    originalStart="2026-12-01T08:00:00Z",
                    subject="Besuch, spät",
                    start={"dateTime": "2026-12-02T15:00:00.0000000", "timeZone": "UTC"},
                    end={"dateTime": "2026-12-02T16:30:00.0000000", "timeZone": "UTC"},
                    isReminderOn=False,
                )
            ],
            cancelledOccurrences=["OID.AAMk1.2026-12-08"],
        )
    )
    assert read.recurrence == "FREQ=WEEKLY;BYDAY=TU"
    assert read.cancellations == ("2026-12-08T09:00:00",)
    (override,) = read.overrides.items()
    assert override == (
        "2026-12-01T09:00:00",
        Override(
            subject="Besuch, spät",
            when=Slot(
                start="2026-12-02T16:00:00",
                end="2026-12-02T17:30:00",
                start_zone=BERLIN,
                end_zone=BERLIN,
            ),
            reminder_minutes=NO_REMINDER,
        ),
    )


@pytest.mark.parametrize("name", ["start", "end"])
def test_an_event_without_times_is_an_error(name: str) -> None:
    broken = event()
    del broken[name]
    with pytest.raises(KeyError):
        to_appointment(broken)


def test_what_is_created_can_be_found_by_its_operation() -> None:
    made = writing.new_event(to_appointment(event()), "op-1")
    assert made["transactionId"] == "andock:op-1"
    assert operation_id({"singleValueExtendedProperties": [{"id": OPERATION, "value": "op-1"}]})
    assert made["singleValueExtendedProperties"] == [{"id": OPERATION, "value": "op-1"}]


def test_only_the_named_fields_are_written() -> None:
    assert writing.properties(to_appointment(event()), {"subject", "busy"}) == {
        "subject": "Besuch",
        "showAs": "oof",
    }


def test_an_occurrence_is_told_what_differs_and_what_no_longer_does() -> None:
    series = to_appointment(event()).model_copy(update={"recurrence": "FREQ=WEEKLY;BYDAY=TU"})
    before, after = Override(subject="anders"), Override(location="Haus 4")
    told = writing.occurrence(series, "2026-12-01T09:00:00", before, after)
    assert told == {"subject": "Besuch", "location": {"displayName": "Haus 4"}}


def test_answers_of_attendees_are_not_ours_to_write() -> None:
    def invited(answer: Any) -> Appointment:
        attendee = Attendee(person=Person(name="B", email="b@x.test"), answer=answer)
        return to_appointment(event()).model_copy(update={"attendees": (attendee,)})

    assert writing.same_people(invited("none"), invited("accepted"))


@given(
    st.datetimes(), st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
)
def test_times_come_back_as_they_were_written(start: Any, zone: str) -> None:
    """Wall times that clocks skip or show twice aside."""
    start = start.replace(year=2026, microsecond=0, day=min(start.day, 28))
    first = start.isoformat(timespec="seconds")
    slot = Slot(start=first, end=first, start_zone=zone, end_zone=zone)
    if zones.wall(zones.at(start, zone), zone) != first:
        return
    told = slots.write(slot)
    moment = zones.at(start, zone)
    given_back = {
        "start": {"dateTime": moment.replace(tzinfo=None).isoformat(), "timeZone": "UTC"},
        "end": {"dateTime": moment.replace(tzinfo=None).isoformat(), "timeZone": "UTC"},
        "originalStartTimeZone": told["start"]["timeZone"],
        "originalEndTimeZone": told["end"]["timeZone"],
    }
    assert to_appointment(given_back).when == slot
