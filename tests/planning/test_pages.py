"""The pages of tasks and calls, and both on the calendar: forms with and without a script."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from andock_core.clock import now
from andock_core.storage.tables import Call, Contact, Task
from andock_web.calls.queries import dialled
from tests.calendar.builders import BERLIN, Office

Visit = Callable[[str], FlaskClient]
JSON = {"Accept": "application/json"}
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def add(firm: Office, row: Task | Call | Contact, who: str = "anna") -> str:
    """Put a row into the database; its id."""
    row.tenant_id, row.owner_id = "t1", who
    with firm.storage.write(firm.anna.scope) as session:
        session.add(row)
        session.flush()
        return row.id


def task(**fields: Any) -> Task:
    return Task(**{"title": "Check contract", "due_day": "2026-11-24", **fields})


def call(**fields: Any) -> Call:
    return Call(**{"whom": "Mr Brandt", "number": "+49 (40) 12-34", "start_at": NINE, **fields})


def row_of(firm: Office, kind: Any, row_id: str) -> Any:
    with firm.storage.read(firm.anna.scope) as session:
        found = session.get(kind, row_id)
        session.expunge_all()  # its values stay readable after the session
        return found


def only(firm: Office, kind: Any) -> Any:
    with firm.storage.read(firm.anna.scope) as session:
        found = session.scalars(select(kind)).one()
        session.expunge_all()
        return found


def spans(client: FlaskClient, people: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/calendar/spans?from=2026-11-23&to=2026-11-30&people={people}")
    found: list[dict[str, Any]] = answer.get_json()["spans"]
    return found


def test_a_task_is_added_with_one_line(firm: Office, visit: Visit) -> None:
    anna = visit("anna")
    form = {"title": " ✓ Check \t contract ", "day": "2026-11-25", "time": "16:00"}
    assert anna.post("/tasks/", data=form).status_code == 303
    made = only(firm, Task)
    assert (made.title, made.due_day, made.due_time, made.zone, made.planned) == (
        "Check contract",
        "2026-11-25",
        "16:00",
        BERLIN,
        True,
    )
    assert "Check contract" in anna.get("/tasks/").text


def test_a_time_without_a_day_means_today(firm: Office, visit: Visit) -> None:
    visit("anna").post("/tasks/", data={"title": "Call back", "time": "23:59"})
    assert only(firm, Task).due_day == now().astimezone().date().isoformat()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " \t "}, "Bitte sagen Sie, was zu tun ist."),
        ({"title": "x" * 256}, "zu lang"),
        ({"title": "x", "day": "2026-02-30"}, "Das ist kein Tag."),
        ({"title": "x", "day": "9999-12-31"}, "Das ist kein Tag."),
        ({"title": "x", "day": "2026-11-25", "time": "25:00"}, "Das ist keine Uhrzeit."),
    ],
)
def test_an_unusable_task_is_refused_and_stays_on_the_page(
    visit: Visit, wrong: dict[str, str], said: str
) -> None:
    answer = visit("anna").post("/tasks/", data=wrong)
    assert answer.status_code == 422
    assert said in answer.text


def test_markup_in_a_title_is_text(firm: Office, visit: Visit) -> None:
    anna = visit("anna")
    anna.post("/tasks/", data={"title": '<img src=x onerror=alert(1)> "quoted"'})
    assert "<img" not in anna.get("/tasks/").text
    assert "<img" not in anna.get(f"/tasks/{only(firm, Task).id}").text


def test_ticking_off_and_opening_again(firm: Office, visit: Visit) -> None:
    anna, task_id = visit("anna"), add(firm, task())
    answer = anna.post(f"/tasks/{task_id}/done", data={"version": "1"}, headers=JSON)
    assert answer.get_json()["said"] == "Erledigt: Check contract"
    assert row_of(firm, Task, task_id).done_at is not None
    anna.post(f"/tasks/{task_id}/open", data={"version": "2"})
    assert row_of(firm, Task, task_id).done_at is None


def test_an_act_on_an_old_version_is_refused(firm: Office, visit: Visit) -> None:
    anna, task_id = visit("anna"), add(firm, task(version=3))
    answer = anna.post(f"/tasks/{task_id}/done", data={"version": "2"}, headers=JSON)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "task.changed")
    assert row_of(firm, Task, task_id).done_at is None


def test_what_was_typed_stays_when_the_task_changed_meanwhile(firm: Office, visit: Visit) -> None:
    anna, task_id = visit("anna"), add(firm, task(version=3))
    answer = anna.post(f"/tasks/{task_id}", data={"version": "2", "title": "Mine"})
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert 'name="version" value="3"' in answer.text
    assert row_of(firm, Task, task_id).title == "Check contract"


def test_saving_a_task(firm: Office, visit: Visit) -> None:
    anna, task_id = visit("anna"), add(firm, task())
    form = {"version": "1", "title": "New", "day": "", "time": "", "notes": "a\r\nb", "done": "1"}
    answer = anna.post(f"/tasks/{task_id}", data={**form, "back": "/calendar/"})
    assert answer.location == "/calendar/"
    saved = row_of(firm, Task, task_id)
    assert (saved.title, saved.notes, saved.due_day, saved.planned) == ("New", "a\nb", "", False)
    assert saved.done_at is not None


def test_an_untouched_time_keeps_its_own_zone(firm: Office, visit: Visit) -> None:
    anna = visit("anna")
    task_id = add(firm, task(due_time="09:00", zone="America/New_York"))
    page = anna.get(f"/tasks/{task_id}").text
    assert 'value="15:00"' in page
    form = {"version": "1", "title": "New", "day": "2026-11-24", "time": "15:00", "planned": "1"}
    anna.post(f"/tasks/{task_id}", data=form)
    saved = row_of(firm, Task, task_id)
    assert (saved.due_time, saved.zone) == ("09:00", "America/New_York")


@pytest.mark.parametrize("area", ["tasks", "calls"])
def test_a_delete_is_undone_by_a_script(firm: Office, visit: Visit, area: str) -> None:
    anna = visit("anna")
    kind: Any = Task if area == "tasks" else Call
    row_id = add(firm, task() if area == "tasks" else call())
    answer = anna.post(f"/{area}/{row_id}/delete", data={"version": "1"}, headers=JSON)
    assert row_of(firm, kind, row_id) is None
    token = answer.get_json()["undo"]
    back = anna.post(f"/{area}/undo", data={"token": token}, headers=JSON)
    assert back.status_code == 200
    assert row_of(firm, kind, row_id).version == 2


@pytest.mark.parametrize("area", ["tasks", "calls"])
def test_a_delete_is_undone_without_a_script(firm: Office, visit: Visit, area: str) -> None:
    anna = visit("anna")
    row_id = add(firm, task() if area == "tasks" else call())
    page = anna.post(f"/{area}/{row_id}/delete", data={"version": "1"}).text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    anna.post(f"/{area}/undo", data={"token": unescape(token[1])})
    assert row_of(firm, Task if area == "tasks" else Call, row_id) is not None


@pytest.mark.parametrize("area", ["tasks", "calls"])
def test_a_colleague_cannot_undo_for_somebody_else(firm: Office, visit: Visit, area: str) -> None:
    row_id = add(firm, task() if area == "tasks" else call())
    gone = visit("anna").post(f"/{area}/{row_id}/delete", data={"version": "1"}, headers=JSON)
    token = {"token": gone.get_json()["undo"]}
    assert visit("ben").post(f"/{area}/undo", data=token, headers=JSON).status_code == 409


@pytest.mark.parametrize("who", ["ben", "zoe"])
@pytest.mark.parametrize("area", ["tasks", "calls"])
def test_nobody_else_reaches_a_record(firm: Office, visit: Visit, who: str, area: str) -> None:
    other = visit(who)
    kind: Any = Task if area == "tasks" else Call
    row_id = add(firm, task() if area == "tasks" else call())
    name = "Check contract" if area == "tasks" else "Mr Brandt"
    assert other.get(f"/{area}/{row_id}").status_code == 404
    form = {"version": "1", "title": "Mine", "whom": "Mine", "minutes": "5"}
    for act in ("", "/done", "/open", "/delete"):
        answer = other.post(f"/{area}/{row_id}{act}", data=form, headers=JSON)
        assert answer.status_code == 404
        assert name not in answer.text
    assert name not in other.get(f"/{area}/").text
    assert row_of(firm, kind, row_id).version == 1


def test_empty_places_say_what_to_do_first(visit: Visit) -> None:
    anna = visit("anna")
    assert "Schreiben Sie Ihre erste Aufgabe auf" in anna.get("/tasks/").text
    assert "Noch nichts erledigt" in anna.get("/tasks/?show=done").text
    assert "Planen Sie Ihren ersten Anruf" in anna.get("/calls/").text
    assert "Noch kein Anruf notiert" in anna.get("/calls/?show=done").text


def test_the_pages_speak_english(visit: Visit) -> None:
    anna = visit("anna")
    anna.post("/language", data={"language": "en"})
    assert "Write down your first task" in anna.get("/tasks/").text
    assert "Plan your first call" in anna.get("/calls/").text


def test_a_long_list_shows_its_beginning_and_then_all(firm: Office, visit: Visit) -> None:
    with firm.storage.write(firm.anna.scope) as session:
        for number in range(60):
            row = task(title=f"Task {number:02}")
            row.tenant_id, row.owner_id, row.due_day = "t1", "anna", ""
            session.add(row)
    anna = visit("anna")
    page = anna.get("/tasks/").text
    assert page.count("data-row>") == 25
    assert "35 weitere zeigen" in page
    assert anna.get("/tasks/?all=1").text.count("data-row>") == 60


def test_a_call_is_planned(firm: Office, visit: Visit) -> None:
    form = {
        "whom": "Mr Brandt",
        "number": "+49 40 1234",
        "day": "2026-11-24",
        "time": "09:00",
        "minutes": "20",
        "planned": "1",
    }
    assert visit("anna").post("/calls/new", data=form).status_code == 303
    made = only(firm, Call)
    assert (made.whom, made.start_at, made.minutes, made.done_at) == ("Mr Brandt", NINE, 20, None)


def test_a_call_just_made_is_noted(firm: Office, visit: Visit) -> None:
    anna = visit("anna")
    page = anna.get("/calls/new?log=1").text
    assert re.search(r'name="done" value="1" checked', page)
    here = datetime.now().astimezone()
    form = {
        "whom": "Ms Stern",
        "day": here.date().isoformat(),
        "time": "00:05",
        "minutes": "5",
        "outcome": "not_reached",
    }
    anna.post("/calls/new", data=form)
    made = only(firm, Call)
    assert made.done_at is not None
    assert "Nicht erreicht" in anna.get("/calls/?show=done").text
    assert "Ms Stern" not in anna.get("/calls/").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "Bitte sagen Sie, wen Sie anrufen."),
        ({"number": "nobody"}, "Das ist keine Telefonnummer."),
        ({"day": "2026-11-24"}, "Bitte geben Sie Tag und Uhrzeit an."),
        ({"time": "09:00"}, "Bitte geben Sie Tag und Uhrzeit an."),
        ({"minutes": "0"}, "Von 1 bis 1440 Minuten."),
        ({"minutes": "²"}, "Von 1 bis 1440 Minuten."),
        ({"minutes": "9" * 40}, "Von 1 bis 1440 Minuten."),
    ],
)
def test_an_unusable_call_is_refused_and_stays_on_the_page(
    visit: Visit, wrong: dict[str, str], said: str
) -> None:
    answer = visit("anna").post("/calls/new", data={"minutes": "5", **wrong})
    assert answer.status_code == 422
    assert said in answer.text


def test_an_untouched_start_stays_to_the_second(firm: Office, visit: Visit) -> None:
    start = NINE + timedelta(seconds=42)
    call_id = add(firm, call(start_at=start))
    form = {"version": "1", "whom": "X", "day": "2026-11-24", "time": "09:00", "minutes": "15"}
    visit("anna").post(f"/calls/{call_id}", data=form)
    assert row_of(firm, Call, call_id).start_at == start


def test_what_came_of_a_call_is_noted_with_one_click(firm: Office, visit: Visit) -> None:
    anna, call_id = visit("anna"), add(firm, call())
    anna.post(f"/calls/{call_id}/done/callback", data={"version": "1"})
    made = row_of(firm, Call, call_id)
    assert (made.outcome, made.done_at is None) == ("callback", False)
    assert anna.post(f"/calls/{call_id}/done/nonsense", data={"version": "2"}).status_code == 404


def test_a_number_is_dialled_without_what_is_for_people() -> None:
    assert dialled("+49 (40) 12-34") == "+49401234"
    assert dialled("040 1234 ext. 5") == "0401234"
    assert dialled("javascript:1") == ""


def test_a_number_is_a_link_that_calls(firm: Office, visit: Visit) -> None:
    add(firm, call())
    assert 'href="tel:+49401234"' in visit("anna").get("/calls/").text


def test_own_contacts_with_a_number_are_suggested(firm: Office, visit: Visit) -> None:
    for name, phones, who in (
        ("Nina Alt", {"mobile": "0171 5", "home": "040 9"}, "anna"),
        ("Nino Leer", {}, "anna"),
        ("Nina Fremd", {"mobile": "0172 6"}, "ben"),
    ):
        document = {"display_name": name, "phones": phones}
        contact = Contact(document=document, sort_name=name.lower(), search=name.lower())
        add(firm, contact, who)
    found = visit("anna").get("/calls/people?q=NIN").get_json()["people"]
    assert [(each["name"], each["number"]) for each in found] == [("Nina Alt", "0171 5")]
    assert visit("anna").get("/calls/people?q=%25").get_json() == {"people": []}


def test_a_call_keeps_its_contact_only_if_it_is_ones_own(firm: Office, visit: Visit) -> None:
    fremd = add(firm, Contact(document={"display_name": "F"}), "ben")
    form = {"whom": "F", "minutes": "5", "contact": fremd}
    visit("anna").post("/calls/new", data=form)
    assert only(firm, Call).contact_id is None


def test_both_stand_on_ones_own_calendar(firm: Office, visit: Visit) -> None:
    task_id, call_id = add(firm, task()), add(firm, call())
    found = {span["kind"]: span for span in spans(visit("anna"))}
    assert found["task"]["start"] == "2026-11-24"
    assert found["task"]["allDay"] is True
    assert (found["task"]["id"], found["call"]["id"]) == (task_id, call_id)
    assert (found["call"]["start"], found["call"]["end"]) == (
        "2026-11-24T09:00:00",
        "2026-11-24T09:15:00",
    )


def test_a_colleague_is_told_that_time_is_taken_and_nothing_else(
    firm: Office, visit: Visit
) -> None:
    add(firm, task(due_time="11:00", zone=BERLIN))
    add(firm, call())
    assert spans(visit("ben"), people="anna") == [
        {
            "who": "anna",
            "mine": False,
            "kind": "block",
            "start": "2026-11-24T09:00:00",
            "end": "2026-11-24T09:15:00",
            "allDay": False,
            "busy": "busy",
        }
    ]


def test_dragging_moves_the_task(firm: Office, visit: Visit) -> None:
    task_id = add(firm, task())
    sent = {"version": 1, "start": "2026-11-26", "end": "2026-11-27", "all_day": True}
    assert visit("anna").post(f"/calendar/tasks/{task_id}/move", json=sent).status_code == 200
    assert row_of(firm, Task, task_id).due_day == "2026-11-26"


def test_dragging_moves_and_stretches_the_call(firm: Office, visit: Visit) -> None:
    call_id = add(firm, call())
    times = {"start": "2026-11-25T10:00:00", "end": "2026-11-25T10:45:00"}
    sent = {"version": 1, **times, "all_day": False}
    assert visit("anna").post(f"/calendar/calls/{call_id}/move", json=sent).status_code == 200
    moved = row_of(firm, Call, call_id)
    assert (moved.start_at, moved.minutes) == (NINE + timedelta(days=1, hours=1), 45)


@pytest.mark.parametrize(
    ("who", "change", "status"),
    [
        ("anna", {"version": 9}, 409),
        ("anna", {"version": True}, 400),
        ("anna", {"start": "0001-01-01", "end": "0001-01-02"}, 422),
        ("anna", {"start": "9999-12-30", "end": "9999-12-31"}, 422),
        ("anna", {"start": None}, 422),
        ("ben", {}, 404),
        ("zoe", {}, 404),
    ],
)
def test_a_drag_that_cannot_be_is_refused(
    firm: Office, visit: Visit, who: str, change: dict[str, Any], status: int
) -> None:
    task_id = add(firm, task())
    sent = {"version": 1, "start": "2026-11-26", "end": "2026-11-27", "all_day": True, **change}
    answer = visit(who).post(f"/calendar/tasks/{task_id}/move", json=sent, headers=JSON)
    assert answer.status_code == status
    assert row_of(firm, Task, task_id).due_day == "2026-11-24"


def test_the_places_stand_in_the_top_bar(app: Flask, visit: Visit) -> None:
    page = visit("anna").get("/calls/").text
    assert re.search(r'href="/tasks/"', page)
    assert re.search(r'href="/calls/" aria-current="page"', page)
