"""GetAttachment, CreateAttachment, DeleteAttachment: files, a contact's photo among them, and
attached items."""

from __future__ import annotations

from dataclasses import replace

from .. import attachments, shapes, soap, views
from ..errors import EwsError
from ..ids import ATTACHMENT, change_key
from ..model import Item, Props
from ..shapes import Shape
from ..soap import Element, add, children
from ..views import View
from .context import Call, reporting
from .create import read_attachment


def get(call: Call) -> Element:
    """The attachments of the given ids with their content, in their order."""
    root, messages = soap.message_root("GetAttachment")
    shape = _shape(call)
    for element in children(call.need("AttachmentIds")):
        with reporting(messages, "GetAttachment", empty="Attachments"):
            item, num = _target(call, element)
            held = attachments.find(item, num)
            holder = add(soap.success(messages, "GetAttachment"), "m:Attachments")
            made = attachments.write_one(holder, call.state, item, held, content=True)
            if "Item" in held:
                shapes.write_item(made, call.state, _view(item, held), shape, "GetAttachment")
    return root


def _shape(call: Call) -> Shape:
    """All properties, and what the AttachmentShape adds."""
    asked = call.part("AttachmentShape")
    if asked is None:
        return Shape("IDA", server=call.server)
    return replace(shapes.read(asked, call.server), flags="IDA")


def _view(item: Item, held: Props) -> View:
    """An attached item, as if it lay beside the one it is attached to."""
    kind, props, extended = held["Item"]
    stamp = held["LastModifiedTime"]
    inner = Item(item.num, item.folder, kind, props, extended, created=stamp, modified=stamp)
    inner.history.append(item.version)
    return views.of_item(inner)


def create(call: Call) -> Element:
    """Attach files and items to an item, each for itself. A change key is not compared."""
    root, messages = soap.message_root("CreateAttachment")
    for element in children(call.need("Attachments")):
        with reporting(messages, "CreateAttachment", empty="Attachments"):
            item = views.find(call.state, call.need("ParentItemId").get("Id", "")).item
            held = read_attachment(call, element)
            num = attachments.attach(call.state, item, held)
            holder = add(soap.success(messages, "CreateAttachment"), "m:Attachments")
            made = add(holder, attachments.tag_of(held))
            attachments.write_id(made, call.state, item, num)
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
