"""What events mean. Each test is a feed as some program writes it."""

import pytest
from calendars import calendar

from andock_icalendar_subscription.feed import Feed, read
from andock_sdk import Appointment, RemoteItem, Slot, Unreadable, errors

BERLIN = "DTSTART;TZID=Europe/Berlin:20261124T090000\nDTEND;TZID=Europe/Berlin:20261124T100000"
OWN_ZONE = """BEGIN:VTIMEZONE
TZID:{name}
{more}BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0230
TZOFFSETTO:+0130
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0130
TZOFFSETTO:+0230
END:DAYLIGHT
END:VTIMEZONE
"""


def feed(text: str, zone: str = "Europe/Berlin") -> Feed:
    """The feed of a text."""
    return read(text.encode(), "text/calendar; charset=utf-8", zone)


def items(text: str) -> list[Appointment]:
    """All appointments of a feed, none of whose events may be broken."""
    found = list(feed(text).items.values())
    assert not [one for one in found if isinstance(one, Unreadable)]
    return [
        one.item
        for one in found
        if isinstance(one, RemoteItem) and isinstance(one.item, Appointment)
    ]


def only(lines: str, head: str = "") -> Appointment:
    """The one appointment of a feed with one event."""
    (item,) = items(calendar(lines, head=head))
    return item


def fault(lines: str, head: str = "") -> str:
    """Why the one event of a feed cannot be read."""
    (found,) = feed(calendar(lines, head=head)).items.values()
    assert isinstance(found, Unreadable)
    return found.error


@pytest.mark.parametrize(
    ("start", "zone", "wall"),
    [
        ("DTSTART:20261124T080000Z", "UTC", "2026-11-24T08:00:00"),
        ("DTSTART:20261124T090000", "Europe/Berlin", "2026-11-24T09:00:00"),
        ("DTSTART;TZID=Asia/Tokyo:20261124T090000", "Asia/Tokyo", "2026-11-24T09:00:00"),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261124T090000",
            "Europe/Berlin",
            "2026-11-24T09:00:00",
        ),
        (
            'DTSTART;TZID="/example.org/20260101_1/America/Argentina/Salta":20261124T090000',
            "America/Argentina/Salta",
            "2026-11-24T09:00:00",
        ),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:20261124T090000",
            "Europe/Paris",
            "2026-11-24T09:00:00",
        ),
    ],
)
def test_zones(start: str, zone: str, wall: str) -> None:
    """UTC, floating, IANA, Windows, and names with a path before them."""
    slot = only(start).when
    assert (slot.start, slot.start_zone, slot.foreign_zone) == (wall, zone, "")


def test_floating_times_are_the_calendars() -> None:
    """Where the calendar names a zone, floating is meant there."""
    item = only("DTSTART:20261124T090000", head="X-WR-TIMEZONE:America/New_York\n")
    assert item.when.start_zone == "America/New_York"


def test_a_zone_of_the_feeds_own() -> None:
    """Is computed by its own rules; its name is kept."""
    head = OWN_ZONE.format(name="Eigene", more="")
    slot = only("DTSTART;TZID=Eigene:20260701T090000\nDURATION:PT1H", head).when
    assert slot == Slot(
        start="2026-07-01T06:30:00",
        end="2026-07-01T07:30:00",
        start_zone="UTC",
        end_zone="UTC",
        foreign_zone="Eigene",
    )


def test_a_zone_may_name_its_place() -> None:
    """X-LIC-LOCATION counts before rules that somebody wrote by hand."""
    head = OWN_ZONE.format(name="Eigene", more="X-LIC-LOCATION:Europe/Rome\n")
    assert only("DTSTART;TZID=Eigene:20260701T090000", head).when.start_zone == "Europe/Rome"


@pytest.mark.parametrize("name", ["Mars/Olympus", "Europe", "../../etc/passwd", "X" * 300])
def test_an_unknown_zone_is_not_guessed(name: str) -> None:
    """A time an hour off is worse than none."""
    assert fault(f"DTSTART;TZID={name}:20261124T090000") == "item.zone"


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", "2026-12-24", "2026-12-27"),
        ("DTSTART;VALUE=DATE:20261224", "2026-12-24", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261224", "2026-12-24", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P2D", "2026-12-24", "2026-12-26"),
    ],
)
def test_whole_days(lines: str, start: str, end: str) -> None:
    """The end is the day after; some programs write the last day."""
    slot = only(lines).when
    assert (slot.all_day, slot.start, slot.end, slot.start_zone) == (True, start, end, "")


