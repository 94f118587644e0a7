"""A member asks, an admin approves, the member adds: by keyboard, in both languages."""

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from andock_core.governance import standing
from andock_core.host import Catalog
from andock_core.storage import Member, Scope
from tests.connections.world import World
from tests.marketplace.visitor import Visitor
from tests.support.memory_plugin import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.more]
WORDS = {
    "de": {
        "administration": "Verwaltung",
        "title": "Gedächtniskalender",
        "on_request": "Auf Anfrage",
        "save": "Speichern",
        "why": "Wofür brauchen Sie sie?",
        "ask": "Anfragen",
        "profile": "Profil: Ben Lorenz, 1 neue Mitteilung",
        "notices": "Mitteilungen",
        "answer": "Beantworten",
        "approve": "Genehmigen",
        "add_it": "Hinzufügen",
        "authorize": "Autorisieren",
        "see": "Ansehen, was neu ist",
        "agree": "Einwilligen und weiter",
        "goes_on": "Die Verbindung läuft weiter.",
    },
    "en": {
        "administration": "Administration",
        "title": "Memory Calendar",
        "on_request": "On request",
        "save": "Save",
        "why": "What do you need it for?",
        "ask": "Ask for it",
        "profile": "Profile: Ben Lorenz, 1 new notice",
        "notices": "Notices",
        "answer": "Answer",
        "approve": "Approve",
        "add_it": "Add it",
        "authorize": "Authorize",
        "see": "See what is new",
        "agree": "Agree and go on",
        "goes_on": "The connection goes on.",
    },
}


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest, world: World) -> str:
    """Both languages, for everybody."""
    for who in (world.anna, world.ben):
        with world.core.storage.write(who) as session:
            session.get_one(Member, who.member_id).language = request.param
    return str(request.param)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application on a port of its own; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def opened(browser: Browser, app: Flask, site: str, who: Scope) -> Page:
    """Somebody's browser."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 860})
    cookie = Visitor(app, who).client.get_cookie("andock_session")
    assert cookie is not None
    context.add_cookies([{"name": "andock_session", "value": cookie.value, "url": site}])
    return context.new_page()


def is_accessible(page: Page) -> None:
    """Axe finds nothing."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_member_asks_an_admin_approves_the_member_adds(
    browser: Browser, app: Flask, site: str, world: World, language: str
) -> None:
    """Each learns of the other's step by the count at the profile picture."""
    w = WORDS[language]
    ben, anna = (opened(browser, app, site, who) for who in (world.ben, world.anna))
    ben.goto("/marketplace/")
    ben.locator("#profile-menu button, #profile-menu summary").first.click()
    ben.get_by_role("link", name=w["administration"]).click()
    ben.get_by_role("link", name=w["title"]).click()
    ben.get_by_role("radio", name=w["on_request"]).check()
    ben.get_by_role("button", name=w["save"]).press("Enter")
    is_accessible(ben)

    anna.goto(f"/marketplace/{SLUG}")
    anna.get_by_label(w["why"]).fill("Für unsere Termine")
    is_accessible(anna)
    anna.get_by_role("button", name=w["ask"]).press("Enter")
    is_accessible(anna)

    ben.goto("/marketplace/")
    menu = ben.locator("#profile-menu button, #profile-menu summary").first
    expect(menu).to_have_accessible_name(w["profile"])
    menu.press("Enter")
    ben.get_by_role("link", name=w["notices"]).press("Enter")
    is_accessible(ben)
    ben.get_by_role("link", name=w["answer"]).press("Enter")
    expect(ben.get_by_text("Für unsere Termine")).to_be_visible()
    is_accessible(ben)
    ben.get_by_role("button", name=w["approve"]).press("Enter")

    anna.goto("/notices/")
    anna.get_by_role("link", name=w["add_it"]).press("Enter")
    anna.get_by_role("button", name=w["add_it"].removesuffix(" it")).press("Enter")
    expect(anna.get_by_role("link", name=w["authorize"])).to_be_visible()


def test_a_member_agrees_to_new_access(
    browser: Browser, app: Flask, site: str, world: World, later: Catalog, language: str
) -> None:
    """From the connection's page, where it says why it waits."""
    w = WORDS[language]
    connection_id = world.in_use(world.anna)
    world.core.catalog = later
    standing.look_at_all(world.core)
    anna = opened(browser, app, site, world.anna)
    anna.goto(f"/connections/{connection_id}")
    is_accessible(anna)
    anna.get_by_role("link", name=w["see"]).first.press("Enter")
    is_accessible(anna)
    anna.get_by_role("button", name=w["agree"]).press("Enter")
    expect(anna.get_by_text(w["goes_on"])).to_be_visible()
