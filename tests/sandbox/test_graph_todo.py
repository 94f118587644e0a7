"""To-do lists and tasks by Graph: the same as the tasks of EWS."""

from typing import Any

import pytest

from tests.sandbox.client import ALL, Client
from tests.sandbox.graph_client import Graph, at


def default_list(graph: Graph) -> str:
    """The path of the default list's tasks."""
    (found,) = graph.get("/me/todo/lists", _filter="wellknownListName eq 'defaultList'")["value"]
    return f"/me/todo/lists/{found['id']}/tasks"


def test_a_task_goes_and_comes(graph: Graph, client: Client) -> None:
    """And EWS finds it among its own."""
    tasks = default_list(graph)
    given: dict[str, Any] = {
        "title": "Angebot schreiben",
        "body": {"content": "bis Freitag", "contentType": "text"},
        "importance": "high",
        "dueDateTime": at("2026-11-27T00:00:00"),
        "isReminderOn": True,
        "reminderDateTime": at("2026-11-27T08:00:00"),
        "categories": ["Büro"],
    }
    made = graph.do("POST", tasks, given)
    seen = graph.get(f"{tasks}/{made['id']}")
    assert seen["title"] == "Angebot schreiben"
    assert seen["dueDateTime"] == {
        "dateTime": "2026-11-27T00:00:00.0000000",
        "timeZone": "UTC",
    }
    assert (seen["status"], seen["importance"], seen["isReminderOn"]) == (
        "notStarted",
        "high",
        True,
    )
    view = '<m:IndexedPageItemView Offset="0" BasePoint="Beginning"/>'
    answer = client.find(view, ALL, folder="tasks")
    assert answer.texts("//t:Task/t:Subject") == ["Angebot schreiben"]


def test_done_and_not_done(graph: Graph) -> None:
    """A finished task has its date; taken back it has none."""
    tasks = default_list(graph)
    known = graph.do("POST", tasks, {"title": "Anrufen"})["id"]
    done = graph.do("PATCH", f"{tasks}/{known}", {"status": "completed"})
    assert done["completedDateTime"]["timeZone"] == "UTC"
    open_again = graph.do("PATCH", f"{tasks}/{known}", {"status": "notStarted"})
    assert "completedDateTime" not in open_again


def test_a_recurring_task_comes_again(graph: Graph) -> None:
    """Finished, it leaves a finished copy and moves on."""
    tasks = default_list(graph)
    rule = {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "noEnd", "startDate": "2026-11-24"},
    }
    known = graph.do(
        "POST",
        tasks,
        {"title": "Gießen", "dueDateTime": at("2026-11-24T00:00:00"), "recurrence": rule},
    )["id"]
    graph.do("PATCH", f"{tasks}/{known}", {"status": "completed"})
    states = sorted(one["status"] for one in graph.get(tasks)["value"])
    assert states == ["completed", "notStarted"]


def test_lists(graph: Graph) -> None:
    """Made, renamed, deleted; the default one stays; with a delta."""
    _, link = graph.walk("/me/todo/lists/delta")
    made = graph.do("POST", "/me/todo/lists", {"displayName": "Haus"})
    assert (made["isOwner"], made["wellknownListName"]) == (True, "none")
    (line,), link = graph.walk(link)
    assert line["displayName"] == "Haus"
    place = f"/me/todo/lists/{made['id']}"
    graph.do("PATCH", place, {"displayName": "Garten"})
    assert graph.get(place)["displayName"] == "Garten"
    graph.do("DELETE", place)
    assert "@removed" in graph.walk(link)[0][0]
    default = default_list(graph).rsplit("/", 1)[0]
    assert graph.ask("DELETE", default).status_code == 400


def test_delta_of_a_list(graph: Graph) -> None:
    """Created, changed, deleted."""
    tasks = default_list(graph)
    _, link = graph.walk(f"{tasks}/delta")
    known = graph.do("POST", tasks, {"title": "Anrufen"})["id"]
    (line,), link = graph.walk(link)
    assert (line["id"], line["title"]) == (known, "Anrufen")
    graph.do("DELETE", f"{tasks}/{known}")
    (gone,), _ = graph.walk(link)
    assert (gone["id"], gone["@removed"]) == (known, {"reason": "deleted"})


def test_own_marks_by_linked_resource_and_extension(graph: Graph) -> None:
    """By which a task that was made is found again."""
    tasks = default_list(graph)
    linked = {"applicationName": "Andock", "externalId": "op-1", "webUrl": "https://x.test/1"}
    made = graph.do("POST", tasks, {"title": "Anrufen", "linkedResources": [linked]})
    (seen,) = graph.get(tasks, _expand="linkedResources")["value"]
    assert seen["linkedResources"][0]["externalId"] == "op-1"
    graph.do("POST", f"{tasks}/{made['id']}/linkedResources", {"externalId": "op-2"})
    assert len(graph.get(f"{tasks}/{made['id']}/linkedResources")["value"]) == 2


@pytest.mark.parametrize(
    "body", [{}, {"title": 7}, {"title": "x", "status": "lost"}, {"title": "x", "due": 1}], ids=str
)
def test_bad_tasks_are_refused(graph: Graph, body: dict[str, object]) -> None:
    """400, and nothing is made."""
    tasks = default_list(graph)
    assert graph.ask("POST", tasks, body).status_code == 400
    assert graph.get(tasks)["value"] == []


def test_a_task_lies_in_its_own_list_alone(graph: Graph) -> None:
    """404 by another one."""
    known = graph.do("POST", default_list(graph), {"title": "Anrufen"})["id"]
    other = graph.do("POST", "/me/todo/lists", {"displayName": "Haus"})["id"]
    assert graph.ask("GET", f"/me/todo/lists/{other}/tasks/{known}").status_code == 404
