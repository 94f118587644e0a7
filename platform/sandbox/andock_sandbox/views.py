"""An item as a client sees it: a single entry, a series, or one of its occurrences.

``value`` computes what is not stored: ids, flags, occurrence lists.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from . import entries, occurrences, properties, times, zones
from .errors import EwsError
from .ids import change_key
from .model import Item, Json, Props
from .occurrences import Slot
from .state import MailboxState

_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"(?is)<(style|script|head|title)\b.*?</\1>")
_BREAK = re.compile(r"(?i)<br\s*/?>|</p>|</div>|</tr>")


@dataclass(frozen=True)
class View:
    """What one id stands for. ``slot`` is set for an occurrence; ``type`` is its
    CalendarItemType."""

    item: Item
    props: Props
    extended: dict[str, Json]
    type: str = "Single"
    slot: Slot | None = None

    @property
    def original(self) -> str | None:
        """The original start of an occurrence."""
        return self.slot.start if self.slot else None


def of_item(item: Item) -> View:
    """An item as it is stored."""
    kind = "RecurringMaster" if item.is_series else "Single"
    return View(item, item.props, item.extended, kind)


def of_slot(item: Item, slot: Slot) -> View:
    """One occurrence of a series."""
    changed = item.exceptions.get(slot.start)
    props = {key: held for key, held in item.props.items() if key != "Recurrence"}
    props |= {"Start": slot.start, "End": slot.end}
    if changed is None:
        return View(item, props, item.extended, "Occurrence", slot)
    merged = {**props, **changed.get("props", {})}
    return View(item, merged, {**item.extended, **changed.get("extended", {})}, "Exception", slot)


def find(state: MailboxState, text: str) -> View:
    """The view that an item id or occurrence id names. EwsError."""
    ref = state.ids.decode(text)
    item = state.item(ref)
    if ref.original is None:
        return of_item(item)
    if not item.is_series or ref.original in item.deleted:
        raise EwsError("ErrorItemNotFound")
    return of_slot(item, occurrences.slot_at(item, ref.original))


def key_of(state: MailboxState, view: View) -> tuple[str, str]:
    """(id, change key) of a view."""
    return state.ids.item(view.item.num, view.original), change_key(state.guid, view.item.version)


def body(held: Json, wanted: str) -> Json:
    """A body converted to HTML or Text; ``Best`` leaves it as it was stored."""
    if not held:
        held = {"type": "Text", "text": ""}
    if wanted in ("Best", held["type"]):
        return held
    if wanted == "HTML":
        lines = html.escape(held["text"], quote=False).replace("\r\n", "\n").replace("\n", "<br>\n")
        text = f"<html>\r\n<head></head>\r\n<body>\r\n{lines}\r\n</body>\r\n</html>\r\n"
        return {"type": "HTML", "text": text}
    text = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", held["text"])))
    return {"type": "Text", "text": html.unescape(text).strip()}


def value(state: MailboxState, view: View, name: str, body_type: str = "Best") -> Json:
    """The value of a property, stored or computed; None when there is none.

    ItemId and the folder and occurrence lists are not values: ``render`` writes them.
    """
    if name in ("Body", "TextBody"):
        return body(view.props.get("Body"), "Text" if name == "TextBody" else body_type)
    computed = _common(state, view, name)
    if computed is None and view.item.kind == "CalendarItem":
        computed = _calendar(state, view, name)
    if computed is None and view.item.kind == "Task":
        computed = _task(state, view, name)
    return view.props.get(name) if computed is None else computed


def _common(state: MailboxState, view: View, name: str) -> Json:
    item, props = view.item, view.props
    match name:
        case "ItemClass":
            if view.type in ("Occurrence", "Exception"):
                return "IPM.Appointment.Occurrence"
            return props.get("ItemClass") or properties.CLASS_OF.get(item.kind, "IPM.Note")
        case "DateTimeCreated" | "DateTimeReceived" | "DateTimeSent":
            return item.created
        case "LastModifiedTime":
            return item.modified
        case "LastModifiedName":
            return state.account.name
        case "Size":
            return 1024 + len(str(props))
        case "Culture":
            return props.get("Culture") or ("de-DE" if state.account.language == "de" else "en-US")
        case "IsSubmitted" | "IsDraft" | "IsFromMe" | "IsResend" | "IsAssociated":
            return False
        case "HasAttachments":
            return False
        case "IsUnmodified":
            return len(item.history) == 1
        case "DisplayTo":
            return _names(props.get("RequiredAttendees") or props.get("ToRecipients"))
        case "DisplayCc":
            return _names(props.get("OptionalAttendees") or props.get("CcRecipients"))
    return None


def _names(people: Json) -> str:
    return "; ".join(entry.get("mailbox", entry)["Name"] for entry in people or [])


def is_meeting(props: Props, owner: str) -> bool:
    """Whether others take part: attendees, or an organizer who is not the mailbox's owner."""
    return has_attendees(props) or not is_organizer(props, owner)


def has_attendees(props: Props) -> bool:
    """Whether anybody is invited."""
    return any(props.get(name) for name in ("RequiredAttendees", "OptionalAttendees", "Resources"))


def is_organizer(props: Props, owner: str) -> bool:
    """Whether the entry is the mailbox owner's own."""
    organizer = props.get("Organizer") or {}
    return str(organizer.get("EmailAddress", owner)).casefold() == owner.casefold()


def _calendar(state: MailboxState, view: View, name: str) -> Json:
    props, zone = view.props, occurrences.zone_of(view.props)
    owner = state.account.email
    match name:
        case "CalendarItemType":
            return view.type
        case "IsRecurring":
            # True for what belongs to a series, not for the series itself.
            return view.type in ("Occurrence", "Exception")
        case "RecurrenceId" | "OriginalStart":
            return view.original
        case "DateTimeStamp":
            return view.item.modified
        case "Duration":
            return times.duration(times.instant(props["End"]) - times.instant(props["Start"]))
        case "TimeZone":
            return (props.get("StartTimeZone") or {}).get("Name")
        case "StartTimeZoneId" | "EndTimeZoneId":
            return (props.get(name.removesuffix("Id")) or {}).get("Id")
        case "StartWallClock" | "EndWallClock":
            return times.local(props[name.removesuffix("WallClock")], zone).isoformat()
        case "IsMeeting":
            return is_meeting(props, owner)
        case "IsOrganizer":
            return is_organizer(props, owner)
        case "ReminderDueBy":
            return props["Start"]
        case "AppointmentState":
            mine = is_organizer(props, owner)
            meeting = is_meeting(props, owner)
            return meeting * 1 + (not mine) * 2 + bool(props.get("IsCancelled")) * 4
    return None


def _task(state: MailboxState, view: View, name: str) -> Json:
    match name:
        case "IsComplete":
            return view.props.get("Status") == "Completed"
        case "IsRecurring":
            return bool(view.props.get("Recurrence"))
        case "IsTeamTask":
            return False
        case "Owner":
            return state.account.name
        case "ChangeCount":
            return len(view.item.history)
        case "StatusDescription":
            return view.props.get("Status")
    return None


def owner_of(state: MailboxState) -> Json:
    """The mailbox value of the account's owner."""
    return entries.person(state.account.name, state.account.email)


def zone_named(text: str) -> bool:
    """Whether a zone's name is one that the server can compute with."""
    return zones.find(text) is not None
