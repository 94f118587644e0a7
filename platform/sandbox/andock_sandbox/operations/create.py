"""CreateItem: calendar entries, contacts, tasks, drafts."""

from __future__ import annotations

from .. import (
    attachments,
    calendar_writes,
    entries,
    extended,
    mapi,
    meeting_mails,
    meetings,
    mime,
    properties,
    soap,
    values,
    views,
    zones,
)
from ..errors import EwsError
from ..model import Folder, Item, Json, Props
from ..shapes import Shape
from ..soap import Element, add, child, children, local
from .context import Call, answer_item, find_folder, reporting

_ANSWERS = {
    "AcceptItem": "Accept",
    "TentativelyAcceptItem": "Tentative",
    "DeclineItem": "Decline",
}
_HOME = {
    "CalendarItem": "calendar",
    "Contact": "contacts",
    "DistributionList": "contacts",
    "Task": "tasks",
    "Message": "drafts",
}
_WRONG_FOLDER = {
    "CalendarItem": "ErrorCannotCreateCalendarItemInNonCalendarFolder",
    "Contact": "ErrorCannotCreateContactInNonContactFolder",
    "DistributionList": "ErrorCannotCreateContactInNonContactFolder",
    "Task": "ErrorCannotCreateTaskInNonTaskFolder",
}
_RIGHT_FOLDER = {
    "CalendarItem": "CalendarFolder",
    "Contact": "ContactsFolder",
    "DistributionList": "ContactsFolder",
    "Task": "TasksFolder",
}


_ATTACHABLE = frozenset({"Item", "Message", "CalendarItem", "Contact", "Task"})


def create(call: Call) -> Element:
    """New items, in the order given; each succeeds or fails for itself."""
    root, messages = soap.message_root("CreateItem")
    for element in children(call.need("Items")):
        with reporting(messages, "CreateItem", empty="Items"):
            if _is_without_item(call, element):
                add(soap.success(messages, "CreateItem"), "m:Items")
                continue
            files = child(element, "Attachments")
            held = [
                read_attachment(call, one) for one in (children(files) if files is not None else ())
            ]
            item = _create(call, element)
            for one in held:
                attachments.attach(call.state, item, one)
            answer_item(call, messages, views.of_item(item), Shape("I"))
    return root


def _is_without_item(call: Call, element: Element) -> bool:
    """Carry out what leaves no item to answer with: an answer to a meeting, its cancellation, a
    mail that is sent without keeping a copy. Whether it was such a thing."""
    kind, disposition = local(element), call.request.get("MessageDisposition", "")
    if kind in _ANSWERS or kind == "CancelCalendarItem":
        if not disposition:
            raise EwsError("ErrorMessageDispositionRequired")
        _respond(call, element, disposition)
        return True
    if kind == "Message" and disposition == "SendOnly":
        props, _ = read_item(call, element, kind, call.zone_name)
        meetings.send_message(call.box, call.state, props)
        return True
    return False


def _respond(call: Call, element: Element, disposition: str) -> None:
    reference = child(element, "ReferenceItemId")
    if reference is None:
        raise EwsError("ErrorMissingInformationReferenceItemId")
    view = views.find(call.state, reference.get("Id", ""))
    mail = None
    if view.item.kind == "MeetingRequest":
        mail = view.item
        found = meeting_mails.calendar_item(call.state, mail)
        if found is None:
            raise EwsError("ErrorItemNotFound")
        view = views.of_item(found)
    if view.item.kind != "CalendarItem":
        raise EwsError("ErrorInvalidReferenceItem")
    sent = disposition != "SaveOnly"
    if local(element) == "CancelCalendarItem":
        if not views.is_organizer(view.props, call.state.account.email):
            raise EwsError("ErrorCalendarIsNotOrganizer")
        send = "SendToAllAndSaveCopy" if sent else "SendToNone"
        calendar_writes.delete(call.box, call.state, view, "MoveToDeletedItems", send)
    else:
        meetings.respond(call.box, call.state, view.item, _ANSWERS[local(element)], sent)
        if mail is not None:
            # An answered request is no longer in the inbox.
            calendar_writes.discard(call.state, mail, "MoveToDeletedItems")


