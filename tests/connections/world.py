"""A core with the memory plugin, three people, and jobs that wait until a test works them off."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from andock_core.config import Settings
from andock_core.connections import agreeing, attempts, service, status
from andock_core.connections.status import AttemptStatus
from andock_core.core import Core
from andock_core.jobs import running
from andock_core.jobs.queue import QueueDown
from andock_core.storage import SYSTEM, Connection, Member, Scope, Tenant
from andock_core.storage.tables import MemberSession
from andock_core.storage.types import new_id
from andock_sdk import Answers
from tests.support.memory_plugin import SERVER, SLUG
from tests.support.memory_service import MemoryService

PLUGIN = "tests.support.memory_plugin:integration"
ACCOUNT = "anna@memory.example"
OTHER_ACCOUNT = "other@memory.example"
GOOD: Answers = {"user": ACCOUNT, "password": "right", "server": SERVER}
WRONG: Answers = {**GOOD, "password": "wr0ng-secret"}


class WaitingQueue:
    """Keeps jobs until `World.work` is called. `down`: as if Redis were away."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str, tuple[str, ...]]] = []
        self.down = False

    def enqueue(self, name: str, task: str, *ids: str, first: bool = False) -> None:
        """Remember the job; in the order in which they come, whether `first` or not."""
        if self.down:
            raise QueueDown
        self.jobs.append((name, task, ids))

    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self.jobs)

    def listening(self) -> dict[str, int]:
        """No worker does."""
        return {"interactive": 0, "background": 0}

    def after_fork(self) -> None:
        """Nothing to forget."""

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class World:
    """Anna and Ben in one company, Zoe in another; Anna's account on the other side has two
    calendars."""

    core: Core
    memory: MemoryService
    anna: Scope
    ben: Scope
    zoe: Scope
    calendars: tuple[str, str]
    jobs: WaitingQueue = field(default_factory=WaitingQueue)

    def work(self) -> None:
        """Run all waiting jobs, and those that they queue, as a worker would."""
        while self.jobs.jobs:
            _, task, ids = self.jobs.jobs.pop(0)
            if task == "sync":
                running.run(self.core, ids[0], ids[1])
            elif task != "observe":
                attempts.run(self.core, ids[0])

    def tested(
        self, scope: Scope, answers: Answers = GOOD, connection_id: str = ""
    ) -> AttemptStatus:
        """A worked-off test of a connection, of a fresh one by default."""
        connection_id = connection_id or service.add(self.core, scope, SLUG)
        attempt_id = service.start_test(self.core, scope, connection_id, answers)
        self.work()
        return status.attempt(self.core, scope, attempt_id)

    def saved(self, scope: Scope, connection_id: str, one: str, *imports: str) -> AttemptStatus:
        """A worked-off choice: its attempt. The preview is agreed to, the run worked off too."""
        answers: Answers = {"calendar": one, "imports": list(imports)}
        attempt_id = service.save_settings(self.core, scope, connection_id, answers)
        self.work()
        self.agreed(scope, connection_id)
        return status.attempt(self.core, scope, attempt_id)

    def agreed(self, scope: Scope, connection_id: str) -> None:
        """The member agrees to the preview, if one waits, and the run is worked off."""
        seen = agreeing.preview(self.core, scope, connection_id)
        if seen is not None and not seen.stale:
            agreeing.confirm(self.core, scope, connection_id, seen.digest)
            self.work()

    def in_use(self, scope: Scope) -> str:
        """A connection whose first run is done: the first calendar in step, the second imported."""
        connection_id = self.tested(scope).connection_id
        assert self.saved(scope, connection_id, *self.calendars).error == ""
        return connection_id

    def row(self, connection_id: str) -> Any:
        """The connection's row as it is now, None when it is gone."""
        with self.core.storage.read(SYSTEM) as session:
            row = session.get(Connection, connection_id)
            if row is not None:
                session.expunge(row)
            return row


def settings(home: Path, database_url: str) -> Settings:
    """Settings of a test's core: its queue is a `WaitingQueue`, so no Redis is needed."""
    key = Fernet.generate_key().decode()
    return Settings(
        home=home,
        database_url=database_url,
        redis_url="unix:///nowhere",
        keys=(key,),
        session_key="a key for sessions in tests",
    )


def populate(core: Core, memory: MemoryService) -> World:
    """Put the people into the database and their accounts on the other side. Nobody can sign in
    with a password: hashing takes its time. Everybody has a session of their own id."""
    scopes = []
    with core.storage.write(SYSTEM) as session:
        home = Tenant(id=new_id(), slug="musterfirma", name="Musterfirma")
        away = Tenant(id=new_id(), slug="otherworks", name="Otherworks", language="en")
        session.add_all([home, away])
        for tenant, name in ((home, "Anna Krüger"), (home, "Ben Lorenz"), (away, "Zoe Park")):
            email = f"{name.split()[0].lower()}@{tenant.slug}.test"
            member = Member(
                id=new_id(), tenant_id=tenant.id, email=email, name=name, password_hash=""
            )
            session.flush()
            session.add(member)
            session.flush()
            session.add(MemberSession(id=member.id, tenant_id=tenant.id, member_id=member.id))
            scopes.append(Scope(tenant.id, member.id))
    memory.add_account(ACCOUNT, "right")
    memory.add_account(OTHER_ACCOUNT, "right")
    first = memory.add_calendar(ACCOUNT, "Kalender", default=True)
    second = memory.add_calendar(ACCOUNT, "Familie")
    memory.add_calendar(OTHER_ACCOUNT, "Kalender", default=True)
    anna, ben, zoe = scopes
    world = World(core, memory, anna, ben, zoe, calendars=(first, second))
    core.queue = world.jobs  # type: ignore[assignment]
    return world
