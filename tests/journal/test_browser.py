"""Somebody looks at the journal, takes a run back, and decides what waits: in both languages, wide
and by day, narrow and by night."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.connections.world import World
from tests.journal.scene import Scene, entry_of, filled
from tests.marketplace.conftest import catalog, world
from tests.pages.test_every_page import app, database_url, page

__all__ = ["app", "catalog", "database_url", "page", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.more, pytest.mark.timeout(240)]
WORDS = {
    "de": {
        "undo": "Lauf zurücknehmen",
        "take": "Zurücknehmen",
        "done": "2 Änderungen wurden zurückgenommen.",
        "mine": "Meines behalten",
        "settled": "Der Konflikt ist erledigt.",
        "look": "Ansehen und entscheiden",
        "restore": "Wiederherstellen",
    },
    "en": {
        "undo": "Take back the run",
        "take": "Take back",
        "done": "2 changes were taken back.",
        "mine": "Keep mine",
        "settled": "The conflict is settled.",
        "look": "Look and decide",
        "restore": "Restore",
    },
}


@pytest.fixture
def scene(world: World) -> Scene:
    """A journal with something of everything."""
    return filled(world)


def test_a_run_is_taken_back_and_what_waits_is_decided(
    page: Page, world: World, scene: Scene
) -> None:
    page.goto(f"/connections/{scene.connection_id}/journal/runs/{scene.run_id}")
    say = WORDS[page.locator("html").get_attribute("lang") or "de"]
    page.get_by_role("link", name=say["undo"]).click()
    page.get_by_role("button", name=say["take"]).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    world.work()
    expect(page.get_by_text(say["done"])).to_be_visible()
    expect(page.locator("#wizard-says")).not_to_be_empty()
    assert entry_of(world, "Kundentermin Reederei").location == ""

    page.goto(f"/connections/{scene.connection_id}/journal/held")
    page.get_by_role("button", name=say["restore"]).click()
    world.work()
    restored = world.memory.items(world.calendars[1])
    assert len(restored) == 8
    page.goto(f"/connections/{scene.connection_id}")
    expect(page.get_by_role("link", name=say["look"])).to_have_count(0)


def test_a_conflict_is_decided_by_keyboard(page: Page, world: World, scene: Scene) -> None:
    page.goto(f"/connections/{scene.connection_id}/journal")
    tab = page.get_by_role("link", name=re.compile(r"(Konflikte|Conflicts)\s+1"))
    tab.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/journal/conflicts")
    say = WORDS[page.locator("html").get_attribute("lang") or "de"]
    mine = page.get_by_role("button", name=say["mine"])
    mine.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(say["settled"])).to_be_visible()
    world.work()
    assert entry_of(world, "Planung Q1, zweiter Anlauf").location == "Raum 4"
    there = world.memory.items(world.calendars[0]).values()
    assert "Planung Q1, zweiter Anlauf" in {each.item.subject for each in there}  # type: ignore[union-attr]
