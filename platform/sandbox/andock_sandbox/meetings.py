"""Meetings between the mailboxes of one sandbox: requests, updates, cancellations.

Where Exchange sends mail a record goes into the outbox, and when the attendee's mailbox is here
the meeting shows up (or changes, or is cancelled) in its calendar. SendToNone does neither.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from . import meeting_mails, outbox, times, views
from .errors import EwsError
from .model import Item, Json, Props
from .outbox import Mail
from .state import MailboxState

if TYPE_CHECKING:
    from .sandbox import Sandbox

_LISTS = ("RequiredAttendees", "OptionalAttendees", "Resources")
# What belongs to one person's copy of a meeting and does not travel.
_OWN = frozenset(
    {
        "Categories",
        "ReminderIsSet",
        "ReminderMinutesBeforeStart",
        "MyResponseType",
        "ItemClass",
        "LegacyFreeBusyStatus",
        "Sensitivity",
    }
)


def invited(props: Props) -> list[str]:
    """The addresses of all attendees and resources."""
    return [entry["mailbox"]["EmailAddress"] for name in _LISTS for entry in props.get(name) or []]


def announce(
    box: Sandbox,
    state: MailboxState,
    item: Item,
    props: Props,
    to: list[str],
    kind: str,
    original: str | None = None,
) -> None:
    """Record one mail to some people and carry the meeting into their mailboxes."""
    if not to:
        return
    box.post(
        Mail(
            kind,
            state.account.email,
            tuple(to),
            props.get("Subject", ""),
            props.get("UID", ""),
            props["Start"],
            times.now(),
            original,
        )
    )
    for address in dict.fromkeys(one for entry in to for one in box.expand(entry)):
        target = box.state_of(address)
        if target is not None and target is not state:
            found = _deliver(target, item, props, kind, original)
            sender = views.owner_of(state)
            meeting_mails.deliver(target, props, kind, sender, found, original=original)


def created(box: Sandbox, state: MailboxState, item: Item, send: str) -> None:
    """After a meeting was created: invite everybody unless told not to."""
    if send == "SendToNone" or not views.is_organizer(item.props, state.account.email):
        return
    people = invited(item.props)
    if people:
        item.props["MeetingRequestWasSent"] = True
        announce(box, state, item, item.props, people, outbox.REQUEST)


def updated(
    box: Sandbox,
    state: MailboxState,
    item: Item,
    before: Props,
    after: Props,
    send: str,
    original: str | None = None,
) -> None:
    """After a meeting was changed: tell everybody, or only those added or taken out."""
    if send == "SendToNone" or not views.is_organizer(after, state.account.email):
        return
    old, new = invited(before), invited(after)
    removed = [address for address in old if address not in new]
    added = [address for address in new if address not in old]
    told = [] if "Changed" in send else [address for address in new if address in old]
    announce(box, state, item, before, removed, outbox.CANCELLATION, original)
    announce(box, state, item, after, added, outbox.REQUEST, original)
    announce(box, state, item, after, told, outbox.UPDATE, original)


def deleted(
    box: Sandbox,
    state: MailboxState,
    item: Item,
    props: Props,
    send: str,
    original: str | None = None,
) -> None:
    """Before a meeting is deleted: cancel it, or decline it when someone else organises it."""
    if send == "SendToNone" or not views.is_meeting(props, state.account.email):
        return
    if views.is_organizer(props, state.account.email):
        announce(box, state, item, props, invited(props), outbox.CANCELLATION, original)
        return
    _answer(box, state, props, "Decline", original)


def respond(box: Sandbox, state: MailboxState, item: Item, answer: str, send: bool) -> None:
    """Answer someone else's meeting: Accept, Tentative or Decline. The organizer's copy, when its
    mailbox is here, shows the answer if it was sent. EwsError for the organizer's own."""
    owner = state.account.email
    if views.is_organizer(item.props, owner):
        raise EwsError(f"ErrorCalendarIsOrganizerFor{answer}")
    item.props["MyResponseType"] = answer
    item.props["LegacyFreeBusyStatus"] = "Tentative" if answer == "Tentative" else "Busy"
    item.props["AppointmentReplyTime"] = times.now()
    state.change(item, ["MyResponseType", "LegacyFreeBusyStatus"])
    if not send:
        return
    _answer(box, state, item.props, answer)


