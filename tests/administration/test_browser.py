"""The ways of an admin and of somebody who is invited, in a real browser."""

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from andock_core.accounts import first
from andock_core.core import Core
from tests.administration.acts import GOOD, LINK
from tests.pages.site import all_of_it
from tests.support.cheap import cheap_passwords

pytestmark = [pytest.mark.browser, pytest.mark.more]


@pytest.fixture
def site(core: Core, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An installation where nobody has an account; its address."""
    cheap_passwords(monkeypatch)
    server = make_server("127.0.0.1", 0, all_of_it(core), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """The browser of whoever begins."""
    opened = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


def is_well(page: Page) -> None:
    """Neither a barrier nor a page that is wider than a phone."""
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    fill(page, email=email, password=GOOD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/calendar/**")


def test_from_the_first_start_to_a_colleague(
    context: BrowserContext, browser: Browser, core: Core, site: str
) -> None:
    """Begin, sign in, invite, hand the link on; the colleague joins; the log tells of it."""
    ada = context.new_page()
    ada.goto("/")
    expect(ada).to_have_title("Erster Start · Andock")
    is_well(ada)
    secret = first.secret_file(core.settings.home).read_text()
    fill(ada, secret=secret, company="Acme", name="Ada", email="ada@acme.test")
    fill(ada, password=GOOD, again=GOOD)
    ada.get_by_role("button", name="Beginnen").click()
    expect(ada.get_by_text("Acme ist eingerichtet.")).to_be_visible()
    sign_in(ada, "ada@acme.test")

    ada.goto("/administration/members")
    fill(ada, email="bo@acme.test")
    ada.get_by_role("button", name="Einladen", exact=True).click()
    is_well(ada)
    found = LINK.search(ada.get_by_label("Link", exact=True).input_value())
    assert found is not None

    other = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    bo = other.new_page()
    bo.goto(found[1])
    fill(bo, name="Bo Lind", password=GOOD, again=GOOD)
    bo.get_by_role("button", name="Konto anlegen").click()
    expect(bo.get_by_text("Ihr Konto ist bereit.")).to_be_visible()
    sign_in(bo, "bo@acme.test")
    answer = bo.goto("/administration/members")
    assert answer is not None
    assert answer.status == 404
    other.close()

    ada.goto("/administration/members")
    fill(ada, q="lind")
    ada.get_by_role("searchbox").press("Enter")
    ada.get_by_role("link", name="Bo Lind").click()
    is_well(ada)
    ada.goto("/administration/audit")
    ada.locator("[name=action]").select_option("member")
    ada.get_by_role("button", name="Anzeigen").click()
    expect(ada.get_by_role("row", name="Einladung angenommen")).to_be_visible()
    is_well(ada)
