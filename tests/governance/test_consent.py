"""A new version that asks for more waits for each member's yes."""

import pytest

from andock_core import notices
from andock_core.connections import service, status
from andock_core.connections.errors import AccessAsked
from andock_core.governance import access, repairs, standing
from andock_core.host import Catalog
from tests.connections.world import GOOD, World
from tests.governance.plugins import MAIL


@pytest.fixture
def connection_id(world: World, later: Catalog) -> str:
    """Anna's connection, made with the first version; the later one is installed now."""
    made = world.in_use(world.anna)
    world.core.catalog = later
    return made


def test_the_connection_waits_and_says_why(world: World, connection_id: str) -> None:
    """Before the first run with the new version, and at once on the page."""
    (card,) = status.cards(world.core, world.anna)
    assert (card.stopped, world.row(connection_id).stopped) == ("access", "")
    assert not standing.may_run(world.core, connection_id)
    assert world.row(connection_id).stopped == "access"
    (told,) = notices.listed(world.core.storage, world.anna)
    assert told.kind == "access.asked"
    with pytest.raises(AccessAsked):
        service.start_test(world.core, world.anna, connection_id, GOOD)


def test_the_admin_sees_who_has_to_agree(world: World, connection_id: str) -> None:
    """Among the repairs."""
    standing.look_at_all(world.core)
    (repair,) = repairs.found(world.core, world.ben)
    assert (repair.kind, repair.people) == ("access", ("Anna Krüger",))


def test_a_member_agrees_to_what_is_new(world: World, connection_id: str) -> None:
    """Then it runs again, and the notice is settled."""
    standing.look_at_all(world.core)
    assert access.asked(world.core, world.anna, connection_id) == (MAIL,)
    access.agree(world.core, world.anna, connection_id)
    assert access.asked(world.core, world.anna, connection_id) == ()
    assert world.row(connection_id).stopped == ""
    assert [job for job in world.jobs.jobs if job[1] == "sync"] != []
    assert notices.unread(world.core.storage, world.anna) == 0


def test_less_or_the_same_needs_no_consent(world: World, catalog: Catalog, later: Catalog) -> None:
    """Going back to the version before does not ask either, and what waited goes on."""
    connection_id = world.in_use(world.anna)
    world.core.catalog = later
    standing.look_at_all(world.core)
    access.agree(world.core, world.anna, connection_id)
    world.core.catalog = catalog
    assert standing.may_run(world.core, connection_id)


def test_what_waits_goes_on_when_the_old_version_is_back(
    world: World, connection_id: str, catalog: Catalog
) -> None:
    """A worker that starts with it sees that."""
    standing.look_at_all(world.core)
    world.core.catalog = catalog
    standing.look_at_all(world.core)
    assert world.row(connection_id).stopped == ""


def test_who_connects_with_the_new_version_agreed_to_it(world: World, later: Catalog) -> None:
    """Its page showed what it asks for."""
    world.core.catalog = later
    connection_id = world.in_use(world.anna)
    assert access.asked(world.core, world.anna, connection_id) == ()
