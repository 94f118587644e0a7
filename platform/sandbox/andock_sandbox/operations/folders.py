"""GetFolder, FindFolder, CreateFolder, UpdateFolder, DeleteFolder, EmptyFolder, MoveFolder,
CopyFolder."""

from __future__ import annotations

from collections.abc import Callable

from .. import calendar_writes, extended, query, shapes, soap
from ..errors import EwsError
from ..folders import CLASS_OF_KIND, KIND_OF_CLASS
from ..model import Folder, Json
from ..shapes import Shape
from ..soap import Element, add, children, local
from ..values import text_of
from .context import Call, find_folder, reporting, target_folder
from .paging import Window, read_page

_IDS = Shape("I")


def get(call: Call) -> Element:
    """The folders of the given ids."""
    root, messages = soap.message_root("GetFolder")
    shape = call.shape("FolderShape")
    for element in children(call.need("FolderIds")):
        with reporting(messages, "GetFolder", empty="Folders"):
            _answer(call, messages, find_folder(call, element), shape)
    return root


def _answer(call: Call, messages: Element, folder: Folder, shape: Shape) -> None:
    message = soap.success(messages, call.operation)
    shapes.write_folder(add(message, "m:Folders"), call.state, folder, shape)


def find(call: Call) -> Element:
    """The folders below the given ones, filtered and paged."""
    root, messages = soap.message_root("FindFolder")
    shape = call.shape("FolderShape")
    deep = call.request.get("Traversal") == "Deep"
    for element in children(call.need("ParentFolderIds")):
        with reporting(messages, "FindFolder"):
            parent = find_folder(call, element)
            test = query.restriction(call.part("Restriction"), query.folder_reader(call.state))
            found = [
                folder for folder in call.state.subfolders(parent.num, deep=deep) if test(folder)
            ]
            if call.request.get("Traversal") == "SoftDeleted":
                found = []
            view = call.either("IndexedPageFolderView", "FractionalPageFolderView")
            page = read_page(view, len(found))
            _write_found(call, messages, found[page.start : page.stop], page, shape)
    return root


def _write_found(
    call: Call, messages: Element, found: list[Folder], page: Window, shape: Shape
) -> None:
    message = soap.success(messages, "FindFolder")
    holder = add(message, "m:RootFolder", **page.attributes())
    inner = add(holder, "t:Folders")
    for folder in found:
        shapes.write_folder(inner, call.state, folder, shape)


def create(call: Call) -> Element:
    """New folders below one."""
    root, messages = soap.message_root("CreateFolder")
    for element in children(call.need("Folders")):
        with reporting(messages, "CreateFolder", empty="Folders"):
            try:
                parent = target_folder(call, "ParentFolderId")
            except EwsError as error:
                raise EwsError("ErrorParentFolderNotFound") from error
            title = text_of(element, "DisplayName").strip()
            if not title:
                raise EwsError("ErrorFolderSavePropertyError")
            kind = local(element)
            folder_class = text_of(element, "FolderClass") or CLASS_OF_KIND.get(kind, "IPF.Note")
            kind = KIND_OF_CLASS.get(".".join(folder_class.split(".")[:2]), kind)
            held = _extended(element)
            made = call.state.new_folder(parent.num, kind, title, folder_class=folder_class)
            made.extended = held
            _answer(call, messages, made, _IDS)
    return root


def _extended(element: Element) -> dict[str, Json]:
    """The extended properties in a folder's element."""
    parts = [part for part in children(element) if local(part) == "ExtendedProperty"]
    return dict(extended.read(part) for part in parts)


def update(call: Call) -> Element:
    """Rename folders, give them another class, set and delete their extended properties."""
    root, messages = soap.message_root("UpdateFolder")
    for change in children(call.need("FolderChanges")):
        with reporting(messages, "UpdateFolder", empty="Folders"):
            target, updates = children(change)[:2]
            folder = find_folder(call, target)
            for step in children(updates):
                _change(call, folder, step)
            call.state.change_folder(folder)
            _answer(call, messages, folder, _IDS)
    return root


