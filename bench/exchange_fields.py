"""The same fields of calendar items that ours reads, straight from the XML, as plain texts."""

from typing import Any

from lxml import etree

from andock_exchange_calendar.soap import TYPES

Element = etree._Element
_PLAIN = (
    "Subject",
    "Sensitivity",
    "ReminderIsSet",
    "ReminderMinutesBeforeStart",
    "WebClientReadFormQueryString",
    "UID",
    "Start",
    "End",
    "IsAllDayEvent",
    "LegacyFreeBusyStatus",
    "Location",
    "IsMeeting",
    "MyResponseType",
    "AppointmentState",
)


def _t(name: str) -> str:
    return f"{{{TYPES}}}{name}"


_TAGS = {name: _t(name) for name in _PLAIN}
_ITEM, _ID, _BODY, _MAILBOX, _MODIFY = (
    _t(name) for name in ("CalendarItem", "ItemId", "Body", "Mailbox", "Modify")
)
_NAME, _ADDRESS, _RESPONSE = (_t(name) for name in ("Name", "EmailAddress", "ResponseType"))
_ZONES = tuple(_t(name) for name in ("StartTimeZone", "EndTimeZone"))
_PEOPLE = tuple(_t(name) for name in ("RequiredAttendees", "OptionalAttendees", "Resources"))
_RIGHTS, _ORGANIZER, _CATEGORIES = (
    _t(name) for name in ("EffectiveRights", "Organizer", "Categories")
)
_RECURRENCE, _CHANGED, _GONE = (
    _t(name) for name in ("Recurrence", "ModifiedOccurrences", "DeletedOccurrences")
)
_START, _ORIGINAL, _EXTENDED = (_t(name) for name in ("Start", "OriginalStart", "ExtendedProperty"))


def fields_of(answer: Element) -> list[dict[str, Any]]:
    """One dictionary per item of a GetItem answer."""
    return [_item(item) for item in answer.iter(_ITEM)]


def _item(item: Element) -> dict[str, Any]:
    inside = {child.tag: child for child in item}
    found: dict[str, Any] = {name: inside[tag].text for name, tag in _TAGS.items() if tag in inside}
    identity = inside[_ID]
    found["id"], found["version"] = identity.get("Id"), identity.get("ChangeKey")
    if _BODY in inside:
        found["body"] = (inside[_BODY].get("BodyType"), inside[_BODY].text)
    found["zones"] = [inside[zone].get("Id") for zone in _ZONES if zone in inside]
    if _RIGHTS in inside:
        found["modify"] = inside[_RIGHTS].findtext(_MODIFY)
    if _ORGANIZER in inside:
        found["organizer"] = _person(inside[_ORGANIZER])
    if _CATEGORIES in inside:
        found["categories"] = [category.text for category in inside[_CATEGORIES]]
    found["people"] = [
        (*_person(attendee), attendee.findtext(_RESPONSE))
        for kind in _PEOPLE
        if kind in inside
        for attendee in inside[kind]
    ]
    if _RECURRENCE in inside:
        found["rule"] = [
            (part.tag, [(one.tag, one.text) for one in part]) for part in inside[_RECURRENCE]
        ]
    for name, tag, start in (("changed", _CHANGED, _ORIGINAL), ("gone", _GONE, _START)):
        if tag in inside:
            found[name] = [(one[0].get("Id"), one.findtext(start)) for one in inside[tag]]
    if _EXTENDED in inside:
        found["operation"] = [(one.tag, one.text) for one in inside[_EXTENDED]]
    return found


def _person(holder: Element) -> tuple[str | None, str | None]:
    mailbox = holder.find(_MAILBOX)
    if mailbox is None:
        return None, None
    return mailbox.findtext(_NAME), mailbox.findtext(_ADDRESS)
