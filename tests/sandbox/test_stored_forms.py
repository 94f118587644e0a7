"""One store, several forms: MIME content, MAPI names, line ends, links to Outlook on the web."""

import base64
from typing import Any
from urllib.parse import quote

import icalendar
import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.control import ControlServer
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import IDS, Client, distinguished, item, occurrence, setting, shape
from tests.sandbox.exchange_client import utc

NINE, TEN = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)
WITH_MIME = (
    "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
    "<t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>"
)


def mapi(attributes: str) -> str:
    """An ItemShape that asks for one extended property."""
    return (
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
        f"<t:ExtendedFieldURI {attributes}/></t:AdditionalProperties></m:ItemShape>"
    )


def content(text: str) -> str:
    """A MimeContent element."""
    plain = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{text}\nEND:VCALENDAR\n".replace("\n", "\r\n")
    return f"<t:MimeContent>{base64.b64encode(plain.encode()).decode()}</t:MimeContent>"


def read_mime(client: Client, item_id: str) -> list[Any]:
    """The events of an item's MimeContent."""
    held = base64.b64decode(client.get(item_id, WITH_MIME).text("//t:MimeContent"))
    return list(icalendar.Calendar.from_ical(held.decode()).events)


def test_an_entry_is_made_of_its_mime_content(client: Client, anna: Mailbox) -> None:
    """Every part of an iCalendar event finds its property; what stands beside it wins."""
    event = (
        "BEGIN:VEVENT\nUID:uid-1@x.test\nSUMMARY:Aus iCalendar\nLOCATION:Raum 2\n"
        "DTSTART;TZID=Europe/Berlin:20261124T100000\nDTEND;TZID=Europe/Berlin:20261124T110000\n"
        "CLASS:PRIVATE\nCATEGORIES:Rot,Blau\nDESCRIPTION:eins\\nzwei\n"
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF\nATTENDEE;CN=Ben;ROLE=OPT-PARTICIPANT:mailto:b@x.test\n"
        "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT30M\nEND:VALARM\nEND:VEVENT"
    )
    fields = content(event) + "<t:LegacyFreeBusyStatus>Tentative</t:LegacyFreeBusyStatus>"
    assert client.create(fields).codes == ["NoError"]
    (made,) = anna.events()
    props = made["props"]
    assert (made["subject"], made["start"], props["UID"]) == (
        "Aus iCalendar",
        "2026-11-24T09:00:00Z",
        "uid-1@x.test",
    )
    assert (props["Sensitivity"], props["LegacyFreeBusyStatus"]) == ("Private", "Tentative")
    assert (props["Categories"], props["ReminderMinutesBeforeStart"]) == (["Rot", "Blau"], 30)
    assert props["StartTimeZone"]["Id"] == "W. Europe Standard Time"
    assert [one["mailbox"]["EmailAddress"] for one in props["OptionalAttendees"]] == ["b@x.test"]


def test_a_series_comes_with_its_exceptions(client: Client, anna: Mailbox) -> None:
    """EXDATE and RECURRENCE-ID in one go, and back."""
    head = "BEGIN:VEVENT\nUID:s\n"
    series = (
        f"{head}SUMMARY:Serie\nDTSTART:20261124T090000Z\nDTEND:20261124T100000Z\n"
        "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4\nEXDATE:20261201T090000Z\nEND:VEVENT\n"
        f"{head}SUMMARY:Anders\nRECURRENCE-ID:20261208T090000Z\nDTSTART:20261208T120000Z\n"
        "DTEND:20261208T130000Z\nEND:VEVENT"
    )
    made = client.create(content(series)).text("//t:ItemId/@Id")
    (held,) = anna.events()
    assert (held["deleted"], list(held["exceptions"])) == (
        ["2026-12-01T09:00:00Z"],
        ["2026-12-08T09:00:00Z"],
    )
    second = client(f"<m:GetItem>{IDS}<m:ItemIds>{occurrence(made, 2)}</m:ItemIds></m:GetItem>")
    assert second.codes == ["ErrorCalendarOccurrenceIsDeletedFromRecurrence"]
    master, changed = read_mime(client, made)
    assert master["RRULE"]["COUNT"] == [4]
    assert master["EXDATE"].dts[0].dt == utc(2026, 12, 1, 9)
    assert (changed["SUMMARY"], changed["DTSTART"].dt) == ("Anders", utc(2026, 12, 8, 12))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3;COUNT=5",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "FREQ=MONTHLY;BYMONTHDAY=24;COUNT=3",
        "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1;COUNT=3",
        "FREQ=YEARLY;BYMONTHDAY=24;BYMONTH=11;COUNT=2",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;BYMONTH=12;COUNT=2",
    ],
)
def test_a_rule_means_the_same_as_mime(client: Client, anna: Mailbox, rule: str) -> None:
    """What Outlook entered, read as iCalendar and written back, is the same recurrence."""
    made = anna.add_event(anna.calendar, "Serie", NINE, TEN, recurrence=rule, zone="UTC")
    before = anna.events()[0]["props"]["Recurrence"]
    held = client.get(made, WITH_MIME).text("//t:MimeContent")
    assert client.create(f"<t:MimeContent>{held}</t:MimeContent>").codes == ["NoError"]
    assert anna.events()[1]["props"]["Recurrence"] == before


