"""GetAttachment, CreateAttachment, DeleteAttachment: files, a contact's photo among them."""

from __future__ import annotations

from .. import attachments, soap, views
from ..errors import EwsError
from ..ids import ATTACHMENT, change_key
from ..model import Item
from ..soap import Element, add, children
from .context import Call, reporting


def get(call: Call) -> Element:
    """The files of the given ids with their content, in their order."""
    root, messages = soap.message_root("GetAttachment")
    for element in children(call.need("AttachmentIds")):
        with reporting(messages, "GetAttachment", empty="Attachments"):
            item, num = _target(call, element)
            held = attachments.find(item, num)
            holder = add(soap.success(messages, "GetAttachment"), "m:Attachments")
            attachments.write_one(holder, call.state, item, held, content=True)
    return root


def create(call: Call) -> Element:
    """Attach files to an item, each for itself. A change key, when given, is not compared."""
    root, messages = soap.message_root("CreateAttachment")
    for element in children(call.need("Attachments")):
        with reporting(messages, "CreateAttachment", empty="Attachments"):
            item = views.find(call.state, call.need("ParentItemId").get("Id", "")).item
            num = attachments.attach(call.state, item, attachments.read(element))
            holder = add(soap.success(messages, "CreateAttachment"), "m:Attachments")
            attachments.write_id(add(holder, "FileAttachment"), call.state, item, num)
    return root


def delete(call: Call) -> Element:
    """Take files away; each answer names the item and the version that it then has."""
    root, messages = soap.message_root("DeleteAttachment")
    for element in children(call.need("AttachmentIds")):
        with reporting(messages, "DeleteAttachment"):
            item, num = _target(call, element)
            attachments.detach(call.state, item, num)
            add(
                soap.success(messages, "DeleteAttachment"),
                "m:RootItemId",
                RootItemId=call.state.ids.item(item.num),
                RootItemChangeKey=change_key(call.state.guid, item.version),
            )
    return root


def _target(call: Call, element: Element) -> tuple[Item, int]:
    """(item, the attachment's number) that an AttachmentId names. EwsError."""
    ref = call.state.ids.decode(element.get("Id", ""))
    if ref.kind != ATTACHMENT:
        raise EwsError("ErrorInvalidAttachmentId")
    found = call.state.items.get(ref.num)
    if found is None or found.gone:
        raise EwsError("ErrorItemNotFound")
    return found, ref.part
