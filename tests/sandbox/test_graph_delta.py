"""What has changed, by Graph: events/delta, calendarView/delta, lost tokens, pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.graph_client import Graph, meeting

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
WINDOW: dict[str, Any] = {
    "startDateTime": "2026-11-01T00:00:00Z",
    "endDateTime": "2026-12-31T00:00:00Z",
}
HOUR = timedelta(hours=1)


def add(anna: Mailbox, subject: str, day: int = 0, **more: Any) -> str:
    """An entry so many days after the 24th."""
    start = NINE + timedelta(days=day)
    return anna.add_event(anna.calendar, subject, start, start + HOUR, **more)


def test_events_delta_tells_which_and_where_alone(graph: Graph, anna: Mailbox) -> None:
    """Single entries and masters, as id, type and times; then only what has changed."""
    add(anna, "Eins")
    series = add(anna, "Serie", 1, recurrence="FREQ=WEEKLY;COUNT=3")
    lines, link = graph.walk("/me/events/delta")
    assert sorted(line["type"] for line in lines) == ["seriesMaster", "singleInstance"]
    bare = {key for line in lines for key in line if not key.startswith("@")}
    assert bare == {"id", "type", "start", "end"}
    assert graph.walk(link)[0] == []
    anna.change_occurrence(series, date(2026, 12, 2), subject="Anders")
    again, _ = graph.walk(link)
    assert [line["type"] for line in again] == ["seriesMaster"]


def test_what_is_gone_is_told_as_removed(graph: Graph, anna: Mailbox) -> None:
    """With the id that it had; a token may be used twice."""
    known = add(anna, "Eins")
    (line,), link = graph.walk("/me/events/delta")
    anna.delete_event(known)
    for _ in range(2):
        (gone,), _ = graph.walk(link)
        assert gone["id"] == line["id"]
        assert gone["@removed"] == {"reason": "deleted"}


def test_pages_lose_nothing_that_changes_between_them(graph: Graph, anna: Mailbox) -> None:
    """Each page as large as was preferred; what changes meanwhile is told, too."""
    for number in range(7):
        add(anna, str(number), number)
    prefer = {"Prefer": "odata.maxpagesize=3"}
    page = graph.get("/me/events/delta", prefer)
    assert len(page["value"]) == 3
    assert page["@odata.nextLink"].startswith(f"{graph.url}/me/events/delta?$skiptoken=")
    add(anna, "Dazwischen", 8)
    assert len(graph.get(page["@odata.nextLink"])["value"]) == 3
    rest, link = graph.walk(page["@odata.nextLink"])
    assert len({line["id"] for line in page["value"] + rest}) == 8
    assert link.startswith(graph.url)


def test_lost_tokens_are_answered_with_410(graph: Graph, anna: Mailbox, box: Sandbox) -> None:
    """And with where to begin anew; so for a token that nobody has issued."""
    add(anna, "Eins")
    _, link = graph.walk("/me/events/delta")
    _, view = graph.walk("/me/calendarView/delta", **WINDOW)
    box.lose_sync_state(anna)
    for lost in (link, view, f"{graph.url}/me/events/delta?$deltatoken=invented"):
        answer = graph.ask("GET", lost)
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "SyncStateNotFound")
        lines, _ = graph.walk(answer.headers["Location"])
        assert len(lines) == 1


def test_the_view_tells_occurrences_as_stubs(graph: Graph, anna: Mailbox) -> None:
    """Masters, singles and exceptions in full; nothing of what lies outside the window."""
    series = add(anna, "Serie", 1, recurrence="FREQ=WEEKLY;COUNT=3", location="Raum 1")
    anna.change_occurrence(series, date(2026, 12, 2), subject="Anders")
    add(anna, "Eins")
    add(anna, "Später", 100)
    lines, _ = graph.walk("/me/calendarView/delta", **WINDOW)
    found = sorted((line["type"], line.get("subject", "")) for line in lines)
    assert found == [
        ("exception", "Anders"),
        ("occurrence", ""),
        ("occurrence", ""),
        ("seriesMaster", "Serie"),
        ("singleInstance", "Eins"),
    ]


def test_the_view_tells_what_has_left_it(graph: Graph, anna: Mailbox) -> None:
    """Moved out of the window, taken out of the series, deleted."""
    single = add(anna, "Eins")
    series = add(anna, "Serie", 1, recurrence="FREQ=WEEKLY;COUNT=3")
    lines, link = graph.walk("/me/calendarView/delta", **WINDOW)
    by_day = {line["start"]["dateTime"][:10]: line["id"] for line in lines}
    anna.update_event(single, start=NINE + 100 * 24 * HOUR, end=NINE + 101 * 24 * HOUR)
    anna.delete_occurrence(series, date(2026, 12, 2))
    changed, after = graph.walk(link)
    gone = {line["id"] for line in changed if "@removed" in line}
    assert gone == {by_day["2026-11-24"], by_day["2026-12-02"]}
    anna.delete_event(series)
    assert all("@removed" in line for line in graph.walk(after)[0])


def test_the_view_comes_in_pages(graph: Graph, anna: Mailbox) -> None:
    """And its window is in the link."""
    for number in range(5):
        add(anna, str(number), number)
    page = graph.get("/me/calendarView/delta", {"Prefer": "odata.maxpagesize=2"}, **WINDOW)
    rest, _ = graph.walk(page["@odata.nextLink"])
    assert len(page["value"]) == 2
    assert len(rest) == 3


def test_lists_come_in_pages(graph: Graph, anna: Mailbox) -> None:
    """By $top, with $count, and links that keep the options."""
    for number in range(5):
        add(anna, str(number), number)
    page = graph.get("/me/events", _top="2", _count="true", _select="subject")
    assert (len(page["value"]), page["@odata.count"]) == (2, 5)
    lines, _ = graph.walk("/me/events", _top="2", _select="subject", _orderby="subject desc")
    assert [line["subject"] for line in lines] == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("subject eq 'eins'", ["Eins"]),
        ("subject ne 'Eins' and not contains(subject,'ei')", []),
        ("startswith(subject,'zw') or endswith(subject,'NS')", ["Eins", "Zwei"]),
        ("start/dateTime ge '2026-11-25T00:00:00Z'", ["Zwei"]),
        ("lastModifiedDateTime gt 2020-01-01T00:00:00Z", ["Eins", "Zwei"]),
        ("isAllDay eq true", []),
        ("sensitivity eq 'private'", ["Zwei"]),
        ("categories/any(c: c eq 'Rot')", ["Eins"]),
        ("recurrence eq null", ["Eins", "Zwei"]),
        ("reminderMinutesBeforeStart lt 1", ["Eins", "Zwei"]),
    ],
)
def test_filters(graph: Graph, anna: Mailbox, test: str, found: list[str]) -> None:
    """As they are used with calendars."""
    anna.add_event(anna.calendar, "Eins", NINE, NINE + HOUR, categories=["Rot"])
    add(anna, "Zwei", 1, sensitivity="Private")
    lines = graph.get("/me/events", _filter=test, _select="subject")["value"]
    assert sorted(line["subject"] for line in lines) == found


def test_both_sides_write_and_delta_sees_it(graph: Graph, anna: Mailbox) -> None:
    """What Graph itself writes comes back by its own delta."""
    _, link = graph.walk("/me/events/delta")
    made = graph.do("POST", "/me/events", meeting())
    (line,), link = graph.walk(link)
    assert line["id"] == made["id"]
    graph.do("DELETE", f"/me/events/{made['id']}")
    assert "@removed" in graph.walk(link)[0][0]