@pytest.mark.parametrize("text", ["bm90aGluZw==", "////", ""])
def test_mime_content_that_is_none_is_refused(client: Client, anna: Mailbox, text: str) -> None:
    """Nothing is made of it."""
    assert client.create(f"<t:MimeContent>{text}</t:MimeContent>").codes == [
        "ErrorMimeContentInvalid"
    ]
    assert anna.events() == []


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('PropertyTag="0x37" PropertyType="String"', "Termin"),
        ('PropertyTag="0x36" PropertyType="Integer"', "2"),
        ('PropertyTag="0x001a" PropertyType="String"', "IPM.Appointment"),
        ('PropertyTag="0x1000" PropertyType="String"', "eins\r\nzwei"),
        (
            'DistinguishedPropertySetId="Appointment" PropertyId="33288" PropertyType="String"',
            "Raum 2",
        ),
        (
            'DistinguishedPropertySetId="Appointment" PropertyId="33315" PropertyType="Boolean"',
            "false",
        ),
        (
            'DistinguishedPropertySetId="Appointment" PropertyId="33293" PropertyType="SystemTime"',
            "2026-11-24T09:00:00Z",
        ),
    ],
)
def test_a_property_has_its_mapi_name(
    client: Client, anna: Mailbox, attributes: str, expected: str
) -> None:
    """The same value, whichever way it is asked for."""
    made = anna.add_event(
        anna.calendar,
        "Termin",
        NINE,
        TEN,
        location="Raum 2",
        sensitivity="Private",
        body="eins\nzwei",
    )
    assert client.get(made, mapi(attributes)).text("//t:ExtendedProperty/t:Value") == expected


def test_a_property_is_written_by_its_mapi_name(client: Client, anna: Mailbox) -> None:
    """And found by a search for either."""
    uri = '<t:ExtendedFieldURI PropertyTag="0x37" PropertyType="String"/>'
    made = anna.add_event(anna.calendar, "Termin", NINE, TEN)
    written = (
        f"<t:SetItemField>{uri}<t:CalendarItem><t:ExtendedProperty>{uri}<t:Value>Neu</t:Value>"
        "</t:ExtendedProperty></t:CalendarItem></t:SetItemField>"
    )
    assert client.update(item(made), written).codes == ["NoError"]
    assert anna.events()[0]["subject"] == "Neu"
    constant = '<t:FieldURIOrConstant><t:Constant Value="neu"/></t:FieldURIOrConstant>'
    wanted = f"<m:Restriction><t:IsEqualTo>{uri}{constant}</t:IsEqualTo></m:Restriction>"
    assert client.find(wanted).texts("//t:ItemId/@Id") == [made]


def test_a_search_that_is_kept_sees_what_changed(client: Client, anna: Mailbox) -> None:
    """The order of a folder is worked out once, until something changes."""
    order = (
        '<m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="item:Subject"/>'
        "</t:FieldOrder></m:SortOrder>"
    )
    made = [anna.add_event(anna.calendar, title, NINE, TEN) for title in ("B", "C")]
    assert client.find(order).texts("//t:ItemId/@Id") == made
    client.update(item(made[1]), setting("item:Subject", "<t:Subject>A</t:Subject>"))
    assert client.find(order).texts("//t:ItemId/@Id") == made[::-1]
    anna.delete_event(made[0])
    assert client.find(order).texts("//t:ItemId/@Id") == made[1:]


def test_texts_have_the_line_ends_of_exchange(client: Client, anna: Mailbox) -> None:
    """CR LF, whatever was written."""
    client.create('<t:Body BodyType="Text">eins\nzwei&#13;\ndrei</t:Body>')
    read = client.get(anna.events()[0]["id"], shape("item:Body", "item:TextBody"))
    assert read.text("//t:Body") == "eins\r\nzwei\r\ndrei"
    assert read.text("//t:TextBody") == "eins\r\nzwei\r\ndrei"


def test_an_entry_is_shown_by_outlook_on_the_web(
    client: Client, server: SandboxServer, anna: Mailbox
) -> None:
    """Its link leads to the mailbox's page where there is one, else to a sign-in page."""
    made = anna.add_event(anna.calendar, "Termin", NINE, TEN)
    asked = client.get(made, shape("item:WebClientReadFormQueryString"))
    query = asked.text("//t:WebClientReadFormQueryString")
    assert quote(made, safe="") in query
    assert client.request(b"", path=f"/owa/{query}", method="GET").status == 200
    with ControlServer(server) as control:
        shown = client.request(b"", path=f"/owa/{query}", method="GET")
        assert (shown.status, shown.headers["Location"]) == (
            302,
            f"{control.url}mailbox/{anna.email}?day=2026-11-24",
        )


def test_a_mailbox_tells_its_zone_and_its_address(client: Client, box: Sandbox) -> None:
    """The options of Outlook on the web; an id tells whose it is."""
    asked = client(
        f'<m:GetUserConfiguration><m:UserConfigurationName Name="OWA.UserOptions">'
        f"{distinguished('root')}</m:UserConfigurationName><m:UserConfigurationProperties>All"
        "</m:UserConfigurationProperties></m:GetUserConfiguration>"
    )
    assert "W. Europe Standard Time" in asked.texts("//t:DictionaryValue/t:Value")
    folder = box.mailbox("anna@musterfirma.test").calendar
    told = client(
        f'<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="EwsId"'
        f' Id="{folder}" Mailbox="x@elsewhere.test"/></m:SourceIds></m:ConvertId>'
    )
    assert told.text("//m:AlternateId/@Mailbox") == "anna@musterfirma.test"
