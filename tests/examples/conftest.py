"""The examples in the marketplace, looked at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_core.core import Core
from andock_core.host import Catalog
from tests.connections.world import PLUGIN, World, populate, settings
from tests.examples.packages import BROKEN, HOSTILE, OUTDATED, SUBSCRIPTION, lay_out
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService


@pytest.fixture(scope="module")
def on_the_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The examples' code and what is told of their packages. Afterwards nobody finds them."""
    folder = tmp_path_factory.mktemp("examples")
    with pytest.MonkeyPatch.context() as patch:
        for place in lay_out(folder, (SUBSCRIPTION, BROKEN, HOSTILE, OUTDATED)):
            patch.syspath_prepend(place)
        yield


@pytest.fixture(scope="module")
def catalog(on_the_path: None) -> Catalog:
    """All plugins there are, with the examples; but for the one that sleeps, which takes the whole
    deadline."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("andock_core.host.catalog.installed", without_sleeper)
        found = Catalog((PLUGIN,))
        found.all()
    return found


def without_sleeper() -> list[object]:
    """What is installed, but for the one that never comes back."""
    from andock_core.host.sources import installed

    return [one for one in installed() if one.name != "sleeper"]


@pytest.fixture
def world(
    sqlite_url: str, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """People, and a core whose jobs wait."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    core = Core.open(settings(tmp_path, sqlite_url), probe=False)
    core.catalog = catalog
    yield populate(core, MemoryService(tmp_path / "memory.db"))
    core.close()
