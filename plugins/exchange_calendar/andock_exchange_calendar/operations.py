"""The requests, element by element in the schema's order."""

from collections.abc import Iterable, Sequence
from typing import Literal

from andock_exchange_calendar import shape
from andock_exchange_calendar.soap import Element, item_ids, m, t

SYNC_PAGE = 512
"""The most that SyncFolderItems gives at once."""
FOLDER_PAGE = 500
Send = Literal["SendToNone", "SendToAllAndSaveCopy", "SendToChangedAndSaveCopy"]
"""Whom the server writes to on our behalf: nobody, all attendees, those who came or went."""


def get_folders(names: Sequence[str]) -> Element:
    """GetFolder by distinguished names, which every version knows."""
    ids = (t("DistinguishedFolderId", Id=name) for name in names)
    return m("GetFolder", shape.folder_shape(), m("FolderIds", *ids))


def get_folder(folder: str) -> Element:
    """GetFolder by id."""
    return m("GetFolder", shape.folder_shape(), m("FolderIds", t("FolderId", Id=folder)))


def find_folders(offset: int) -> Element:
    """FindFolder for all folders that a person sees."""
    return m(
        "FindFolder",
        shape.folder_shape(),
        m(
            "IndexedPageFolderView",
            MaxEntriesReturned=str(FOLDER_PAGE),
            Offset=str(offset),
            BasePoint="Beginning",
        ),
        m("ParentFolderIds", t("DistinguishedFolderId", Id="msgfolderroot")),
        Traversal="Deep",
    )


def sync_items(folder: str, state: str) -> Element:
    """SyncFolderItems: what happened in the folder since `state`, "" for everything."""
    return m(
        "SyncFolderItems",
        shape.ids_only(),
        m("SyncFolderId", t("FolderId", Id=folder)),
        m("SyncState", text=state) if state else None,
        m("MaxChangesReturned", text=str(SYNC_PAGE)),
    )


def get_items(ids: Iterable[str], *, ids_only: bool = False) -> Element:
    """GetItem for all that Andock knows of the items, or for their change keys alone."""
    wanted = shape.ids_only() if ids_only else shape.everything()
    return m("GetItem", wanted, item_ids(ids))


def get_contacts(ids: Iterable[str]) -> Element:
    """GetItem for all that Andock knows of the contacts, their pictures aside."""
    return m("GetItem", shape.whole_contact(), item_ids(ids))


def get_attachments(ids: Iterable[str]) -> Element:
    """GetAttachment: files with their content."""
    return m("GetAttachment", m("AttachmentIds", *(t("AttachmentId", Id=one) for one in ids)))


def delete_attachments(ids: Iterable[str]) -> Element:
    """DeleteAttachment."""
    return m("DeleteAttachment", m("AttachmentIds", *(t("AttachmentId", Id=one) for one in ids)))


def create_photo(contact: str, name: str, media_type: str, data: str) -> Element:
    """CreateAttachment for a contact's picture, `data` in base64."""
    attachment = t(
        "FileAttachment",
        t("Name", text=name),
        t("ContentType", text=media_type),
        t("IsInline", text="false"),
        t("IsContactPhoto", text="true"),
        t("Content", text=data),
    )
    return m(
        "CreateAttachment",
        m("ParentItemId", Id=contact),
        m("Attachments", attachment),
    )


def occurrence_id(master: str, index: int) -> Element:
    """The id of one occurrence of a series, counted from 1."""
    return t("OccurrenceItemId", RecurringMasterId=master, InstanceIndex=str(index))


def get_occurrence(master: str, index: int) -> Element:
    """GetItem for one occurrence's own id and change key."""
    return m("GetItem", shape.ids_only(), m("ItemIds", occurrence_id(master, index)))


def create_item(folder: str, item: Element, send: Send = "SendToNone") -> Element:
    """CreateItem, without a mail to anybody unless it is said."""
    return m(
        "CreateItem",
        m("SavedItemFolderId", t("FolderId", Id=folder)),
        m("Items", item),
        SendMeetingInvitations=send,
    )


def update_item(
    item: str, change_key: str, changes: Iterable[Element], send: Send = "SendToNone"
) -> Element:
    """UpdateItem, refused when the item changed meanwhile, without a mail to anybody unless it is
    said."""
    change = t("ItemChange", item_id(item, change_key), t("Updates", *changes))
    return m(
        "UpdateItem",
        m("ItemChanges", change),
        ConflictResolution="NeverOverwrite",
        MessageDisposition="SaveOnly",
        SendMeetingInvitationsOrCancellations=send,
    )


def item_id(item: str, change_key: str) -> Element:
    """An item's id with the version that is expected of it."""
    return t("ItemId", Id=item, ChangeKey=change_key)


def delete_item(target: Element, send: Send = "SendToNone") -> Element:
    """DeleteItem into the folder of deleted items, without a mail to anybody unless it is said."""
    return m(
        "DeleteItem",
        m("ItemIds", target),
        DeleteType="MoveToDeletedItems",
        SendMeetingCancellations=send,
    )


def find_operation(folder: str, operation_id: str) -> Element:
    """FindItem on the property that carries our operation id."""
    constant = t("FieldURIOrConstant", t("Constant", Value=operation_id))
    return m(
        "FindItem",
        shape.ids_only(),
        m("IndexedPageItemView", MaxEntriesReturned="2", Offset="0", BasePoint="Beginning"),
        m("Restriction", t("IsEqualTo", shape.operation_field(), constant)),
        m("ParentFolderIds", t("FolderId", Id=folder)),
        Traversal="Shallow",
    )


def find_some() -> Element:
    """FindItem for a handful of items of the mailbox's own calendar."""
    return m(
        "FindItem",
        shape.ids_only(),
        m("IndexedPageItemView", MaxEntriesReturned="20", Offset="0", BasePoint="Beginning"),
        m("ParentFolderIds", t("DistinguishedFolderId", Id="calendar")),
        Traversal="Shallow",
    )


def resolve_name(name: str) -> Element:
    """ResolveNames in the directory."""
    return m(
        "ResolveNames",
        m("UnresolvedEntry", text=name),
        ReturnFullContactData="false",
        SearchScope="ActiveDirectory",
    )
