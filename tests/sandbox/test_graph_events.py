"""Calendars and entries by Graph, on the mailbox that EWS sees too."""

from datetime import UTC, datetime
from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import Client
from tests.sandbox.graph_client import BEN, Graph, at, attendee, meeting

BERLIN = 'outlook.timezone="W. Europe Standard Time"'
OWN = "String {6f2d1c4e-0000-4000-8000-00000000a11d} Name Andock"
NINE, TEN = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_an_entry_made_by_graph_is_seen_by_ews(graph: Graph, anna: Mailbox, client: Client) -> None:
    """The same entry: iCalUId is the UID; the ids differ and translate into each other."""
    made = graph.do("POST", "/me/events", meeting(location={"displayName": "Raum 2"}))
    (held,) = anna.events()
    assert (held["subject"], held["start"]) == ("Besprechung", "2026-11-24T08:00:00Z")
    assert held["props"]["UID"] == made["iCalUId"]
    assert held["id"] != made["id"]
    told = graph.do(
        "POST",
        "/me/translateExchangeIds",
        {"inputIds": [held["id"]], "sourceIdType": "ewsId", "targetIdType": "restId"},
    )
    assert told["value"] == [{"sourceId": held["id"], "targetId": made["id"]}]


def test_an_entry_made_elsewhere_is_seen_by_graph(graph: Graph, anna: Mailbox) -> None:
    """With all that it holds."""
    anna.add_event(
        anna.calendar,
        "Zahnarzt",
        NINE,
        TEN,
        sensitivity="Private",
        busy="OOF",
        body="Karte mitnehmen",
        categories=["Privat"],
        reminder=30,
        organizer=("Ben", BEN),
        attendees=[("Anna", anna.email)],
    )
    (seen,) = graph.get("/me/events", {"Prefer": 'outlook.body-content-type="text"'})["value"]
    assert seen["sensitivity"] == "private"
    assert seen["showAs"] == "oof"
    assert seen["body"] == {"contentType": "text", "content": "Karte mitnehmen"}
    assert (seen["isReminderOn"], seen["reminderMinutesBeforeStart"]) == (True, 30)
    assert seen["organizer"]["emailAddress"]["address"] == BEN
    assert not seen["isOrganizer"]
    assert seen["responseStatus"]["response"] == "accepted"


def test_times_come_in_the_zone_that_is_preferred(graph: Graph, anna: Mailbox) -> None:
    """UTC without a preference; a zone that nobody knows is refused."""
    anna.add_event(anna.calendar, "Termin", NINE, TEN)
    (bare,) = graph.get("/me/events")["value"]
    assert bare["start"] == {"dateTime": "2026-11-24T09:00:00.0000000", "timeZone": "UTC"}
    assert bare["originalStartTimeZone"] == "W. Europe Standard Time"
    (local,) = graph.get("/me/events", {"Prefer": BERLIN})["value"]
    assert local["start"]["dateTime"] == "2026-11-24T10:00:00.0000000"
    refused = graph.ask("GET", "/me/events", headers={"Prefer": 'outlook.timezone="Mars"'})
    assert refused.json()["error"]["code"] == "TimeZoneNotSupportedException"


def test_custom_zones_are_told_as_such(graph: Graph, anna: Mailbox) -> None:
    """As Graph tells zones that have no name, and the entry can be written all the same."""
    anna.add_event(anna.calendar, "Termin", NINE, TEN, zone="Customized Time Zone")
    (seen,) = graph.get("/me/events")["value"]
    assert seen["originalStartTimeZone"] == "tzone://Microsoft/Custom"
    graph.do("PATCH", f"/me/events/{seen['id']}", {"subject": "Neu"})
    assert anna.events()[0]["props"]["StartTimeZone"]["Id"] == "Customized Time Zone"


def test_iana_zones_are_understood(graph: Graph, anna: Mailbox) -> None:
    """And kept by their Windows name."""
    times: dict[str, Any] = {
        "start": at("2026-11-24T09:00:00", "Europe/Berlin"),
        "end": at("2026-11-24T10:00:00", "Europe/Berlin"),
    }
    graph.do("POST", "/me/events", meeting(**times))
    assert anna.events()[0]["props"]["StartTimeZone"]["Id"] == "W. Europe Standard Time"