def _create(call: Call, element: Element) -> Item:
    kind = local(element)
    if kind not in _HOME:
        raise EwsError("ErrorInvalidItemForOperationCreateItem")
    send = call.request.get("SendMeetingInvitations", "")
    if kind == "CalendarItem" and not send:
        raise EwsError("ErrorSendMeetingInvitationsRequired")
    if kind == "Message" and not call.request.get("MessageDisposition"):
        raise EwsError("ErrorMessageDispositionRequired")
    folder = _folder(call, kind)
    zone_name = _zone_name(call, element)
    props, held = read_item(call, element, kind, zone_name)
    if kind == "CalendarItem":
        item = calendar_writes.create(call.box, call.state, folder, props, held, zone_name, send)
        content = child(element, "MimeContent")
        if content is not None:
            mime.complete(item, values.text_of(content))
        return item
    entries.complete_common(props, reminder=False)
    if kind == "Contact":
        entries.complete_contact(props)
    if kind == "Task":
        entries.complete_task(props)
    if kind == "Message" and call.request.get("MessageDisposition") == "SendAndSaveCopy":
        meetings.send_message(call.box, call.state, props)
        if call.part("SavedItemFolderId") is None:
            folder = call.state.distinguished("sentitems")
    return call.state.new_item(folder.num, kind, props, held)


def _folder(call: Call, kind: str) -> Folder:
    target = call.part("SavedItemFolderId")
    if target is None:
        return call.state.distinguished(_HOME[kind])
    folder = find_folder(call, children(target)[0])
    if folder.kind != _RIGHT_FOLDER.get(kind, folder.kind):
        raise EwsError(_WRONG_FOLDER[kind])
    return folder


def _zone_name(call: Call, element: Element) -> str:
    """The Windows zone that bare times of an item are in: its own, else the context's."""
    for name, attribute in (("StartTimeZone", "Id"), ("MeetingTimeZone", "TimeZoneName")):
        found = child(element, name)
        if found is not None and found.get(attribute):
            if name == "StartTimeZone" and not known_zone(found):
                raise EwsError("ErrorTimeZone", f"No such time zone: {found.get(attribute)}")
            if zones.is_known(found.get(attribute, "")):
                return found.get(attribute, "")
    return call.zone_name


def known_zone(element: Element) -> bool:
    """Whether a zone can be used: a known name, or a definition of its own with periods."""
    return zones.is_known(element.get("Id", "")) or child(element, "Periods") is not None


def read_item(
    call: Call, element: Element, kind: str, zone_name: str
) -> tuple[Props, dict[str, Json]]:
    """(properties, extended properties) of an item's element. EwsError ErrorInvalidPropertySet
    for what only the server sets."""
    zone = zones.find(zone_name) or call.zone
    other = child(element, "EndTimeZone")
    ending = (zones.find(other.get("Id", "")) if other is not None else None) or zone
    props: Props = {}
    held: dict[str, Json] = {}
    for part in children(element):
        name = local(part)
        if name == "ExtendedProperty":
            key, found = extended.read(part)
            held[key] = found
            continue
        prop = properties.by_name(kind)[name]
        if prop.mode == "r":
            raise EwsError("ErrorInvalidPropertySet", f"{prop.uri} cannot be set.")
        if prop.type == "attachments":
            continue  # see ``read_attachment``
        if prop.type == "mime":
            if kind == "CalendarItem":
                props = {**mime.read(values.text_of(part), call.zone_name), **props}
            continue
        check_item_class(kind, prop.name, part)
        where = ending if name == "End" else zone
        props[name] = values.read(prop.type, part, where)
    mapi.absorb(None, kind, props, held)
    return props, held


def read_attachment(call: Call, element: Element) -> Props:
    """An attachment's element as it is kept. EwsError for references to files elsewhere, and for
    an item that is none."""
    if local(element) == "FileAttachment":
        return attachments.read(element)
    if local(element) != "ItemAttachment":
        raise EwsError("ErrorInvalidItemForOperationCreateItemAttachment")
    inner = next((part for part in children(element) if local(part) in _ATTACHABLE), None)
    if inner is None:
        raise EwsError("ErrorMissingItemForCreateItemAttachment")
    kind = "Message" if local(inner) == "Item" else local(inner)
    zone_name = _zone_name(call, inner)
    props, held = read_item(call, inner, local(inner), zone_name)
    entries.complete_common(props, reminder=False)
    if kind == "CalendarItem":
        entries.complete(props, views.owner_of(call.state), "", zone_name)
        entries.settle(props)
    elif kind == "Contact":
        entries.complete_contact(props)
    elif kind == "Task":
        entries.complete_task(props)
    return attachments.read_item(element, kind, props, held)


def check_item_class(kind: str, name: str, part: Element) -> None:
    """EwsError when ItemClass names another class than the element does."""
    wanted = properties.CLASS_OF.get(kind, "IPM")
    if name == "ItemClass" and not values.text_of(part).startswith(wanted):
        raise EwsError("ErrorObjectTypeChanged")
