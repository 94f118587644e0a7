"""Connecting as a person does it, in a real browser, with a real worker."""

import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

import andock_marketplace
from andock_core.connections import service
from andock_core.core import Core
from andock_core.host import Catalog
from andock_core.jobs.queue import Queue
from andock_sdk import Contact
from andock_web.app import create_app
from tests.connections.world import ACCOUNT, PLUGIN, World, populate, settings
from tests.support.memory_plugin import FILE, SERVER
from tests.support.memory_service import MemoryService

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WORDS = {
    "de": {
        "integrations": "Integrationen",
        "search": "Suche",
        "typo": "gedächtnsikal",
        "title": "Gedächtniskalender",
        "add": "Hinzufügen",
        "authorize": "Autorisieren",
        "user": "Benutzername",
        "password": "Passwort",
        "refused": "Falsches Passwort",
        "works": "Die Verbindung steht",
        "continue": "Weiter",
        "save": "Speichern",
        "mails": "0 E-Mails werden verschickt.",
        "agree": "So synchronisieren",
        "step": "Alles ist im Gleichschritt",
        "open": "Zur Verbindung",
        "sync": "Jetzt synchronisieren",
        "last": "Zuletzt synchronisiert",
        "disconnect": "Trennen",
        "gone": "ist getrennt",
        "none": "Nichts gefunden",
        "contacts": "Kontakte",
        "tasks": "Aufgaben",
        "change": "Auswahl ändern",
        "stays": "Sie bleiben",
    },
    "en": {
        "integrations": "Integrations",
        "search": "Search",
        "typo": "memroy cal",
        "title": "Memory Calendar",
        "add": "Add",
        "authorize": "Authorize",
        "user": "User name",
        "password": "Password",
        "refused": "Wrong password",
        "works": "The connection works",
        "continue": "Continue",
        "save": "Save",
        "mails": "0 e-mails will be sent.",
        "agree": "Synchronise like this",
        "step": "All is in step",
        "open": "Open the connection",
        "sync": "Sync now",
        "last": "Last synchronised",
        "disconnect": "Disconnect",
        "gone": "is disconnected",
        "none": "Nothing found",
        "contacts": "Contacts",
        "tasks": "Tasks",
        "change": "Change the choice",
        "stays": "They stay, no longer in step",
    },
}


@pytest.fixture
def world(
    sqlite_url: str,
    redis_url: str,
    tmp_path: Path,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The world of connections, with a queue in a real Valkey."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    chosen = replace(settings(tmp_path, sqlite_url), redis_url=redis_url)
    core = Core.open(chosen, probe=False)
    core.catalog = catalog
    made = populate(core, MemoryService(tmp_path / "memory.db"))
    core.queue = Queue(redis_url)
    yield made
    core.close()


@pytest.fixture
def worker(world: World, tmp_path: Path) -> Iterator[None]:
    """A worker process for the interactive queue."""
    chosen = world.core.settings
    environment = {
        **os.environ,
        "ANDOCK_HOME": str(chosen.home),
        "DATABASE_URL": chosen.database_url,
        "REDIS_URL": chosen.redis_url,
        "ANDOCK_KEYS": ",".join(chosen.keys),
        "ANDOCK_EXTRA_PLUGINS": PLUGIN,
        "PYTHONPATH": str(ROOT),
    }
    written = tmp_path / "worker.log"
    with written.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "worker.py", "--queue", "interactive"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        yield
        process.terminate()
        process.wait(20)
    logging.getLogger("worker").info(written.read_text())  # shown when the test fails


@pytest.fixture
def site(world: World) -> Iterator[tuple[Flask, str]]:
    """The application on a port of its own, and its address."""
    app = create_app(world.core)
    andock_marketplace.register(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield app, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.more)])
def language(request: pytest.FixtureRequest) -> str:
    """Both languages."""
    return str(request.param)


@pytest.fixture
def page(browser: Browser, site: tuple[Flask, str], world: World, language: str) -> Iterator[Page]:
    """A page of Anna's browser. The test fails when its console shows an error."""
    app, address = site
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860})
    _sign_in(context, app, address, world, language)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield opened
    context.close()
    assert complaints == []


def _sign_in(
    context: BrowserContext, app: Flask, address: str, world: World, language: str
) -> None:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"_user_id": f"{world.anna.member_id}:0", "_fresh": True})
    context.add_cookies(
        [
            {"name": "andock_session", "value": cookie, "url": address},
            {"name": "andock_language", "value": language, "url": address},
        ]
    )


def _is_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def _agree(page: Page, w: dict[str, str]) -> None:
    """The preview, when it is there, and the yes to it."""
    agree = page.get_by_role("button", name=w["agree"])
    expect(agree).to_be_focused(timeout=20_000)
    agree.press("Enter")


