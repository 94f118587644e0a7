"""The world of connections, with a second account to which Anna's mailbox has moved."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from andock_core.config import Settings
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


@dataclass
class Kept:
    """A furnished house in files, so that it is built once."""

    folder: Path
    house: House | None = None


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Nothing yet: the first test that wants a house builds it."""
    return Kept(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(
    sqlite_url: str, tmp_path: Path, catalog: Catalog, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """On SQLite."""
    files = {
        kept.folder / "andock.db": Path(str(make_url(sqlite_url).database)),
        kept.folder / "memory.db": tmp_path / "memory.db",
    }
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    if kept.house is None:
        built = _built(_core(sqlite_url, tmp_path, catalog), tmp_path)
        built.world.core.close()
        kept.house = built
        for there, here in files.items():
            shutil.copyfile(here, there)
    for there, here in files.items():
        shutil.copyfile(there, here)
    core = _core(sqlite_url, tmp_path, catalog, kept.house.world.core.settings)
    yield kept.house.anew(core, MemoryService(tmp_path / "memory.db"))
    core.close()


@pytest.fixture
def any_house(
    database_url: str, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """On SQLite and on PostgreSQL."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    core = _core(database_url, tmp_path, catalog)
    yield _built(core, tmp_path)
    core.close()


def _built(core: Core, folder: Path) -> House:
    return House.built(populate(core, MemoryService(folder / "memory.db")))


def _core(url: str, folder: Path, catalog: Catalog, like: Settings | None = None) -> Core:
    made = settings(folder, url)
    core = Core.open(replace(made, keys=like.keys) if like else made, probe=False)
    core.catalog = catalog
    return core