def test_whole_days_stay_the_same_day_in_every_zone(graph: Graph, anna: Mailbox) -> None:
    """Midnight, whichever zone is asked for; another time is refused."""
    day = {
        "isAllDay": True,
        "start": at("2026-12-24T00:00:00", "W. Europe Standard Time"),
        "end": at("2026-12-26T00:00:00", "W. Europe Standard Time"),
    }
    graph.do("POST", "/me/events", meeting("Urlaub", **day))
    for prefer in ("", BERLIN, 'outlook.timezone="Tokyo Standard Time"'):
        (seen,) = graph.get("/me/events", {"Prefer": prefer})["value"]
        assert seen["start"]["dateTime"][:19] == "2026-12-24T00:00:00"
        assert seen["end"]["dateTime"][:19] == "2026-12-26T00:00:00"
    assert anna.events()[0]["start"] == "2026-12-23T23:00:00Z"
    refused = graph.ask("POST", "/me/events", meeting(isAllDay=True))
    assert refused.json()["error"]["code"] == "ErrorPropertyValidationFailure"


def test_a_conditional_write_meets_412(graph: Graph, anna: Mailbox) -> None:
    """PATCH and DELETE with the ETag of before; the present one is taken."""
    made = graph.do("POST", "/me/events", meeting())
    place, old = f"/me/events/{made['id']}", made["@odata.etag"]
    anna.update_event(anna.events()[0]["id"], subject="Anderswo geändert")
    for method, body in (("PATCH", {"subject": "Neu"}), ("DELETE", None)):
        refused = graph.ask(method, place, body, {"If-Match": old})
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            412,
            "ErrorIrresolvableConflict",
        )
    now = graph.get(place)["@odata.etag"]
    after = graph.do("PATCH", place, {"subject": "Neu"}, If_Match=now)
    assert after["subject"] == "Neu"
    graph.do("DELETE", place, If_Match=after["@odata.etag"])
    assert anna.events() == []
    assert graph.ask("GET", place).status_code == 404


def test_a_repeated_transaction_makes_no_second_entry(graph: Graph, anna: Mailbox) -> None:
    """The entry of the first time comes back; the id cannot be set later."""
    first = graph.do("POST", "/me/events", meeting(transactionId="t-1"))
    again = graph.do("POST", "/me/events", meeting(transactionId="t-1"))
    assert (again["id"], again["transactionId"]) == (first["id"], "t-1")
    assert len(anna.events()) == 1
    later = graph.ask("PATCH", f"/me/events/{first['id']}", {"transactionId": "t-2"})
    assert later.status_code == 400


def test_immutable_ids_outlive_a_move(graph: Graph, anna: Mailbox, box: Sandbox) -> None:
    """The ordinary id does not; either is understood."""
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    other = anna.add_calendar("Familie")
    anna.add_event(anna.calendar, "Termin", NINE, TEN)
    (plain,), (fixed,) = graph.get("/me/events")["value"], graph.get("/me/events", prefer)["value"]
    assert plain["id"] != fixed["id"]
    state = box.states[0]
    item = next(one for one in state.items.values() if one.kind == "CalendarItem")
    with box.change():
        state.move(item, state.folder_of_id(other).num)
    assert graph.ask("GET", f"/me/events/{plain['id']}").status_code == 404
    assert graph.get(f"/me/events/{fixed['id']}", prefer)["id"] == fixed["id"]
    assert graph.get(f"/me/events/{fixed['id']}")["id"] != plain["id"]


def test_own_properties_are_written_found_and_seen_by_ews(
    graph: Graph, client: Client, anna: Mailbox
) -> None:
    """One store for singleValueExtendedProperties and ExtendedProperty."""
    own = [{"id": OWN, "value": "42"}]
    made = graph.do("POST", "/me/events", meeting(singleValueExtendedProperties=own))
    graph.do("POST", "/me/events", meeting("Anderer"))
    test = f"singleValueExtendedProperties/any(ep: ep/id eq '{OWN}' and ep/value eq '42')"
    (found,) = graph.get("/me/events", _filter=test, _select="subject")["value"]
    assert found["id"] == made["id"]
    assert "body" not in found
    expand = f"singleValueExtendedProperties($filter=id eq '{OWN}')"
    seen = graph.get(f"/me/events/{made['id']}", _expand=expand)
    assert seen["singleValueExtendedProperties"] == own
    wanted = (
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:ExtendedFieldURI"
        ' PropertySetId="6f2d1c4e-0000-4000-8000-00000000a11d" PropertyName="Andock"'
        ' PropertyType="String"/></t:AdditionalProperties></m:ItemShape>'
    )
    answer = client.get(anna.events()[0]["id"], wanted)
    assert answer.text("//t:ExtendedProperty/t:Value") == "42"
    graph.do(
        "PATCH",
        f"/me/events/{made['id']}",
        {"singleValueExtendedProperties": [{"id": OWN, "value": None}]},
    )
    assert graph.get("/me/events", _filter=test)["value"] == []


