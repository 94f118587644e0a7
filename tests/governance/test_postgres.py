"""The same on PostgreSQL, whose locks and types are others."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from andock_core import notices
from andock_core.connections import service
from andock_core.connections.errors import SwitchedOff
from andock_core.governance import deciding, overview, repairs, requests, standing
from andock_core.governance.errors import AskedAlready
from andock_core.governance.rules import Rule
from andock_core.host import Catalog
from tests.connections.world import World
from tests.support.databases import temporary_database
from tests.support.memory_plugin import SLUG

pytestmark = pytest.mark.more


@pytest.fixture
def database_url(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """A database of this test's own."""
    with temporary_database(postgres_url, postgres_template) as url:
        yield url


def test_rules_requests_and_consent(world: World, later: Catalog) -> None:
    """From a request to a connection that asks for new access, and an admin who ends it."""
    deciding.decide(world.core, world.ben, SLUG, Rule("request"))
    request_id = requests.ask(world.core, world.anna, SLUG, "Why not")
    requests.answer(world.core, world.ben, request_id, approve=True, word="Go")
    connection_id = world.in_use(world.anna)
    assert deciding.decide(world.core, world.ben, SLUG, Rule("off")).stopped == 1
    assert not standing.may_run(world.core, connection_id)
    assert deciding.decide(world.core, world.ben, SLUG, Rule("on")).resumed == 1
    world.core.catalog = later
    standing.look_at_all(world.core)
    kinds = [repair.kind for repair in repairs.found(world.core, world.ben)]
    assert kinds == ["access"]
    assert overview.end(world.core, world.ben, connection_id, keep_entries=True).state == "access"
    assert notices.unread(world.core.storage, world.anna) > 0


def test_two_clicks_at_once_make_one_request(world: World) -> None:
    """One waits for the other's transaction, and sees what it did."""
    deciding.decide(world.core, world.ben, SLUG, Rule("request"))
    refused: list[str] = []
    start = threading.Barrier(4)

    def click() -> None:
        start.wait()
        try:
            requests.ask(world.core, world.anna, SLUG, "")
        except AskedAlready as error:
            refused.append(error.key)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert (len(refused), requests.waiting(world.core, world.ben)) == (3, 1)


def test_switching_off_while_members_add(world: World) -> None:
    """Whoever was faster: afterwards nothing runs that is off."""
    made: list[str] = []

    def add() -> None:
        with suppress(SwitchedOff):
            made.append(service.add(world.core, world.anna, SLUG))

    adding = threading.Thread(target=add)
    adding.start()
    deciding.decide(world.core, world.ben, SLUG, Rule("off"))
    adding.join()
    assert not any(standing.may_run(world.core, each) for each in made)