def test_a_duration_over_the_change_of_clocks() -> None:
    """Hours go by the clock, days by the calendar."""
    start = "DTSTART;TZID=Europe/Berlin:20261025T003000"
    assert only(f"{start}\nDURATION:PT4H").when.end == "2026-10-25T03:30:00"
    assert only(f"{start}\nDURATION:P1D").when.end == "2026-10-26T00:30:00"


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        ("", "busy"),
        ("TRANSP:TRANSPARENT", "free"),
        ("STATUS:TENTATIVE", "tentative"),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF\nTRANSP:OPAQUE", "away"),
        ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "elsewhere"),
    ],
)
def test_busy(lines: str, busy: str) -> None:
    """The standard's mark, and Outlook's finer one."""
    assert only(f"{BERLIN}\n{lines}").busy == busy


def test_words() -> None:
    """Folded lines, escapes, categories, a link; an alarm's words are not the event's."""
    lines = (
        f"{BERLIN}\nSUMMARY:Eins\\, zwei\n  drei\nLOCATION:Raum 1\\nLinks\nDESCRIPTION:a\\nb\\;c\n"
        "CATEGORIES:x,y\nCATEGORIES:z\nCLASS:PRIVATE\nURL:https://example.org/1\n"
        "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:wecken\nTRIGGER:-PT5M\nEND:VALARM"
    )
    item = only(lines)
    assert (item.subject, item.location) == ("Eins, zwei drei", "Raum 1 Links")
    assert (item.body.content, item.categories) == ("a\nb;c", ("x", "y", "z"))
    assert (item.sensitivity, item.editable) == ("private", False)
    (found,) = feed(calendar(lines)).items.values()
    assert isinstance(found, RemoteItem)
    assert found.link == "https://example.org/1"


def test_a_series_with_all_its_exceptions() -> None:
    """EXDATE in UTC, a moved occurrence, a cancelled one, UNTIL as a moment."""
    master = f"{BERLIN}\nSUMMARY:Team\nRRULE:FREQ=WEEKLY;UNTIL=20261222T080000Z\n"
    moved = "RECURRENCE-ID:20261208T080000Z\nDTSTART;TZID=Europe/Berlin:20261208T110000\n"
    moved += "DTEND;TZID=Europe/Berlin:20261208T120000\nSUMMARY:Team, später"
    gone = "RECURRENCE-ID;TZID=Europe/Berlin:20261215T090000\nDTSTART:20261215T080000Z\n"
    text = calendar(master + "EXDATE:20261201T080000Z", moved, gone + "STATUS:CANCELLED")
    (item,) = items(text.replace("UID:1", "UID:0").replace("UID:2", "UID:0"))
    assert item.recurrence == "FREQ=WEEKLY;UNTIL=20261222"
    assert item.cancellations == ("2026-12-01T09:00:00", "2026-12-15T09:00:00")
    (override,) = item.overrides.values()
    assert override.subject == "Team, später"
    assert override.when is not None
    assert override.when.start == "2026-12-08T11:00:00"


@pytest.mark.parametrize(
    ("until", "day"),
    [
        ("20261222T080000Z", "20261222"),
        ("20261222T075959Z", "20261221"),
        ("20261222", "20261222"),
        ("20261222T085900", "20261221"),
    ],
)
def test_the_last_day_of_a_rule(until: str, day: str) -> None:
    """A moment before the series' time of day leaves that day out."""
    found = only(f"{BERLIN}\nRRULE:FREQ=DAILY;UNTIL={until}")
    assert found.recurrence == f"FREQ=DAILY;UNTIL={day}"


def test_a_whole_day_series() -> None:
    """With EXDATE as a day."""
    lines = "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261202"
    item = only(lines)
    assert (item.recurrence, item.cancellations) == ("FREQ=DAILY;COUNT=3", ("2026-12-02",))