def _answer(
    box: Sandbox, state: MailboxState, props: Props, answer: str, original: str | None = None
) -> None:
    """Mail the organizer an answer; their copy shows it, when it is here and is a whole meeting."""
    owner, organizer = state.account.email, props["Organizer"]["EmailAddress"]
    box.post(
        Mail(
            outbox.RESPONSE,
            owner,
            (organizer,),
            props.get("Subject", ""),
            props.get("UID", ""),
            props["Start"],
            times.now(),
            original,
        )
    )
    target = box.state_of(organizer)
    if target is None:
        return
    found = _find(target, props.get("UID", ""))
    if found is not None and original is None:
        _note_answer(target, found, owner, answer)
    sender = views.owner_of(state)
    meeting_mails.deliver(
        target, props, outbox.RESPONSE, sender, found, original=original, answer=answer
    )


def send_message(box: Sandbox, state: MailboxState, props: Props) -> None:
    """Record an ordinary mail and put it into the inboxes of those who have a mailbox here.
    EwsError ErrorInvalidRecipients when it is to nobody."""
    people = [
        entry["EmailAddress"]
        for name in ("ToRecipients", "CcRecipients", "BccRecipients")
        for entry in props.get(name) or []
    ]
    if not people:
        raise EwsError("ErrorInvalidRecipients")
    for address in dict.fromkeys(one for entry in people for one in box.expand(entry)):
        target = box.state_of(address)
        if target is not None:
            sender = views.owner_of(state)
            mail = {**copy.deepcopy(props), "From": sender, "Sender": sender, "IsRead": False}
            mail.pop("BccRecipients", None)
            target.deliver("Message", mail)
    now = times.now()
    box.post(
        Mail(
            outbox.MESSAGE,
            state.account.email,
            tuple(people),
            props.get("Subject", ""),
            "",
            now,
            now,
        )
    )


def _note_answer(state: MailboxState, item: Item, who: str, answer: str) -> None:
    for name in _LISTS:
        for entry in item.props.get(name) or []:
            if entry["mailbox"]["EmailAddress"].casefold() == who.casefold():
                entry["response"], entry["replied"] = answer, times.now()
    state.change(item, _LISTS)


def _find(state: MailboxState, uid: str) -> Item | None:
    for item in state.live(state.distinguished("calendar").num):
        if item.props.get("UID") == uid:
            return item
    return None


def _deliver(
    state: MailboxState, item: Item, props: Props, kind: str, original: str | None
) -> Item | None:
    """Bring an attendee's calendar in step; their entry, when there is one."""
    found = _find(state, props.get("UID", ""))
    if kind == outbox.CANCELLATION:
        if found is not None:
            _cancel(state, found, original)
        return found
    shared: Json = {key: copy.deepcopy(held) for key, held in item.props.items() if key not in _OWN}
    if found is None:
        own = {
            "MyResponseType": "NoResponseReceived",
            "LegacyFreeBusyStatus": "Tentative",
            "Sensitivity": item.props.get("Sensitivity", "Normal"),
            "ReminderIsSet": True,
            "ReminderMinutesBeforeStart": 15,
        }
        calendar = state.distinguished("calendar").num
        found = state.new_item(calendar, "CalendarItem", {**shared, **own}, {})
    else:
        found.props = {
            **{key: held for key, held in found.props.items() if key in _OWN},
            **shared,
        }
        state.change(found, shared)
    found.exceptions = copy.deepcopy(item.exceptions)
    found.deleted = list(item.deleted)
    return found


def _cancel(state: MailboxState, found: Item, original: str | None) -> None:
    if original is not None:
        if original not in found.deleted:
            found.exceptions.pop(original, None)
            found.deleted.append(original)
    elif not found.props.get("IsCancelled"):
        found.props["IsCancelled"] = True
        found.props["Subject"] = f"Canceled: {found.props.get('Subject', '')}"
    state.change(found, ["IsCancelled", "Subject"])
