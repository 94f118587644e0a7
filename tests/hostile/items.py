"""Hostile items: one entry of three is tampered with on its way, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

MARK = "Tampered"
_T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One row of the table. `expected`: "arrives", or the message key of an item set aside."""

    name: str
    tamper: Callable[[bytes], bytes]
    expected: str = "arrives"


def _field(name: str, text: str | None, **attributes: str) -> Callable[[bytes], bytes]:
    """Give a field another text (None: take the field away) and attributes."""

    def change(item: etree._Element) -> None:
        found = item.find(f"{_T}{name}")
        if found is None:
            found = etree.SubElement(item, f"{_T}{name}")
        if text is None:
            item.remove(found)
        else:
            found.text = text
        for key, value in attributes.items():
            found.set(key, value)

    return _items(change)


def _items(change: Callable[[etree._Element], None]) -> Callable[[bytes], bytes]:
    """Change the item whose subject is MARK, in an honest answer."""

    def tamper(honest: bytes) -> bytes:
        root = etree.fromstring(honest)
        for item in root.iter(f"{_T}CalendarItem"):
            if item.findtext(f"{_T}Subject") == MARK:
                change(item)
        return etree.tostring(root, xml_declaration=True, encoding="utf-8")

    return tamper


def _raw(old: str, new: bytes) -> Callable[[bytes], bytes]:
    """Bytes that no XML writer would make, in the place of the marked subject."""
    return lambda honest: honest.replace(old.encode(), new)


def _without_fields(item: etree._Element) -> None:
    for child in list(item):
        item.remove(child)


def _only_id(item: etree._Element) -> None:
    for child in list(item):
        if child.tag != f"{_T}ItemId":
            item.remove(child)


def _other_kind(item: etree._Element) -> None:
    item.tag = f"{_T}Message"


def _comments(item: etree._Element) -> None:
    item.insert(0, etree.Comment("?"))
    item.insert(0, etree.ProcessingInstruction("php", "system()"))


def _series(pattern: str, span: str) -> Callable[[bytes], bytes]:
    """A recurrence whose pattern and span are given as XML without prefixes."""

    def change(item: etree._Element) -> None:
        types = _T.strip("{}")
        made = etree.fromstring(f'<Recurrence xmlns="{types}">{pattern}{span}</Recurrence>')
        item.append(made)

    return _items(change)


def _daily(interval: str) -> str:
    return f"<DailyRecurrence><Interval>{interval}</Interval></DailyRecurrence>"


def _attendees(count: int, name: str) -> Callable[[bytes], bytes]:
    def change(item: etree._Element) -> None:
        parent = etree.SubElement(item, f"{_T}RequiredAttendees")
        for number in range(count):
            mailbox = etree.SubElement(etree.SubElement(parent, f"{_T}Attendee"), f"{_T}Mailbox")
            etree.SubElement(mailbox, f"{_T}Name").text = name
            etree.SubElement(mailbox, f"{_T}EmailAddress").text = f"p{number}@x.test"

    return _items(change)


SCRIPT = (
    "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:x'>a</a><b>Hi</b>"
)
_NO_END = "<NoEndRecurrence><StartDate>2026-11-24</StartDate></NoEndRecurrence>"
UNREADABLE = "item.unreadable"

