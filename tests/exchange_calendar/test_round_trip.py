"""Appointment → XML → Appointment is an identity; texts of every kind survive."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings, strategies as st
from lxml import etree

from andock_exchange_calendar import address, convert, slots, soap, writing, zones
from andock_exchange_calendar.soap import t
from andock_sdk import Appointment, Attendee, Body, Person, Slot, errors
from tests.exchange_calendar.surroundings import appointment, days, slot
from tests.sandbox.official_schema import official_schema

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "UTC",
         "Australia/Sydney", "America/Sao_Paulo", "Europe/Kyiv"]  # fmt: skip
PATIENT = settings(deadline=None)  # machines that run several suites at once are slow at times
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
    max_size=40,
)
NOTES = st.text(
    st.one_of(
        st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
        st.just("\n"),
        st.just("\t"),
    ),
    max_size=80,
)


@st.composite
def timed(draw: st.DrawFn) -> Slot:
    """A slot whose wall times exist, and are the first of their name."""
    zone = draw(st.sampled_from(ZONES))
    start = draw(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))).replace(  # noqa: DTZ001 - wall times
        second=0, microsecond=0
    )
    end = start + timedelta(minutes=draw(st.integers(0, 3000)))
    for wall in (start, end):
        assume(zones.wall(zones.at(wall, zone), zone) == wall)
    return slot(start.isoformat(), end.isoformat(), zone)


@st.composite
def whole_days(draw: st.DrawFn) -> Slot:
    """An all-day slot."""
    first = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    return days(first.isoformat(), (first + timedelta(days=draw(st.integers(1, 30)))).isoformat())


PEOPLE = st.builds(
    Person, name=TEXT, email=st.sampled_from(["bea@x.test", "c@y.test", "raum@x.test"])
)
ROLES = st.sampled_from(["required", "optional", "resource"])
APPOINTMENTS = st.builds(
    Appointment,
    when=timed() | whole_days(),
    subject=TEXT,
    body=st.builds(Body, kind=st.just("text"), content=NOTES)
    | st.builds(Body, kind=st.just("html"), content=NOTES.filter(bool)),
    location=TEXT,
    busy=st.sampled_from(["free", "tentative", "busy", "away", "elsewhere"]),
    sensitivity=st.sampled_from(["normal", "personal", "private", "confidential"]),
    categories=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    reminder_minutes=st.none() | st.integers(0, 10_000),
    attendees=st.lists(st.builds(Attendee, person=PEOPLE, role=ROLES), max_size=3).map(
        lambda found: tuple(
            sorted(found, key=lambda a: ["required", "optional", "resource"].index(a.role))
        )
    ),
)


def written(item: Appointment, day_zone: str = "W. Europe Standard Time") -> etree._Element:
    """The element that is sent, after a trip through bytes."""
    made = writing.new_item(item, "op", day_zone=day_zone, old_server=False)
    return soap.parse(etree.tostring(made))


@PATIENT
@given(APPOINTMENTS)
def test_the_round_trip_is_an_identity(item: Appointment) -> None:
    """Canonical equality, field by field."""
    element = written(item)
    assert convert.to_appointment(soap.fields(element), {}) == item
    assert convert.operation_id(element) == "op"


@PATIENT
@given(
    whole_days(),
    st.sampled_from(["UTC", "Tokyo Standard Time", "Hawaiian Standard Time",
                     "UTC+13", "Line Islands Standard Time", "E. South America Standard Time"]),
)  # fmt: skip
def test_days_survive_every_zone(when: Slot, zone: str) -> None:
    """Wherever the mailbox's days begin, the days are the same."""
    assert (
        convert.to_appointment(soap.fields(written(appointment(when=when), zone)), {}).when == when
    )


@PATIENT
@given(st.text(max_size=60))
def test_any_text_can_be_sent(text: str) -> None:
    """Characters that XML forbids are left out, all others arrive."""
    assume(not any(0xD800 <= ord(c) <= 0xDFFF for c in text))
    item = appointment(subject=text, body=Body(content=text))
    assert convert.to_appointment(soap.fields(written(item)), {}).subject == soap.clean(text)


