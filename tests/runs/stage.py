"""What the tests of runs play on: a real core, a member, the memory service, and short verbs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.config import Settings
from andock_core.connections import preferences, sealed
from andock_core.core import Core
from andock_core.host.catalog import Catalog
from andock_core.jobs import lease as leases
from andock_core.jobs.queue import Queue
from andock_core.runs.execute import RunResult, run_connection
from andock_core.runs.sealing import Seals
from andock_core.storage import (
    SYSTEM,
    Collection,
    Connection,
    Entry,
    Intent,
    JournalLine,
    Member,
    Pair,
    Run,
    Scope,
    Storage,
    Tenant,
)
from andock_core.vault import Vault
from andock_sdk import Appointment, Grant, Slot
from tests.support.memory_plugin import FILE, SERVER, SLUG
from tests.support.memory_service import WRITES, MemoryService, document

USER, PASSWORD = "mara@example.test", "correct horse"


def appointment(subject: str = "Jour fixe", day: int = 3, **fields: Any) -> Appointment:
    """A single appointment, `day` days from now at nine in Berlin."""
    date = (clock.now() + timedelta(days=day)).date().isoformat()
    zone = "Europe/Berlin"
    when = Slot(start=f"{date}T09:00:00", end=f"{date}T10:00:00", start_zone=zone, end_zone=zone)
    return Appointment(**{"when": when, "subject": subject, **fields})


@dataclass
class Stage:
    """One member ("Mara") with a memory calendar as the one, and one that is imported."""

    core: Core
    memory: MemoryService
    scope: Scope
    one: str
    imported: str
    connection_id: str
    results: list[RunResult] = field(default_factory=list)

    @classmethod
    @contextmanager
    def open(cls, url: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator["Stage"]:
        """Everything, connected and ready to run."""
        path = folder / "memory.db"
        patch.setenv(FILE, str(path))
        memory = MemoryService(path)
        memory.add_account(USER, PASSWORD)
        one = memory.add_calendar(USER, "Kalender", default=True)
        imported = memory.add_calendar(USER, "Privat")
        settings = Settings(
            home=folder,
            database_url=url,
            redis_url="unix:///nowhere",
            keys=(Fernet.generate_key().decode(),),
        )
        core = Core(
            settings,
            Storage(url),
            Vault(settings.keys),
            _catalog(),
            Queue(settings.redis_url),
        )
        scope = _people(core)
        stage = cls(core, memory, scope, one, imported, "")
        stage.connection_id = stage.connect({one: "one", imported: "import"})
        yield stage
        core.close()

    def connect(
        self, roles: dict[str, Literal["one", "import"]], user: str = USER, **settings: Any
    ) -> str:
        """A connection with these calendars; its id."""
        chosen = {
            "calendar": next((ref for ref, role in roles.items() if role == "one"), ""),
            "imports": [ref for ref, role in roles.items() if role == "import"],
            **settings,
        }
        grant = Grant(secrets={"user": user, "password": PASSWORD, "server": SERVER})
        with self.core.storage.write(self.scope) as session:
            row = Connection(
                tenant_id=self.scope.tenant_id,
                owner_id=self.scope.member_id,
                integration=SLUG,
                state="active",
                account_key=user,
                account_label=user,
            )
            session.add(row)
            session.flush()
            row.grant = sealed.seal_grant(self.core.vault, row, grant)
            row.settings = sealed.seal(self.core.vault, row, "settings", chosen)
            for ref, role in roles.items():
                session.add(
                    Collection(tenant_id=row.tenant_id, connection_id=row.id, ref=ref, role=role)
                )
            return row.id

    def colleague(self, email: str) -> "Stage":
        """Another member of the same tenant on the same stage, not yet connected."""
        with self.core.storage.write(self.scope) as session:
            member = Member(
                tenant_id=self.scope.tenant_id, email=email, name=email, password_hash="-"
            )
            session.add(member)
            session.flush()
            scope = Scope(self.scope.tenant_id, member.id)
        return replace(self, scope=scope, connection_id="", results=[])

    def add_contacts(self, name: str = "Kontakte") -> str:
        """The memory has a folder of contacts, and the connection keeps it in step; its ref."""
        return self._keep(self.memory.add_contacts(USER, name, default=True), "contacts")

    def add_tasks(self, name: str = "Aufgaben") -> str:
        """The memory has a list of tasks, and the connection keeps it in step; its ref."""
        return self._keep(self.memory.add_tasks(USER, name, default=True), "tasks")

    def _keep(self, ref: str, kind: str) -> str:
        with self.core.storage.write(self.scope) as session:
            session.add(
                Collection(
                    tenant_id=self.scope.tenant_id,
                    connection_id=self.connection_id,
                    ref=ref,
                    kind=kind,
                    role="one",
                )
            )
        return ref

    def holds(self, ref: str, *holdings: str) -> None:
        """The member has these go to a calendar; one that is not there yet is for them alone."""
        with self.core.storage.write(self.scope) as session:
            row = session.scalars(select(Collection).where(Collection.ref == ref)).one_or_none()
            if row is None:
                row = Collection(
                    tenant_id=self.scope.tenant_id,
                    connection_id=self.connection_id,
                    ref=ref,
                    role="planning",
                )
                session.add(row)
            row.holds = list(holdings)

    @contextmanager
    def writing(self, service: type[Any]) -> Iterator[Any]:
        """The member's contacts, tasks or calls, to write."""
        with self.core.storage.write(self.scope) as session:
            yield service(session, self.scope.tenant_id, self.scope.member_id)

    def prefer(self, **chosen: Any) -> None:
        """The member wants the connection kept otherwise, and agrees to the preview unseen."""
        with self.core.storage.write(self.scope) as session:
            row = session.get_one(Connection, self.connection_id)
            wanted = preferences.of(row).model_copy(update=chosen)
            preferences.put(session, self.core.vault, row, wanted)
            row.confirmed = row.wanted

    def change_roles(self, session: Session, roles: dict[str, str]) -> None:
        """The member gives calendars other roles."""
        for row in session.scalars(select(Collection)):
            row.role = roles.get(row.ref, row.role)

    def retire(self, session: Session, ref: str) -> None:
        """The member no longer chooses a calendar."""
        session.scalars(select(Collection).where(Collection.ref == ref)).one().retired = True

    def run(self, connection_id: str = "", trigger: str = "schedule") -> RunResult:
        """One whole run under a lease."""
        lease = self.lease(connection_id)
        try:
            result = run_connection(self.core, lease, trigger)
        finally:
            leases.release(self.core.storage, lease)
        self.results.append(result)
        return result

    def retry(self) -> None:
        """A run after everything that waits for its next try, and every write whose outcome is
        unknown, has waited long enough."""
        with self.core.storage.write(SYSTEM) as session:
            session.execute(
                update(Pair).where(Pair.state == "dirty").values(next_try_at=clock.now())
            )
            session.execute(update(Intent).values(created_at=clock.now() - timedelta(minutes=5)))
        self.run()

    def lapse(self) -> None:
        """Whoever holds a lease has held it too long."""
        with self.core.storage.write(SYSTEM) as session:
            session.execute(update(Connection).values(lease_until=None))

    def journal(self, line: JournalLine) -> dict[str, Any]:
        """What a journal line tells its owner."""
        seals = Seals(self.core.vault, self.scope.tenant_id, self.scope.member_id)
        return seals.line(line)

    def lease(self, connection_id: str = "") -> leases.Lease:
        """A lease on the connection."""
        wanted = connection_id or self.connection_id
        lease = leases.acquire(self.core.storage, wanted, "test")
        assert lease is not None
        return lease

    @contextmanager
    def entries(self) -> Iterator[tuple[Session, Entries]]:
        """The member's entries, to write."""
        with self.core.storage.write(self.scope) as session:
            window = Window.around(clock.now())
            yield (
                session,
                Entries(
                    session,
                    self.core.vault,
                    self.scope.tenant_id,
                    self.scope.member_id,
                    window,
                ),
            )

    def create(self, item: Appointment) -> str:
        """The member makes an appointment; its id."""
        with self.entries() as (_, entries):
            return entries.create(item, visibility="appointment", origin="andock").id

    def edit(self, entry_id: str, **fields: Any) -> None:
        """The member changes an appointment."""
        with self.entries() as (_, entries):
            entry = entries.get(entry_id)
            assert entry is not None
            item = entries.document(entry)
            values = {name: getattr(item, name) for name in Appointment.model_fields}
            changed = Appointment.model_validate({**values, **fields})
            entries.replace(entry, changed, expected_version=entry.version)

    def remove(self, entry_id: str) -> None:
        """The member deletes an appointment."""
        with self.entries() as (_, entries):
            entry = entries.get(entry_id)
            assert entry is not None
            entries.delete(entry, expected_version=entry.version)

    def convert(self, entry_id: str) -> None:
        """The member makes a block visible."""
        with self.entries() as (_, entries):
            entry = entries.get(entry_id)
            assert entry is not None
            entries.make_visible(entry)

    def hide(self, entry_id: str) -> None:
        """The member makes a converted block private again."""
        with self.entries() as (_, entries):
            entry = entries.get(entry_id)
            assert entry is not None
            entries.make_private(entry)

    def here(self) -> dict[str, tuple[str, Appointment]]:
        """What Andock holds: entry id → (visibility, document)."""
        with self.entries() as (session, entries):
            rows = session.scalars(
                select(Entry).where(Entry.owner_id == self.scope.member_id)
            ).all()
            return {row.id: (row.visibility, entries.document(row)) for row in rows}

    def subjects(self, visibility: str = "") -> list[str]:
        """The subjects of what Andock holds, sorted."""
        found = self.here().values()
        return sorted(item.subject for kind, item in found if visibility in ("", kind))

    def there(self, calendar: str = "") -> list[str]:
        """The subjects of what the one calendar (or another) holds, sorted."""
        items = self.memory.items(calendar or self.one).values()
        return sorted(document(remote).subject for remote in items)

    def only(self) -> str:
        """The id of the one entry there is."""
        (entry_id,) = self.here()
        return entry_id

    def writes(self) -> list[str]:
        """The writes on the other side since the calls were last forgotten."""
        return self.memory.calls(*WRITES)

    def rows(self, table: type[Any]) -> Sequence[Any]:
        """All rows of a table."""
        with self.core.storage.read(SYSTEM) as session:
            found = session.scalars(select(table)).all()
            session.expunge_all()
            return found

    def in_step(self) -> None:
        """A run that finds nothing to do: no write there, no change here."""
        before = self.snapshot()
        self.memory.forget_calls()
        self.run()
        assert self.writes() == []
        assert self.snapshot() == before

    def snapshot(self) -> dict[str, Any]:
        """All that a run with nothing to do must leave as it is."""
        return {
            "entries": {row.id: row.version for row in self.rows(Entry)},
            "pairs": {
                row.id: (row.ref, row.base_local, row.base_remote, row.state)
                for row in self.rows(Pair)
            },
            "journal": len(self.rows(JournalLine)),
            "here": self.here(),
        }

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        return sorted(self.rows(Run), key=lambda run: run.started_at)


@cache
def _catalog() -> Catalog:
    """Probed once: that starts a process."""
    return Catalog(("tests.support.memory_plugin:integration",))


def _people(core: Core) -> Scope:
    with core.storage.write(SYSTEM) as session:
        tenant = Tenant(slug="nordlicht", name="Nordlicht")
        session.add(tenant)
        session.flush()
        member = Member(tenant_id=tenant.id, email=USER, name="Mara Lindt", password_hash="-")
        session.add(member)
        session.flush()
        return Scope(tenant.id, member.id)
