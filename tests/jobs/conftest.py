"""A core on a real database and a real Valkey, and connections to run."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from andock_core.config import Settings
from andock_core.core import Core
from andock_core.storage import SYSTEM, Connection, Member, Scope, Tenant
from tests.jobs.workers import Workers

AddConnection = Callable[..., str]


@pytest.fixture
def core(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Core]:
    """Once on SQLite and once on PostgreSQL. No plugin is looked at."""
    settings = Settings(
        home=tmp_path,
        database_url=database_url,
        redis_url=redis_url,
        keys=(Fernet.generate_key().decode(),),
    )
    opened = Core.open(settings, probe=False)
    yield opened
    opened.close()


@pytest.fixture
def member(core: Core) -> Scope:
    """Somebody with connections."""
    with core.storage.write(SYSTEM) as session:
        tenant = Tenant(slug="firm", name="Firm")
        session.add(tenant)
        session.flush()
        someone = Member(
            tenant_id=tenant.id, email="anna@firm.example", name="Anna", password_hash=""
        )
        session.add(someone)
        session.flush()
        return Scope(tenant.id, someone.id)


@pytest.fixture
def connect(core: Core, member: Scope) -> AddConnection:
    """Adds a connection of the member, active if `values` say nothing else; its id."""

    def add(**values: Any) -> str:
        columns = {"state": "active", "integration": "odd", **values}
        with core.storage.write(member) as session:
            row = Connection(tenant_id=member.tenant_id, owner_id=member.member_id, **columns)
            session.add(row)
            session.flush()
            return row.id

    return add


@pytest.fixture
def look(core: Core) -> Callable[[str], Connection]:
    """Reads a connection's row as it is now."""

    def read(connection_id: str) -> Connection:
        with core.storage.read(SYSTEM) as session:
            row = session.get_one(Connection, connection_id)
            session.expunge(row)
            return row

    return read


@pytest.fixture
def queued(core: Core) -> Callable[[str], list[list[str]]]:
    """The arguments of the jobs that wait in a queue, first come first."""

    def read(name: str) -> list[list[str]]:
        waiting = core.queue._queue("interactive" if name == "interactive" else "background")
        return [list(job.args) for job in waiting.jobs]

    return read


@pytest.fixture
def workers(core: Core, tmp_path: Path) -> Iterator[Workers]:
    """Starts workers."""
    made = Workers(core, tmp_path)
    yield made
    made.stop()
