"""The world of connections, in which Ben is the admin of Anna's company."""

from unittest.mock import patch

import pytest

from andock_core.host import Catalog
from andock_core.storage import Member
from tests.connections.world import World
from tests.marketplace.conftest import catalog, world as populated

__all__ = ["catalog", "populated"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What depends on the kind of database is asked of both by name."""
    return sqlite_url


@pytest.fixture
def world(populated: World) -> World:
    """People, accounts, jobs that wait; Ben decides."""
    with populated.core.storage.write(populated.ben) as session:
        session.get_one(Member, populated.ben.member_id).role = "admin"
    return populated


@pytest.fixture(scope="session")
def later() -> Catalog:
    """The memory integration in a version that asks for more."""
    found = Catalog(("tests.governance.plugins:later",))
    with patch("andock_core.host.catalog.installed", return_value=[]):
        found.all()
    return found
