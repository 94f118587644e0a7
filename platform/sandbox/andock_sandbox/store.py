"""Where the state rests: one SQLite file, or nowhere.

Every change is one transaction, so the file is whole after a kill. Passwords of the invented
mailboxes are in it in the clear: it is made readable for its owner alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from .model import Json

_TABLE = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, mailbox INTEGER NOT NULL, num INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (kind, mailbox, num)
) WITHOUT ROWID
"""


class Store:
    """Records by kind, mailbox and number. ``path`` None keeps nothing.

    ValueError for a file that is something else."""

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        try:
            # Guarded by the sandbox's own lock, so one connection serves all threads.
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(_TABLE)
        except sqlite3.DatabaseError as error:
            self.close()
            raise ValueError(f"{path} is no state of a sandbox: {error}") from error

    @property
    def keeps(self) -> bool:
        """Whether anything outlives the process."""
        return self._db is not None

    def read(self, kind: str, mailbox: int | None = None) -> list[Json]:
        """All records of a kind (of one mailbox), in the order of their numbers."""
        if self._db is None:
            return []
        query = "SELECT data FROM record WHERE kind = ?"
        values: list[object] = [kind]
        if mailbox is not None:
            query += " AND mailbox = ?"
            values.append(mailbox)
        rows = self._db.execute(query + " ORDER BY mailbox, num", values)
        return [json.loads(data) for (data,) in rows]

    def write(self, records: Iterable[tuple[str, int, int, Json]]) -> None:
        """Write (kind, mailbox, number, record) lines in one transaction."""
        if self._db is None:
            return
        lines = [(kind, box, num, json.dumps(data)) for kind, box, num, data in records]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", lines)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None
