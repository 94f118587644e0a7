"""The EWS operations: one handler each, from the request's element to the answer's.

A handler runs under the sandbox's lock, after sign-in and after the request's form was checked.
"""

from __future__ import annotations

from . import (
    attachments,
    availability,
    configuration,
    create,
    directory,
    find,
    folders,
    items,
    notifications,
    out_of_office,
    syncing,
    update,
)
from .context import Call, Handler

HANDLERS: dict[str, Handler] = {
    "GetFolder": folders.get,
    "FindFolder": folders.find,
    "CreateFolder": folders.create,
    "UpdateFolder": folders.update,
    "DeleteFolder": folders.delete,
    "EmptyFolder": folders.empty,
    "MoveFolder": folders.move,
    "CopyFolder": folders.copy,
    "SyncFolderHierarchy": syncing.hierarchy,
    "SyncFolderItems": syncing.items,
    "FindItem": find.find,
    "GetItem": items.get,
    "CreateItem": create.create,
    "UpdateItem": update.update,
    "DeleteItem": items.delete,
    "MoveItem": items.move,
    "CopyItem": items.copy,
    "SendItem": items.send,
    "GetAttachment": attachments.get,
    "CreateAttachment": attachments.create,
    "DeleteAttachment": attachments.delete,
    "ResolveNames": directory.resolve_names,
    "ExpandDL": directory.expand_list,
    "ConvertId": directory.convert_id,
    "GetUserConfiguration": configuration.get_user_configuration,
    "GetUserPhoto": configuration.get_user_photo,
    "GetServerTimeZones": directory.server_time_zones,
    "GetUserAvailability": availability.get,
    "GetUserOofSettings": out_of_office.get,
    "SetUserOofSettings": out_of_office.put,
    "Subscribe": notifications.subscribe,
    "Unsubscribe": notifications.unsubscribe,
    "GetEvents": notifications.get_events,
    "GetStreamingEvents": notifications.stream_events,
}

__all__ = ["HANDLERS", "Call", "Handler"]
