"""The tables. Whatever only its owner may read is a sealed column (see `andock_core.vault`)."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.types import UtcDateTime, new_id

ID = String(32)
REF = String(1024)  # remote ids: opaque, case-sensitive; 512 bytes are promised at most

NAMES = {  # named constraints, so that migrations can find them on every database
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class TenantOwned:
    """Rows that belong to exactly one tenant; `storage.base` scopes every query by it."""

    tenant_id: Mapped[str] = mapped_column(
        ID, ForeignKey("tenant.id", ondelete="CASCADE"), index=True
    )


def _id() -> Mapped[str]:
    return mapped_column(ID, primary_key=True, default=new_id)


def _to(target: str, **options: Any) -> Mapped[Any]:
    return mapped_column(ID, ForeignKey(target, ondelete="CASCADE"), index=True, **options)


class Tenant(Base):
    """A company."""

    __tablename__ = "tenant"
    id: Mapped[str] = _id()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="de")
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Berlin")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Member(TenantOwned, Base):
    """A user in a tenant. `email` is lower-case and unique everywhere: one signs in by it.

    `language` and `zone` empty: the tenant's. `session_epoch` is raised to end all sessions.
    `week_start` is an ISO weekday (1 is Monday); working hours are wall times in the member's zone.
    `picture` has the media type `picture_type`; `picture_mark` changes with it (empty: none).
    `scheme`: light, dark, or empty as the system. `shortcuts`: single keys act on pages.
    """

    __tablename__ = "member"
    id: Mapped[str] = _id()
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10), default="member")
    language: Mapped[str] = mapped_column(String(8), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    week_start: Mapped[int] = mapped_column(default=1)
    work_start: Mapped[str] = mapped_column(String(5), default="08:00")
    work_end: Mapped[str] = mapped_column(String(5), default="17:00")
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    picture_type: Mapped[str] = mapped_column(String(20), default="")
    picture_mark: Mapped[str] = mapped_column(String(12), default="")
    scheme: Mapped[str] = mapped_column(String(5), default="")
    shortcuts: Mapped[bool] = mapped_column(default=True)


class MemberSession(TenantOwned, Base):
    """A browser that a member is signed in with. `ended_at`: signed out, or ended from afar."""

    __tablename__ = "session"
    id: Mapped[str] = _id()
    member_id: Mapped[str] = _to("member.id")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    user_agent: Mapped[str] = mapped_column(String(400), default="")
    ended_at: Mapped[datetime | None]


class Connection(TenantOwned, Base):
    """A member's added integration.

    `state`: added (no grant yet), authorized (tested, nothing chosen yet), active, attention
    (its grant or server needs a hand; `error` is the message key). `grant`, `access` (what was
    typed to get it, without passwords), `settings` and `notebook` are sealed JSON with the kinds
    "connection.grant" and so on. `next_due_at` is when the dispatcher starts the next run; None:
    never by itself. A run holds the lease; `fence` grows with each lease and is checked in each of
    the run's transactions. `progress` is {"phase", "done", "total"} while a run is under way.
    `queued_at`: a job was put into a queue and not taken up yet. `requested_at`: someone asked for
    a run that has not begun. `failures` counts the runs that failed one after the other.
    """

    __tablename__ = "connection"
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = _to("member.id")
    integration: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="added")
    error: Mapped[str] = mapped_column(String(80), default="")
    account_key: Mapped[str] = mapped_column(String(400), default="")
    account_label: Mapped[str] = mapped_column(String(400), default="")
    grant: Mapped[bytes | None] = mapped_column(LargeBinary)
    access: Mapped[bytes | None] = mapped_column(LargeBinary)
    settings: Mapped[bytes | None] = mapped_column(LargeBinary)
    notebook: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
    interval_minutes: Mapped[int] = mapped_column(default=30)
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    queued_at: Mapped[datetime | None]
    requested_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str] = mapped_column(String(64), default="")
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any] | None]
    last_run_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]


class Attempt(TenantOwned, Base):
    """A search, a test or a reading of choices, as a job. Only its owner sees it.

    `kind`: search, test, choices, save. `state`: queued, running, done, failed. `steps`, `draft`
    (the answers; the password until the attempt ends) and `result` are sealed JSON. Deleted at
    `expires_at`. `begun_at`: when a worker took it up.
    """

    __tablename__ = "attempt"
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = _to("member.id")
    connection_id: Mapped[str] = _to("connection.id")
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    error: Mapped[str] = mapped_column(String(80), default="")
    steps: Mapped[bytes | None] = mapped_column(LargeBinary)
    draft: Mapped[bytes | None] = mapped_column(LargeBinary)
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
    begun_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Collection(TenantOwned, Base):
    """A remote calendar or folder of contacts (`kind`) that a connection synchronises.

    `role`: one, import, planning. `holds`: what of Andock's own goes there (appointments, tasks,
    calls). `letting_go`: what becomes of what it brought in when it is retired: stays, goes.
    `name` and `cursor` are sealed. `retired`: no longer chosen; its pairs are being let go.
    `listing` is true while a full listing is under way (after a lost token, say); `listing_mark`
    counts listings, so that a pair unseen in the present one is a suspicion.
    """

    __tablename__ = "collection"
    __table_args__ = (UniqueConstraint("connection_id", "ref"),)
    id: Mapped[str] = _id()
    connection_id: Mapped[str] = _to("connection.id")
    ref: Mapped[str] = mapped_column(REF)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(10), default="calendar")
    role: Mapped[str] = mapped_column(String(10))
    holds: Mapped[list[Any]] = mapped_column(default=list)
    letting_go: Mapped[str] = mapped_column(String(5), default="")
    cursor: Mapped[bytes | None] = mapped_column(LargeBinary)
    listing: Mapped[bool] = mapped_column(default=True)
    listing_mark: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(String(80), default="")


class Entry(TenantOwned, Base):
    """A calendar entry of a member: an appointment, or a private block.

    `visibility`: appointment (its `document` is in the clear) or block (its `document` is None
    and `sealed` holds it, kind "entry.sealed"). The document is `andock_sdk.Appointment` as JSON.
    `origin`: andock or remote. `version` grows with every change; who writes, compares it.
    `converted`: the member made a block visible; kept apart from the origin so that it reverses.
    `locked`: someone else organises it.
    """

    __tablename__ = "entry"
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = _to("member.id")
    visibility: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(8))
    converted: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any] | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expanded_until: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Span(TenantOwned, Base):
    """A plain interval of an entry within the window: all that a calendar view queries.

    A single entry has one with an empty `original_start`, a series one per occurrence.
    All-day: `start_day` and `end_day` (exclusive) count, and `start_at`, `end_at` are those days'
    midnights in UTC, good enough to find the row.
    """

    __tablename__ = "span"
    __table_args__ = (Index("ix_span_owner_id_start_at", "owner_id", "start_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    entry_id: Mapped[str] = _to("entry.id")
    original_start: Mapped[str] = mapped_column(String(32), default="")
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    all_day: Mapped[bool] = mapped_column(default=False)
    start_day: Mapped[str] = mapped_column(String(10), default="")
    end_day: Mapped[str] = mapped_column(String(10), default="")
    busy: Mapped[str] = mapped_column(String(10))


class ShownOccurrence(TenantOwned, Base):
    """One occurrence of a private series that its owner made visible.

    Keyed by original start, so it survives changes of the pattern. `document` is what colleagues
    see, in the clear (a single `andock_sdk.Appointment`).
    """

    __tablename__ = "shown_occurrence"
    __table_args__ = (UniqueConstraint("entry_id", "original_start"),)
    id: Mapped[str] = _id()
    entry_id: Mapped[str] = _to("entry.id")
    original_start: Mapped[str] = mapped_column(String(32))
    document: Mapped[dict[str, Any]]


class Contact(TenantOwned, Base):
    """A member's contact, seen by its owner and by those it was shared with.

    `document` is `andock_sdk.Contact` as JSON without its photo, which lies beside it. `sort_name`
    is lower-case, `letter` is the group in the list ("#" for what begins with none), `search` all
    that the quick search looks through, lower-case. `version` grows with every change.
    `origin`: andock, or remote for what a connection brought in.
    `deleted_at`: deleted in the pages and still to be brought back. The row stays for that long, so
    that the sync sees a delete only once it is final (see `andock_core.contacts.undo`).
    """

    __tablename__ = "contact"
    __table_args__ = (
        # All that the list and its letters need, so that neither looks at a row.
        Index(
            "ix_contact_list", "owner_id", "deleted_at", "letter", "sort_name", "id", "tenant_id"
        ),
    )
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    origin: Mapped[str] = mapped_column(String(8), default="andock")
    photo_type: Mapped[str] = mapped_column(String(20), default="")
    sort_name: Mapped[str] = mapped_column(String(400), default="")
    letter: Mapped[str] = mapped_column(String(4), default="#")
    search: Mapped[str] = mapped_column(Text, default="")
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    # Last, for SQLite reads a row from its beginning, and the search looks at all of them.
    document: Mapped[dict[str, Any]] = mapped_column(sort_order=10)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, sort_order=11)


class ContactImport(TenantOwned, Base):
    """Cards that a member uploaded and has looked at, not yet taken over. Its owner's alone.

    `content` is sealed JSON, kind "contact_import.content" (see `andock_core.contacts.imports`).
    Deleted at `expires_at`.
    """

    __tablename__ = "contact_import"
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = _to("member.id")
    content: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ContactShare(TenantOwned, Base):
    """A contact that its owner lets one colleague read."""

    __tablename__ = "contact_share"
    __table_args__ = (UniqueConstraint("contact_id", "member_id"),)
    id: Mapped[str] = _id()
    contact_id: Mapped[str] = _to("contact.id")
    member_id: Mapped[str] = _to("member.id")


class Task(TenantOwned, Base):
    """A member's task. `due_day` is a day or empty; `due_time` ("14:30") is a wall time in `zone`
    or empty. `planned`: it has its entry in the calendar (false: deleted there, the task stays).
    `zone` is kept when a time is set. `version` grows with every change."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_owner_id_due_day", "owner_id", "due_day"),)
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(1000))
    notes: Mapped[str] = mapped_column(Text, default="")
    due_day: Mapped[str] = mapped_column(String(10), default="")
    due_time: Mapped[str] = mapped_column(String(5), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    done_at: Mapped[datetime | None]
    planned: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Call(TenantOwned, Base):
    """A member's call. `start_at` is when, `minutes` how long; without `start_at` it is not
    planned for any time. `outcome` is what came of it. `planned` as with tasks."""

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_owner_id_start_at", "owner_id", "start_at"),)
    id: Mapped[str] = _id()
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    whom: Mapped[str] = mapped_column(String(400))
    number: Mapped[str] = mapped_column(String(100), default="")
    contact_id: Mapped[str | None] = mapped_column(
        ID, ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    start_at: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=15)
    notes: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    done_at: Mapped[datetime | None]
    planned: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Pair(TenantOwned, Base):
    """An entry and its remote item. The base halves are what each side held when both agreed.

    `base_local` and `base_remote` are sealed documents, `base_version` their document version.
    `entry_version` is the entry's version when the pair was last looked at: when it differs, the
    entry changed here. The entry may be gone (deleted here), so `entry_id` is no foreign key.
    `local_kind` says which table it is of: entry, contact, task, call.
    `kind`: own, converted, block, as both sides agreed (see `andock_core.sync.plan`). `uid` is a
    digest. `state`: ok, dirty (try again at `next_try_at`), aside (given up after N tries, shown
    to the member), held (a delete that waits for the member), release (it may go on), and of
    which only ids are known, without bases and entry: outside (of the window until `next_try_at`)
    and twin (another connection to the same mailbox has the item). A `ref` that begins with "!"
    stands for a remote item that could not be created yet.
    """

    __tablename__ = "pair"
    __table_args__ = (
        UniqueConstraint("collection_id", "ref"),
        UniqueConstraint("collection_id", "entry_id"),
    )
    id: Mapped[str] = _id()
    connection_id: Mapped[str] = _to("connection.id")
    collection_id: Mapped[str] = _to("collection.id")
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
    collection_id: Mapped[str] = _to("collection.id")
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
    id: Mapped[str] = _id()
    connection_id: Mapped[str] = _to("connection.id")
    collection_id: Mapped[str] = _to("collection.id")
    entry_id: Mapped[str] = mapped_column(ID)
    ref: Mapped[str] = mapped_column(REF, default="")
    action: Mapped[str] = mapped_column(String(8))
    operation_id: Mapped[str] = mapped_column(String(64), default="")
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Run(TenantOwned, Base):
    """One sync run. `trigger`: first, manual, schedule. `state`: running, done, failed, held,
    abandoned (its worker died). `counts` as in the observer hook `sync_finished`."""

    __tablename__ = "run"
    id: Mapped[str] = _id()
    connection_id: Mapped[str] = _to("connection.id")
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
    `content` is sealed JSON {"before", "after", "lost"}.
    """

    __tablename__ = "journal_line"
    id: Mapped[str] = _id()
    run_id: Mapped[str] = _to("run.id")
    connection_id: Mapped[str] = _to("connection.id")
    collection_id: Mapped[str] = mapped_column(ID)
    entry_id: Mapped[str] = mapped_column(ID, default="")
    side: Mapped[str] = mapped_column(String(6))
    action: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(default=now)
