"""An item as a client sees it: a single entry, a series, or one of its occurrences.

``value`` computes what is not stored: ids, flags, occurrence lists.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from . import entries, occurrences, properties, times
from .errors import EwsError
from .ids import change_key
from .model import Folder, Item, Json, Props
from .occurrences import Slot
from .state import MailboxState

_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"(?is)<(style|script|head|title)\b.*?</\1>")
_LINE_END = re.compile(r"\r?\n")
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


def between(state: MailboxState, folder: Folder, low: str, high: str) -> list[View]:
    """The single entries and the occurrences of a calendar that touch an interval."""
    found: list[View] = []
    for item in state.live(folder.num):
        if item.kind != "CalendarItem":
            continue
        if not item.is_series:
            if occurrences.touches(item.props["Start"], item.props["End"], low, high):
                found.append(of_item(item))
        elif item.props["Start"] < high or item.exceptions:
            found += [of_slot(item, slot) for slot, _, _ in occurrences.within(item, low, high)]
    return found


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
        return _with_line_ends(held)
    if wanted == "HTML":
        lines = html.escape(held["text"], quote=False).replace("\r\n", "\n").replace("\n", "<br>\n")
        text = f"<html>\r\n<head></head>\r\n<body>\r\n{lines}\r\n</body>\r\n</html>\r\n"
        return {"type": "HTML", "text": text}
    text = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", held["text"])))
    return _with_line_ends({"type": "Text", "text": html.unescape(text).strip()})


def _with_line_ends(held: Json) -> Json:
    """Exchange gives every text with CR LF, whatever was written."""
    if held["type"] != "Text" or "\n" not in held["text"]:
        return held
    return {"type": "Text", "text": _LINE_END.sub("\r\n", held["text"])}


def value(state: MailboxState, view: View, name: str, body_type: str = "Best") -> Json:
    """The value of a property, stored or computed; None when there is none.

    ItemId and the folder and occurrence lists are not values: ``render`` writes them.
    """
    if name in ("Body", "TextBody"):
        return body(view.props.get("Body"), "Text" if name == "TextBody" else body_type)
    computed = _COMPUTED.get(view.item.kind, _COMMON).get(name)
    return computed(state, view) if computed else view.props.get(name)


_COMMON: dict[str, Callable[[MailboxState, View], Json]] = {
    "ItemClass": lambda state, view: _item_class(view),
    "DateTimeCreated": lambda state, view: view.item.created,
    "DateTimeReceived": lambda state, view: view.item.created,
    "DateTimeSent": lambda state, view: view.item.created,
    "LastModifiedTime": lambda state, view: view.item.modified,
    "LastModifiedName": lambda state, view: state.account.name,
    "Size": lambda state, view: 1024 + len(str(view.props)),
    "Culture": lambda state, view: view.props.get("Culture") or _culture(state),
    "IsSubmitted": lambda state, view: False,
    "IsDraft": lambda state, view: False,
    "IsFromMe": lambda state, view: False,
    "IsResend": lambda state, view: False,
    "IsAssociated": lambda state, view: False,
    "HasAttachments": lambda state, view: any(
        not held["IsInline"] for held in view.item.attachments
    ),
    "IsUnmodified": lambda state, view: len(view.item.history) == 1,
    "WebClientReadFormQueryString": lambda state, view: _web_link(state, view),
    "WebClientEditFormQueryString": lambda state, view: None,
    "DisplayTo": lambda state, view: _names(view.props, "RequiredAttendees", "ToRecipients"),
    "DisplayCc": lambda state, view: _names(view.props, "OptionalAttendees", "CcRecipients"),
}


def _item_class(view: View) -> str:
    if view.slot is not None:
        return "IPM.Appointment.Occurrence"
    return str(view.props.get("ItemClass") or properties.CLASS_OF.get(view.item.kind, "IPM.Note"))


def _web_link(state: MailboxState, view: View) -> str:
    """The query below the address of Outlook on the web that shows an item."""
    known = quote(state.ids.item(view.item.num, view.original), safe="")
    if view.item.kind == "CalendarItem":
        return f"?itemid={known}&exvsurl=1&path=/calendar/item"
    return f"?ItemID={known}&exvsurl=1&viewmodel=ReadMessageItem"


def _culture(state: MailboxState) -> str:
    return "de-DE" if state.account.language == "de" else "en-US"


def _names(props: Props, *lists: str) -> str:
    people = [entry for name in lists for entry in props.get(name) or []]
    return "; ".join(entry.get("mailbox", entry)["Name"] for entry in people)


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


_CALENDAR: dict[str, Callable[[MailboxState, View], Json]] = {
    "CalendarItemType": lambda state, view: view.type,
    # True for what belongs to a series, not for the series itself.
    "IsRecurring": lambda state, view: view.slot is not None,
    "RecurrenceId": lambda state, view: view.original,
    "OriginalStart": lambda state, view: view.original,
    "DateTimeStamp": lambda state, view: view.item.modified,
    "Duration": lambda state, view: _duration(view.props),
    "TimeZone": lambda state, view: (view.props.get("StartTimeZone") or {}).get("Name"),
    "StartTimeZoneId": lambda state, view: (view.props.get("StartTimeZone") or {}).get("Id"),
    "EndTimeZoneId": lambda state, view: (view.props.get("EndTimeZone") or {}).get("Id"),
    "StartWallClock": lambda state, view: _wall_clock(view.props, "Start"),
    "EndWallClock": lambda state, view: _wall_clock(view.props, "End"),
    "IsMeeting": lambda state, view: is_meeting(view.props, state.account.email),
    "IsOrganizer": lambda state, view: is_organizer(view.props, state.account.email),
    "ReminderDueBy": lambda state, view: view.props["Start"],
    "AppointmentState": lambda state, view: _appointment_state(state, view.props),
}


def _duration(props: Props) -> str:
    return times.duration(times.instant(props["End"]) - times.instant(props["Start"]))


def _wall_clock(props: Props, name: str) -> str:
    return times.local(props[name], occurrences.zone_of(props)).isoformat()


def _appointment_state(state: MailboxState, props: Props) -> int:
    """asfMeeting 1, asfReceived 2, asfCanceled 4 ([MS-OXOCAL] PidLidAppointmentStateFlags)."""
    owner = state.account.email
    received = not is_organizer(props, owner)
    return is_meeting(props, owner) * 1 + received * 2 + bool(props.get("IsCancelled")) * 4


_TASK: dict[str, Callable[[MailboxState, View], Json]] = {
    "IsComplete": lambda state, view: view.props.get("Status") == "Completed",
    "IsRecurring": lambda state, view: bool(view.props.get("Recurrence")),
    "IsTeamTask": lambda state, view: False,
    "Owner": lambda state, view: state.account.name,
    "ChangeCount": lambda state, view: len(view.item.history),
    "StatusDescription": lambda state, view: view.props.get("Status"),
}
_CONTACT: dict[str, Callable[[MailboxState, View], Json]] = {
    "CompleteName": lambda state, view: _complete_name(view),
    "ContactSource": lambda state, view: "Store",
    "HasPicture": lambda state, view: any(held["IsContactPhoto"] for held in view.item.attachments),
}


def _complete_name(view: View) -> Json:
    """The name in its parts; the title lies in a MAPI property alone (PidTagDisplayNamePrefix)."""
    title = view.extended.get("tag/0x3a45/String")
    parts = {"Title": title["value"] if title else ""}
    parts |= {part: view.props.get(name) or "" for part, name in _NAME_PARTS}
    return {part: text for part, text in parts.items() if text} or None


# In the schema's order.
_NAME_PARTS = (
    ("FirstName", "GivenName"),
    ("MiddleName", "MiddleName"),
    ("LastName", "Surname"),
    ("Suffix", "Generation"),
    ("Initials", "Initials"),
    ("FullName", "DisplayName"),
    ("Nickname", "Nickname"),
)
_LIST: dict[str, Callable[[MailboxState, View], Json]] = {
    "ContactSource": lambda state, view: "Store",
}
_MEETING: dict[str, Callable[[MailboxState, View], Json]] = {
    **{name: made for name, made in _CALENDAR.items() if name != "RecurrenceId"},
    "CalendarItemType": lambda state, view: _meeting_type(view.props),
    "OriginalStart": lambda state, view: view.props.get("RecurrenceId"),
    "IsRecurring": lambda state, view: bool(view.props.get("Recurrence")),
    "IsDelegated": lambda state, view: False,
    "IsOutOfDate": lambda state, view: False,
}


def _meeting_type(props: Props) -> str:
    if props.get("Recurrence"):
        return "RecurringMaster"
    return "Exception" if props.get("RecurrenceId") else "Single"


_COMPUTED = {
    "CalendarItem": {**_COMMON, **_CALENDAR},
    "Contact": {**_COMMON, **_CONTACT},
    "DistributionList": {**_COMMON, **_LIST},
    "Task": {**_COMMON, **_TASK},
    "MeetingRequest": {**_COMMON, **_MEETING},
    "MeetingResponse": {**_COMMON, **_MEETING},
    "MeetingCancellation": {**_COMMON, **_MEETING},
}


def owner_of(state: MailboxState) -> Json:
    """The mailbox value of the account's owner."""
    return entries.person(state.account.name, state.account.email)
