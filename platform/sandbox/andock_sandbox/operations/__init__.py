"""The EWS operations: one handler each, from the request's element to the answer's.

A handler runs under the sandbox's lock, after sign-in and after the request's form was checked.
"""

from __future__ import annotations

from . import attachments, create, directory, find, folders, items, syncing, update
from .context import Call, Handler

HANDLERS: dict[str, Handler] = {
    "GetFolder": folders.get,
    "FindFolder": folders.find,
    "CreateFolder": folders.create,
    "UpdateFolder": folders.update,
    "DeleteFolder": folders.delete,
    "SyncFolderHierarchy": syncing.hierarchy,
    "SyncFolderItems": syncing.items,
    "FindItem": find.find,
    "GetItem": items.get,
    "CreateItem": create.create,
    "UpdateItem": update.update,
    "DeleteItem": items.delete,
    "MoveItem": items.move,
    "GetAttachment": attachments.get,
    "CreateAttachment": attachments.create,
    "DeleteAttachment": attachments.delete,
    "ResolveNames": directory.resolve_names,
    "ConvertId": directory.convert_id,
    "GetServerTimeZones": directory.server_time_zones,
}

__all__ = ["HANDLERS", "Call", "Handler"]