def test_open_extensions(graph: Graph) -> None:
    """Made with the entry or later, read by $expand and by themselves, changed, taken away."""
    inner = {
        "@odata.type": "microsoft.graph.openTypeExtension",
        "extensionName": "test.andock",
        "run": 7,
    }
    made = graph.do("POST", "/me/events", meeting(extensions=[inner]))
    place = f"/me/events/{made['id']}/extensions"
    (seen,) = graph.get(f"/me/events/{made['id']}", _expand="extensions")["extensions"]
    assert seen["run"] == 7
    graph.do("PATCH", f"{place}/test.andock", {"run": 8})
    assert graph.get(f"{place}/test.andock")["run"] == 8
    assert graph.ask("POST", place, inner).status_code == 409
    graph.do("DELETE", f"{place}/test.andock")
    assert graph.get(place)["value"] == []


def test_calendars(graph: Graph, anna: Mailbox) -> None:
    """Listed, made, renamed, deleted; the default one stays."""
    made = graph.do("POST", "/me/calendars", {"name": "Familie", "color": "lightBlue"})
    assert sorted(anna.calendars.values()) == ["Calendar", "Familie"]
    graph.do("POST", f"/me/calendars/{made['id']}/events", meeting())
    assert len(graph.get(f"/me/calendars/{made['id']}/events")["value"]) == 1
    assert graph.get("/me/events")["value"] == []
    graph.do("PATCH", f"/me/calendars/{made['id']}", {"name": "Zuhause"})
    names = [one["name"] for one in graph.get("/me/calendars")["value"]]
    assert names == ["Calendar", "Zuhause"]
    assert graph.ask("POST", "/me/calendars", {"name": "Zuhause"}).status_code == 409
    graph.do("DELETE", f"/me/calendars/{made['id']}")
    default = graph.get("/me/calendar")
    assert default["isDefaultCalendar"]
    assert graph.ask("DELETE", f"/me/calendars/{default['id']}").status_code == 400


def test_meetings_mail_as_microsofts_do(graph: Graph, box: Sandbox) -> None:
    """Creating, changing and deleting one mails those invited; what is the owner's own does not."""
    ben = box.add_mailbox(BEN, "x", name="Ben")

    def mails() -> list[tuple[str, tuple[str, ...]]]:
        found = [(mail.kind, mail.to) for mail in box.outbox]
        box.outbox.clear()
        return found

    made = graph.do("POST", "/me/events", meeting(attendees=[attendee(BEN)]))
    place = f"/me/events/{made['id']}"
    assert mails() == [("MeetingRequest", (BEN,))]
    assert [one["subject"] for one in ben.events()] == ["Besprechung"]
    graph.do("PATCH", place, {"categories": ["Rot"], "isReminderOn": False, "showAs": "free"})
    assert mails() == []
    graph.do("PATCH", place, {"subject": "Neu"})
    assert mails() == [("MeetingUpdate", (BEN,))]
    both = [attendee(BEN), attendee("uwe@fremd.test", "optional")]
    graph.do("PATCH", place, {"attendees": both})
    assert mails() == [("MeetingRequest", ("uwe@fremd.test",))]
    graph.do("DELETE", place)
    assert mails() == [("MeetingCancellation", (BEN, "uwe@fremd.test"))]


@pytest.mark.parametrize(
    ("answer", "seen"),
    [("accept", "accepted"), ("tentativelyAccept", "tentativelyAccepted")],
)
def test_answers_reach_the_organizer(
    graph: Graph, box: Sandbox, anna: Mailbox, answer: str, seen: str
) -> None:
    """By mail, unless it is not wanted; nobody answers a meeting of their own."""
    ben = box.add_mailbox(BEN, "x", name="Ben")
    people = [("Anna", anna.email)]
    ben.add_event(ben.calendar, "Runde", NINE, TEN, attendees=people, send="SendToAllAndSaveCopy")
    box.outbox.clear()
    (got,) = graph.get("/me/events")["value"]
    assert got["responseStatus"]["response"] == "notResponded"
    graph.do("POST", f"/me/events/{got['id']}/{answer}", {"sendResponse": False})
    assert box.outbox == []
    graph.do("POST", f"/me/events/{got['id']}/{answer}", {"comment": "gern"})
    assert [mail.kind for mail in box.outbox] == ["MeetingResponse"]
    assert graph.get(f"/me/events/{got['id']}")["responseStatus"]["response"] == seen
    own = graph.do("POST", "/me/events", meeting())
    assert graph.ask("POST", f"/me/events/{own['id']}/accept", {}).status_code == 400


