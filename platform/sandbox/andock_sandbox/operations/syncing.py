"""SyncFolderItems and SyncFolderHierarchy."""

from __future__ import annotations

from .. import shapes, soap, sync, views
from ..errors import EwsError
from ..ids import Ref
from ..model import Folder
from ..soap import Element, add, child, children
from ..values import text_of
from .context import Call, find_folder, reporting

_IDS = shapes.Shape("I")


def items(call: Call) -> Element:
    """What changed in a folder since a SyncState. Never with bodies."""
    root, messages = soap.message_root("SyncFolderItems")
    shape = call.shape("ItemShape")
    with reporting(messages, "SyncFolderItems"):
        folder = _folder(call, call.need("SyncFolderId"))
        limit = int(text_of(call.need("MaxChangesReturned")))
        token = text_of(call.request, "SyncState").strip()
        page = sync.items(call.state, folder, token, limit, _ignored(call))
        message = soap.success(messages, "SyncFolderItems")
        add(message, "m:SyncState", page.state)
        add(message, "m:IncludesLastItemInRange", page.complete)
        holder = add(message, "m:Changes")
        for kind, item in page.changes:
            change = add(holder, f"t:{kind}")
            if kind == "Delete":
                shapes.write_item_id(change, call.state, views.of_item(item))
            else:
                view = views.of_item(item)
                shapes.write_item(change, call.state, view, shape, "SyncFolderItems")
    return root


def _folder(call: Call, holder: Element) -> Folder:
    try:
        return find_folder(call, children(holder)[0])
    except EwsError as error:
        if error.code == "ErrorFolderNotFound":
            raise EwsError("ErrorSyncFolderNotFound") from error
        raise


def _ignored(call: Call) -> frozenset[int]:
    holder = child(call.request, "Ignore")
    refs: list[Ref] = [
        call.state.ids.decode(entry.get("Id", ""))
        for entry in (children(holder) if holder is not None else [])
    ]
    return frozenset(ref.num for ref in refs)


def hierarchy(call: Call) -> Element:
    """Which folders below one (the message root, when none is named) changed."""
    root, messages = soap.message_root("SyncFolderHierarchy")
    shape = call.shape("FolderShape")
    with reporting(messages, "SyncFolderHierarchy"):
        target = call.part("SyncFolderId")
        folder = (
            _folder(call, target)
            if target is not None
            else call.state.distinguished("msgfolderroot")
        )
        page = sync.folders(call.state, folder, text_of(call.request, "SyncState").strip())
        message = soap.success(messages, "SyncFolderHierarchy")
        add(message, "m:SyncState", page.state)
        add(message, "m:IncludesLastFolderInRange", True)
        holder = add(message, "m:Changes")
        for kind, found in page.changes:
            change = add(holder, f"t:{kind}")
            if kind == "Delete":
                shapes.write_folder_id(change, call.state, found)
            else:
                shapes.write_folder(change, call.state, found, shape)
    return root
