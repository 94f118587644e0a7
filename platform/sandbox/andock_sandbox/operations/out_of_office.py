"""GetUserOofSettings and SetUserOofSettings: automatic replies."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from .. import soap, times
from ..errors import EwsError
from ..model import Json
from ..soap import Element, add, child
from ..values import text_of
from .context import Call

_REPLIES = ("InternalReply", "ExternalReply")


def get(call: Call) -> Element:
    """The owner's settings; nobody sees those of others."""
    root = soap.response_root("GetUserOofSettings")
    try:
        _check_owner(call)
    except EwsError as error:
        soap.write_message(root, "m:ResponseMessage", error)
        return root
    soap.write_message(root, "m:ResponseMessage")
    held = call.state.account.oof or _initial()
    made = add(root, "t:OofSettings")
    add(made, "OofState", held["state"])
    add(made, "ExternalAudience", held["audience"])
    span = add(made, "Duration")
    add(span, "StartTime", held["start"])
    add(span, "EndTime", held["end"])
    for name in _REPLIES:
        add(add(made, name), "Message", held[name])
    add(root, "m:AllowExternalOof", "All")
    return root


def put(call: Call) -> Element:
    """Replace the owner's settings. EwsError for a plan that ends before it begins."""
    root = soap.response_root("SetUserOofSettings")
    try:
        _check_owner(call)
        call.state.account.oof = _read(call, call.need("UserOofSettings"))
        call.state.mark_account()
        soap.write_message(root, "m:ResponseMessage")
    except EwsError as error:
        soap.write_message(root, "m:ResponseMessage", error)
    return root


def _check_owner(call: Call) -> None:
    address = text_of(call.need("Mailbox"), "Address").strip()
    state = call.box.state_of(address)
    if state is None:
        raise EwsError("ErrorNonExistentMailbox")
    if state is not call.state:
        raise EwsError("ErrorAccessDenied")


def _initial() -> Json:
    """Off; the plan that Outlook would offer: the coming day."""
    day = datetime.combine(datetime.now(UTC).date(), time(), UTC)
    return {
        "state": "Disabled",
        "audience": "All",
        "start": times.iso(day),
        "end": times.iso(day + timedelta(days=1)),
        **dict.fromkeys(_REPLIES, ""),
    }


def _read(call: Call, element: Element) -> Json:
    held = dict(call.state.account.oof or _initial())
    held["state"] = text_of(element, "OofState")
    held["audience"] = text_of(element, "ExternalAudience")
    span = child(element, "Duration")
    if span is not None:
        held["start"] = times.read(text_of(span, "StartTime"), call.zone)
        held["end"] = times.read(text_of(span, "EndTime"), call.zone)
    if held["state"] == "Scheduled" and (span is None or held["end"] <= held["start"]):
        raise EwsError("ErrorInvalidScheduledOofDuration")
    for name in _REPLIES:
        reply = child(element, name)
        if reply is not None:
            held[name] = text_of(reply, "Message")
    return held