def test_deleting_what_others_organise_mails_nobody(
    graph: Graph, box: Sandbox, anna: Mailbox
) -> None:
    """Declining does, and takes the meeting out of the calendar."""
    for _ in range(2):
        anna.add_event(
            anna.calendar,
            "Runde",
            NINE,
            TEN,
            organizer=("Uwe", "uwe@fremd.test"),
            attendees=[("Anna", anna.email)],
        )
    first, second = graph.get("/me/events")["value"]
    graph.do("DELETE", f"/me/events/{first['id']}")
    assert box.outbox == []
    graph.do("POST", f"/me/events/{second['id']}/decline", {})
    assert [mail.to for mail in box.outbox] == [("uwe@fremd.test",)]
    assert anna.events() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "RequestBodyRead"),
        (b"[]", "RequestBodyRead"),
        ({"subject": 7}, "RequestBodyRead"),
        ({"subjekt": "x"}, "RequestBodyRead"),
        ({"showAs": "asleep"}, "RequestBodyRead"),
        ({"start": {"dateTime": "gestern", "timeZone": "UTC"}}, "RequestBodyRead"),
        ({"start": at("2026-11-31T09:00:00")}, "RequestBodyRead"),
        ({"end": at("2026-11-24T10:00:00", "Mars")}, "TimeZoneNotSupportedException"),
        ({"end": at("2026-11-24T07:00:00")}, "ErrorCalendarEndDateIsEarlierThanStartDate"),
        ({"end": None}, "ErrorInvalidRequest"),
        ({"attendees": [{"type": "required"}]}, "RequestBodyRead"),
        ({"singleValueExtendedProperties": [{"id": "x", "value": "y"}]}, "ErrorInvalidProperty"),
        (
            {"singleValueExtendedProperties": [{"id": "Integer 0x36", "value": "y"}]},
            "ErrorInvalidExtendedPropertyValue",
        ),
        ({"recurrence": {"pattern": {"type": "daily"}}}, "ErrorPropertyValidationFailure"),
    ],
)
def test_bad_bodies_get_graphs_own_errors(
    graph: Graph, anna: Mailbox, body: Any, code: str
) -> None:
    """And nothing is made."""
    given = body if isinstance(body, bytes) else meeting(**body)
    answer = graph.ask("POST", "/me/events", given)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert {"date", "request-id"} <= set(error["innerError"])
    assert anna.events() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/me/nothing", 400),
        ("PUT", "/me/events", 405),
        ("GET", "/me/events/AAMk", 400),
        ("GET", "/users/uwe@fremd.test/events", 404),
        ("GET", "/me/events?$top=0", 400),
        ("GET", "/me/events?$filter=subject%20is%20x", 400),
        ("GET", "/me/events?$sort=x", 400),
        ("GET", "/me/calendarView", 400),
        ("GET", "/me/events/delta?$select=subject", 400),
    ],
)
def test_bad_addresses_too(graph: Graph, method: str, path: str, status: int) -> None:
    """With an error body."""
    answer = graph.ask(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


def test_nobody_sees_anothers_mailbox(graph: Graph, box: Sandbox) -> None:
    """Not by its address, nor by its ids."""
    ben = box.add_mailbox(BEN, "x", name="Ben")
    ben.add_event(ben.calendar, "Geheim", NINE, TEN)
    assert graph.ask("GET", f"/users/{BEN}/events").status_code == 403
    theirs = Graph.__new__(Graph)
    theirs.__dict__ |= graph.__dict__ | {"headers": {"Authorization": f"Bearer {box.bearer(ben)}"}}
    known = theirs.get("/me/events")["value"][0]["id"]
    assert graph.ask("GET", f"/me/events/{known}").status_code == 404
    assert graph.get("/users/anna@musterfirma.test/events")["value"] == []
