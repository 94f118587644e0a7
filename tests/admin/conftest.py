"""The pages over the world of connections, with Ben as the admin."""

import pytest
from flask import Flask

from tests.connections.world import World
from tests.governance.conftest import catalog, later, populated, world
from tests.marketplace.visitor import Visitor
from tests.pages.site import all_of_it

__all__ = ["catalog", "later", "populated", "world"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def app(world: World) -> Flask:
    """All areas."""
    return all_of_it(world.core)


@pytest.fixture
def anna(app: Flask, world: World) -> Visitor:
    """A member."""
    return Visitor(app, world.anna)


@pytest.fixture
def ben(app: Flask, world: World) -> Visitor:
    """The admin."""
    return Visitor(app, world.ben)
