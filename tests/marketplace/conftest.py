"""The pages over the world of connections."""

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask

import andock_marketplace
from andock_core.core import Core
from andock_core.host import Catalog
from andock_core.storage import Scope
from andock_web.app import create_app
from tests.connections.world import PLUGIN, World, populate, settings
from tests.marketplace.visitor import Visitor
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService

PLUGINS = (PLUGIN, "tests.marketplace.plugins:careful", "tests.marketplace.plugins:broken")
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The invented plugins alone, looked at once for all tests."""
    found = Catalog(PLUGINS)
    with patch("andock_core.host.catalog.installed", return_value=[]):
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
def app(world: World) -> Flask:
    """The shell with the marketplace, without any other area."""
    application = create_app(world.core)
    andock_marketplace.register(application)
    return application


@pytest.fixture
def visit(app: Flask) -> Visit:
    """Somebody's browser."""

    def signed_in(who: Scope, language: str = "de") -> Visitor:
        return Visitor(app, who, language)

    return signed_in


@pytest.fixture
def anna(world: World, visit: Visit) -> Visitor:
    """Anna's browser, in German."""
    return visit(world.anna)
