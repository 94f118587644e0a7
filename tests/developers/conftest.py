"""The developers' page over plugins of which one works, one warns and one is broken."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import update

from andock_core.core import Core
from andock_core.host import Catalog
from andock_core.storage import SYSTEM, Member, Scope
from tests.connections.world import World, populate, settings
from tests.marketplace.conftest import PLUGINS
from tests.marketplace.visitor import Visitor
from tests.pages.site import all_of_it
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService

Visit = Callable[..., Visitor]
BROKEN = "tests.host.broken_plugins:raising"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Invented plugins, looked at once."""
    found = Catalog((*PLUGINS, BROKEN))
    with patch("andock_core.host.catalog.installed", return_value=[]):
        found.all()
    return found


@pytest.fixture
def world(
    sqlite_url: str,
    tmp_path: Path,
    redis_url: str,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """People, of whom Ben is an admin; the operator has switched the page on."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    chosen = replace(settings(tmp_path, sqlite_url), developer=True, redis_url=redis_url)
    core = Core.open(chosen, probe=False)
    core.catalog = catalog
    made = populate(core, MemoryService(tmp_path / "memory.db"))
    with core.storage.write(SYSTEM) as session:
        session.execute(update(Member).where(Member.id == made.ben.member_id).values(role="admin"))
    with patch("andock_core.host.catalog.installed", return_value=[]):
        yield made
    core.close()


@pytest.fixture
def visit(world: World) -> Visit:
    """Somebody's browser."""

    def signed_in(who: Scope, language: str = "en") -> Visitor:
        return Visitor(all_of_it(world.core), who, language)

    return signed_in
