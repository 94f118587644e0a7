"""The shell over a real core, with two tenants, and one invented area registered on it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, abort, flash, jsonify, render_template_string, request
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from andock_core import accounts, config
from andock_core.core import Core
from andock_core.jobs.queue import QueueDown
from andock_web import current, session, shell
from andock_web.app import create_app
from tests.support.cheap import cheap_passwords
from tests.web.pages import AREA, token_in

PASSWORD = "ein langes Passwort"


class Client(FlaskClient):
    """Reads every answer to its end, so that no static file stays open."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send a request."""
        return super().open(*args, **{"buffered": True, **options})


@dataclass(frozen=True)
class People:
    """Ids of the tenants and members that every test starts with."""

    home: str
    anna: str
    ben: str
    elsewhere: str
    zoe: str


@pytest.fixture
def core(database_url: str, tmp_path: Path) -> Iterator[Core]:
    """A core on each database, without plugins and without a queue's server."""
    environ = {"ANDOCK_HOME": str(tmp_path / "home"), "DATABASE_URL": database_url}
    opened = Core.open(config.load(environ), probe=False)
    yield opened
    opened.close()


@pytest.fixture
def people(core: Core, monkeypatch: pytest.MonkeyPatch) -> People:
    """Anna and Ben in one company, Zoe in another that speaks English."""
    cheap_passwords(monkeypatch)
    home = accounts.create_tenant(core.storage, "musterfirma", "Musterfirma")
    elsewhere = accounts.create_tenant(
        core.storage, "otherworks", "Otherworks", "en", "America/New_York"
    )
    return People(
        home=home,
        anna=accounts.create_member(
            core.storage, home, "anna@musterfirma.test", "Anna Krüger", PASSWORD
        ),
        ben=accounts.create_member(
            core.storage, home, "ben@musterfirma.test", "Ben Lorenz", PASSWORD, "admin"
        ),
        elsewhere=elsewhere,
        zoe=accounts.create_member(
            core.storage, elsewhere, "zoe@otherworks.test", "Zoe Park", PASSWORD
        ),
    )


@pytest.fixture
def app(core: Core, people: People) -> Flask:
    """The shell with an area of one place and a few pages that go wrong."""
    application = create_app(core)
    application.test_client_class = Client
    application.register_blueprint(_area())
    shell.add_place(application, "area.page", "Area", "calendar-days")
    shell.add_menu_entry(application, "area.things", "Things", "blocks")
    return application


def _area() -> Blueprint:
    area = Blueprint("area", __name__, url_prefix="/area")

    @area.route("/", methods=["GET", "POST"])
    def page() -> str:
        return render_template_string(AREA, who=current.member().name)

    @area.get("/things")
    def things() -> str:
        return render_template_string(AREA, who="things")

    @area.get("/status/<int:code>")
    @session.public
    def status(code: int) -> str:
        abort(code)

    @area.get("/mistake")
    @session.public
    def mistake() -> str:
        raise ValueError("a secret subject")

    @area.post("/queue")
    def queue() -> str:
        raise QueueDown

    @area.post("/echo")
    def echo() -> Response:
        flash("Saved.", "go")
        return jsonify(request.get_json())

    return area


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def anna(client: FlaskClient) -> FlaskClient:
    """A browser in which Anna is signed in."""
    assert sign_in(client, "anna@musterfirma.test").status_code == 303
    return client


def sign_in(
    client: FlaskClient, email: str, password: str = PASSWORD, target: str = ""
) -> TestResponse:
    """Fill in and send the sign-in form."""
    form = {"email": email, "password": password, "next": target}
    return post(client, "/sign-in", form, page="/sign-in")


def post(
    client: FlaskClient, path: str, form: dict[str, str], page: str = "/area/"
) -> TestResponse:
    """Send a form with the token that `page` shows."""
    token = token_in(client.get(page, follow_redirects=True).text)
    return client.post(path, data={**form, "csrf_token": token})


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


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a fresh browser; the test fails when its console shows an error."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield opened
    context.close()
    assert complaints == []


def sign_in_browser(page: Page, email: str = "anna@musterfirma.test") -> None:
    """Sign in as a person does, on the German page."""
    page.goto("/sign-in")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/area/")
