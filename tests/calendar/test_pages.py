"""The calendar's JSON: what whom is told, and that a write never overwrites another."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from andock_sdk import Attendee, Body, Person
from tests.calendar.builders import Office, appointment, at, days

Visit = Callable[[str], FlaskClient]
SECRET = appointment(
    at("2026-11-24 09:00"),
    subject="Dentist Dr Gray",
    location="Hafenstrasse 9",
    body=Body(content="Bring the X-ray"),
    attendees=(Attendee(person=Person(name="Nina")),),
)
DAILY = SECRET.model_copy(update={"recurrence": "FREQ=DAILY;COUNT=4"})
APPOINTMENT = {"visibility": "appointment", "origin": "andock"}
SECOND = "2026-11-25T09:00:00"
FORM = {
    "title": "Talk",
    "start_day": "2026-11-24",
    "end_day": "2026-11-24",
    "start_time": "09:00",
    "end_time": "10:00",
    "place": "Room 2",
    "notes": "",
    "busy": "busy",
    "reminder": "15",
    "repeat": {"kind": "none"},
}


def spans(
    client: FlaskClient, people: str = "", days: str = "from=2026-11-23&to=2026-11-30"
) -> Any:
    answer = client.get(f"/calendar/spans?{days}&people={people}")
    assert answer.status_code == 200
    return answer.json["spans"]  # type: ignore[index]


def test_wall_times_are_those_of_the_members_zone(firm: Office, visit: Visit) -> None:
    firm.add(firm.anna, appointment(at("2026-11-24 09:00", zone="America/New_York")))
    (span,) = spans(visit("anna"))
    assert (span["start"], span["end"]) == ("2026-11-24T15:00:00", "2026-11-24T16:00:00")


def test_days_begin_at_midnight_in_the_members_zone(firm: Office, visit: Visit) -> None:
    firm.add(firm.anna, appointment(at("2026-11-23 00:00", hours=0.5)))
    firm.add(firm.anna, appointment(days("2026-11-23", "2026-11-24")))
    firm.add(firm.anna, appointment(days("2026-11-22", "2026-11-23")))
    assert len(spans(visit("anna"))) == 2


def test_in_the_repeated_hour_nothing_ends_before_it_begins(firm: Office, visit: Visit) -> None:
    firm.add(firm.anna, appointment(at("2026-10-25 00:45", zone="UTC", hours=0.5)))
    (span,) = spans(visit("anna"), days="from=2026-10-25&to=2026-10-26")
    assert (span["start"], span["end"]) == ("2026-10-25T02:45:00", "2026-10-25T02:45:00")


def test_a_colleagues_block_is_times_and_nothing_else(firm: Office, visit: Visit) -> None:
    firm.add(firm.anna, SECRET)
    (span,) = spans(visit("ben"), people="anna")
    assert span == {
        "who": "anna",
        "mine": False,
        "kind": "block",
        "start": "2026-11-24T09:00:00",
        "end": "2026-11-24T10:00:00",
        "allDay": False,
        "busy": "busy",
    }


def test_a_colleagues_appointment_has_no_id(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, SECRET, **APPOINTMENT)
    (span,) = spans(visit("ben"), people="anna")
    assert span["title"] == "Dentist Dr Gray"
    assert entry_id not in repr(span)
    assert "X-ray" not in repr(span)


@pytest.mark.parametrize("stranger", ["ben", "zoe"])
@pytest.mark.parametrize("visible", [True, False])
def test_nobody_else_reaches_an_entry_by_its_id(
    firm: Office, visit: Visit, stranger: str, visible: bool
) -> None:
    """Whatever is tried with the id: the same answer as for an id that never was."""
    entry_id = firm.add(firm.anna, SECRET, **(APPOINTMENT if visible else {}))
    client = visit(stranger)
    never = client.get("/calendar/entries/never")
    answers = [client.get(f"/calendar/entries/{entry_id}")]
    sent = {"version": 1, "at": "", **FORM}
    answers += [
        client.post(f"/calendar/entries/{entry_id}{act}", json=sent)
        for act in ("", "/move", "/delete", "/show", "/hide")
    ]
    for answer in answers:
        assert (answer.status_code, answer.json) == (404, never.json)
        assert "Dentist" not in answer.text


def test_the_other_tenant_sees_nothing_whatever_id_it_asks_for(firm: Office, visit: Visit) -> None:
    firm.add(firm.anna, SECRET, **APPOINTMENT)
    assert spans(visit("zoe"), people="anna,ben") == []
    assert "Anna" not in visit("zoe").get("/calendar/").text


def test_no_page_shows_a_private_word(firm: Office, visit: Visit) -> None:
    firm.add(firm.anna, SECRET)
    ben = visit("ben")
    for path in (
        "/calendar/",
        "/calendar/sync",
        "/calendar/spans?from=2026-11-01&to=2027-01-01&people=anna",
    ):
        text = ben.get(path).text
        for word in ("Dentist", "Hafenstrasse", "X-ray", "Nina"):
            assert word not in text


@pytest.mark.parametrize(
    "days", ["from=0001-01-01&to=0001-01-02", "from=9999-12-30&to=9999-12-31", "from=x&to=y"]
)
def test_days_that_no_zone_reaches_are_refused(firm: Office, visit: Visit, days: str) -> None:
    assert visit("anna").get(f"/calendar/spans?{days}").status_code == 400


def test_the_owner_is_told_everything(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, SECRET)
    told = visit("anna").get(f"/calendar/entries/{entry_id}").json
    assert told is not None
    assert (told["title"], told["notes"], told["visible"]) == (
        "Dentist Dr Gray",
        "Bring the X-ray",
        False,
    )
    assert told["when"] == "Dienstag, 24. November 2026, 09:00–10:00"
    assert told["attendees"] == [{"name": "Nina", "answer": "none"}]


def test_a_new_appointment_is_seen_by_colleagues(firm: Office, visit: Visit) -> None:
    made = visit("anna").post("/calendar/entries", json=FORM)
    assert made.status_code == 201
    (span,) = spans(visit("ben"), people="anna")
    assert (span["title"], span["place"]) == ("Talk", "Room 2")


def test_unusable_input_names_its_field(firm: Office, visit: Visit) -> None:
    answer = visit("anna").post("/calendar/entries", json=FORM | {"title": ""})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["field"] == "title"
    assert answer.json["title"] == "Bitte geben Sie einen Titel ein."


def test_an_edit_of_an_older_version_writes_nothing(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, SECRET, **APPOINTMENT)
    anna = visit("anna")
    sent = FORM | {"version": 1, "at": ""}
    assert anna.post(f"/calendar/entries/{entry_id}", json=sent).json == {
        "entry": entry_id,
        "version": 2,
    }
    late = anna.post(f"/calendar/entries/{entry_id}", json=sent | {"title": "Late"})
    assert late.status_code == 409
    assert spans(anna)[0]["title"] == "Talk"


def test_a_block_is_read_only_until_it_is_converted(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, SECRET)
    anna = visit("anna")
    for act in ("", "/move", "/delete"):
        sent = FORM | {"version": 1, "at": "", "start": "2026-11-24T11:00:00"}
        sent["end"] = "2026-11-24T12:00:00"
        answer = anna.post(f"/calendar/entries/{entry_id}{act}", json=sent)
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["error"] == "entry.private"


def test_a_meeting_of_someone_else_stays_locked(firm: Office, visit: Visit) -> None:
    theirs = SECRET.model_copy(update={"editable": False})
    entry_id = firm.add(firm.anna, theirs, locked=True)
    anna = visit("anna")
    shown = anna.post(f"/calendar/entries/{entry_id}/show", json={"version": 1, "at": ""})
    assert shown.status_code == 200
    answer = anna.post(f"/calendar/entries/{entry_id}", json=FORM | {"version": 2, "at": ""})
    assert answer.json is not None
    assert answer.json["error"] == "entry.locked"


def test_from_block_to_appointment_and_back(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, SECRET)
    anna, ben = visit("anna"), visit("ben")
    anna.post(f"/calendar/entries/{entry_id}/show", json={"version": 1, "at": ""})
    assert spans(ben, people="anna")[0]["title"] == "Dentist Dr Gray"
    anna.post(f"/calendar/entries/{entry_id}/hide", json={"version": 2, "at": ""})
    assert "title" not in spans(ben, people="anna")[0]


def test_what_is_marked_private_needs_an_explicit_yes(firm: Office, visit: Visit) -> None:
    marked = SECRET.model_copy(update={"sensitivity": "private"})
    entry_id = firm.add(firm.anna, marked)
    anna = visit("anna")
    sent: dict[str, Any] = {"version": 1, "at": ""}
    assert anna.post(f"/calendar/entries/{entry_id}/show", json=sent).status_code == 422
    assert "title" not in spans(visit("ben"), people="anna")[0]
    sent["agreed"] = True
    assert anna.post(f"/calendar/entries/{entry_id}/show", json=sent).status_code == 200


def test_one_date_of_a_series_is_moved_alone(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, DAILY, **APPOINTMENT)
    anna = visit("anna")
    sent = {
        "version": 1,
        "at": SECOND,
        "scope": "one",
        "start": "2026-11-25T15:00:00",
        "end": "2026-11-25T17:00:00",
        "all_day": False,
    }
    assert anna.post(f"/calendar/entries/{entry_id}/move", json=sent).status_code == 200
    starts = [span["start"] for span in spans(anna)]
    assert starts == [
        "2026-11-24T09:00:00",
        "2026-11-25T15:00:00",
        "2026-11-26T09:00:00",
        "2026-11-27T09:00:00",
    ]


def test_the_series_moves_with_one_of_its_dates(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, DAILY, **APPOINTMENT)
    anna = visit("anna")
    sent = {
        "version": 1,
        "at": SECOND,
        "scope": "series",
        "start": "2026-11-25T15:00:00",
        "end": "2026-11-25T16:00:00",
        "all_day": False,
    }
    anna.post(f"/calendar/entries/{entry_id}/move", json=sent)
    assert {span["start"][11:16] for span in spans(anna)} == {"15:00"}


def test_one_date_is_deleted_or_the_whole_series(firm: Office, visit: Visit) -> None:
    entry_id = firm.add(firm.anna, DAILY, **APPOINTMENT)
    anna = visit("anna")
    one = {"version": 1, "at": SECOND, "scope": "one"}
    anna.post(f"/calendar/entries/{entry_id}/delete", json=one)
    assert len(spans(anna)) == 3
    series = {"version": 2, "at": "2026-11-24T09:00:00", "scope": "series"}
    anna.post(f"/calendar/entries/{entry_id}/delete", json=series)
    assert spans(anna) == []


def test_a_shown_date_of_a_private_series_is_read_only_and_says_why(
    firm: Office, visit: Visit
) -> None:
    """No private block is written out, so what is changed here would be lost."""
    entry_id = firm.add(firm.anna, DAILY)
    anna = visit("anna")
    anna.post(f"/calendar/entries/{entry_id}/show", json={"version": 1, "at": SECOND})
    assert [span.get("title") for span in spans(visit("ben"), people="anna")] == [
        None,
        "Dentist Dr Gray",
        None,
        None,
    ]
    sent = FORM | {"version": 2, "at": SECOND, "scope": "one"}
    assert anna.post(f"/calendar/entries/{entry_id}", json=sent).status_code == 422
    told = anna.get(f"/calendar/entries/{entry_id}?at={SECOND}").json
    assert told is not None
    assert told["reason"][0] == "Nur dieser Termin ist sichtbar, seine Serie ist privat."


@pytest.mark.parametrize("body", [[], "x", {"version": "1"}, {"version": 1, "at": 3}])
def test_nonsense_is_refused(firm: Office, visit: Visit, body: Any) -> None:
    entry_id = firm.add(firm.anna, SECRET, **APPOINTMENT)
    answer = visit("anna").post(f"/calendar/entries/{entry_id}/delete", json=body)
    assert answer.status_code == 400


def test_every_write_needs_the_pages_token(app: Flask, visit: Visit) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    anna = visit("anna")
    headers = {"Accept": "application/json"}
    for path in ("/calendar/entries", "/calendar/entries/x/delete", "/calendar/sync/x"):
        assert anna.post(path, json=FORM, headers=headers).status_code == 400


def test_without_a_connection_the_way_to_one_is_shown(visit: Visit) -> None:
    answer = visit("anna").get("/calendar/sync").json
    assert answer is not None
    assert "Bringen Sie Ihren Kalender mit" in answer["html"]
    assert answer["running"] is False


def test_nobody_starts_another_members_run(visit: Visit) -> None:
    assert visit("ben").post("/calendar/sync/unknown").status_code == 404
