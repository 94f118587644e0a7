"""The pages of tasks, and what those of calls have in common with them."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from andock_core.clock import now
from andock_core.storage.tables import Call, Task
from tests.calendar.builders import BERLIN, Office
from tests.planning.rows import JSON, Visit, add, call, only, row_of, task


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


def test_the_places_stand_in_the_top_bar(app: Flask, visit: Visit) -> None:
    page = visit("anna").get("/calls/").text
    assert re.search(r'href="/tasks/"', page)
    assert re.search(r'href="/calls/" aria-current="page"', page)
