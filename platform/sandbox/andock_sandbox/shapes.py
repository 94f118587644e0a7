"""Response shapes: which properties a request asks for, and writing them in the schema's order."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import (
    attachments,
    extended,
    mapi,
    meeting_mails,
    mime_writing,
    occurrences,
    properties,
    values,
    views,
)
from .errors import EwsError
from .ids import change_key
from .model import Folder, Item
from .soap import Element, add, child, children, local
from .state import MailboxState
from .views import View

_NEWEST = 16
# What FindItem and SyncFolderItems leave out (GetItem alone reads it).
_NOT_FOUND = frozenset(
    {
        "Attachments",
        "Body",
        "TextBody",
        "RequiredAttendees",
        "OptionalAttendees",
        "Resources",
        "Recurrence",
        "FirstOccurrence",
        "LastOccurrence",
        "ModifiedOccurrences",
        "DeletedOccurrences",
    }
)
_NOT_SYNCED = frozenset({"Attachments", "Body", "TextBody"})
# An attached item has no id and lies in no folder.
_NOT_ATTACHED = frozenset({"ItemId", "ParentFolderId"})
_HIDDEN = {
    "FindItem": _NOT_FOUND,
    "SyncFolderItems": _NOT_SYNCED,
    "GetAttachment": _NOT_ATTACHED,
}
_REFUSED = frozenset(
    {
        "item:Body",
        "item:TextBody",
        "item:UniqueBody",
        "item:NormalizedBody",
        "item:MimeContent",
        "item:Attachments",
    }
)
_RIGHTS = (
    "CreateAssociated",
    "CreateContents",
    "CreateHierarchy",
    "Delete",
    "Modify",
    "Read",
    "ViewPrivateItems",
)
_FLAGS = {"IdOnly": "I", "Default": "ID", "AllProperties": "IDA", "PcxPeopleSearch": "ID"}


@dataclass(frozen=True)
class Shape:
    """What to write: a base shape's flags, single paths, extended properties by key."""

    flags: str
    uris: frozenset[str] = frozenset()
    extended: dict[str, dict[str, str]] = field(default_factory=dict)
    body_type: str = "Best"
    server: int = 19
    mime: bool = False


def read(element: Element, server: int = 19, operation: str = "") -> Shape:
    """The shape of an ItemShape or FolderShape. EwsError for a property that the operation
    cannot give, or that this version of the server does not know."""
    uris, more = set(), {}
    known = properties.paths() if server < _NEWEST else {}
    holder = child(element, "AdditionalProperties")
    for path in children(holder) if holder is not None else []:
        if local(path) == "ExtendedFieldURI":
            more[extended.key_of(path)] = {str(a): str(v) for a, v in path.attrib.items()}
            continue
        uri = path.get("FieldURI", "")
        if local(path) == "IndexedFieldURI":
            uri = _HOLDERS.get(uri, uri)
        if operation == "FindItem" and uri in _REFUSED:
            raise EwsError("ErrorInvalidPropertyForOperation")
        if known.get(uri, 7) > server:
            raise EwsError("ErrorInvalidPropertyRequest")
        uris.add(uri)
    base = child(element, "BaseShape")
    return Shape(
        _FLAGS[values.text_of(base) if base is not None else "IdOnly"],
        frozenset(uris),
        more,
        values.text_of(element, "BodyType") or "Best",
        server,
        "item:MimeContent" in uris
        or values.text_of(element, "IncludeMimeContent") in ("true", "1"),
    )


# An indexed path asks for one entry; the whole dictionary is given.
_HOLDERS = {
    "contacts:EmailAddress": "contacts:EmailAddresses",
    "contacts:PhoneNumber": "contacts:PhoneNumbers",
    "contacts:ImAddress": "contacts:ImAddresses",
    **{
        f"contacts:PhysicalAddress:{part}": "contacts:PhysicalAddresses"
        for part in ("Street", "City", "State", "CountryOrRegion", "PostalCode")
    },
}


def write_item(
    parent: Element, state: MailboxState, view: View, shape: Shape, operation: str = "GetItem"
) -> None:
    """The item's element (CalendarItem, Contact, …) with what the shape asks for."""
    made = add(parent, view.item.kind)
    hidden = _HIDDEN.get(operation, frozenset())
    if operation == "SyncFolderItems" and shape.server < 13:
        hidden = hidden | {"Recurrence"}
    for prop in properties.table(view.item.kind):
        if prop.type == "extended":
            _write_extended(made, state, view, shape)
        elif prop.name in hidden or prop.since > shape.server:
            continue
        elif (
            prop.shapes in shape.flags
            or prop.uri in shape.uris
            or (prop.type == "mime" and shape.mime)
        ):
            _write_property(made, state, view, prop, shape)


def _write_extended(made: Element, state: MailboxState, view: View, shape: Shape) -> None:
    for key, uri in shape.extended.items():
        found = mapi.value(state, view, key)
        if found is not None:
            extended.write(made, uri, mapi.text_of(found))


