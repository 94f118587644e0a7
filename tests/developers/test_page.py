"""The developers' page: what it says of each plugin, to whom, and what it never says."""

import re
from dataclasses import replace

import pytest

from andock_core.clock import now
from andock_core.developer.recent import RecentCalls
from andock_core.host.tracing import Call
from tests.connections.world import World
from tests.developers.conftest import Visit
from tests.host.odd_plugins import SECRET
from tests.marketplace.visitor import words
from tests.support.memory_plugin import SLUG

PAGE = "/developers"


def test_admins_see_every_plugin(world: World, visit: Visit) -> None:
    page = words(visit(world.ben).get(PAGE))
    assert "tests.support.memory_plugin:integration" in page
    assert "implemented: sync_jobs" in page
    assert "not implemented: webhook" in page
    assert "Loading took" in page


def test_in_german_too(world: World, visit: Visit) -> None:
    page = words(visit(world.ben, "de").get(PAGE))
    assert "Was Andock von jedem Plugin weiß" in page
    assert "nicht vorhanden: webhook" in page


def test_a_broken_plugin_says_where_it_failed(world: World, visit: Visit) -> None:
    """Files, lines and functions; never what the exception said, nor where this machine has it."""
    html = visit(world.ben).get(PAGE)
    page = words(html)
    assert "fails when it is loaded: RuntimeError (broken_plugins.py:" in page
    assert re.search(r"tests/host/broken_plugins\.py:\d+ in raising", page)
    assert "andock_core/" not in page
    assert SECRET not in page
    assert str(world.core.settings.home) not in page


def test_the_newest_calls_stand_first(world: World, visit: Visit) -> None:
    ring = RecentCalls(world.core.settings.redis_url)
    ring.add(Call(SLUG, "collections", 12, "3 Collection", "", now()))
    ring.add(Call(SLUG, "create", 1234, "", "item.conflict", now()))
    page = words(visit(world.ben).get(PAGE))
    first, second = page.index("item.conflict"), page.index("3 Collection")
    assert first < second


def test_without_calls_it_says_how_to_make_some(world: World, visit: Visit) -> None:
    assert "None yet. Test a connection" in words(visit(world.ben).get(PAGE))


def test_a_plugin_under_development_is_marked(world: World, visit: Visit) -> None:
    """Its code lies where it was written."""
    assert "Source is followed" in words(visit(world.ben).get(PAGE))


def test_members_find_nothing_there(world: World, visit: Visit) -> None:
    answer = visit(world.anna).look(PAGE)
    assert answer.status_code == 404
    assert "memory_plugin" not in answer.text


def test_it_stands_among_the_pages_of_admins(world: World, visit: Visit) -> None:
    assert f'href="{PAGE}"' in visit(world.ben).get(PAGE)


def test_where_it_is_not_switched_on_there_is_none(world: World, visit: Visit) -> None:
    world.core.settings = replace(world.core.settings, developer=False)
    browser = visit(world.ben)
    assert browser.look(PAGE).status_code == 404
    assert f'href="{PAGE}"' not in browser.get("/admin/certificates")


@pytest.mark.parametrize("said", ["<script>alert(1)</script>", "a\u202eb"])
def test_what_a_plugin_says_stays_text(world: World, visit: Visit, said: str) -> None:
    RecentCalls(world.core.settings.redis_url).add(Call(SLUG, said, 1, said, said, now()))
    assert said not in visit(world.ben).get(PAGE)
