"""What the sync remembers: pairs, announcements, intents, runs and their journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, REF, Base, TenantOwned, id_column, to


class Pair(TenantOwned, Base):
    """An entry and its remote item. The base halves are what each side held when both agreed.

    `base_local` and `base_remote` are sealed documents, `base_version` their document version.
    `entry_version` is the entry's version when the pair was last looked at: when it differs, the
    entry changed here. The entry may be gone (deleted here), so `entry_id` is no foreign key.
    `local_kind` says which table it is of: entry, contact; task, call by their
    entries in a calendar; todo for tasks in a list of tasks.
    `kind`: own, converted, block, as both sides agreed (see `andock_core.sync.plan`). `uid` is a
    digest. `state`: ok, dirty (try again at `next_try_at`), aside (given up after N tries, shown
    to the member), held (a delete, or what would mail, waits for the member), release (it may go
    on), restore (what vanished on one side comes back from the other), send (it may mail), and of
    which only ids are known, without bases and entry: outside (of the window until `next_try_at`),
    twin (another connection to the same mailbox has the item) and ignored (the member took it out
    of Andock again; until it changes there). A `ref` that begins with "!" stands for a remote item
    that could not be created yet.
    `unannounced`: Andock made the remote item, and the other side has not told of it since. Some
    servers never tell that something is gone of which they never told that it was there.
    """

    __tablename__ = "pair"
    __table_args__ = (
        UniqueConstraint("collection_id", "ref"),
        UniqueConstraint("collection_id", "entry_id"),
        # Pages count what waits, without looking at a row: the bases in it are long.
        Index("ix_pair_connection_id_state", "connection_id", "state", "error", "tenant_id"),
    )
    id: Mapped[str] = id_column()
    connection_id: Mapped[str] = to("connection.id")
    collection_id: Mapped[str] = to("collection.id")
    entry_id: Mapped[str] = mapped_column(ID, index=True)
    local_kind: Mapped[str] = mapped_column(String(8), default="entry")
    ref: Mapped[str] = mapped_column(REF)
    remote_version: Mapped[str] = mapped_column(String(1024), default="")
    operation_id: Mapped[str] = mapped_column(String(64), default="", index=True)
    link: Mapped[str] = mapped_column(String(2048), default="")
    uid: Mapped[str] = mapped_column(String(64), default="", index=True)
    kind: Mapped[str] = mapped_column(String(10), default="")
    base_local: Mapped[bytes | None] = mapped_column(LargeBinary)
    base_remote: Mapped[bytes | None] = mapped_column(LargeBinary)
    base_version: Mapped[int] = mapped_column(default=1)
    entry_version: Mapped[int] = mapped_column(default=0)
    seen_mark: Mapped[int] = mapped_column(default=0)
    unannounced: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(8), default="ok")
    error: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]


class InboxItem(TenantOwned, Base):
    """A remote change that was announced and not yet dealt with. Committed with the cursor.

    Ids only: content is read when it is dealt with. A ref that cannot be read keeps its line,
    with `tries` and `error`.
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("collection_id", "ref"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    collection_id: Mapped[str] = to("collection.id")
    ref: Mapped[str] = mapped_column(REF)
    kind: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(1024), default="")
    error: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]


class Intent(TenantOwned, Base):
    """A remote write that is about to happen, written before it. Open ones are recovered first.

    `action`: create, update, delete. `payload` is sealed JSON: the item or patch, the expected
    version, and what recovery needs.
    """

    __tablename__ = "intent"
    id: Mapped[str] = id_column()
    connection_id: Mapped[str] = to("connection.id")
    collection_id: Mapped[str] = to("collection.id")
    entry_id: Mapped[str] = mapped_column(ID)
    ref: Mapped[str] = mapped_column(REF, default="")
    action: Mapped[str] = mapped_column(String(8))
    operation_id: Mapped[str] = mapped_column(String(64), default="")
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Run(TenantOwned, Base):
    """One sync run. `trigger`: first, manual, schedule, undo. `state`: running, done, failed, held,
    abandoned (its worker died). `counts` as in the observer hook `sync_finished`."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_connection_id_started_at", "connection_id", "started_at"),)
    id: Mapped[str] = id_column()
    connection_id: Mapped[str] = to("connection.id")
    trigger: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="running")
    started_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any] | None]
    error: Mapped[str] = mapped_column(String(80), default="")


class JournalLine(TenantOwned, Base):
    """One change that a run made, with the state before it. The owner's alone.

    `side`: here or there, where it was written. `action`: create, update, delete, merge, aside.
    `content` is sealed JSON {"before", "after", "lost"}. `local_kind` and `kind` as in the pair.
    `conflict`: something was lost, and the member has not decided yet (open), or has: mine,
    theirs, fine. `undo`: the member takes it back (wanted), and what became of that: done, partly,
    skipped, with `undo_reason`; `undone_by` is the run that did it.
    """

    __tablename__ = "journal_line"
    __table_args__ = (
        Index("ix_journal_line_connection_id_at", "connection_id", "at"),
        Index("ix_journal_line_connection_id_conflict", "connection_id", "conflict"),
        Index("ix_journal_line_connection_id_undo", "connection_id", "undo"),
    )
    id: Mapped[str] = id_column()
    run_id: Mapped[str] = to("run.id")
    connection_id: Mapped[str] = to("connection.id")
    collection_id: Mapped[str] = mapped_column(ID)
    entry_id: Mapped[str] = mapped_column(ID, default="")
    side: Mapped[str] = mapped_column(String(6))
    action: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40), default="")
    pair_id: Mapped[str] = mapped_column(ID, default="")
    local_kind: Mapped[str] = mapped_column(String(8), default="entry")
    kind: Mapped[str] = mapped_column(String(10), default="")
    conflict: Mapped[str] = mapped_column(String(8), default="")
    undo: Mapped[str] = mapped_column(String(8), default="")
    undo_reason: Mapped[str] = mapped_column(String(40), default="")
    undone_by: Mapped[str] = mapped_column(ID, default="", index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(default=now)