TABLE = [
    Row("a subject of 10,000 characters", _field("Subject", "S" * 10_000)),
    Row("a subject of 100,000 characters", _field("Subject", "S" * 100_000), UNREADABLE),
    Row("a subject of markup", _field("Subject", '</textarea><script>alert("1")</script>')),
    Row("a subject of quotes", _field("Subject", "\"'`&quot;&#39; {{ 7*7 }} %s %(x)s ${x}")),
    Row("a right-to-left override", _field("Subject", "\u202egpj.exe \u2066\u2067 evil")),
    Row("a subject of line ends", _field("Subject", "a\r\n\r\nb\u2028c\u2029d\u0085e")),
    Row("combining characters without end", _field("Subject", "Z" + "\u0300" * 5000)),
    Row("a non-character", _raw(MARK, "x\ufffe".encode()), UNREADABLE),
    Row("a NUL byte", _raw(MARK, b"x\x00y"), UNREADABLE),
    Row("a NUL by reference", _raw(MARK, b"x&#0;y")),
    Row("a lone surrogate by reference", _raw(MARK, b"x&#xD800;y")),
    Row("a lone surrogate in bytes", _raw(MARK, b"x\xed\xa0\x80y"), UNREADABLE),
    Row("bytes that are no UTF-8", _raw(MARK, b"x\xff\xfey"), UNREADABLE),
    Row("an unknown entity", _raw(MARK, b"x&bomb;y"), UNREADABLE),
    Row("a reference beyond Unicode", _raw(MARK, b"x&#x7FFFFFFF;y")),
    Row("a text of 11 MB", _field("Body", "B" * 11 * MEGABYTE), UNREADABLE),
    Row("notes of 2 MB", _field("Body", "B" * 2 * MEGABYTE)),
    Row("notes with scripts", _field("Body", SCRIPT, BodyType="HTML")),
    Row("notes 20,000 tags deep", _field("Body", "<div>" * 20_000, BodyType="HTML")),
    Row("notes of 30,000 open anchors", _field("Body", "<a href=x><b>" * 30_000, BodyType="HTML")),
    Row("tags 5,000 deep", _raw(MARK, b"<t:a>" * 5000 + b"</t:a>" * 5000), UNREADABLE),
    Row("nothing in it", _items(_without_fields), UNREADABLE),
    Row("nothing but its id", _items(_only_id), UNREADABLE),
    Row("comments and instructions in it", _items(_comments)),
    Row("a mail instead of an appointment", _items(_other_kind), "item.not_appointment"),
    Row("no start", _field("Start", None), UNREADABLE),
    Row("a start that is no date", _field("Start", "tomorrow"), UNREADABLE),
    Row("the 30th of February", _field("Start", "2026-02-30T09:00:00Z"), UNREADABLE),
    Row("the year 0001", _field("Start", "0001-01-01T00:00:00Z")),
    Row("the year 9999", _field("End", "9999-12-31T23:59:59Z"), UNREADABLE),
    Row("the year 99999", _field("End", "99999-12-31T23:59:59Z"), UNREADABLE),
    Row("an offset of 99 hours", _field("Start", "2026-11-24T09:00:00+99:00"), UNREADABLE),
    Row("an end before its start", _field("End", "2020-01-01T00:00:00Z")),
    Row("all day for 2,000 years", _field("IsAllDayEvent", "true")),
    Row("an unknown zone", _field("StartTimeZone", "", Id="Atlantis Standard Time")),
    Row("a custom zone", _field("StartTimeZone", "", Id="tzone://Microsoft/Custom")),
    Row("a zone that is a path", _field("StartTimeZone", "", Id="../../../etc/passwd")),
    Row("a zone of 100,000 characters", _field("StartTimeZone", "", Id="Z" * 100_000)),
    Row("a busy status of its own", _field("LegacyFreeBusyStatus", "Levitating")),
    Row("a sensitivity of its own", _field("Sensitivity", "Cosmic")),
    Row("a reminder of 10^30 minutes", _field("ReminderMinutesBeforeStart", "1" + "0" * 30)),
    Row("a reminder that is no number", _field("ReminderMinutesBeforeStart", "soon")),
    Row("a state that is no number", _field("AppointmentState", "x"), UNREADABLE),
    Row("a number of 5,000 digits", _field("AppointmentState", "9" * 5000), UNREADABLE),
    Row("5,000 attendees", _attendees(5000, "\u202e<b>\"'&")),
    Row("a UID of 100,000 characters", _field("UID", "U" * 100_000)),
    Row("a change key of 5,000 characters",
        _items(lambda item: item[0].set("ChangeKey", "K" * 5000)), UNREADABLE),
    Row("an interval of nought", _series(_daily("0"), _NO_END), UNREADABLE),
    Row("an interval below nought", _series(_daily("-3"), _NO_END), UNREADABLE),
    Row("an interval of 10^18", _series(_daily("1" + "0" * 18), _NO_END), UNREADABLE),
    Row("an interval that is no number", _series(_daily("often"), _NO_END), UNREADABLE),
    Row("a count of 10^12", _series(_daily("1"), "<NumberedRecurrence><StartDate>2026-11-24"
        "</StartDate><NumberOfOccurrences>1000000000000</NumberOfOccurrences>"
        "</NumberedRecurrence>"), UNREADABLE),
    Row("a count below nought", _series(_daily("1"), "<NumberedRecurrence><StartDate>2026-11-24"
        "</StartDate><NumberOfOccurrences>-1</NumberOfOccurrences></NumberedRecurrence>"),
        UNREADABLE),
    Row("an end before the start", _series(_daily("1"), "<EndDateRecurrence><StartDate>2026-11-24"
        "</StartDate><EndDate>1601-01-01</EndDate></EndDateRecurrence>")),
    Row("the 99th of each month", _series("<AbsoluteMonthlyRecurrence><Interval>1</Interval>"
        "<DayOfMonth>99</DayOfMonth></AbsoluteMonthlyRecurrence>", _NO_END)),
    Row("the 0th of each month", _series("<AbsoluteMonthlyRecurrence><Interval>1</Interval>"
        "<DayOfMonth>0</DayOfMonth></AbsoluteMonthlyRecurrence>", _NO_END), UNREADABLE),
    Row("weekly on no day", _series("<WeeklyRecurrence><Interval>1</Interval><DaysOfWeek/>"
        "</WeeklyRecurrence>", _NO_END), UNREADABLE),
    Row("weekly on Doomsday", _series("<WeeklyRecurrence><Interval>1</Interval><DaysOfWeek>Doomsday"
        "</DaysOfWeek></WeeklyRecurrence>", _NO_END), UNREADABLE),
    Row("an unknown pattern", _series("<LunarRecurrence/>", _NO_END), UNREADABLE),
    Row("a pattern without an end", _series(_daily("1"), ""), UNREADABLE),
]  # fmt: skip