def test_what_stands_beside_the_rule() -> None:
    """RDATE, as moments and periods, and an occurrence moved where the rule has none: entries of
    their own; what the rule has already and what is excluded is not doubled."""
    rdates = "RDATE;TZID=Europe/Berlin:20261127T090000,20261201T090000,20261124T090000\n"
    rdates += "RDATE;VALUE=PERIOD:20261205T080000Z/PT2H\nRDATE:20261206T080000Z\n"
    master = f"{BERLIN}\nRRULE:FREQ=WEEKLY;COUNT=3\n{rdates}EXDATE:20261206T080000Z"
    stray = "RECURRENCE-ID:20270101T080000Z\nDTSTART:20270101T090000Z\nSUMMARY:Neujahr"
    found = items(calendar(master, stray).replace("UID:1", "UID:0"))
    starts = sorted(item.when.start for item in found)
    assert starts == [
        "2026-11-24T09:00:00",
        "2026-11-27T09:00:00",
        "2026-12-05T09:00:00",
        "2027-01-01T09:00:00",
    ]
    assert len({item.uid for item in found}) == 4


def test_an_occurrence_without_its_series() -> None:
    """Some programs publish a window of time."""
    item = only(f"RECURRENCE-ID:20261124T080000Z\n{BERLIN}\nSUMMARY:Einzeln")
    assert (item.subject, item.recurrence) == ("Einzeln", "")


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=HOURLY",
        "RRULE:FREQ=YEARLY;BYWEEKNO=20",
        "RRULE:FREQ=WEEKLY\nRRULE:FREQ=DAILY",
        "RRULE:FREQ=WEEKLY\nEXRULE:FREQ=MONTHLY",
    ],
)
def test_a_rule_that_cannot_be_held_is_not_guessed(rule: str) -> None:
    """It is told, and not approximated."""
    assert fault(f"{BERLIN}\n{rule}") == "item.rule"


@pytest.mark.parametrize(
    "lines",
    [
        "SUMMARY:never",
        "DTSTART:tomorrow",
        "DTSTART:20261324T080000Z",
        f"{BERLIN}\nRRULE:FREQ=SOMETIMES",
        f"{BERLIN}\nEXDATE:whenever",
        "DTSTART:20261124T080000Z\nDTEND:20261123T080000Z",
        "DTSTART:20261124T080000Z\nDTEND;VALUE=DATE:20261125",
        "DTSTART:20261124T080000Z\nDURATION:soon",
    ],
)
def test_a_broken_event_is_one_broken_event(lines: str) -> None:
    """The ones before and after it are there."""
    found = feed(calendar(BERLIN, lines, BERLIN)).items.values()
    assert [type(one).__name__ for one in found].count("RemoteItem") == 2
    assert [one.error for one in found if isinstance(one, Unreadable)] in (
        ["item.broken"],
        ["item.rule"],
    )


def test_an_event_that_never_ends_takes_no_other_with_it() -> None:
    """A missing END:VEVENT."""
    text = calendar(BERLIN, BERLIN, BERLIN).replace("END:VEVENT", "X-NO-END:", 1)
    kinds = sorted(type(one).__name__ for one in feed(text).items.values())
    assert kinds == ["RemoteItem", "RemoteItem", "Unreadable"]


def test_a_cancelled_event_is_not_there() -> None:
    """Nor is its series."""
    assert items(calendar(f"{BERLIN}\nSTATUS:CANCELLED")) == []


def test_the_later_version_of_an_event_counts() -> None:
    """Two with one UID."""
    text = calendar(f"{BERLIN}\nSEQUENCE:2\nSUMMARY:new", f"{BERLIN}\nSEQUENCE:1\nSUMMARY:old")
    (item,) = items(text.replace("UID:1", "UID:0"))
    assert item.subject == "new"


def test_refs_are_stable_and_versions_tell() -> None:
    """A new DTSTAMP is no change, another time is."""
    one = feed(calendar(BERLIN))
    again = feed(calendar(BERLIN).replace("20261101T000000Z", "20261102T000000Z"))
    other = feed(calendar(BERLIN.replace("T100000", "T103000")))
    assert one.versions == again.versions
    assert one.versions.keys() == other.versions.keys()
    assert one.versions != other.versions


def test_too_many_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed is read into memory as a whole."""
    monkeypatch.setattr("andock_icalendar_subscription.blocks.MOST_EVENTS", 2)
    with pytest.raises(errors.MemberError, match=r"feed\.too_large"):
        feed(calendar(BERLIN, BERLIN, BERLIN))
