"""A calendar item, as Exchange gives it, to an Appointment. The way back is in `writing.py`."""

from collections.abc import Mapping
from typing import Literal

from andock_exchange_calendar import recurrence, slots
from andock_exchange_calendar.shape import OPERATION_NAME, OPERATION_SET
from andock_exchange_calendar.soap import TYPES, Children, Element, fields, text_of
from andock_sdk import NO_REMINDER, Appointment, Attendee, Body, Override, Person, Slot
from andock_sdk.items import Answer, Busy, Sensitivity

BUSY: dict[str, Busy] = {
    "Free": "free",
    "Tentative": "tentative",
    "Busy": "busy",
    "OOF": "away",
    "WorkingElsewhere": "elsewhere",
    "NoData": "busy",
}
SENSITIVITY: dict[str, Sensitivity] = {
    "Normal": "normal",
    "Personal": "personal",
    "Private": "private",
    "Confidential": "confidential",
}
_ANSWERS: dict[str, Answer] = {
    "Accept": "accepted",
    "Tentative": "tentative",
    "Decline": "declined",
    "Organizer": "organizer",
}
_MODIFY = f"{{{TYPES}}}Modify"
_EXTENDED = f"{{{TYPES}}}ExtendedProperty"
_ROLES: tuple[tuple[str, Literal["required", "optional", "resource"]], ...] = (
    ("RequiredAttendees", "required"),
    ("OptionalAttendees", "optional"),
    ("Resources", "resource"),
)
_LONGEST_OPERATION = 64
_RECEIVED = 2  # the bit of AppointmentState that marks somebody else's meeting
_MINE = {"", "Organizer", "Unknown"}
_OVERRIDABLE = ("subject", "body", "location", "busy", "sensitivity", "categories")


def to_appointment(
    inside: Children, exceptions: Mapping[str, Children], zone: str = ""
) -> Appointment:
    """The appointment from an item's children. `exceptions` holds the changed occurrences of
    series by their item id; one that is missing there has gone meanwhile. `zone` (IANA) is where
    days begin when the item does not say. Raises ValueError for what cannot be one."""
    single = _plain(inside, zone)
    if "Recurrence" not in inside or not len(inside["Recurrence"]):
        return single
    return single.model_copy(
        update={
            "recurrence": recurrence.read(inside["Recurrence"]),
            "overrides": _overrides(single, inside, exceptions, zone),
            "cancellations": _cancellations(single.when, inside),
        }
    )


def exception_ids(inside: Children) -> list[str]:
    """The ids of the occurrences that differ from their series."""
    changed = inside.get("ModifiedOccurrences")
    if changed is None:
        return []
    ids = (fields(occurrence).get("ItemId") for occurrence in changed)
    return [found.get("Id", "") for found in ids if found is not None]


def operation_id(item: Element) -> str:
    """The operation id that Andock gave the item at creation, or ""."""
    for child in item.iterchildren(_EXTENDED):
        inside = fields(child)
        path = inside.get("ExtendedFieldURI")
        if path is not None and path.get("PropertyName") == OPERATION_NAME:
            same = (path.get("PropertySetId") or "").strip("{}").lower() == OPERATION_SET
            value = text_of(inside, "Value") if same else ""
            return value if len(value) <= _LONGEST_OPERATION else ""  # not one of ours
    return ""


def _plain(inside: dict[str, Element], zone: str) -> Appointment:
    attendees = _attendees(inside)
    meeting = bool(attendees) or text_of(inside, "IsMeeting") == "true"
    return Appointment(
        when=slots.read(inside, zone),
        subject=text_of(inside, "Subject"),
        body=body(inside.get("Body")),
        location=text_of(inside, "Location"),
        busy=BUSY.get(text_of(inside, "LegacyFreeBusyStatus"), "busy"),
        sensitivity=SENSITIVITY.get(text_of(inside, "Sensitivity"), "normal"),
        categories=texts(inside.get("Categories")),
        reminder_minutes=_reminder(inside),
        organizer=_organizer(inside) if meeting else None,
        attendees=attendees,
        editable=_editable(inside, meeting),
        uid=text_of(inside, "UID"),
        overrides={},  # said, since pydantic would copy the default at length
    )


def body(element: Element | None) -> Body:
    """HTML stays as it came. In text, line ends are written in one way: Exchange turns each into
    CR LF, and a difference in line ends would travel to and fro for ever."""
    if element is None or not element.text:
        return Body()
    if element.get("BodyType") == "HTML":
        return Body(kind="html", content=element.text)
    return Body(content=element.text.replace("\r\n", "\n"))


def texts(parent: Element | None) -> tuple[str, ...]:
    """The texts of a list of strings."""
    return () if parent is None else tuple(child.text for child in parent if child.text)


def _reminder(inside: dict[str, Element]) -> int | None:
    if text_of(inside, "ReminderIsSet") != "true":
        return None
    return int(text_of(inside, "ReminderMinutesBeforeStart") or 0)


def _organizer(inside: dict[str, Element]) -> Person | None:
    organizer = inside.get("Organizer")
    if organizer is None or not len(organizer):
        return None
    return _person(organizer[0])


def _person(mailbox: Element) -> Person:
    inside = fields(mailbox)
    address = text_of(inside, "EmailAddress")
    # Inside the organisation Exchange may give a directory path (/o=…/cn=…) for an address.
    return Person(name=text_of(inside, "Name"), email=address if "@" in address else "")


def _attendees(inside: dict[str, Element]) -> tuple[Attendee, ...]:
    found: list[Attendee] = []
    for name, role in _ROLES:
        for attendee in inside.get(name, ()):
            about = fields(attendee)
            answer = _ANSWERS.get(text_of(about, "ResponseType"), "none")
            person = _person(about["Mailbox"])
            found.append(Attendee(person=person, role=role, answer=answer))
    return tuple(found)


def _editable(inside: dict[str, Element], meeting: bool) -> bool:
    rights = inside.get("EffectiveRights")
    if rights is not None and rights.findtext(_MODIFY) == "false":
        return False
    state = text_of(inside, "AppointmentState")
    if state and int(state) & _RECEIVED:
        return False
    return not meeting or text_of(inside, "MyResponseType") in _MINE


def _cancellations(series: Slot, inside: dict[str, Element]) -> tuple[str, ...]:
    deleted = inside.get("DeletedOccurrences", ())
    starts = (text_of(fields(occurrence), "Start") for occurrence in deleted)
    return tuple(sorted({slots.original_start(series, start) for start in starts}))


def _overrides(
    series: Appointment,
    inside: Children,
    exceptions: Mapping[str, Children],
    zone: str,
) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for occurrence in inside.get("ModifiedOccurrences", ()):
        about = fields(occurrence)
        item = exceptions.get(about["ItemId"].get("Id", ""))
        if item is None:
            continue
        original = slots.original_start(series.when, text_of(about, "OriginalStart"))
        override = _difference(series, _plain(item, zone), original)
        if override != Override():
            found[original] = override
    return dict(sorted(found.items()))


def _difference(series: Appointment, own: Appointment, original: str) -> Override:
    """What the occurrence has of its own."""
    differing: dict[str, object] = {
        name: getattr(own, name)
        for name in _OVERRIDABLE
        if getattr(own, name) != getattr(series, name)
    }
    if own.reminder_minutes != series.reminder_minutes:
        minutes = own.reminder_minutes
        differing["reminder_minutes"] = NO_REMINDER if minutes is None else minutes
    if not slots.same_time(own.when, slots.shifted(series.when, original)):
        differing["when"] = own.when
    return Override.model_validate(differing)
