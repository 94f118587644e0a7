"""Subscribe, Unsubscribe, GetEvents, GetStreamingEvents."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from .. import soap
from ..errors import EwsError
from ..notices import PULL, PUSH, STREAMING, Part, Subscription, stream, writing
from ..soap import Element, add, child, children, local
from ..values import text_of
from .context import Call, find_folder, reporting

# So many events come in one answer; MoreEvents tells that there are others.
_MOST = 100


def subscribe(call: Call) -> Element:
    """A subscription to what happens in some folders, or in the whole mailbox."""
    root, messages = soap.message_root("Subscribe")
    with reporting(messages, "Subscribe"):
        held = _subscribe(call, children(call.request)[0])
        message = soap.success(messages, "Subscribe")
        add(message, "m:SubscriptionId", held.id)
        if held.kind != STREAMING:
            add(message, "m:Watermark", held.watermark(held.last))
    return root


def _subscribe(call: Call, request: Element) -> Subscription:
    kind = local(request).removesuffix("SubscriptionRequest")
    holder = child(request, "FolderIds")
    everything = request.get("SubscribeToAllFolders") in ("true", "1")
    if everything == (holder is not None):
        raise EwsError("ErrorInvalidSubscriptionRequest")
    folders = (
        frozenset(find_folder(call, element).num for element in children(holder))
        if holder is not None
        else None
    )
    asked = child(request, "EventTypes")
    types = frozenset(text_of(part) for part in children(asked)) if asked is not None else ()
    if kind == STREAMING:
        return call.box.notices.subscribe(call.state, kind, folders, frozenset(types))
    mark = text_of(request, "Watermark")
    if mark:
        # A mark belongs to the subscription that gave it out; that one is not continued.
        raise EwsError("ErrorInvalidWatermark")
    minutes = int(text_of(request, "Timeout" if kind == PULL else "StatusFrequency"))
    url = text_of(request, "URL").strip()
    if kind == PUSH and (
        urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname
    ):
        raise EwsError("ErrorInvalidPushSubscriptionUrl")
    data = text_of(request, "CallerData")
    return call.box.notices.subscribe(
        call.state, kind, folders, frozenset(types), minutes, url, data
    )


def unsubscribe(call: Call) -> Element:
    """End a subscription. Push subscriptions are ended by their listener's answer."""
    root, messages = soap.message_root("Unsubscribe")
    with reporting(messages, "Unsubscribe"):
        held = call.box.notices.find(call.state, text_of(call.request, "SubscriptionId"))
        if held.kind == PUSH:
            raise EwsError("ErrorInvalidSubscription")
        call.box.notices.end(held)
        soap.success(messages, "Unsubscribe")
    return root


def get_events(call: Call) -> Element:
    """What happened since a watermark; a StatusEvent when nothing did."""
    root, messages = soap.message_root("GetEvents")
    with reporting(messages, "GetEvents"):
        held = call.box.notices.find(call.state, text_of(call.request, "SubscriptionId"))
        if held.kind != PULL:
            raise EwsError("ErrorInvalidPullSubscriptionId")
        before = held.place(text_of(call.request, "Watermark"))
        call.box.notices.prolong(held)
        found = held.since(before, _MOST + 1)
        message = soap.success(messages, "GetEvents")
        writing.write(message, held, before, found[:_MOST], more=len(found) > _MOST)
    return root


def stream_events(call: Call) -> Iterator[Element]:
    """A hanging answer. EwsError becomes its one message when a subscription is not there."""
    known = [text_of(element) for element in children(call.need("SubscriptionIds"))]
    held, wrong, code = [], [], ""
    for one in known:
        try:
            found = call.box.notices.find(call.state, one)
            if found.kind != STREAMING:
                raise EwsError("ErrorInvalidSubscription")
            held.append(found)
        except EwsError as error:
            wrong.append(one)
            code = code or error.code
    if wrong:
        return iter([_message(Part("Closed", code, tuple(wrong)))])
    minutes = int(text_of(call.need("ConnectionTimeout")))
    return (_message(part) for part in stream(call.box.notices, held, minutes))


def _message(part: Part) -> Element:
    root, messages = soap.message_root("GetStreamingEvents")
    if part.error:
        message = soap.failure(messages, "GetStreamingEvents", EwsError(part.error))
    else:
        message = soap.success(messages, "GetStreamingEvents")
    if part.events:
        holder = add(message, "m:Notifications")
        for held, events in part.events:
            writing.write(holder, held, 0, events, tag="t:Notification")
    if part.ids:
        wrong = add(message, "m:ErrorSubscriptionIds")
        for known in part.ids:
            add(wrong, "t:SubscriptionId", known)
    if not part.events:
        add(message, "m:ConnectionStatus", part.status)
    return root
