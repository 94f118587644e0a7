"""The settings changed, looked at and agreed to by keyboard alone, in a real browser with a real
worker."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.connections.world import World
from tests.marketplace.test_browser import language, page, site, worker, world
from tests.runs.stage import appointment

__all__ = ["language", "page", "site", "worker", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.more]

WORDS = {
    "de": {
        "back": "Monate zurück",
        "in": "Andock übernimmt, was in Gedächtniskalender geschieht",
        "comes": "1 Eintrag kommt nach Andock.",
        "mails": "0 E-Mails werden verschickt.",
        "agree": "So synchronisieren",
        "done": "1 Änderung kam herein",
        "preview": "Vorschau ansehen",
    },
    "en": {
        "back": "Months back",
        "in": "Andock takes over what happens in Memory Calendar",
        "comes": "1 item comes into Andock.",
        "mails": "0 e-mails will be sent.",
        "agree": "Synchronise like this",
        "done": "1 change came in",
        "preview": "Look at the preview",
    },
}


@pytest.mark.usefixtures("worker")
def test_settings_by_keyboard_then_the_preview_then_the_run(
    page: Page, world: World, language: str
) -> None:
    """Arrow keys choose, Enter saves; the connection's page leads to what was not agreed to yet."""
    w = WORDS[language]
    queue, world.core.queue = world.core.queue, world.jobs  # type: ignore[assignment]
    connection_id = world.in_use(world.anna)
    world.core.queue = queue
    world.memory.put(world.calendars[0], appointment("Zahnarzt", day=4))

    page.goto(f"/connections/{connection_id}/settings")
    page.locator("[name=direction][value=both]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=w["in"])).to_be_checked()
    back = page.get_by_label(w["back"])
    back.fill("12")
    back.press("Enter")
    expect(page.get_by_text(w["comes"])).to_be_visible(timeout=20_000)
    expect(page.get_by_text(w["mails"])).to_be_visible()
    assert Axe().run(page).violations_count == 0

    page.goto(f"/connections/{connection_id}")
    page.get_by_role("link", name=w["preview"]).press("Enter")
    agree = page.get_by_role("button", name=w["agree"])
    agree.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(w["done"], timeout=20_000)
