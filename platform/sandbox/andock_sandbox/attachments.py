"""Files and items attached to items, a contact's photo among them: between XML and JSON."""

from __future__ import annotations

import base64

from . import times
from .errors import EwsError
from .ids import change_key
from .model import Item, Json, Props
from .soap import Element, add, child
from .state import MailboxState
from .values import text_of

_MOST = 25 * 1024 * 1024
_TEXTS = ("Name", "ContentType", "ContentId", "ContentLocation")
_TRUE = ("true", "1")


def make(name: str, content: bytes, media_type: str = "", *, photo: bool = False) -> Props:
    """An attachment, not yet numbered. ``photo`` marks the picture of a contact."""
    return {
        "Name": name,
        "ContentType": media_type,
        "Size": len(content),
        "LastModifiedTime": times.now(),
        "IsInline": False,
        "IsContactPhoto": photo,
        "Content": base64.b64encode(content).decode(),
    }


def read(element: Element) -> Props:
    """A FileAttachment element as it is kept. EwsError for what is too big."""
    content = base64.b64decode("".join(text_of(element, "Content").split()))
    if len(content) > _MOST:
        raise EwsError("ErrorAttachmentSizeLimitExceeded")
    photo = text_of(element, "IsContactPhoto").strip() in _TRUE
    return _described(make(text_of(element, "Name"), content, photo=photo), element)


def read_item(element: Element, kind: str, props: Props, extended: Props) -> Props:
    """An ItemAttachment element around an item that has been read, as it is kept."""
    made = make(text_of(element, "Name") or props.get("Subject", ""), b"", "message/rfc822")
    made |= {"Size": 1024 + len(str(props)), "Item": [kind, props, extended]}
    return _described(made, element)


def _described(made: Props, element: Element) -> Props:
    for name in _TEXTS:
        if child(element, name) is not None:
            made[name] = text_of(element, name)
    made["IsInline"] = text_of(element, "IsInline").strip() in _TRUE
    return made


def attach(state: MailboxState, item: Item, held: Props) -> int:
    """Add an attachment to an item; its number. The item has changed by it."""
    num = 1 + max((int(other["num"]) for other in item.attachments), default=0)
    item.attachments.append({**held, "num": num})
    state.change(item, ["Attachments"])
    return num


def detach(state: MailboxState, item: Item, num: int) -> None:
    """Take an attachment away. EwsError ErrorItemNotFound."""
    item.attachments.remove(find(item, num))
    state.change(item, ["Attachments"])


def find(item: Item, num: int) -> Props:
    """An attachment by its number. EwsError ErrorItemNotFound."""
    for held in item.attachments:
        if held["num"] == num:
            return held
    raise EwsError("ErrorItemNotFound")


def tag_of(held: Props) -> str:
    """The element that an attachment is written as."""
    return "ItemAttachment" if "Item" in held else "FileAttachment"


def write(parent: Element, state: MailboxState, item: Item) -> None:
    """The item's Attachments, without their content; nothing when there are none."""
    if item.attachments:
        holder = add(parent, "Attachments")
        for held in item.attachments:
            write_one(holder, state, item, held)


def write_id(parent: Element, state: MailboxState, item: Item, num: int) -> None:
    """An AttachmentId with the version that its item has now."""
    add(
        parent,
        "AttachmentId",
        Id=state.ids.attachment(item.num, num),
        RootItemId=state.ids.item(item.num),
        RootItemChangeKey=change_key(state.guid, item.version),
    )


def write_one(
    parent: Element, state: MailboxState, item: Item, held: Props, *, content: bool = False
) -> Element:
    """A FileAttachment or ItemAttachment element, with the file's content where that is asked
    for; an attached item is written by whoever asks."""
    made = add(parent, tag_of(held))
    if content:
        add(made, "AttachmentId", Id=state.ids.attachment(item.num, held["num"]))
    else:
        write_id(made, state, item, held["num"])
    parts: list[tuple[str, Json]] = [(name, held.get(name)) for name in _TEXTS]
    parts += [(name, held[name]) for name in ("Size", "LastModifiedTime", "IsInline")]
    if "Item" not in held:
        parts.append(("IsContactPhoto", held["IsContactPhoto"]))
        if content:
            parts.append(("Content", held["Content"]))
    for name, value in parts:
        if value not in (None, ""):
            add(made, name, value)
    return made
