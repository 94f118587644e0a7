"""Series by Graph: patterns, occurrences, exceptions, what was taken out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.graph_client import BEN, Graph, at, attendee, meeting

WEEK: dict[str, Any] = {
    "startDateTime": "2026-11-23T00:00:00Z",
    "endDateTime": "2026-12-31T00:00:00Z",
}


def weekly(count: int = 4) -> dict[str, Any]:
    """Every Tuesday."""
    return {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
        "range": {
            "type": "numbered",
            "startDate": "2026-11-24",
            "numberOfOccurrences": count,
        },
    }


def series(graph: Graph, **more: Any) -> Any:
    """A series of four Tuesdays."""
    return graph.do("POST", "/me/events", meeting("Serie", recurrence=weekly(), **more))


def instances(graph: Graph, known: str) -> Any:
    """Its occurrences."""
    return graph.get(f"/me/events/{known}/instances", **WEEK)["value"]


PATTERNS = [
    {"type": "daily", "interval": 2},
    {"type": "weekly", "interval": 2, "daysOfWeek": ["monday", "friday"]},
    {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
    {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["thursday"], "index": "last"},
    {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 24, "month": 12},
    {
        "type": "relativeYearly",
        "interval": 1,
        "daysOfWeek": ["saturday", "sunday"],
        "index": "first",
        "month": 5,
    },
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one["type"])
def test_patterns_come_back_as_they_went(graph: Graph, pattern: dict[str, Any]) -> None:
    """Each kind, with an end."""
    span = {"type": "endDate", "startDate": "2026-11-24", "endDate": "2029-12-31"}
    made = graph.do("POST", "/me/events", meeting(recurrence={"pattern": pattern, "range": span}))
    assert made["type"] == "seriesMaster"
    seen = made["recurrence"]
    assert {name: seen["pattern"][name] for name in pattern} == pattern
    assert seen["range"]["endDate"] == "2029-12-31"
    assert seen["range"]["recurrenceTimeZone"] == "W. Europe Standard Time"


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "weekly", "interval": 1},
        {"type": "hourly", "interval": 1},
        {"type": "daily", "interval": 0},
        {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 77},
        {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday", "tuesday"]},
        {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 1, "month": 13},
    ],
    ids=str,
)
def test_patterns_that_exchange_has_not_are_refused(
    graph: Graph, anna: Mailbox, pattern: dict[str, Any]
) -> None:
    """400, and nothing is made."""
    span = {"type": "noEnd", "startDate": "2026-11-24"}
    answer = graph.ask(
        "POST", "/me/events", meeting(recurrence={"pattern": pattern, "range": span})
    )
    assert answer.status_code == 400
    assert anna.events() == []


def test_occurrences_by_instances_and_view(graph: Graph, anna: Mailbox) -> None:
    """The wall time stays over the change of the clock; each names its series."""
    made = graph.do(
        "POST",
        "/me/events",
        {
            "subject": "Serie",
            "start": at("2026-10-20T09:00:00", "W. Europe Standard Time"),
            "end": at("2026-10-20T10:00:00", "W. Europe Standard Time"),
            "recurrence": {
                **weekly(3),
                "range": {"type": "numbered", "startDate": "2026-10-20", "numberOfOccurrences": 3},
            },
        },
    )
    span: dict[str, Any] = {
        "startDateTime": "2026-10-01T00:00:00Z",
        "endDateTime": "2026-11-30T00:00:00Z",
    }
    found = graph.get(f"/me/events/{made['id']}/instances", **span)["value"]
    times = [one["start"]["dateTime"][:16] for one in found]
    assert times == ["2026-10-20T07:00", "2026-10-27T08:00", "2026-11-03T08:00"]
    assert {one["seriesMasterId"] for one in found} == {made["id"]}
    assert len({made["iCalUId"], *(one["iCalUId"] for one in found)}) == 4
    seen = graph.get("/me/calendarView", **span)["value"]
    assert [one["id"] for one in seen] == [one["id"] for one in found]
    assert {one["type"] for one in seen} == {"occurrence"}


def test_an_exception_and_a_deletion(graph: Graph, anna: Mailbox) -> None:
    """Changed and taken out by Graph; the master tells of both; EWS sees the same."""
    known = series(graph)["id"]
    first, second, third, _ = instances(graph, known)
    graph.do("PATCH", f"/me/events/{second['id']}", {"subject": "Anders"})
    graph.do("DELETE", f"/me/events/{third['id']}")
    master = graph.get(
        f"/me/events/{known}",
        _select="subject,cancelledOccurrences",
        _expand="exceptionOccurrences",
    )
    (changed,) = master["exceptionOccurrences"]
    assert (changed["subject"], changed["type"]) == ("Anders", "exception")
    assert changed["originalStart"] == "2026-12-01T08:00:00Z"
    assert master["cancelledOccurrences"] == [f"OID.{known}.2026-12-08"]
    assert [one["subject"] for one in instances(graph, known)] == ["Serie", "Anders", "Serie"]
    assert graph.ask("GET", f"/me/events/{third['id']}").status_code == 404
    (held,) = anna.events()
    assert held["deleted"] == ["2026-12-08T08:00:00Z"]
    assert list(held["exceptions"]) == ["2026-12-01T08:00:00Z"]
    assert graph.get(f"/me/events/{first['id']}")["type"] == "occurrence"


def test_an_occurrence_can_move_but_not_past_its_neighbour(graph: Graph) -> None:
    """As on Exchange."""
    _, second, _, _ = instances(graph, series(graph)["id"])
    place = f"/me/events/{second['id']}"
    moved = {"start": at("2026-12-02T13:00:00"), "end": at("2026-12-02T14:00:00")}
    assert graph.do("PATCH", place, moved)["start"]["dateTime"][:16] == "2026-12-02T13:00"
    too_far = {"start": at("2026-12-09T13:00:00"), "end": at("2026-12-09T14:00:00")}
    answer = graph.ask("PATCH", place, too_far)
    assert answer.json()["error"]["code"] == "ErrorOccurrenceCrossingBoundary"


def test_exceptions_made_elsewhere_are_seen(graph: Graph, anna: Mailbox) -> None:
    """By EWS or in Outlook."""
    nine = datetime(2026, 11, 24, 9, tzinfo=UTC)
    known = anna.add_event(
        anna.calendar,
        "Serie",
        nine,
        nine.replace(hour=10),
        recurrence="FREQ=WEEKLY;COUNT=3",
    )
    anna.change_occurrence(known, date(2026, 12, 1), location="Raum 9")
    (master,) = graph.get("/me/events")["value"]
    seen = graph.get(f"/me/events/{master['id']}", _expand="exceptionOccurrences")
    assert [one["location"]["displayName"] for one in seen["exceptionOccurrences"]] == ["Raum 9"]


def test_a_changed_pattern_drops_the_exceptions(graph: Graph) -> None:
    """As on Exchange; a series turns single when its pattern is taken away."""
    known = series(graph)["id"]
    _, second, _, _ = instances(graph, known)
    graph.do("PATCH", f"/me/events/{second['id']}", {"subject": "Anders"})
    pattern = {**weekly(), "pattern": {"type": "daily", "interval": 1}}
    graph.do("PATCH", f"/me/events/{known}", {"recurrence": pattern})
    assert {one["subject"] for one in instances(graph, known)} == {"Serie"}
    single = graph.do("PATCH", f"/me/events/{known}", {"recurrence": None})
    assert (single["type"], single["recurrence"]) == ("singleInstance", None)


def test_one_occurrence_mails_about_itself(graph: Graph, box: Sandbox) -> None:
    """A change and a deletion of one occurrence tell those invited of that one."""
    known = series(graph, attendees=[attendee(BEN)])["id"]
    box.outbox.clear()
    _, second, third, _ = instances(graph, known)
    graph.do("PATCH", f"/me/events/{second['id']}", {"subject": "Anders"})
    graph.do("DELETE", f"/me/events/{third['id']}")
    told = [(mail.kind, mail.original) for mail in box.outbox]
    assert told == [
        ("MeetingUpdate", "2026-12-01T08:00:00Z"),
        ("MeetingCancellation", "2026-12-08T08:00:00Z"),
    ]
