"""The sign-in pages in a real browser: by keyboard, for everybody's eyes, back to the app."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD

pytestmark = [pytest.mark.more, pytest.mark.browser]


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    """An application's redirect address that answers."""

    class Handler(BaseHTTPRequestHandler):
        """Says that it was reached."""

        def _answer(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>reached</title>")

        do_GET = do_POST = _answer  # noqa: N815  the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}/callback"
    served.shutdown()
    served.server_close()


@pytest.fixture
def app(box: Sandbox, anna: Mailbox, callback: str) -> App:
    """An app that wants something."""
    return box.directory.register("Andock", [callback])


def address(server: SandboxServer, app: App, **more: str) -> str:
    """The address of the authorize page."""
    scope = quote("openid offline_access Calendars.ReadWrite Tasks.ReadWrite")
    wished = "".join(f"&{name}={quote(text)}" for name, text in more.items())
    return (
        f"{server.cloud_url}/organizations/oauth2/v2.0/authorize?client_id={app.client_id}"
        f"&response_type=code&redirect_uri={quote(app.redirect_uris[0])}&scope={scope}{wished}"
    )


def check(page: Page, width: int) -> None:
    """axe finds nothing, and nothing is cut off."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("locale", "scheme", "width", "consent", "approval"),
    [
        (
            "de",
            "light",
            390,
            "Angeforderte Berechtigungen",
            "Administratorgenehmigung erforderlich",
        ),
        ("en", "dark", 1000, "Permissions requested", "Need admin approval"),
    ],
)
def test_every_page_for_everybody(
    browser: Browser,
    server: SandboxServer,
    box: Sandbox,
    app: App,
    locale: str,
    scheme: Any,
    width: int,
    consent: str,
    approval: str,
) -> None:
    """By keyboard alone: wrong password, right one, consent, back to the application; approval."""
    context = browser.new_context(
        ignore_https_errors=True,
        locale=locale,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    page.goto(address(server, app, login_hint="anna@musterfirma.test"))
    check(page, width)
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    check(page, width)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=consent).wait_for()
    check(page, width)
    box.directory.require_approval("musterfirma.test")
    page.goto(address(server, app))
    page.get_by_role("heading", name=approval).wait_for()
    check(page, width)
    box.directory.require_approval("musterfirma.test", on=False)
    page.goto(address(server, app))
    page.locator("button.first").click()
    page.wait_for_url("**/callback?code=*")
    assert page.title() == "reached"
    page.goto(address(server, app, response_mode="form_post"))
    page.locator("button.first").click()
    page.wait_for_url("**/callback")
    page.goto(f"{server.cloud_url}/common/oauth2/v2.0/logout")
    check(page, width)
    context.close()
