"""All areas over a real core: Ben is Musterfirma's admin, Anna a member, Zoe is elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_core import config
from andock_core.core import Core
from andock_core.host import Catalog
from tests.marketplace.conftest import catalog
from tests.profile.conftest import anna, app, ben, client, database_url
from tests.web.conftest import page, people, site

__all__ = ["anna", "app", "ben", "catalog", "client", "database_url", "page", "people", "site"]


@pytest.fixture
def core(database_url: str, tmp_path: Path, catalog: Catalog) -> Iterator[Core]:
    """A core with the invented plugins, without a queue's server."""
    environ = {"ANDOCK_HOME": str(tmp_path / "home"), "DATABASE_URL": database_url}
    opened = Core.open(config.load(environ), probe=False)
    opened.catalog = catalog
    yield opened
    opened.close()
