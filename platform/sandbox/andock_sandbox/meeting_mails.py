"""Mails about meetings in the inboxes of a sandbox: requests, cancellations, answers."""

from __future__ import annotations

import copy

from . import outbox, properties
from .model import Item, Json, Props
from .state import MailboxState

_KINDS = {
    outbox.REQUEST: "MeetingRequest",
    outbox.UPDATE: "MeetingRequest",
    outbox.CANCELLATION: "MeetingCancellation",
    outbox.RESPONSE: "MeetingResponse",
}
# The item class and the words before the subject, by answer.
_ANSWERS = {
    "Accept": ("IPM.Schedule.Meeting.Resp.Pos", "Accepted: "),
    "Tentative": ("IPM.Schedule.Meeting.Resp.Tent", "Tentative: "),
    "Decline": ("IPM.Schedule.Meeting.Resp.Neg", "Declined: "),
}
# What a mail does not take from the meeting, since it is not the meeting's own.
_NOT_CARRIED = frozenset({"ItemClass", "IsResponseRequested"})


def deliver(
    target: MailboxState,
    props: Props,
    kind: str,
    sender: Json,
    calendar_item: Item | None,
    *,
    original: str | None = None,
    answer: str = "",
) -> Item:
    """Put a mail about a meeting into an inbox. ``kind`` is the outbox's, ``answer`` that of a
    response, ``calendar_item`` the entry in the same mailbox that it is about."""
    element = _KINDS[kind]
    known = properties.by_name(element)
    mail: Props = {
        name: copy.deepcopy(held)
        for name, held in props.items()
        if name in known and name not in _NOT_CARRIED and held is not None
    }
    mail |= {
        "From": sender,
        "Sender": sender,
        "ToRecipients": _people(props, "RequiredAttendees"),
        "CcRecipients": _people(props, "OptionalAttendees"),
        "IsRead": False,
        "RecurrenceId": original,
        "HasBeenProcessed": True,
        "AssociatedCalendarItemId": calendar_item.num if calendar_item is not None else None,
    }
    if original is not None:
        mail.pop("Recurrence", None)
    if kind in (outbox.REQUEST, outbox.UPDATE):
        mail |= {
            "MeetingRequestType": "NewMeetingRequest" if kind == outbox.REQUEST else "FullUpdate",
            "IntendedFreeBusyStatus": props.get("LegacyFreeBusyStatus", "Busy"),
            "LegacyFreeBusyStatus": "Tentative",
            "MyResponseType": "NoResponseReceived",
            "ResponseType": "NoResponseReceived",
        }
    elif kind == outbox.RESPONSE:
        item_class, words = _ANSWERS[answer]
        mail |= {
            "ItemClass": item_class,
            "ResponseType": answer,
            "Subject": words + props.get("Subject", ""),
            "ToRecipients": [props["Organizer"]],
            "CcRecipients": [],
        }
    else:
        mail["Subject"] = f"Canceled: {props.get('Subject', '')}"
    return target.deliver(element, mail)


def _people(props: Props, name: str) -> Json:
    return [copy.deepcopy(entry["mailbox"]) for entry in props.get(name) or []]


def calendar_item(state: MailboxState, mail: Item) -> Item | None:
    """The entry in the calendar that a meeting mail is about; None when it is gone."""
    found = state.items.get(mail.props.get("AssociatedCalendarItemId") or 0)
    return None if found is None or found.gone else found
