"""GetItem, DeleteItem, MoveItem, CopyItem, SendItem."""

from __future__ import annotations

from collections.abc import Callable

from .. import calendar_writes, meetings, soap, tasks, views
from ..errors import EwsError
from ..ids import read_change_key
from ..model import Item
from ..shapes import Shape
from ..soap import Element, add, children
from .context import Call, answer_item, find_view, reporting, target_folder


def get(call: Call) -> Element:
    """The items of the given ids, in their order."""
    root, messages = soap.message_root("GetItem")
    shape = call.shape("ItemShape")
    for element in children(call.need("ItemIds")):
        with reporting(messages, "GetItem", empty="Items"):
            answer_item(call, messages, find_view(call, element), shape)
    return root


def delete(call: Call) -> Element:
    """Delete items or single occurrences. A change key, when given, is not compared: Exchange
    deletes whatever stands there by then."""
    root, messages = soap.message_root("DeleteItem")
    send = call.request.get("SendMeetingCancellations", "")
    disposal = call.request.get("DeleteType", "HardDelete")
    for element in children(call.need("ItemIds")):
        with reporting(messages, "DeleteItem"):
            view = find_view(call, element)
            if view.item.kind == "CalendarItem":
                if not send:
                    raise EwsError("ErrorSendMeetingCancellationsRequired")
                calendar_writes.delete(call.box, call.state, view, disposal, send)
            else:
                _delete_other(call, view.item, disposal)
            soap.success(messages, "DeleteItem")
    return root


def _delete_other(call: Call, item: Item, disposal: str) -> None:
    affected = call.request.get("AffectedTaskOccurrences", "")
    if item.kind == "Task" and not affected:
        raise EwsError("ErrorAffectedTaskOccurrencesRequired")
    once = affected == "SpecifiedOccurrenceOnly" and item.props.get("Recurrence")
    if once and item.kind == "Task" and tasks.skip(call.state, item):
        call.state.change(item, ["StartDate", "DueDate", "Recurrence"])
    else:
        calendar_writes.discard(call.state, item, disposal)


def move(call: Call) -> Element:
    """Move items into a folder; they get new ids, which are answered."""
    return _transfer(call, call.state.move)


def copy(call: Call) -> Element:
    """Copy items into a folder; the copies' ids are answered."""
    return _transfer(call, call.state.copy)


def send(call: Call) -> Element:
    """Send drafts. Each needs its change key; it then lies in the sent items or is gone."""
    root, messages = soap.message_root("SendItem")
    keep = call.request.get("SaveItemToFolder") in ("true", "1")
    for element in children(call.need("ItemIds")):
        with reporting(messages, "SendItem"):
            item = find_view(call, element).item
            if item.kind != "Message":
                raise EwsError("ErrorInvalidItemForOperationSendItem")
            key = element.get("ChangeKey", "")
            if not key:
                raise EwsError("ErrorChangeKeyRequiredForWriteOperations")
            if read_change_key(call.state.guid, key) != item.version:
                raise EwsError("ErrorStaleObject")
            folder = call.state.distinguished("sentitems")
            if call.part("SavedItemFolderId") is not None:
                folder = target_folder(call, "SavedItemFolderId")
            meetings.send_message(call.box, call.state, item.props)
            if keep:
                call.state.move(item, folder.num)
            else:
                call.state.remove(item)
            soap.success(messages, "SendItem")
    return root


def _transfer(call: Call, act: Callable[[Item, int], Item]) -> Element:
    root, messages = soap.message_root(call.operation)
    wanted = call.part("ReturnNewItemIds")
    silent = wanted is not None and (wanted.text or "").strip() in ("false", "0")
    for element in children(call.need("ItemIds")):
        with reporting(messages, call.operation, empty="Items"):
            try:
                folder = target_folder(call, "ToFolderId")
            except EwsError as error:
                raise EwsError("ErrorToFolderNotFound") from error
            view = find_view(call, element)
            if view.slot is not None:
                raise EwsError("ErrorCalendarCannotMoveOrCopyOccurrence")
            made = act(view.item, folder.num)
            if silent:
                add(soap.success(messages, call.operation), "m:Items")
            else:
                answer_item(call, messages, views.of_item(made), Shape("I"))
    return root
