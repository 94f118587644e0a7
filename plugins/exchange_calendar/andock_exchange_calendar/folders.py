"""The calendars of a mailbox."""

from andock_exchange_calendar import operations
from andock_exchange_calendar.client import Client
from andock_exchange_calendar.soap import Element, fields, local, text_of
from andock_sdk import Collection, errors

_CALENDARS = "IPF.Appointment"


def calendars(client: Client) -> list[Collection]:
    """All calendars, the mailbox's own first; none that lies among the deleted items.

    Two requests: folders are bound by distinguished id, and one deep walk below those that a
    person sees. Never a walk of the root, which older versions answer with errors.
    """
    own, deleted = client.call(operations.get_folders(("calendar", "deleteditems")), messages=2)
    calendar = _folder(client.checked(own))
    bin_id = _id(_folder(deleted.message)) if deleted.ok else ""
    seen = _all_folders(client)
    parents = {_id(folder): _parent(folder) for folder in seen}
    default = _id(calendar)
    found = [collection(calendar, default=True)]
    found += [
        collection(folder)
        for folder in seen
        if _is_calendar(folder) and _id(folder) != default and not _below(folder, bin_id, parents)
    ]
    return found


def _all_folders(client: Client) -> list[Element]:
    found: list[Element] = []
    while True:
        message = client.one(operations.find_folders(len(found)))
        root = fields(message)["RootFolder"]
        page = list(fields(root).get("Folders", ()))
        found += page
        if root.get("IncludesLastItemInRange", "true") == "true" or not page:
            return found


def _folder(message: Element) -> Element:
    folders = fields(message).get("Folders")
    if folders is None or not len(folders):
        raise errors.AdminError("mailbox.none", "no calendar folder")
    return folders[0]


def collection(folder: Element, *, default: bool = False) -> Collection:
    """A calendar folder as a collection."""
    inside = fields(folder)
    rights = fields(inside["EffectiveRights"]) if "EffectiveRights" in inside else {}
    refused = {"CreateContents", "Modify"} & {
        name for name in rights if text_of(rights, name) == "false"
    }
    count = text_of(inside, "TotalCount")
    return Collection(
        ref=_id(folder),
        name=text_of(inside, "DisplayName"),
        writable=not refused,
        default=default,
        items=int(count) if count else None,
    )


def require_read(message: Element) -> None:
    """Raise AdminError when the member may not look into the folder of a GetFolder answer."""
    rights = fields(_folder(message)).get("EffectiveRights")
    if rights is not None and text_of(fields(rights), "Read") == "false":
        raise errors.AdminError("calendar.no_rights", "no right to read")


def _is_calendar(folder: Element) -> bool:
    kind = text_of(fields(folder), "FolderClass")
    return local(folder) == "CalendarFolder" or kind.startswith(_CALENDARS)


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
