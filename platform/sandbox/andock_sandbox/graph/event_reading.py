"""Calendar entries as Graph shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from .. import times, views
from ..ids import global_object_id
from ..model import Json, Props
from ..occurrences import zone_of
from ..state import MailboxState
from ..views import View
from . import clock, extended, recurrence
from .odata import select

if TYPE_CHECKING:
    from .context import Call

SHOW_AS = {
    "Free": "free",
    "Tentative": "tentative",
    "Busy": "busy",
    "OOF": "oof",
    "WorkingElsewhere": "workingElsewhere",
    "NoData": "unknown",
}
_TYPES = {
    "Single": "singleInstance",
    "RecurringMaster": "seriesMaster",
    "Occurrence": "occurrence",
    "Exception": "exception",
}
RESPONSES = {
    "Unknown": "none",
    "NoResponseReceived": "notResponded",
    "Organizer": "organizer",
    "Accept": "accepted",
    "Tentative": "tentativelyAccepted",
    "Decline": "declined",
}
ATTENDEES = {
    "RequiredAttendees": "required",
    "OptionalAttendees": "optional",
    "Resources": "resource",
}
TRANSACTION, HIDES = "graph/transactionId", "graph/hideAttendees"
_PREVIEW = 255


def event(call: Call, view: View) -> Json:
    """All properties of an entry, with what $expand adds, reduced by $select."""
    made = full(call, view)
    extended.expand(call, view, made)
    return select(made, call.query.select)


def stub(call: Call, view: View) -> Json:
    """What a delta tells of an entry: where it lies, and which it is."""
    made = {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": call.etag(view.item.version),
        "id": call.ids.item(view.item, view.original),
        "type": _TYPES[view.type],
        **_span(call, view.props),
    }
    if view.slot is not None:
        made["seriesMasterId"] = call.ids.item(view.item)
    return made


def full(call: Call, view: View) -> Json:
    """All properties of an entry."""
    props, item, state = view.props, view.item, call.state
    owner = state.account.email
    zone_name = clock.original((props.get("StartTimeZone") or {}).get("Id", "UTC"))
    end_zone = clock.original((props.get("EndTimeZone") or {}).get("Id", zone_name))
    location = {"displayName": props.get("Location") or "", "locationType": "default"}
    held = item.extended
    return {
        "@odata.etag": call.etag(item.version),
        "id": call.ids.item(item, view.original),
        "createdDateTime": item.created,
        "lastModifiedDateTime": item.modified,
        "changeKey": call.change_key(item.version),
        "categories": list(props.get("Categories") or []),
        "transactionId": held[TRANSACTION]["value"] if TRANSACTION in held else None,
        "originalStartTimeZone": zone_name,
        "originalEndTimeZone": end_zone,
        "iCalUId": _uid(view),
        "reminderMinutesBeforeStart": int(props.get("ReminderMinutesBeforeStart") or 0),
        "isReminderOn": bool(props.get("ReminderIsSet")),
        "hasAttachments": bool(views.value(state, view, "HasAttachments")),
        "subject": props.get("Subject") or "",
        "bodyPreview": _preview(state, view),
        "importance": str(props.get("Importance") or "Normal").lower(),
        "sensitivity": str(props.get("Sensitivity") or "Normal").lower(),
        "isAllDay": bool(props.get("IsAllDayEvent")),
        "isCancelled": bool(props.get("IsCancelled")),
        "isOrganizer": views.is_organizer(props, owner),
        "responseRequested": bool(props.get("IsResponseRequested", True)),
        "seriesMasterId": call.ids.item(item) if view.slot is not None else None,
        "showAs": SHOW_AS.get(props.get("LegacyFreeBusyStatus", "Busy"), "unknown"),
        "type": _TYPES[view.type],
        "webLink": _web_link(call, view),
        "onlineMeetingUrl": None,
        "isOnlineMeeting": bool(props.get("IsOnlineMeeting")),
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": bool(props.get("AllowNewTimeProposal", True)),
        "isDraft": False,
        "hideAttendees": HIDES in held and bool(held[HIDES]["value"]),
        "onlineMeeting": None,
        "originalStart": view.original,
        "responseStatus": {
            "response": RESPONSES.get(props.get("MyResponseType", "Unknown"), "none"),
            "time": clock.offset(props.get("AppointmentReplyTime")),
        },
        "body": body(props, as_text=call.wants_text),
        **_span(call, props),
        "location": location if location["displayName"] else {**location, "displayName": ""},
        "locations": [location] if location["displayName"] else [],
        "recurrence": recurrence.write(props.get("Recurrence"), zone_name),
        "attendees": attendees(props),
        "organizer": _person(props.get("Organizer")),
    }


def _uid(view: View) -> str:
    """The UID, as EWS tells it. Each occurrence has one of its own, with its day in it."""
    uid = str(view.props.get("UID", ""))
    return uid if view.slot is None else global_object_id(uid, view.original).hex().upper()


def _span(call: Call, props: Props) -> Json:
    if props.get("IsAllDayEvent"):
        own = zone_of(props)
        return {
            "start": clock.write_day(props["Start"], own, call.zone_name),
            "end": clock.write_day(props["End"], own, call.zone_name),
        }
    return {
        "start": clock.write(props["Start"], call.zone, call.zone_name),
        "end": clock.write(props["End"], call.zone, call.zone_name),
    }


def body(props: Props, *, as_text: bool) -> Json:
    """An itemBody; HTML unless text is preferred."""
    held = views.body(props.get("Body"), "Text" if as_text else "HTML")
    if not as_text and not (props.get("Body") or {}).get("text"):
        return {"contentType": "html", "content": ""}
    return {"contentType": held["type"].lower(), "content": held["text"]}


def _preview(state: MailboxState, view: View) -> str:
    text = (views.value(state, view, "TextBody") or {}).get("text") or ""
    return str(text)[:_PREVIEW]


def attendees(props: Props) -> list[Json]:
    """All who are invited, with their answers."""
    return [
        {
            "type": kind,
            "status": {
                "response": RESPONSES.get(entry.get("response") or "Unknown", "none"),
                "time": clock.offset(entry.get("replied")),
            },
            "emailAddress": _address(entry["mailbox"]),
        }
        for name, kind in ATTENDEES.items()
        for entry in props.get(name) or []
    ]


def _address(mailbox: Json) -> Json:
    return {"name": mailbox.get("Name", ""), "address": mailbox.get("EmailAddress", "")}


def _person(mailbox: Json) -> Json:
    return {"emailAddress": _address(mailbox)} if mailbox else None


def _web_link(call: Call, view: View) -> str:
    known = quote(call.state.ids.item(view.item.num, view.original), safe="")
    return f"{call.request.base}/owa/?itemid={known}&exvsurl=1&path=/calendar/item"


def cancelled(call: Call, view: View) -> list[str]:
    """The occurrence ids of what was taken out of a series."""
    master, zone = call.ids.item(view.item), zone_of(view.props)
    return [
        f"OID.{master}.{times.local(start, zone).date().isoformat()}"
        for start in sorted(view.item.deleted)
    ]
