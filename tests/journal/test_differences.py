"""Two documents, field by field; and which fields of a change go back. All of it pure."""

from typing import Any

from andock_core.journal.differences import rows, value_at, with_values
from andock_core.journal.taking_back import restored
from andock_sdk import Appointment, Attendee, Contact, Item, Override, Person, Slot

WHEN = Slot(
    start="2026-11-24T09:00:00",
    end="2026-11-24T10:00:00",
    start_zone="Europe/Berlin",
    end_zone="Europe/Berlin",
)
LATER = WHEN.model_copy(update={"start": "2026-11-24T08:00:00"})
FIRST, SECOND = "2026-11-24T09:00:00", "2026-12-01T09:00:00"


def made(**fields: Any) -> Appointment:
    return Appointment(**{"when": WHEN, "subject": "Jour fixe", **fields})


def series(**fields: Any) -> Appointment:
    return made(recurrence="FREQ=WEEKLY;COUNT=5", **fields)


def paths(before: Item | None, after: Item | None) -> list[str]:
    return [row.path for row in rows(before, after)]


def test_a_row_per_field_key_and_occurrence() -> None:
    before = series(overrides={FIRST: Override(location="Room 1")})
    after = series(
        location="Pier",
        overrides={FIRST: Override(location="Room 2")},
        cancellations=(SECOND,),
    )
    assert paths(before, after) == [
        "location",
        f"overrides/{FIRST}/location",
        f"cancellations/{SECOND}",
    ]
    one = Contact(phones={"mobile": "1", "home": "2"})
    assert paths(one, Contact(phones={"mobile": "3"})) == ["phones/home", "phones/mobile"]


def test_what_came_or_went_says_all_that_it_says() -> None:
    assert paths(None, made(location="Pier")) == ["when", "subject", "location"]
    assert paths(Contact(display_name="Omar"), None) == ["display_name"]
    assert paths(None, None) == []


def test_a_value_is_read_and_written_by_its_path() -> None:
    item: Item = series()
    values = {
        "location": "Pier",
        f"overrides/{FIRST}/subject": "Special",
        f"cancellations/{SECOND}": True,
    }
    item = with_values(item, values)
    assert {path: value_at(item, path) for path in values} == values
    undone = {"location": "", f"overrides/{FIRST}/subject": None, f"cancellations/{SECOND}": False}
    assert with_values(item, undone) == series()


def test_only_what_is_as_the_change_left_it_goes_back() -> None:
    before, after = made(), made(subject="Moved", location="Pier")
    made_of = restored(made(subject="Mine", location="Pier", busy="away"), before, after)
    assert made_of.item == made(subject="Mine", busy="away")
    assert [row.path for row in made_of.back] == ["location"]
    assert [(row.path, row.after) for row in made_of.kept] == [("subject", "Mine")]


def test_time_and_rule_of_a_series_go_back_together_or_not_at_all() -> None:
    before, after = series(), made(when=LATER, recurrence="FREQ=DAILY;COUNT=3")
    assert restored(after, before, after).item == before
    now = made(when=LATER, recurrence="FREQ=DAILY;COUNT=9")
    assert restored(now, before, after).item == now


def test_answers_stay_with_those_who_gave_them() -> None:
    omar = Person(name="Omar", email="omar@example.test")
    before = made(attendees=(Attendee(person=omar),))
    after = made(attendees=(Attendee(person=omar, answer="accepted"),))
    assert restored(after, before, after).back == ()
    alone = made()
    again = restored(alone, after, alone).item
    assert isinstance(again, Appointment)
    assert [each.person for each in again.attendees] == [omar]
