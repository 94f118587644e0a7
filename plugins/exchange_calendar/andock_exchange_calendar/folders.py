"""The calendars and the folders of contacts of a mailbox."""

from collections.abc import Sequence

from andock_exchange_calendar import operations
from andock_exchange_calendar.client import Client
from andock_exchange_calendar.soap import Element, fields, local, ref_of, text_of
from andock_sdk import Collection, errors
from andock_sdk.connector import CollectionKind

_MOST_FOLDERS = 20_000
_LONGEST_NAME = 500
_CALENDARS = "IPF.Appointment"
_CONTACTS = "IPF.Contact"
"""Exactly this: classes below it are lists that Outlook and Lync keep for themselves."""


def collections(client: Client) -> list[Collection]:
    """All calendars, then all folders of contacts, the mailbox's own first in each; none that
    lies among the deleted items.

    Two requests: folders are bound by distinguished id, and one deep walk below those that a
    person sees. Never a walk of the root, which older versions answer with errors.
    """
    names = ("calendar", "deleteditems", "contacts")
    own, deleted, book = client.call(operations.get_folders(names), messages=3)
    calendar = folder_in(client.checked(own))
    bin_id = _id(folder_in(deleted.message)) if deleted.ok else ""
    seen = _all_folders(client)
    parents = {_id(folder): _parent(folder) for folder in seen}
    living = [folder for folder in seen if not _below(folder, bin_id, parents)]
    contacts = folder_in(book.message) if book.ok else None
    return [
        *_of_kind("calendar", calendar, living),
        *_of_kind("contacts", contacts, living),
    ]


def kind_of(folder: Element) -> CollectionKind | None:
    """What a folder holds, None for what Andock has no use for."""
    name = text_of(fields(folder), "FolderClass")
    if local(folder) == "CalendarFolder" or name.startswith(_CALENDARS):
        return "calendar"
    return "contacts" if name == _CONTACTS else None


def _of_kind(
    kind: CollectionKind, default: Element | None, living: Sequence[Element]
) -> list[Collection]:
    own = _id(default) if default is not None else ""
    found = [] if default is None else [collection(default, kind, default=True)]
    return found + [
        collection(folder, kind)
        for folder in living
        if kind_of(folder) == kind and _id(folder) != own
    ]


def _all_folders(client: Client) -> list[Element]:
    found: list[Element] = []
    while True:
        message = client.one(operations.find_folders(len(found)))
        root = fields(message)["RootFolder"]
        page = list(fields(root).get("Folders", ()))
        found += page
        if root.get("IncludesLastItemInRange", "true") == "true" or not page:
            return [folder for folder in found if _id(folder)]
        if len(found) > _MOST_FOLDERS:  # a server that says "more" for ever
            raise errors.Transient("answer.broken", "folders without end")


def folder_in(message: Element) -> Element:
    """The folder of a GetFolder answer. Raises AdminError when there is none."""
    folders = fields(message).get("Folders")
    if folders is None or not len(folders):
        raise errors.AdminError("mailbox.none", "no calendar folder")
    if not local(folders[0]):
        raise errors.Transient("answer.broken", "no folder")
    return folders[0]


def collection(
    folder: Element, kind: CollectionKind = "calendar", *, default: bool = False
) -> Collection:
    """A folder as a collection."""
    inside = fields(folder)
    rights = fields(inside["EffectiveRights"]) if "EffectiveRights" in inside else {}
    refused = {"CreateContents", "Modify"} & {
        name for name in rights if text_of(rights, name) == "false"
    }
    count = text_of(inside, "TotalCount").strip()
    return Collection(
        ref=ref_of(inside["FolderId"]),
        name=text_of(inside, "DisplayName")[:_LONGEST_NAME],
        kind=kind,
        writable=not refused,
        default=default,
        items=int(count) if count.isdecimal() and len(count) < 10 else None,
    )


def require_read(message: Element) -> None:
    """Raise AdminError when the member may not look into the folder of a GetFolder answer."""
    rights = fields(folder_in(message)).get("EffectiveRights")
    if rights is not None and text_of(fields(rights), "Read") == "false":
        raise errors.AdminError("calendar.no_rights", "no right to read")


def _id(folder: Element) -> str:
    found = fields(folder).get("FolderId")
    return "" if found is None else found.get("Id", "")


def _parent(folder: Element) -> str:
    found = fields(folder).get("ParentFolderId")
    return "" if found is None else found.get("Id", "")


def _below(folder: Element, bin_id: str, parents: dict[str, str]) -> bool:
    at, steps = _parent(folder), 0
    while at and steps <= len(parents):
        if at == bin_id:
            return True
        at, steps = parents.get(at, ""), steps + 1
    return False
