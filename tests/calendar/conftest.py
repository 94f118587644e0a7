"""Fixtures of the calendar's tests: people, the pages, a browser in which somebody is signed in."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from andock_core import config
from andock_core.core import Core
from andock_core.storage import Storage
from andock_core.vault import Vault
from andock_web import calendar, calls, tasks
from andock_web.app import create_app
from tests.calendar.builders import Office, open_office

SESSION = "andock_session"


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Two tenants with their people, on both databases."""
    storage = Storage(database_url)
    yield open_office(storage, Vault([Fernet.generate_key().decode()]))
    storage.close()


@pytest.fixture
def core(sqlite_url: str, tmp_path: Path) -> Iterator[Core]:
    """A core without plugins and without a queue's server."""
    environ = {"ANDOCK_HOME": str(tmp_path / "home"), "DATABASE_URL": sqlite_url}
    opened = Core.open(config.load(environ), probe=False)
    yield opened
    opened.close()


@pytest.fixture
def firm(core: Core) -> Office:
    """The same people behind the pages."""
    return open_office(core.storage, core.vault)


@pytest.fixture
def app(core: Core, firm: Office) -> Flask:
    """The application with the calendar, and the pages that it leads to."""
    application = create_app(core)
    application.config["WTF_CSRF_ENABLED"] = False  # one test of its own switches it on
    application.test_client_class = Visitor
    for area in (calendar, tasks, calls):
        area.register(application)
    return application


class Visitor(FlaskClient):
    """A browser's requests, JSON both ways."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send a request and read the answer to its end."""
        return super().open(*args, **{"buffered": True, **options})


@pytest.fixture
def visit(app: Flask) -> Callable[[str], FlaskClient]:
    """Signs somebody in: visit("anna")."""

    def signed_in(who: str) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{who}:0"
        return client

    return signed_in


@pytest.fixture
def page(browser: Browser, app: Flask, visit: Callable[[str], FlaskClient]) -> Iterator[Page]:
    """Anna's browser, far from Berlin; the test fails when its console shows an error."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(
        base_url=site,
        viewport={"width": 1280, "height": 860},
        timezone_id="America/New_York",
    )
    cookie = visit("anna").get_cookie(SESSION)
    assert cookie is not None
    context.add_cookies([{"name": SESSION, "value": cookie.value, "url": site}])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if _is_mistake(m) else None)
    yield opened
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert complaints == []


def _is_mistake(message: Any) -> bool:
    return message.type == "error" and "Failed to load resource" not in message.text
