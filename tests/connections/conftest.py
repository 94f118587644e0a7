"""The world of connections, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_core.core import Core
from andock_core.host import Catalog
from tests.connections.world import PLUGIN, World, populate, settings
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The plugins, looked at once for all tests."""
    found = Catalog((PLUGIN,))
    found.all()
    return found


@pytest.fixture
def world(
    database_url: str, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """People, accounts, and a core whose jobs wait."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    core = Core.open(settings(tmp_path, database_url), probe=False)
    core.catalog = catalog
    yield populate(core, MemoryService(tmp_path / "memory.db"))
    core.close()


@pytest.fixture
def sqlite_world(
    sqlite_url: str, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The same, for what does not depend on the database."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    core = Core.open(settings(tmp_path, sqlite_url), probe=False)
    core.catalog = catalog
    yield populate(core, MemoryService(tmp_path / "memory.db"))
    core.close()
