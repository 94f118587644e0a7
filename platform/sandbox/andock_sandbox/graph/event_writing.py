"""Bodies of calendar entries as the mailbox keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .. import entries, mapi, zones
from ..model import Item, Json, Props
from . import bodies, clock, extended, recurrence
from .bodies import Table
from .errors import GraphError, bad_property
from .event_reading import ATTENDEES, HIDES, SHOW_AS, TRANSACTION

if TYPE_CHECKING:
    from .context import Call

_SENSITIVITY = ("normal", "personal", "private", "confidential")
_IMPORTANCE = ("low", "normal", "high")
_BUSY = {name: known for known, name in SHOW_AS.items()}
_LISTS = {kind: name for name, kind in ATTENDEES.items()}
_READ_ONLY = (
    "id createdDateTime lastModifiedDateTime changeKey originalStartTimeZone originalEndTimeZone"
    " originalStart iCalUId hasAttachments bodyPreview isCancelled isOrganizer seriesMasterId type"
    " webLink onlineMeetingUrl onlineMeeting isDraft responseStatus organizer calendar instances"
    " cancelledOccurrences exceptionOccurrences attachments multiValueExtendedProperties"
)
TABLE: Table = {
    **dict.fromkeys(_READ_ONLY.split(), "-"),
    "subject": "string",
    "body": "object",
    "start": "object",
    "end": "object",
    "isAllDay": "bool",
    "location": "object",
    "locations": "objects",
    "showAs": tuple(_BUSY),
    "sensitivity": _SENSITIVITY,
    "importance": _IMPORTANCE,
    "categories": "strings",
    "isReminderOn": "bool",
    "reminderMinutesBeforeStart": "int",
    "attendees": "objects",
    "responseRequested": "bool",
    "allowNewTimeProposals": "bool",
    "hideAttendees": "bool",
    "isOnlineMeeting": "bool",
    "onlineMeetingProvider": (
        "unknown",
        "skypeForBusiness",
        "skypeForConsumer",
        "teamsForBusiness",
    ),
    "recurrence": "object",
    "transactionId": "string",
    "singleValueExtendedProperties": "objects",
    "extensions": "objects",
}
# What the attendees are told about when it changes; the rest is the owner's own.
_TOLD = frozenset(
    {
        "Subject",
        "Body",
        "Start",
        "End",
        "StartTimeZone",
        "IsAllDayEvent",
        "Location",
        "Recurrence",
        "Importance",
        "RequiredAttendees",
        "OptionalAttendees",
        "Resources",
        "IsResponseRequested",
        "AllowNewTimeProposal",
        "IsOnlineMeeting",
    }
)
_INVITED = frozenset(ATTENDEES)


@dataclass
class Written:
    """What a body sets (``props``, ``extended``) and takes out (``removed``)."""

    props: Props = field(default_factory=dict)
    extended: dict[str, Json] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    transaction: str = ""

    @property
    def send(self) -> str:
        """Whom Graph mails about it: nobody, those added or taken out, everybody."""
        touched = {*self.props, *self.removed} & _TOLD
        if not touched:
            return "SendToNone"
        return "SendToChangedAndSaveCopy" if touched <= _INVITED else "SendToAllAndSaveCopy"


def read(call: Call, item: Item | None, before: Props) -> Written:
    """What the request's body says about an entry; ``before`` is what it has now (empty for a
    new one). GraphError."""
    given = bodies.checked(call.body, TABLE, "event")
    made = Written(transaction=given.get("transactionId") or "")
    if made.transaction and item is None:
        made.extended[TRANSACTION] = {"uri": {}, "value": made.transaction}
    _read_plain(given, made)
    _read_times(given, made, before)
    _read_attendees(given, made, before)
    if "recurrence" in given:
        rule = recurrence.read(given["recurrence"])
        made.props |= {"Recurrence": rule} if rule else {}
        made.removed |= set() if rule or item is None else {"Recurrence"}
    for key, held in extended.read(given.get("singleValueExtendedProperties")).items():
        if held["value"] is None:
            made.removed.add(key)
        else:
            made.extended[key] = held
    if given.get("extensions"):
        stored = dict(extended.read_extension(one) for one in given["extensions"])
        made.extended[extended.EXTENSIONS] = {"uri": {}, "value": stored}
    mapi.absorb(item, "CalendarItem", made.props, made.extended)
    return made


def _read_plain(given: dict[str, Json], made: Written) -> None:
    simple = {
        "subject": "Subject",
        "categories": "Categories",
        "isReminderOn": "ReminderIsSet",
        "reminderMinutesBeforeStart": "ReminderMinutesBeforeStart",
        "responseRequested": "IsResponseRequested",
        "allowNewTimeProposals": "AllowNewTimeProposal",
        "isOnlineMeeting": "IsOnlineMeeting",
        "isAllDay": "IsAllDayEvent",
    }
    empty = {"subject": "", "categories": [], "reminderMinutesBeforeStart": 0}
    for name, prop in simple.items():
        if name in given:
            held = given[name]
            made.props[prop] = empty.get(name, False) if held is None else held
    if given.get("showAs"):
        made.props["LegacyFreeBusyStatus"] = _BUSY[given["showAs"]]
    for name in ("sensitivity", "importance"):
        if given.get(name):
            made.props[name.title()] = given[name].title()
    if "hideAttendees" in given:
        made.extended[HIDES] = {"uri": {}, "value": bool(given["hideAttendees"])}
    if "body" in given:
        made.props["Body"] = read_body(given["body"])
    if "location" in given or "locations" in given:
        made.props["Location"] = _location(given)


def read_body(value: Json) -> Json:
    """A body as it is kept. GraphError."""
    if value is None:
        return {"type": "Text", "text": ""}
    kind = bodies.choice("contentType", value.get("contentType") or "text", ("text", "html"))
    content = value.get("content") or ""
    if not isinstance(content, str):
        raise bad_property("content")
    return {"type": "HTML" if kind == "html" else "Text", "text": content}


def _location(given: dict[str, Json]) -> str:
    places = given.get("locations") or ([given["location"]] if given.get("location") else [])
    names = [place.get("displayName") for place in places]
    if not all(isinstance(name, str | None) for name in names):
        raise bad_property("location")
    return "; ".join(name for name in names if name)


def _read_times(given: dict[str, Json], made: Written, before: Props) -> None:
    whole = made.props.get("IsAllDayEvent", before.get("IsAllDayEvent", False))
    for name, zone_prop in (("start", "StartTimeZone"), ("end", "EndTimeZone")):
        if given.get(name) is None:
            continue
        own = (before.get(zone_prop) or {}).get("Id", "")
        moment, zone = clock.read(given[name], name, own=own)
        made.props[name.title()] = moment
        if whole and not clock.day_in(given[name], name)[1]:
            raise GraphError(
                400,
                "ErrorPropertyValidationFailure",
                f"The Event.{name.title()} property for an all-day event needs to be set to"
                " midnight.",
            )
        made.props[zone_prop] = {"Id": zone, "Name": zones.display_name(zone)}
    if not before and ("Start" not in made.props or "End" not in made.props):
        raise GraphError(
            400, "ErrorInvalidRequest", "Start and end are required when creating an event."
        )


def _read_attendees(given: dict[str, Json], made: Written, before: Props) -> None:
    if "attendees" not in given:
        return
    answers = {
        entry["mailbox"]["EmailAddress"].casefold(): entry
        for name in ATTENDEES
        for entry in before.get(name) or []
    }
    lists: dict[str, list[Json]] = {name: [] for name in ATTENDEES}
    for one in given["attendees"] or []:
        address = one.get("emailAddress")
        if not isinstance(address, dict) or not isinstance(address.get("address"), str):
            raise bad_property("attendees")
        if not isinstance(address.get("name"), str | None):
            raise bad_property("attendees")
        kind = bodies.choice("type", one.get("type") or "required", tuple(_LISTS))
        known = answers.get(address["address"].casefold(), {})
        lists[_LISTS[kind]].append(
            {
                "mailbox": entries.person(address.get("name") or "", address["address"]),
                "response": known.get("response", "Unknown"),
                "replied": known.get("replied"),
            }
        )
    for name, people in lists.items():
        if people or before.get(name):
            made.props[name] = people
