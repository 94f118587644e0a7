"""The world of connections, with a second account to which Anna's mailbox has moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_core.core import Core
from andock_core.host import Catalog
from tests.connections.world import PLUGIN, populate, settings
from tests.moving.house import House
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The plugins, looked at once for all tests."""
    found = Catalog((PLUGIN,))
    found.all()
    return found


@pytest.fixture
def house(
    sqlite_url: str, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """On SQLite."""
    yield from _built(sqlite_url, tmp_path, catalog, monkeypatch)


@pytest.fixture
def any_house(
    database_url: str, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """On SQLite and on PostgreSQL."""
    yield from _built(database_url, tmp_path, catalog, monkeypatch)


def _built(url: str, folder: Path, catalog: Catalog, patch: pytest.MonkeyPatch) -> Iterator[House]:
    patch.setenv(FILE, str(folder / "memory.db"))
    core = Core.open(settings(folder, url), probe=False)
    core.catalog = catalog
    yield House.built(populate(core, MemoryService(folder / "memory.db")))
    core.close()