@PATIENT
@given(APPOINTMENTS)
def test_what_is_sent_is_valid(item: Appointment) -> None:
    """Held against Microsoft's schema when ANDOCK_EWS_SCHEMAS names its folder."""
    schema = official_schema()
    if schema is None:
        pytest.skip("ANDOCK_EWS_SCHEMAS is not set")
    request = soap.m(
        "CreateItem",
        soap.m("SavedItemFolderId", t("FolderId", Id="x")),
        soap.m("Items", written(item)),
        SendMeetingInvitations="SendToNone",
    )
    schema.assertValid(request)


@pytest.mark.parametrize("iana", ZONES)
def test_zones_there_and_back(iana: str) -> None:
    """The member's own zone comes back under its present name."""
    assert zones.to_iana(zones.to_windows(iana)) == iana
    ZoneInfo(iana)


@pytest.mark.parametrize("name", ["tzone://Microsoft/Custom", "Customized Time Zone", "", "(UTC)"])
def test_names_that_are_no_zone(name: str) -> None:
    """Custom and legacy names have no IANA equivalent."""
    assert zones.to_iana(name) is None


def test_a_zone_that_windows_lacks_is_refused() -> None:
    """Rather than written as another."""
    with pytest.raises(errors.Unrepresentable):
        zones.to_windows("Mars/Olympus")


def test_without_a_zone_the_process_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """An all-day item without StartTimeZone keeps its day, whatever TZ the process has."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    item = {
        "Start": t("Start", text="2026-11-23T23:00:00Z"),
        "End": t("End", text="2026-11-24T23:00:00Z"),
        "IsAllDayEvent": t("IsAllDayEvent", text="true"),
    }
    assert slots.read(item) == days("2026-11-24", "2026-11-25")


def test_exchange_2010_does_not_know_working_elsewhere() -> None:
    """Refused before anything is sent."""
    with pytest.raises(errors.Unrepresentable) as refused:
        writing.new_item(appointment(busy="elsewhere"), "op", day_zone="UTC", old_server=True)
    assert refused.value.key == "busy.elsewhere"


@pytest.mark.parametrize(
    "text",
    ["<a>&#x1F;b</a>", "<a>&#0;b</a>", "<a>&#xFFFE;b</a>", "<a>&#x110000;b</a>"],
)
def test_forbidden_references_from_exchange_are_survived(text: str) -> None:
    """Exchange sends what no parser may accept."""
    assert soap.parse(text.encode()).text == "b"


def test_entities_are_not_read() -> None:
    """Neither from files nor by growing: SOAP forbids them altogether."""
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    with pytest.raises(soap.NotSoap):
        soap.parse(bomb)


@pytest.mark.parametrize(
    ("start", "zone", "day"),
    [
        ("2026-11-30T15:00:00Z", "Asia/Tokyo", "2026-12-01"),  # midnight there
        ("2026-11-30T10:00:00Z", "Pacific/Kiritimati", "2026-12-01"),  # UTC+14
        ("2026-11-30T23:00:00Z", "Asia/Tokyo", "2026-12-01"),  # of another zone
        ("2026-11-30T23:00:00Z", "", "2026-12-01"),
    ],
)
def test_without_a_zone_the_members_midnight_counts(start: str, zone: str, day: str) -> None:
    """Where it is none, the nearest midnight in UTC."""
    first = datetime.fromisoformat(start)
    item = {
        "Start": t("Start", text=start),
        "End": t("End", text=(first + timedelta(days=1)).isoformat()),
        "IsAllDayEvent": t("IsAllDayEvent", text="true"),
    }
    assert slots.read(item, zone).start == day


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("?ItemID=AAMk%2B&exvsurl=1", "https://mail.firma.test/owa/?ItemID=AAMk%2B&exvsurl=1"),
        ("https://mail.firma.test/owa/?ItemID=A", "https://mail.firma.test/owa/?ItemID=A"),
        ("https://evil.test/owa/?ItemID=A", ""),
        ("javascript:alert(1)", ""),
        ('?a="><script>', ""),
        ("", ""),
    ],
)
def test_the_way_to_outlook_on_the_web(query: str, link: str) -> None:
    """Of the same server, over https, or none."""
    assert address.web_address("https://mail.firma.test/EWS/Exchange.asmx", query) == link
