"""The shipped store in SQL under the harness: what README.md calls another store under test.

One migrated database serves many schedules, one after the other: each begins with empty tables, a
member and a connection. The member's hands are the services that the pages use.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.contacts.store import Contacts
from andock_core.jobs.lease import Lease
from andock_core.proof.subject import Paired, Setting
from andock_core.runs.queries import PENDING
from andock_core.runs.records import kind_of
from andock_core.runs.sealing import Seals, digest
from andock_core.runs.store import Place, SqlStore
from andock_core.storage import (
    SYSTEM,
    Collection,
    Connection,
    Contact as ContactRow,
    Entry,
    InboxItem,
    JournalLine,
    Member,
    Pair,
    Run,
    Scope,
    Storage,
    Tenant,
)
from andock_core.storage.tables import Base, Intent
from andock_core.storage.types import new_id
from andock_core.sync.documents import load
from andock_core.sync.merge import Lost
from andock_core.sync.plan import Kind, Local
from andock_core.sync.ports import Line
from andock_core.vault import Vault
from andock_sdk import Contact, Item

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))
TENANT, MEMBER, CONNECTION = "1" * 32, "2" * 32, "3" * 32
TWIN, TWINS_COLLECTION = "4" * 32, "5" * 32
ACCOUNT = "mara@example.test"
SCOPE = Scope(TENANT, MEMBER)
HELD_FOR_LONG = timedelta(hours=1)


class SqlBench:
    """A migrated database whose tables schedules may empty. `url` as for `Storage`."""

    def __init__(self, url: str) -> None:
        self.storage = Storage(url)
        self.vault = Vault((Fernet.generate_key().decode(),))
        self._tables = list(reversed(Base.metadata.sorted_tables))
        if url.startswith("sqlite"):
            event.listen(self.storage.engine, "connect", _carelessly)

    def subject(self, setting: Setting) -> "SqlSubject":
        """An empty store for one schedule."""
        with self.storage.write(SYSTEM) as session:
            for table in self._tables:
                session.execute(delete(table))
            for row in _rows(setting):
                session.execute(insert(type(row)).values(_values(row)))
        return SqlSubject(self, setting)

    def close(self) -> None:
        """Close all connections."""
        self.storage.close()


class SqlSubject:
    """Implements `andock_core.proof.subject.Subject`."""

    abilities = frozenset({"twins"})

    def __init__(self, bench: SqlBench, setting: Setting) -> None:
        self._bench = bench
        self._setting = setting
        self._seals = Seals(bench.vault, TENANT, MEMBER)

    def store(self) -> SqlStore:
        """Takes the lease, whoever has it."""
        run_id = new_id()
        with self._bench.storage.write(SYSTEM) as session:
            mine = update(Connection).where(Connection.id == CONNECTION)
            session.execute(
                mine.values(
                    fence=Connection.fence + 1,
                    lease_holder=run_id,
                    lease_until=clock.now() + HELD_FOR_LONG,
                )
            )
            fence = session.scalars(select(Connection.fence).filter_by(id=CONNECTION)).one()
            values = {"id": run_id, "tenant_id": TENANT, "connection_id": CONNECTION}
            session.execute(insert(Run).values(**values, trigger="manual", fence=fence))
        lease = Lease(CONNECTION, TENANT, MEMBER, fence, run_id)
        place = Place(lease, run_id, self._setting.collection_id, WINDOW, self._setting.now)
        return SqlStore(self._bench.storage, self._bench.vault, place)

    # -- hands

    def create(self, entry_id: str, item: Item, kind: Kind = "own") -> None:
        with self._hands() as (entries, contacts):
            if isinstance(item, Contact):
                contacts.create(item, entry_id)
            else:
                entries.create(item, visibility="appointment", origin="andock", entry_id=entry_id)

    def edit(self, entry_id: str, item: Item) -> None:
        with self._hands() as (entries, contacts):
            if isinstance(item, Contact):
                contact = _there(contacts.get(entry_id))
                contacts.replace(contact, item, contact.version)
            else:
                entry = _there(entries.get(entry_id))
                entries.replace(entry, item, expected_version=entry.version)

    def delete(self, entry_id: str) -> None:
        with self._hands() as (entries, contacts):
            if self._setting.kind == "contacts":
                contact = _there(contacts.get(entry_id))
                contacts.delete(contact, contact.version)
            else:
                entry = _there(entries.get(entry_id))
                entries.delete(entry, expected_version=entry.version)

    def convert(self, entry_id: str) -> None:
        with self._hands() as (entries, _):
            entries.make_visible(_there(entries.get(entry_id)))

    def release(self, error: str) -> None:
        meant = "send" if error == "mail.would" else "release"
        self._on_pairs(Pair.state == "held", Pair.error == error, state=meant, error="")

    def retry(self) -> None:
        now = self._setting.now()
        self._on_pairs(Pair.state.in_(("aside", "dirty")), state="dirty", next_try_at=now)
        with self._bench.storage.write(SCOPE) as session:
            session.execute(update(InboxItem).values(tries=0, next_try_at=None))

    def add_twin(self, uid: str) -> None:
        identifier = new_id()
        with self._bench.storage.write(SCOPE) as session:
            session.add(
                Pair(
                    id=identifier,
                    tenant_id=TENANT,
                    connection_id=TWIN,
                    collection_id=TWINS_COLLECTION,
                    entry_id=identifier,
                    ref=identifier,
                    uid=digest(uid),
                    base_local=b"-",
                )
            )

    # -- eyes

    def entries(self) -> list[Local]:
        with self._bench.storage.read(SCOPE) as session:
            entries, contacts = self._services(session)
            if self._setting.kind == "contacts":
                people = session.scalars(select(ContactRow).order_by(ContactRow.id)).all()
                return [
                    Local(row.id, "own", contacts.document(row), row.version)
                    for row in people
                    if not row.resting
                ]
            rows = session.scalars(select(Entry).order_by(Entry.id)).all()
            return [
                Local(row.id, kind_of(row), entries.document(row), row.version)
                for row in rows
                if not row.resting
            ]

    def pairs(self) -> list[Paired]:
        return [
            Paired(
                pair.entry_id,
                "" if pair.ref.startswith(PENDING) else pair.ref,
                pair.kind if pair.base_local else "",
                pair.state,
            )
            for pair in self._rows(Pair)
            if pair.collection_id == self._setting.collection_id
        ]

    def journal(self) -> Sequence[Line]:
        lines = self._rows(JournalLine)
        return [self._line(row) for row in sorted(lines, key=lambda row: (row.at, row.id))]

    def open_intents(self) -> int:
        with self._bench.storage.read(SCOPE) as session:
            return session.scalar(select(func.count(Intent.id))) or 0

    def fingerprint(self) -> object:
        return {
            "entries": self.entries(),
            "pairs": {row.id: self._pair(row) for row in self._rows(Pair)},
            "inbox": {
                row.ref: (row.kind, row.error, row.tries, row.next_try_at)
                for row in self._rows(InboxItem)
            },
            "intents": sorted(row.id for row in self._rows(Intent)),
            "journal": sorted(row.id for row in self._rows(JournalLine)),
        }

    def close(self) -> None:
        pass

    # -- inside

    def _pair(self, row: Pair) -> tuple[object, ...]:
        agreed = self._seals.agreed(row) if row.connection_id == CONNECTION else None
        bases = (agreed.base_local, agreed.base_remote) if agreed else None
        ids = (row.entry_id, row.ref, row.remote_version, row.operation_id, row.uid, row.kind)
        state = (row.state, row.error, row.tries, row.next_try_at, row.entry_version)
        return (*ids, *state, bases)

    def _line(self, row: JournalLine) -> Line:
        content = self._seals.line(row)
        before, after = content["before"], content["after"]
        return Line(
            row.side,  # type: ignore[arg-type]
            row.action,  # type: ignore[arg-type]
            row.reason,
            load(before) if before else None,
            load(after) if after else None,
            tuple(Lost(**lost) for lost in content["lost"]),
        )

    def _rows(self, table: type[Any]) -> Sequence[Any]:
        with self._bench.storage.read(SCOPE) as session:
            found = session.scalars(select(table)).all()
            session.expunge_all()
            return found

    def _on_pairs(self, *conditions: Any, **values: Any) -> None:
        mine = Pair.collection_id == self._setting.collection_id
        with self._bench.storage.write(SCOPE) as session:
            session.execute(update(Pair).where(mine, *conditions).values(**values))

    def _services(self, session: Session) -> tuple[Entries, Contacts]:
        return (
            Entries(session, self._bench.vault, TENANT, MEMBER, WINDOW),
            Contacts(session, TENANT, MEMBER),
        )

    @contextmanager
    def _hands(self) -> Iterator[tuple[Entries, Contacts]]:
        with self._bench.storage.write(SCOPE) as session:
            yield self._services(session)


def _rows(setting: Setting) -> Iterator[Base]:
    """What a schedule begins with, in the order of the foreign keys."""
    yield Tenant(id=TENANT, slug="nordlicht", name="Nordlicht")
    yield Member(id=MEMBER, tenant_id=TENANT, email=ACCOUNT, name="Mara", password_hash="-")
    for number, connection in enumerate((CONNECTION, TWIN)):
        yield Connection(
            id=connection,
            tenant_id=TENANT,
            owner_id=MEMBER,
            integration=f"model-{number}",
            state="active",
            account_key=ACCOUNT,
        )
    common = {"tenant_id": TENANT, "ref": "calendar", "kind": setting.kind}
    role = setting.policy.role
    yield Collection(id=setting.collection_id, connection_id=CONNECTION, role=role, **common)
    yield Collection(id=TWINS_COLLECTION, connection_id=TWIN, role="import", **common)


def _values(row: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_sa_instance_state"}


def _there(row: Any) -> Any:
    assert row is not None, "the schedule works on what is there"
    return row


def _carelessly(connection: Any, _record: Any) -> None:
    """Nothing here outlives the tests."""
    connection.execute("PRAGMA synchronous=OFF")