def _write_property(
    made: Element, state: MailboxState, view: View, prop: properties.Property, shape: Shape
) -> None:
    match prop.type:
        case "itemid":
            write_item_id(made, state, view)
        case "associated":
            _write_associated(made, state, view.item, prop.name)
        case "folderid":
            write_folder_id(made, state, state.folders[view.item.folder], prop.name)
        case "rights":
            write_rights(made)
        case "occurrence" | "occurrences" | "deletions":
            if view.type == "RecurringMaster":
                _write_occurrences(made, state, view, prop.name)
        case "attachments":
            attachments.write(made, state, view.item)
        case "mime":
            _write_mime(made, state, view, shape)
        case "any":
            pass
        case _:
            value = views.value(state, view, prop.name, shape.body_type)
            values.write(made, prop.name, prop.type, value)


def _write_mime(made: Element, state: MailboxState, view: View, shape: Shape) -> None:
    if shape.mime and view.item.kind == "CalendarItem":
        add(made, "MimeContent", mime_writing.write(state, view), CharacterSet="UTF-8")


def _write_associated(made: Element, state: MailboxState, mail: Item, name: str) -> None:
    found = meeting_mails.calendar_item(state, mail)
    if found is not None:
        known, key = views.key_of(state, views.of_item(found))
        add(made, name, Id=known, ChangeKey=key)


def write_item_id(parent: Element, state: MailboxState, view: View) -> None:
    """An ItemId element."""
    known, key = views.key_of(state, view)
    add(parent, "ItemId", Id=known, ChangeKey=key)


def write_rights(parent: Element) -> None:
    """EffectiveRights: the owner of a mailbox may do everything."""
    made = add(parent, "EffectiveRights")
    for right in _RIGHTS:
        add(made, right, True)


def _write_occurrences(made: Element, state: MailboxState, view: View, name: str) -> None:
    item = view.item
    if name == "DeletedOccurrences":
        if item.deleted:
            holder = add(made, name)
            for start in sorted(item.deleted):
                add(add(holder, "DeletedOccurrence"), "Start", start)
        return
    if name == "ModifiedOccurrences":
        if item.exceptions:
            holder = add(made, name)
            for start in sorted(item.exceptions):
                slot = occurrences.slot_at(item, start)
                _write_occurrence(add(holder, "Occurrence"), state, item, slot)
        return
    finder = occurrences.first_slot if name == "FirstOccurrence" else occurrences.last_slot
    end = finder(item)
    if end is not None:
        _write_occurrence(add(made, name), state, item, end)


def _write_occurrence(
    made: Element, state: MailboxState, item: Item, slot: occurrences.Slot
) -> None:
    start, end = occurrences.effective(item, slot)
    write_item_id(made, state, views.of_slot(item, slot))
    add(made, "Start", start)
    add(made, "End", end)
    add(made, "OriginalStart", slot.start)


def folder_key(state: MailboxState, folder: Folder) -> tuple[str, str]:
    """(id, change key) of a folder."""
    return state.ids.folder(folder.num), change_key(state.guid, folder.history[-1])


def write_folder_id(
    parent: Element, state: MailboxState, folder: Folder, tag: str = "FolderId"
) -> None:
    """A FolderId or ParentFolderId element."""
    known, key = folder_key(state, folder)
    add(parent, tag, Id=known, ChangeKey=key)


def write_folder(parent: Element, state: MailboxState, folder: Folder, shape: Shape) -> None:
    """The folder's element with what the shape asks for."""
    made = add(parent, folder.kind)
    for prop in properties.folder_table():
        if prop.type == "extended":
            _write_folder_extended(made, state, folder, shape)
            continue
        asked = prop.shapes in shape.flags or prop.uri in shape.uris
        if not asked or prop.since > shape.server or prop.type == "any":
            continue
        if prop.name == "FolderId":
            write_folder_id(made, state, folder)
        elif prop.name == "ParentFolderId":
            write_folder_id(made, state, state.folders[folder.parent or folder.num], prop.name)
        elif prop.name == "EffectiveRights":
            write_rights(made)
        else:
            found = _folder_value(state, folder, prop.name)
            if found is not None:
                add(made, prop.name, found)
    if folder.kind in ("Folder", "TasksFolder") and (
        "D" in shape.flags or "folder:UnreadCount" in shape.uris
    ):
        add(made, "UnreadCount", state.unread(folder))


def _write_folder_extended(
    made: Element, state: MailboxState, folder: Folder, shape: Shape
) -> None:
    for key, uri in shape.extended.items():
        found = mapi.folder_value(state, folder, key)
        if found is not None:
            extended.write(made, uri, mapi.text_of(found))


def _folder_value(state: MailboxState, folder: Folder, name: str) -> object:
    match name:
        case "FolderClass":
            return folder.folder_class
        case "DisplayName":
            return folder.name
        case "TotalCount":
            return len(state.contents[folder.num])
        case "ChildFolderCount":
            return sum(1 for _ in state.subfolders(folder.num))
        case "DistinguishedFolderId":
            return folder.distinguished or None
    return None
