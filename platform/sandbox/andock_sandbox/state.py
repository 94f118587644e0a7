"""One mailbox's records and the log of their changes. No locks here: ``Sandbox`` holds one.

Each folder keeps a log of (change number, item number) in ascending order. A line is stale once
its item has changed again; stale lines are skipped and now and then swept out, so a page of
changes costs the same in a large folder as in a small one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from . import folders, times
from .errors import EwsError
from .ids import ATTACHMENT, FOLDER, IdMaker, Ref
from .model import Account, Event, Folder, Item, Json, Props, remember

Record: TypeAlias = Account | Folder | Item
_SWEEP = 256


class MailboxState:
    """The folders and items of one account. ``dirty`` collects what the store must write."""

    def __init__(self, account: Account, key: bytes) -> None:
        self.account = account
        self._key = key
        self.take_guid()
        self.folders: dict[int, Folder] = {}
        self.items: dict[int, Item] = {}
        self.contents: dict[int, dict[int, None]] = {}
        self.logs: dict[int, list[tuple[int, int]]] = {}
        # Searches and orders of folders that were asked for, with the change they are good for.
        self.views: dict[tuple[object, ...], tuple[int, list[int]]] = {}
        self.sequence = 0
        self.last_num = 0
        self.dirty: dict[tuple[str, int], Record] = {}
        self.on_event: Callable[[MailboxState, Event], None] | None = None
        # Who else listens: Graph's subscriptions.
        self.on_graph_event: Callable[[MailboxState, Event], None] | None = None

    def take_guid(self) -> None:
        """Make ids by the account's guid."""
        self.guid = bytes.fromhex(self.account.guid)
        self.ids = IdMaker(self.guid, self._key)

    # -- loading and saving ------------------------------------------------------------------

    def load(self, records: Iterable[Folder | Item]) -> None:
        """Take over stored records; the logs are rebuilt from them."""
        log: list[tuple[int, int, int]] = []
        for record in records:
            self.last_num = max(self.last_num, record.num)
            self.sequence = max([self.sequence, *record.history])
            if isinstance(record, Folder):
                self.folders[record.num] = record
                self.contents.setdefault(record.num, {})
                self.logs.setdefault(record.num, [])
                continue
            self.items[record.num] = record
            log.append((record.version, record.folder, record.num))
            if not record.gone:
                self.contents.setdefault(record.folder, {})[record.num] = None
        for version, folder, num in sorted(log):
            self.logs.setdefault(folder, []).append((version, num))

    def create_default_folders(self) -> None:
        """The folders of a fresh mailbox, in the account's language."""
        made: dict[str, int] = {"": 0}
        for known, parent, kind, folder_class, english, german in folders.DEFAULTS:
            title = german if self.account.language == "de" else english
            folder = self.new_folder(made[parent], kind, title, known, folder_class)
            made[known] = folder.num

    def _mark(self, kind: str, record: Record) -> None:
        self.dirty[kind, record.num] = record

    def mark_account(self) -> None:
        """The account itself has changed."""
        self._mark("mailbox", self.account)

    def _tell(
        self,
        kind: str,
        record: Item | Folder,
        old_num: int = 0,
        old_parent: int = 0,
    ) -> None:
        """Report an event to who listens. What happens to an item also changes its folder, and in
        a calendar the owner's free/busy times."""
        if self.on_event is None and self.on_graph_event is None:
            return
        stamp = times.now()
        if isinstance(record, Folder):
            told = [Event(kind, record.num, record.parent, stamp, True, old_num, old_parent)]
        else:
            folder = self.folders[record.folder]
            told = [Event(kind, record.num, folder.num, stamp, False, old_num, old_parent)]
            if kind != "Modified":
                told.append(Event("Modified", folder.num, folder.parent, stamp, True))
            if record.kind == "CalendarItem":
                told.append(Event("FreeBusyChanged", record.num, folder.num, stamp))
        for listener in (self.on_event, self.on_graph_event):
            if listener is not None:
                for event in told:
                    listener(self, event)

    def _next_num(self) -> int:
        self.last_num += 1
        return self.last_num

    def _next_change(self) -> int:
        self.sequence += 1
        return self.sequence

    # -- folders -----------------------------------------------------------------------------

    def new_folder(
        self, parent: int, kind: str, title: str, distinguished: str = "", folder_class: str = ""
    ) -> Folder:
        """A new folder. EwsError ErrorFolderExists when its parent has one of this name."""
        if parent:
            self._check_name(parent, title)
        folder = Folder(
            self._next_num(),
            parent,
            kind,
            title,
            distinguished,
            folder_class or folders.CLASS_OF_KIND[kind],
        )
        self.folders[folder.num] = folder
        self.contents[folder.num] = {}
        self.logs[folder.num] = []
        self._note_folder(folder)
        self._tell("Created", folder)
        return folder

    def change_folder(self, folder: Folder) -> None:
        """Note that a folder's own properties have changed."""
        self._note_folder(folder)
        self._tell("Modified", folder)

    def _note_folder(self, folder: Folder) -> None:
        remember(folder.history, self._next_change())
        self._mark("folder", folder)

    def remove_folder(self, folder: Folder) -> None:
        """Take a folder out with all that is in it."""
        for child in list(self.subfolders(folder.num)):
            self.remove_folder(child)
        for item in list(self.live(folder.num)):
            self.remove(item)
        folder.gone = True
        self._note_folder(folder)
        self._tell("Deleted", folder)

    def move_folder(self, folder: Folder, parent: int) -> None:
        """Put a folder below another one; its id stays. EwsError ErrorFolderExists."""
        self._check_name(parent, folder.name, folder.num)
        before, folder.parent = folder.parent, parent
        self._note_folder(folder)
        folder.moved.append([folder.history[-1], before])
        self._tell("Moved", folder, folder.num, before)

    def copy_folder(self, folder: Folder, parent: int) -> Folder:
        """Copy a folder with all that is in it below another one. EwsError ErrorFolderExists."""
        inner = list(self.subfolders(folder.num))
        made = self.new_folder(parent, folder.kind, folder.name, folder_class=folder.folder_class)
        made.extended = copy.deepcopy(folder.extended)
        for item in list(self.live(folder.num)):
            self._twin(copy.deepcopy(item), made.num)
        for found in inner:
            self.copy_folder(found, made.num)
        self._tell("Copied", made, folder.num, folder.parent)
        return made

    def _check_name(self, parent: int, title: str, besides: int = 0) -> None:
        for found in self.subfolders(parent):
            if found.num != besides and found.name.casefold() == title.casefold():
                raise EwsError("ErrorFolderExists")

    def folder(self, num: int) -> Folder:
        """The living folder of a number. EwsError ErrorFolderNotFound."""
        found = self.folders.get(num)
        if found is None or found.gone:
            raise EwsError("ErrorFolderNotFound")
        return found

    def distinguished(self, known: str) -> Folder:
        """The folder of a well-known name. EwsError ErrorFolderNotFound."""
        for found in self.folders.values():
            if found.distinguished == known and not found.gone:
                return found
        raise EwsError("ErrorFolderNotFound")

    def folder_of_id(self, text: str) -> Folder:
        """The folder that an id names. EwsError."""
        ref = self.ids.decode(text)
        if ref.kind != FOLDER:
            raise EwsError("ErrorCannotUseItemIdForFolderId")
        return self.folder(ref.num)

    def subfolders(self, num: int, *, deep: bool = False) -> Iterator[Folder]:
        """The living folders below one, in the order of their creation."""
        for found in list(self.folders.values()):
            if found.parent == num and not found.gone and found.num != num:
                yield found
                if deep:
                    yield from self.subfolders(found.num, deep=True)

    # -- items -------------------------------------------------------------------------------

    def new_item(self, folder: int, kind: str, props: Props, extended: dict[str, Json]) -> Item:
        """A new item with its first version."""
        item = self._add(folder, kind, props, extended)
        self._tell("Created", item)
        return item

    def _add(self, folder: int, kind: str, props: Props, extended: dict[str, Json]) -> Item:
        item = Item(self._next_num(), folder, kind, props, extended, created=times.now())
        self.items[item.num] = item
        self.contents[folder][item.num] = None
        self._note(item, [*props, *extended])
        return item

    def change(self, item: Item, touched: Iterable[str] = ()) -> None:
        """Give an item its next version; ``touched`` names the properties that changed."""
        self._note(item, touched)
        self._tell("Modified", item)

    def _note(self, item: Item, touched: Iterable[str] = ()) -> None:
        number = self._next_change()
        remember(item.history, number)
        item.modified = times.now()
        item.fields.update(dict.fromkeys(touched, number))
        self._log(item, number)
        self._mark("item", item)

    def _log(self, item: Item, number: int) -> None:
        log = self.logs[item.folder]
        log.append((number, item.num))
        if len(log) > 2 * len(self.contents[item.folder]) + _SWEEP:
            log[:] = [line for line in log if self.items[line[1]].version == line[0]]

    def remove(self, item: Item) -> None:
        """Take an item out for good; a bare record stays, so that Sync can report it."""
        self._take_out(item)
        self._tell("Deleted", item)

    def _take_out(self, item: Item) -> None:
        self.contents[item.folder].pop(item.num, None)
        item.gone = True
        item.props, item.extended, item.exceptions = {}, {}, {}
        item.deleted, item.attachments, item.fields = [], [], {}
        self._note(item)

    def move(self, item: Item, folder: int) -> Item:
        """Move an item: it gets a new id, as on Exchange. The new item."""
        moved = self._twin(item, folder)
        moved.origin = item.origin or item.num
        self._take_out(item)
        self._tell("Moved", moved, item.num, item.folder)
        return moved

    def copy(self, item: Item, folder: int) -> Item:
        """Copy an item with all that belongs to it. The new item."""
        made = self._twin(copy.deepcopy(item), folder)
        self._tell("Copied", made, item.num, item.folder)
        return made

    def _twin(self, item: Item, folder: int) -> Item:
        made = self._add(folder, item.kind, item.props, item.extended)
        made.exceptions, made.deleted, made.created = item.exceptions, item.deleted, item.created
        made.attachments = item.attachments
        return made

    def deliver(self, kind: str, props: Props) -> Item:
        """A mail that arrives in the inbox."""
        item = self.new_item(self.distinguished("inbox").num, kind, props, {})
        self._tell("NewMail", item)
        return item

    def item(self, ref: Ref) -> Item:
        """The living item of a decoded id. EwsError ErrorItemNotFound."""
        if ref.kind == FOLDER:
            raise EwsError("ErrorCannotUseFolderIdForItemId")
        if ref.kind == ATTACHMENT:
            raise EwsError("ErrorInvalidIdNotAnItemAttachmentId")
        found = self.items.get(ref.num)
        if found is None or found.gone:
            raise EwsError("ErrorItemNotFound")
        return found

    def by_origin(self, num: int) -> Item | None:
        """The item that had a number before it was moved, or has it still; None."""
        held = self.items.get(num)
        if held is None or not held.gone:
            return held if held is None or not held.origin else None
        return next(
            (one for one in self.items.values() if one.origin == num and not one.gone), held
        )

    def unread(self, folder: Folder) -> int:
        """How many mails in a folder are unread."""
        if folder.kind != "Folder":
            return 0
        return sum(item.props.get("IsRead") is False for item in self.live(folder.num))

    def live(self, folder: int) -> Iterator[Item]:
        """The items in a folder, oldest first."""
        for num in self.contents[folder]:
            yield self.items[num]
