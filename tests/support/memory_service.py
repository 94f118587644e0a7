"""The service behind the memory plugin: calendars, folders of contacts, items, in one SQLite file.

Tests use it as the people on the other side do: `put`, `edit`, `remove`, and look at `items`.
Every state of an item has a version of its own (as Exchange's ChangeKey), every change a number
that cursors count by.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from andock_sdk import (
    Appointment,
    Change,
    ChangePage,
    Collection,
    Contact,
    Item,
    Missing,
    ReadResult,
    RemoteItem,
    Unreadable,
)

SPOILT = "{"
_TABLES = """
CREATE TABLE IF NOT EXISTS account (user TEXT PRIMARY KEY, password TEXT);
CREATE TABLE IF NOT EXISTS calendar (
    ref TEXT PRIMARY KEY, user TEXT, name TEXT, is_default INT, writable INT,
    kind TEXT DEFAULT 'calendar');
CREATE TABLE IF NOT EXISTS item (
    ref TEXT PRIMARY KEY, calendar TEXT, number INT UNIQUE, operation_id TEXT, document TEXT,
    deleted INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS flag (name TEXT PRIMARY KEY, value INT);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, call TEXT, kind TEXT, skip INT);
CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY, name TEXT);
"""

WRITES = ("create", "update", "delete")
_CURSOR = re.compile(r"(\d{1,12}):(\d{1,12}):(listing|changes)")


def document(remote: RemoteItem) -> Appointment:
    """What an item of a calendar holds."""
    assert isinstance(remote.item, Appointment)
    return remote.item


class MemoryService:
    """The service in the file at `path`, which is made when it is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as db:
            for statement in filter(str.strip, _TABLES.split(";")):
                db.execute(statement)

    # -- set-up ---------------------------------------------------------------------------------

    def add_account(self, user: str, password: str) -> None:
        """Someone who can sign in; again, to change the password."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO account VALUES (?, ?)", (user, password))

    def add_calendar(
        self, user: str, name: str, *, default: bool = False, writable: bool = True
    ) -> str:
        """A new, empty calendar; its ref."""
        with self._open() as db:
            ref = f"cal-{self._next(db)}"
            db.execute(
                "INSERT INTO calendar VALUES (?, ?, ?, ?, ?, 'calendar')",
                (ref, user, name, default, writable),
            )
        return ref

    def add_contacts(self, user: str, name: str, *, default: bool = False) -> str:
        """A new, empty folder of contacts; its ref."""
        ref = self.add_calendar(user, name, default=default)
        with self._open() as db:
            db.execute("UPDATE calendar SET kind = 'contacts' WHERE ref = ?", (ref,))
        return ref

    def drop_calendar(self, ref: str) -> None:
        """The calendar is gone, with all that lay in it."""
        with self._open() as db:
            db.execute("DELETE FROM calendar WHERE ref = ?", (ref,))
            db.execute("DELETE FROM item WHERE calendar = ?", (ref,))

    # -- what people on the other side do

    def put(self, calendar: str, item: Item, operation_id: str = "") -> str:
        """A new item; its ref. An empty uid is filled in."""
        return self._insert(calendar, item, operation_id).ref

    def edit(self, ref: str, *, by: str = "someone", **fields: Any) -> RemoteItem:
        """Change fields of an item. Raises KeyError when it is not there."""
        with self._open() as db:
            row = self._row(db, ref)
            item = _item_of(row)
            changed = type(item).model_validate({**_fields(item), **fields})
            if by == "andock":
                changed = self._normalised(db, changed)
            db.execute(
                "UPDATE item SET document = ?, number = ? WHERE ref = ?",
                (changed.model_dump_json(), self._next(db), ref),
            )
            return self._item(self._row(db, ref))

    def remove(self, ref: str, *, by: str = "someone") -> None:
        """Delete an item. Raises KeyError when it is not there."""
        with self._open() as db:
            self._row(db, ref)
            db.execute(
                "UPDATE item SET deleted = 1, number = ? WHERE ref = ?", (self._next(db), ref)
            )

    def vanish(self, ref: str) -> None:
        """Delete an item that nobody was told of, nor of its end: some servers keep that quiet."""
        with self._open() as db:
            db.execute("DELETE FROM item WHERE ref = ?", (ref,))

    def spoil(self, ref: str) -> None:
        """Nobody can read the item any more."""
        with self._open() as db:
            db.execute("UPDATE item SET document = ? WHERE ref = ?", (SPOILT, ref))

    def items(self, calendar: str) -> dict[str, RemoteItem]:
        """Everything that lies in a calendar, by ref."""
        with self._open() as db:
            rows = db.execute(
                "SELECT * FROM item WHERE calendar = ? AND NOT deleted AND document != ? "
                "ORDER BY number",
                (calendar, SPOILT),
            ).fetchall()
        return {row["ref"]: self._item(row) for row in rows}

    # -- how the service behaves

    def set_flag(self, name: str, value: bool) -> None:
        """Behaviour: "silent" (writes mail nobody), "normalises" (bodies gain a newline, places
        lose their outer blanks), "empty-listing" (a listing names nothing and says complete)."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO flag VALUES (?, ?)", (name, int(value)))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Whether a behaviour is on."""
        with self._open() as db:
            row = db.execute("SELECT value FROM flag WHERE name = ?", (name,)).fetchone()
        return default if row is None else bool(row["value"])

    def lose_cursors(self) -> None:
        """All cursors handed out so far are void."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO flag VALUES ('epoch', ?)", (self._next(db),))

    def fail(self, call: str, kind: str, *, times: int = 1, after: int = 0) -> None:
        """Let a call fail: the next `times` ones, `after` having gone well."""
        with self._open() as db:
            for _ in range(times):
                db.execute(
                    "INSERT INTO fault (call, kind, skip) VALUES (?, ?, ?)", (call, kind, after)
                )
                after = 0

    def take_fault(self, call: str, kinds: Sequence[str]) -> str:
        """The fault that is to show now, used up; or an empty string."""
        with self._open() as db:
            row = db.execute(
                "SELECT * FROM fault WHERE call IN (?, '*') ORDER BY id LIMIT 1", (call,)
            ).fetchone()
            if row is None or row["kind"] not in kinds:
                return ""
            if row["skip"]:
                db.execute("UPDATE fault SET skip = skip - 1 WHERE id = ?", (row["id"],))
                return ""
            db.execute("DELETE FROM fault WHERE id = ?", (row["id"],))
            return str(row["kind"])

    def record(self, call: str) -> None:
        """Note that a call was made."""
        with self._open() as db:
            db.execute("INSERT INTO call (name) VALUES (?)", (call,))

    def calls(self, *names: str) -> list[str]:
        """The calls made so far, all or those of these names, in order."""
        with self._open() as db:
            made = [row["name"] for row in db.execute("SELECT name FROM call ORDER BY id")]
        return [name for name in made if not names or name in names]

    def forget_calls(self) -> None:
        """Start counting calls afresh."""
        with self._open() as db:
            db.execute("DELETE FROM call")

    # -- what the connector asks

    def signs_in(self, user: str, password: str) -> bool:
        """Whether user and password belong together."""
        with self._open() as db:
            row = db.execute("SELECT password FROM account WHERE user = ?", (user,)).fetchone()
        return row is not None and row["password"] == password

    def collections(self, user: str) -> list[Collection]:
        """A user's calendars."""
        with self._open() as db:
            rows = db.execute(
                "SELECT c.*, (SELECT count(*) FROM item i WHERE i.calendar = c.ref "
                "AND NOT i.deleted) AS items FROM calendar c WHERE user = ? ORDER BY rowid",
                (user,),
            ).fetchall()
        return [
            Collection(
                ref=row["ref"],
                name=row["name"],
                writable=bool(row["writable"]),
                default=bool(row["is_default"]),
                items=row["items"],
                kind=row["kind"],
            )
            for row in rows
        ]

    def has(self, calendar: str) -> bool:
        """Whether the calendar is there."""
        with self._open() as db:
            row = db.execute("SELECT 1 FROM calendar WHERE ref = ?", (calendar,)).fetchone()
        return row is not None

    def changes(self, calendar: str, cursor: str | None, size: int) -> ChangePage | None:
        """A page of changes; None when the cursor is void. Cursors are "epoch:number:listing"."""
        with self._open() as db:
            epoch = self._flag(db, "epoch")
            since, listing = 0, cursor is None
            if cursor is not None:
                found = _CURSOR.fullmatch(cursor)
                if found is None or int(found[1]) != epoch:
                    return None
                since, listing = int(found[2]), found[3] == "listing"
            rows = db.execute(
                "SELECT * FROM item WHERE calendar = ? AND number > ? ORDER BY number",
                (calendar, since),
            ).fetchall()
            if listing:  # what goes meanwhile is told afterwards
                shown = not self._flag(db, "empty-listing")
                rows = [row for row in rows if shown and not row["deleted"]]
        page, more = rows[:size], len(rows) > size
        since = page[-1]["number"] if page else since
        return ChangePage(
            changes=tuple(_change(row) for row in page),
            cursor=f"{epoch}:{since}:{'listing' if listing and more else 'changes'}",
            more=more,
            complete=listing and not more,
        )

    def read(self, calendar: str, ref: str) -> ReadResult:
        """An item of a calendar, or that it is missing."""
        with self._open() as db:
            row = db.execute(
                "SELECT * FROM item WHERE ref = ? AND calendar = ? AND NOT deleted", (ref, calendar)
            ).fetchone()
        if row is None:
            return Missing(ref=ref)
        if row["document"] == SPOILT:
            return Unreadable(ref=ref, error="item.unreadable")
        return self._item(row)

    def create(self, calendar: str, item: Item, operation_id: str) -> RemoteItem:
        """A new item, as the service holds it."""
        with self._open() as db:
            item = self._normalised(db, item)
        return self._insert(calendar, item, operation_id)

    def find_operation(self, calendar: str, operation_id: str) -> RemoteItem | None:
        """The item that was created with this id."""
        with self._open() as db:
            row = db.execute(
                "SELECT * FROM item WHERE calendar = ? AND operation_id = ? AND NOT deleted",
                (calendar, operation_id),
            ).fetchone()
        return None if row is None else self._item(row)

    # -- inside

    def _insert(self, calendar: str, item: Item, operation_id: str) -> RemoteItem:
        with self._open() as db:
            number = self._next(db)
            item = item.model_copy(update={"uid": item.uid or f"uid-{number}@memory"})
            db.execute(
                "INSERT INTO item (ref, calendar, number, operation_id, document) "
                "VALUES (?, ?, ?, ?, ?)",
                (f"item-{number}", calendar, number, operation_id, item.model_dump_json()),
            )
            return self._item(self._row(db, f"item-{number}"))

    def _normalised(self, db: sqlite3.Connection, item: Item) -> Item:
        if not self._flag(db, "normalises") or isinstance(item, Contact):
            return item
        body = item.body.model_copy(update={"content": item.body.content.rstrip() + "\n"})
        return item.model_copy(update={"body": body, "location": item.location.strip()})

    def _flag(self, db: sqlite3.Connection, name: str) -> int:
        row = db.execute("SELECT value FROM flag WHERE name = ?", (name,)).fetchone()
        return 0 if row is None else int(row["value"])

    def _next(self, db: sqlite3.Connection) -> int:
        number = self._flag(db, "number") + 1
        db.execute("INSERT OR REPLACE INTO flag VALUES ('number', ?)", (number,))
        return number

    def _row(self, db: sqlite3.Connection, ref: str) -> sqlite3.Row:
        row = db.execute("SELECT * FROM item WHERE ref = ? AND NOT deleted", (ref,)).fetchone()
        if row is None:
            raise KeyError(ref)
        found: sqlite3.Row = row
        return found

    def _item(self, row: sqlite3.Row) -> RemoteItem:
        return RemoteItem(
            ref=row["ref"],
            version=f"v{row['number']}",
            item=_item_of(row),
            operation_id=row["operation_id"],
        )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Writers take the lock at the start, several processes being at work."""
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA synchronous=OFF")  # it outlives processes, not the machine
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()


def _change(row: sqlite3.Row) -> Change:
    return Change(
        ref=row["ref"],
        kind="deleted" if row["deleted"] else "changed",
        version=f"v{row['number']}",
    )


def _item_of(row: sqlite3.Row) -> Item:
    kind = Appointment if '"when":' in row["document"] else Contact
    return kind.model_validate_json(row["document"])


def _fields(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in type(item).model_fields}