@pytest.mark.usefixtures("worker")
def test_connecting_from_the_profile_picture_to_the_first_run(
    page: Page, world: World, language: str
) -> None:
    """Browse, add, authorize, search, a wrong password, test, choose, agree, run, disconnect."""
    w = WORDS[language]
    page.goto("/")
    page.locator("#profile-menu button").first.click()
    page.get_by_role("link", name=w["integrations"], exact=True).click()

    page.get_by_role("searchbox").press_sequentially(w["typo"], delay=10)
    expect(page.locator(".offer")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q="))
    _is_accessible(page)
    page.get_by_role("link", name=w["title"]).click()
    _is_accessible(page)
    page.get_by_role("button", name=w["add"]).click()
    page.get_by_role("link", name=w["authorize"]).click()

    page.get_by_label(w["user"]).fill(ACCOUNT)
    page.get_by_role("button", name=w["search"]).click()
    expect(page.get_by_label("Server")).to_have_value(SERVER, timeout=20_000)
    password = page.get_by_label(w["password"], exact=True)
    expect(password).to_be_focused()
    _is_accessible(page)

    password.fill("wrong")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(w["refused"], timeout=20_000)
    expect(password).to_be_focused()
    expect(password).to_have_value("")
    expect(page.get_by_label(w["user"])).to_have_value(ACCOUNT)
    _is_accessible(page)

    password.fill("right")
    password.press("Enter")
    expect(page.get_by_role("heading", name=w["works"])).to_be_visible(timeout=20_000)
    expect(page.locator(".check-done")).to_have_count(3)
    _is_accessible(page)
    page.get_by_role("link", name=w["continue"]).click()

    expect(page.get_by_role("radio", name="Kalender")).to_be_checked()
    page.get_by_role("checkbox", name="Familie").check()
    _is_accessible(page)
    page.get_by_role("button", name=w["save"]).click()
    expect(page.get_by_text(w["mails"])).to_be_visible(timeout=20_000)
    _is_accessible(page)
    _agree(page, w)
    expect(page.get_by_role("heading", name=w["step"])).to_be_visible(timeout=20_000)
    _is_accessible(page)

    page.get_by_role("link", name=w["open"]).click()
    expect(page.locator("#now")).to_contain_text(w["last"])
    before = time.time()
    page.get_by_role("button", name=w["sync"]).click()
    expect(page.get_by_role("button", name=w["sync"])).to_be_enabled(timeout=20_000)
    _is_accessible(page)
    (row,) = [world.row(page.url.rpartition("/")[2])]
    assert row.last_success_at.timestamp() > before

    page.get_by_role("link", name=w["disconnect"]).click()
    _is_accessible(page)
    page.get_by_role("button", name=w["disconnect"]).click()
    expect(page.get_by_role("status").first).to_contain_text(w["gone"])


def test_a_search_without_result(page: Page, language: str) -> None:
    """What to do is said, and one's words stay in the field."""
    page.goto("/marketplace/")
    page.get_by_role("searchbox").fill("salesforce")
    expect(page.get_by_text(WORDS[language]["none"])).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    _is_accessible(page)


def test_it_fits_a_phone(page: Page, world: World) -> None:
    """No page is wider than a narrow screen."""
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/marketplace/", "/marketplace/mine", "/marketplace/memory-calendar"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, address
        _is_accessible(page)


@pytest.mark.more
@pytest.mark.usefixtures("worker")
def test_contacts_and_tasks_switched_on_and_off_again(
    page: Page, world: World, language: str
) -> None:
    """Each by its own switch; what it switches on is asked only then; off, it asks back."""
    w = WORDS[language]
    world.memory.put(
        world.memory.add_contacts(ACCOUNT, "People", default=True), Contact(display_name="Mara")
    )
    queue, world.core.queue = world.core.queue, world.jobs  # type: ignore[assignment]
    connection_id = world.tested(world.anna).connection_id
    world.core.queue = queue
    page.goto(f"/connections/{connection_id}/choice")
    expect(page.get_by_role("radio", name="People")).to_be_hidden()
    page.get_by_role("checkbox", name=w["contacts"], exact=True).check()
    expect(page.get_by_role("radio", name="People")).to_be_checked()
    page.get_by_role("checkbox", name=w["tasks"], exact=True).check()
    _is_accessible(page)
    page.get_by_role("button", name=w["save"]).click()
    _agree(page, w)
    expect(page.get_by_role("heading", name=w["step"])).to_be_visible(timeout=20_000)
    page.get_by_role("link", name=w["open"]).click()
    expect(page.locator(".chosen")).to_contain_text("People")
    _is_accessible(page)

    page.get_by_role("button", name=w["change"]).click()
    page.get_by_role("checkbox", name=w["contacts"], exact=True).uncheck(timeout=20_000)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name=w["save"]).click()
    stays = page.get_by_role("radio", name=w["stays"])
    expect(stays).to_be_checked(timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    _is_accessible(page)
    page.get_by_role("button", name=w["save"]).click()
    _agree(page, w)
    expect(page.get_by_role("heading", name=w["step"])).to_be_visible(timeout=20_000)
    page.get_by_role("link", name=w["open"]).click()
    expect(page.locator(".chosen")).not_to_contain_text("People")


@pytest.mark.parametrize("language", ["en"])
def test_a_search_begun_before_the_script_was_there_fills_the_server_in(
    page: Page, world: World, request: pytest.FixtureRequest
) -> None:
    connection_id = service.add(world.core, world.anna, "memory-calendar")
    page.route("**/wizard.js*", lambda route: route.fulfill(content_type="text/javascript"))
    page.goto(f"/connections/{connection_id}/access")
    page.get_by_label("User name").fill(ACCOUNT)
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".search-result")).to_be_visible()
    page.unroute("**/wizard.js*")
    page.reload()
    request.getfixturevalue("worker")
    expect(page.get_by_label("Server")).to_have_value(SERVER, timeout=20_000)
