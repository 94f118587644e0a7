"""The walk on a database of its own."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from andock_core.core import Core
from andock_core.host import Catalog
from andock_core.storage import migrate
from tests.connections.world import PLUGIN, populate, settings
from tests.pages.site import all_of_it
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService
from tests.walk.walking import Walk, walk


def plain_page(status: int, key: str, _back: str | None, _reference: str = "") -> tuple[str, int]:
    """An error's page without its frame, which would take a third of the walk's time. What the
    pages say follows from status and key alone; tests/web looks at them."""
    return f"<!doctype html><title>{key}</title>", status


def walked_in(home: Path, patched: pytest.MonkeyPatch, template: Path | None = None) -> Walk:
    """A whole walk in an empty folder. `template`: a migrated, empty database to copy."""
    path = home / "andock.db"
    url = f"sqlite:///{path}"
    if template is None:
        migrate.upgrade(url)
    else:
        path.write_bytes(template.read_bytes())
    patched.setenv(FILE, str(home / "memory.db"))
    core = Core.open(replace(settings(home, url), developer=True), probe=False)
    core.catalog = Catalog((PLUGIN,))
    with patch("andock_core.host.catalog.installed", return_value=[]):
        core.catalog.all()
        world = populate(core, MemoryService(home / "memory.db"))
        with patch("andock_web.errors._page", plain_page):
            done = walk(world, all_of_it(core))
    core.close()
    return done
