"""DavMail, an independent client: CalDAV and CardDAV on one side, the sandbox on the other."""

import base64
import http.client
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD, ServerFactory
from tests.sandbox.exchange_client import account, trusted
from tests.support.davmail import DavMail, davmail

pytestmark = [pytest.mark.more, pytest.mark.timeout(600)]

HOME = "/users/anna@musterfirma.test"
EVENTS = """<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR">
<C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>"""
CARDS = """<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop>
<D:getetag/><C:address-data/></D:prop></C:addressbook-query>"""


class Dav:
    """A bare WebDAV client, signed in as Anna."""

    def __init__(self, served: DavMail) -> None:
        self._host = urlsplit(served.url).netloc
        self._token = base64.b64encode(f"anna@musterfirma.test:{PASSWORD}".encode()).decode()

    def __call__(self, method: str, path: str, body: str = "", **headers: str) -> str:
        """The body of a successful answer."""
        connection = http.client.HTTPConnection(self._host, timeout=60)
        sent = {"Authorization": f"Basic {self._token}"}
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(method, HOME + path, body.replace("\n", "\r\n").encode(), sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
        # DavMail folds lines; a reader looks for whole ones.
        return text.replace("\r\n ", "").replace("\n ", "")


ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


def entry(*lines: str, uid: str = "one", extra: str = "") -> str:
    """An iCalendar object around an event's lines."""
    inner = "\n".join(
        [ZONE, "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261122T100000Z", *lines, "END:VEVENT"]
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{inner}\n{extra}END:VCALENDAR\n"


def berlin(name: str, hour: int, day: int = 26) -> str:
    """A line with a wall time in November; Berlin is an hour ahead of UTC then."""
    return f"{name};TZID=Europe/Berlin:202611{day}T{hour:02d}0000"


def address(item_id: str) -> str:
    """Where DavMail shows an entry of the calendar."""
    plain = item_id.replace("/", "_").replace("+", "-")
    return f"/calendar/{quote(plain, safe='')}.EML"


@pytest.fixture
def dav(server: SandboxServer, tmp_path: Path) -> Iterator[Dav]:
    """DavMail in front of Anna's mailbox."""
    with davmail(server.ews_url, server.ca_file, tmp_path) as served:
        yield Dav(served)


def test_an_entry_goes_to_exchange_and_back(dav: Dav, anna: Mailbox, account: Any) -> None:
    """Created, changed and deleted by CalDAV; seen in the sandbox and by exchangelib."""
    lines = [berlin("DTSTART", 10), berlin("DTEND", 11), "LOCATION:Raum 2"]
    dav("PUT", "/calendar/one.ics", entry("SUMMARY:Besprechung", "CLASS:PRIVATE", *lines))
    (made,) = anna.events()
    assert (made["subject"], made["start"], made["end"]) == (
        "Besprechung",
        "2026-11-26T09:00:00Z",
        "2026-11-26T10:00:00Z",
    )
    assert (made["props"]["Location"], made["props"]["Sensitivity"]) == ("Raum 2", "Private")
    (seen,) = account.calendar.all()
    assert (seen.subject, seen.start) == ("Besprechung", datetime(2026, 11, 26, 9, tzinfo=UTC))

    lines[0:2] = [berlin("DTSTART", 12), berlin("DTEND", 13)]
    dav("PUT", address(made["id"]), entry("SUMMARY:Verschoben", *lines))
    (changed,) = anna.events()
    assert (changed["id"], changed["subject"], changed["start"]) == (
        made["id"],
        "Verschoben",
        "2026-11-26T11:00:00Z",
    )
    dav("DELETE", address(made["id"]))
    assert anna.events() == []


@pytest.mark.parametrize("version", ["2010_SP2", "2013_SP1", "2016"])
def test_older_servers_are_served_alike(
    serve: ServerFactory, anna: Mailbox, tmp_path: Path, version: str
) -> None:
    """DavMail finds out which server it has, and asks each in its own words."""
    server = serve(version=version)
    with davmail(server.ews_url, server.ca_file, tmp_path) as served:
        dav = Dav(served)
        lines = (berlin("DTSTART", 10), berlin("DTEND", 11), "RRULE:FREQ=WEEKLY;COUNT=3")
        dav("PUT", "/calendar/one.ics", entry("SUMMARY:Runde", *lines))
        (made,) = anna.events()
        assert (made["subject"], made["start"]) == ("Runde", "2026-11-26T09:00:00Z")
        anna.update_event(made["id"], subject="Anders")
        assert "SUMMARY:Anders" in dav("GET", address(made["id"]))
        card = "BEGIN:VCARD\nVERSION:3.0\nUID:k\nN:Koch;Jan;;;\nFN:Jan Koch\nEND:VCARD\n"
        dav("PUT", "/contacts/k.vcf", card, Content_Type="text/vcard")
        assert "FN:Jan Koch" in dav("GET", "/contacts/k.vcf")


def test_what_outlook_enters_is_read(dav: Dav, anna: Mailbox) -> None:
    """A single entry, an all-day one, and changes made there later."""
    start, end = datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC)
    first = anna.add_event(anna.calendar, "Termin", start, end, body="a\nb", reminder=20)
    anna.add_event(anna.calendar, "Messe", date(2026, 12, 1), date(2026, 12, 3))
    found = dav("REPORT", "/calendar/", EVENTS, Depth="1")
    assert "SUMMARY:Termin" in found
    assert "20261125T100000" in found  # Berlin
    assert "TRIGGER;RELATED=START:-PT20M" in found
    assert "DTSTART;VALUE=DATE:20261201" in found
    assert "DTEND;VALUE=DATE:20261203" in found
    anna.update_event(first, subject="Neuer Titel")
    assert "SUMMARY:Neuer Titel" in dav("GET", address(first))


def test_a_series_with_its_exceptions(dav: Dav, anna: Mailbox, account: Any) -> None:
    """One day taken out and one moved, by CalDAV; a further one moved in Outlook."""
    lines = ("SUMMARY:Serie", berlin("DTSTART", 10), berlin("DTEND", 11))
    rule = "RRULE:FREQ=DAILY;UNTIL=20261201T090000Z"
    dav("PUT", "/calendar/s.ics", entry(*lines, rule, uid="s"))
    (made,) = anna.events()
    assert made["type"] == "RecurringMaster"
    moved = "\n".join(
        [
            "BEGIN:VEVENT\nUID:s\nDTSTAMP:20261122T100000Z\nSUMMARY:Später",
            "RECURRENCE-ID:20261128T090000Z",
            berlin("DTSTART", 14, 28),
            berlin("DTEND", 15, 28),
            "END:VEVENT\n",
        ]
    )
    taken = entry(*lines, rule, "EXDATE:20261127T090000Z", uid="s", extra=moved)
    dav("PUT", address(made["id"]), taken)
    (series,) = anna.events()
    assert series["deleted"] == ["2026-11-27T09:00:00Z"]
    assert list(series["exceptions"]) == ["2026-11-28T09:00:00Z"]
    span = datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
    assert [(seen.subject, seen.start.hour) for seen in account.calendar.view(*span)] == [
        ("Serie", 9),
        ("Später", 13),
        ("Serie", 9),
    ]
    day = datetime(2026, 11, 29, 12, tzinfo=UTC)
    anna.change_occurrence(made["id"], date(2026, 11, 29), start=day, end=day.replace(hour=13))
    read = dav("GET", address(made["id"]))
    assert read.count("RECURRENCE-ID") == 2
    assert "20261129T130000" in read  # Berlin
    assert "EXDATE" in read


def test_attendees_get_their_invitation(dav: Dav, box: Sandbox, anna: Mailbox) -> None:
    """DavMail lets the server send; it lies in the outbox."""
    box.add_mailbox("ben@musterfirma.test", "x", name="Ben")
    person = "ATTENDEE;CN=Ben;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:"
    lines = (
        "SUMMARY:Runde",
        berlin("DTSTART", 10),
        berlin("DTEND", 11),
        "ORGANIZER:mailto:anna@musterfirma.test",
        person + "ben@musterfirma.test",
    )
    dav("PUT", "/calendar/m.ics", entry(*lines, uid="m"))
    assert [(mail.kind, mail.to) for mail in box.outbox] == [
        ("MeetingRequest", ("ben@musterfirma.test",))
    ]
    assert [made["subject"] for made in box.mailbox("ben@musterfirma.test").events()] == ["Runde"]


def test_a_contact_goes_to_exchange_and_back(dav: Dav, anna: Mailbox, account: Any) -> None:
    """Created, changed and deleted by CardDAV; one from Outlook is read."""
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nUID:berg\nN:Berg;Ute;;;\nFN:Ute Berg\nORG:Kontor\n"
        "EMAIL;TYPE=work:ute@example.test\nTEL;TYPE=cell:+49 151 1\n"
        "ADR;TYPE=work:;;Hafen 1;Hamburg;;20457;Germany\nBDAY:1980-05-01\nNOTE:Notiz\nEND:VCARD\n"
    )
    dav("PUT", "/contacts/berg.vcf", card, Content_Type="text/vcard")
    (made,) = anna.address_book.all()
    props = made["props"]
    assert (props["GivenName"], props["Surname"], props["CompanyName"]) == ("Ute", "Berg", "Kontor")
    assert props["PhoneNumbers"] == {"MobilePhone": "+49 151 1"}
    assert props["PhysicalAddresses"]["Business"]["City"] == "Hamburg"
    (seen,) = [one for one in account.contacts.all() if one.surname == "Berg"]
    assert (seen.body, seen.email_addresses[0].email) == ("Notiz", "ute@example.test")

    dav("PUT", "/contacts/berg.vcf", card.replace("151 1", "151 2"), Content_Type="text/vcard")
    assert anna.address_book.all()[0]["props"]["PhoneNumbers"] == {"MobilePhone": "+49 151 2"}
    anna.address_book.add(
        anna.address_book.default,
        given_name="Jan",
        surname="Koch",
        emails={"EmailAddress1": "jan@example.test"},
    )
    found = dav("REPORT", "/contacts/", CARDS, Depth="1")
    assert "FN:Jan Koch" in found
    assert "jan@example.test" in found
    assert "FN:Ute Berg" in found
    dav("DELETE", "/contacts/berg.vcf")
    assert [one["props"]["Surname"] for one in anna.address_book.all()] == ["Koch"]


__all__ = ["account", "trusted"]
