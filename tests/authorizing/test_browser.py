"""Signing in at another site in a real browser: there, refused, there again, back, chosen."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from andock_core.authorizing import operator_link
from andock_core.storage import Member
from tests.authorizing.conftest import Place
from tests.marketplace.visitor import Visitor
from tests.support.redirect_plugin import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.more, pytest.mark.timeout(120)]
WORDS = {
    "de": ("Hinzufügen", "Autorisieren", "Weiter zur Anmeldung", "nicht erlaubt", "Weiter"),
    "en": ("Add", "Authorize", "Continue to the sign-in", "not allowed", "Continue"),
}
LOOKS: dict[str, dict[str, Any]] = {
    "de": {"viewport": {"width": 1280, "height": 860}},
    "en": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture(params=["de", "en"])
def page(
    request: pytest.FixtureRequest, browser: Browser, app: Flask, place: Place
) -> Iterator[Page]:
    """Anna's browser; Andock's address is the one that it is served at."""
    with place.core.storage.write(place.world.anna) as session:
        session.get_one(Member, place.world.anna.member_id).language = request.param
    server = make_server("127.0.0.1", 0, app, threaded=True)
    site = f"http://127.0.0.1:{server.port}"
    place.core.settings = replace(place.core.settings, base_url=site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context(base_url=site, locale=request.param, **LOOKS[request.param])
    kept = Visitor(app, place.world.anna, request.param).client.get_cookie("andock_session")
    assert kept is not None
    context.add_cookies([{"name": "andock_session", "value": kept.value, "url": site}])
    yield context.new_page()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_member_signs_in_at_the_other_site(
    page: Page, place: Place, request: pytest.FixtureRequest
) -> None:
    """Declined, then allowed. The script follows the way there by itself; the policy against
    foreign forms does not stand in it."""
    language = request.node.callspec.params["page"]
    add, authorize, go, refused, onwards = WORDS[language]
    page.goto(f"/marketplace/{SLUG}")
    page.get_by_role("button", name=add, exact=True).click()
    page.get_by_role("link", name=authorize).click()
    looked_at(page)
    for choice in ("Decline", "Allow"):
        page.get_by_role("button", name=go).click()
        page.wait_for_url("**/test")
        place.work()
        page.wait_for_url(f"{place.identity.url}/**")
        page.get_by_role("link", name=choice, exact=True).click()
        page.wait_for_url("**/test")
        place.work()
        if choice == "Decline":
            expect(page.get_by_role("alert")).to_contain_text(refused)
            looked_at(page)
    page.get_by_role("link", name=onwards, exact=True).click()
    page.wait_for_url("**/choice")
    expect(page.locator("h2").first).to_be_visible()
    looked_at(page)
    page.goto("/integrations/authorized?code=x")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    looked_at(page)


def test_the_way_there_can_be_gone_by_hand(
    page: Page, place: Place, request: pytest.FixtureRequest
) -> None:
    """Whoever comes back to the page finds the button, and is not sent off again."""
    add, authorize, go, *_ = WORDS[request.node.callspec.params["page"]]
    page.goto(f"/marketplace/{SLUG}")
    page.get_by_role("button", name=add, exact=True).click()
    page.get_by_role("link", name=authorize).click()
    page.get_by_role("button", name=go).click()
    page.wait_for_url("**/test")
    test = page.url
    page.goto("/marketplace/")
    place.work()
    page.goto(test)
    expect(page.locator("a[data-go]")).to_have_attribute("href", re.compile("/authorize[?]"))
    assert page.url == test
    looked_at(page)


def test_whoever_runs_andock_fills_in_and_sees_the_check(
    page: Page, place: Place, request: pytest.FixtureRequest
) -> None:
    """The check ticks off by itself."""
    german = request.node.callspec.params["page"] == "de"
    page.goto(operator_link.make(place.core, SLUG))
    page.get_by_label("Client id").fill("andock")
    looked_at(page)
    page.get_by_role("button", name="Speichern und prüfen" if german else "Save and check").click()
    under_way = "Die Prüfung läuft" if german else "The check is under way"
    expect(page.get_by_role("heading", name=under_way)).to_be_visible()
    place.work()
    expect(page.get_by_text("Alles ist in Ordnung." if german else "All is well.")).to_be_visible()
    looked_at(page)


def looked_at(page: Page) -> None:
    """No barrier, and nothing wider than the window."""
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
