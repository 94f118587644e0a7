"""Fixtures: databases and Valkey. Each test gets its own, quickly copied from a migrated one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from andock_core.embedded import RunningValkey
from andock_core.storage import migrate
from tests.support.postgres import ThrowAwayPostgres

DATABASES = ("sqlite", "postgresql")
PAGES = (
    *(
        "administration",
        "audit",
        "authorizing",
        "calendar",
        "command",
        "contacts",
        "hostile",
        "journal",
        "marketplace",
        "planning",
    ),
    *("connections", "portability", "preview", "profile", "trust", "web"),
)
"""Folders whose tests look at pages and services: their SQL is the storage's, tested elsewhere."""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server where tests may create databases: ANDOCK_TEST_POSTGRES, else our own."""
    given = os.environ.get("ANDOCK_TEST_POSTGRES")
    if given:
        yield given
        return
    server = ThrowAwayPostgres()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "andock.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """Name of a migrated, empty PostgreSQL database to copy."""
    with temporary_database(postgres_url) as url:
        migrate.upgrade(url)
        yield make_url(url).database or ""


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test alone, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "andock.db"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgres_url")
    name: str = request.getfixturevalue("postgres_template")
    with temporary_database(server, name) as url:
        yield url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with temporary_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test alone, for what does not depend on the database."""
    path = tmp_path / "only.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningValkey]:
    """A real Valkey for the whole run."""
    with RunningValkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def redis_url(valkey_server: RunningValkey) -> str:
    """A real Valkey, empty at the start of this test."""
    valkey_server.flush()
    return valkey_server.url


@contextmanager
def temporary_database(server: str, template: str = "template1") -> Iterator[str]:
    """Create a PostgreSQL database as a copy of `template`; drop it, whoever still uses it."""
    name = f"andock_{uuid4().hex}"
    target = make_url(server)
    plain = target.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield target.set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def both_databases_where_it_matters(items: list[pytest.Item]) -> None:
    """Mark what repeats on PostgreSQL in the folders PAGES as heavy."""
    for item in items:
        if item.path.parent.name in PAGES and "postgresql" in item.name:
            item.add_marker(pytest.mark.more)
