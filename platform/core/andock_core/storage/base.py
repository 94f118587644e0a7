"""The engine and the sessions, every query of which is scoped to its tenant in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection as SqlConnection, make_url
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from andock_core.storage.tables import TenantOwned

BUSY_SECONDS = 30
_READ = "andock_read"


class ScopeBroken(Exception):
    """A row of another tenant was about to be written."""


@dataclass(frozen=True)
class Scope:
    """In whose name a session works. Rows of other tenants do not exist for it."""

    tenant_id: str
    member_id: str = ""


SYSTEM = Scope(tenant_id="*")
"""Sees all tenants: sign-in by e-mail, the dispatcher, migrations. Nothing that serves a page."""


class Storage:
    """One database. Cheap to create; connects on first use.

    No network call may happen inside a session's block: on SQLite a write block holds the one
    write lock.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(**{_READ: True})

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Session]:
        """A session that sees one consistent state and writes nothing."""
        with Session(self._reading, info={"scope": scope}, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self, scope: Scope) -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls back on an error."""
        with Session(self.engine, info={"scope": scope}) as session, session.begin():
            yield session

    def after_fork(self) -> None:
        """Forget connections that belong to the parent process."""
        self.engine.dispose(close=False)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=10)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _sqlite_begin(connection: SqlConnection) -> None:
    # A deferred transaction that turns into a writer fails at once when another wrote meanwhile,
    # whatever the busy timeout says. So writers take the lock at the start.
    reading = connection.get_execution_options().get(_READ, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@event.listens_for(Session, "do_orm_execute")
def _scope_statements(state: ORMExecuteState) -> None:
    """Adds the tenant to every ORM select, update and delete."""
    scope = _scope(state.session)
    if scope is SYSTEM or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(_of_tenant(scope.tenant_id))


@lru_cache(maxsize=256)
def _of_tenant(tenant_id: str) -> Any:
    """Kept, since making it takes longer than using it."""
    return with_loader_criteria(
        TenantOwned, lambda cls: cls.tenant_id == tenant_id, include_aliases=True
    )


@event.listens_for(Session, "before_flush")
def _scope_writes(session: Session, _context: Any, _instances: Any) -> None:
    """Refuses to write a row of another tenant."""
    scope = _scope(session)
    if scope is SYSTEM:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantOwned) and row.tenant_id != scope.tenant_id:
            raise ScopeBroken(type(row).__name__)


def _scope(session: Session) -> Scope:
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise ScopeBroken("a session without a scope")
    return scope