def _change(call: Call, folder: Folder, step: Element) -> None:
    inner = children(step)
    if local(inner[0]) == "ExtendedFieldURI":
        _change_extended(folder, local(step), inner)
        return
    uri = inner[0].get("FieldURI", "")
    settable = local(step) == "SetFolderField" and len(inner) == 2
    if not settable or uri not in ("folder:DisplayName", "folder:FolderClass"):
        raise EwsError("ErrorInvalidPropertySet")
    held = children(inner[1])
    name = uri.removeprefix("folder:")
    if len(held) != 1 or local(held[0]) != name:
        raise EwsError("ErrorUpdatePropertyMismatch")
    text = text_of(held[0]).strip()
    if name == "FolderClass":
        folder.folder_class = text
        return
    if folder.distinguished:
        raise EwsError("ErrorFolderSavePropertyError")
    siblings = call.state.subfolders(folder.parent)
    if any(s.num != folder.num and s.name.casefold() == text.casefold() for s in siblings):
        raise EwsError("ErrorFolderExists")
    folder.name = text


def _change_extended(folder: Folder, action: str, inner: list[Element]) -> None:
    key = extended.key_of(inner[0])
    if action == "DeleteFolderField":
        folder.extended.pop(key, None)
        return
    if action != "SetFolderField" or len(inner) != 2:
        raise EwsError("ErrorInvalidPropertyAppend")
    held = _extended(inner[1])
    if list(held) != [key]:
        raise EwsError("ErrorUpdatePropertyMismatch")
    folder.extended |= held


def delete(call: Call) -> Element:
    """Delete folders with what is in them; well-known ones stay."""
    root, messages = soap.message_root("DeleteFolder")
    for element in children(call.need("FolderIds")):
        with reporting(messages, "DeleteFolder"):
            folder = find_folder(call, element)
            if folder.distinguished:
                raise EwsError("ErrorDeleteDistinguishedFolder")
            bin_folder = call.state.distinguished("deleteditems")
            if call.request.get("DeleteType") == "MoveToDeletedItems":
                call.state.move_folder(folder, bin_folder.num)
            else:
                call.state.remove_folder(folder)
            soap.success(messages, "DeleteFolder")
    return root


def empty(call: Call) -> Element:
    """Delete what is in folders, and their subfolders when that is asked for."""
    root, messages = soap.message_root("EmptyFolder")
    disposal = call.request.get("DeleteType", "")
    deep = call.request.get("DeleteSubFolders") in ("true", "1")
    for element in children(call.need("FolderIds")):
        with reporting(messages, "EmptyFolder"):
            folder = find_folder(call, element)
            if folder.kind == "CalendarFolder" or folder.distinguished == "searchfolders":
                raise EwsError(
                    "ErrorCannotEmptyFolder",
                    "Emptying the calendar folder or search folder isn't permitted.",
                )
            for item in list(call.state.live(folder.num)):
                calendar_writes.discard(call.state, item, disposal)
            for inner in list(call.state.subfolders(folder.num)) if deep else []:
                if not inner.distinguished:
                    call.state.remove_folder(inner)
            soap.success(messages, "EmptyFolder")
    return root


def move(call: Call) -> Element:
    """Put folders below another one; their ids stay."""

    def act(folder: Folder, parent: int) -> Folder:
        if folder.distinguished:
            raise EwsError("ErrorMoveDistinguishedFolder")
        call.state.move_folder(folder, parent)
        return folder

    return _transfer(call, act)


def copy(call: Call) -> Element:
    """Copy folders with all that is in them below another one."""
    return _transfer(call, call.state.copy_folder)


def _transfer(call: Call, act: Callable[[Folder, int], Folder]) -> Element:
    root, messages = soap.message_root(call.operation)
    for element in children(call.need("FolderIds")):
        with reporting(messages, call.operation, empty="Folders"):
            try:
                target = target_folder(call, "ToFolderId")
            except EwsError as error:
                raise EwsError("ErrorToFolderNotFound") from error
            folder = find_folder(call, element)
            inside = {found.num for found in call.state.subfolders(folder.num, deep=True)}
            if target.num in {folder.num, *inside}:
                raise EwsError("ErrorMoveCopyFailed")
            _answer(call, messages, act(folder, target.num), _IDS)
    return root
