"""The frame in a real browser: menus by mouse and by keyboard, dialogs, messages, accessibility."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from andock_core.core import Core
from andock_core.storage import Member, Scope
from tests.web.conftest import People, sign_in_browser

pytestmark = pytest.mark.browser


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def test_signing_in_and_out_by_mouse(page: Page) -> None:
    """As on the first day: sign in, open the profile, sign out."""
    sign_in_browser(page)
    expect(page.get_by_role("heading", name="Hello Anna Krüger")).to_be_visible()
    page.get_by_role("button", name="Profil: Anna Krüger").click()
    expect(page.get_by_role("link", name="Things")).to_be_visible()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_text("Sie sind abgemeldet.")).to_be_visible()


def test_the_profile_menu_by_keyboard(page: Page) -> None:
    """Enter opens, arrows move round, Home and End jump, Escape closes and gives back the focus."""
    sign_in_browser(page)
    button = page.get_by_role("button", name="Profil: Anna Krüger")
    button.focus()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Things")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Abmelden")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("link", name="Things")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("link", name="Things")).to_be_hidden()


def test_a_menu_closes_when_one_goes_elsewhere(page: Page) -> None:
    """By a click beside it, and by tabbing out of it."""
    sign_in_browser(page)
    button = page.get_by_role("button", name="Profil: Anna Krüger")
    button.click()
    page.get_by_role("heading", name="Hello").click()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    page.get_by_role("button", name="Abmelden").focus()
    page.keyboard.press("Tab")
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_language_is_switched_and_remembered(page: Page, core: Core, people: People) -> None:
    """At the top right; the page stays, its words change."""
    sign_in_browser(page)
    page.get_by_role("button", name="Sprache: Deutsch").click()
    page.locator("#language-menu").get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Language: English")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with core.storage.read(Scope(people.home)) as session:
        assert session.get_one(Member, people.anna).language == "en"


def test_without_scripts_the_menus_still_open(browser: Browser, site: str) -> None:
    """They are <details> then."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    sign_in_browser(page)
    page.locator("#profile-menu summary").click()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_text("Sie sind abgemeldet.")).to_be_visible()
    context.close()


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    """It is the first stop of the keyboard, and shows itself there."""
    sign_in_browser(page)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Zum Inhalt springen")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    """Escape closes it, and so does its button."""
    sign_in_browser(page)
    opener = page.get_by_role("button", name="Open")
    opener.click()
    dialog = page.get_by_role("dialog", name="Are you sure?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_be_hidden()


def test_a_password_can_be_looked_at(page: Page) -> None:
    """While the eye is pressed in."""
    page.goto("/sign-in")
    field = page.get_by_label("Passwort", exact=True)
    field.fill("geheim")
    eye = page.get_by_role("button", name="Passwort anzeigen")
    eye.click()
    expect(field).to_have_attribute("type", "text")
    expect(eye).to_have_attribute("aria-pressed", "true")
    eye.click()
    expect(field).to_have_attribute("type", "password")


ASK = """async ([path, value]) => {
  const { postJson, tell } = await import("/static/js/fetch.js");
  try { return await postJson(path, value); } catch (error) { tell(error); return error.key; }
}"""


def test_a_script_talks_to_the_server(page: Page) -> None:
    """With the token and JSON both ways."""
    sign_in_browser(page)
    assert page.evaluate(ASK, ["/area/echo", {"a": 1}]) == {"a": 1}


def test_a_script_that_is_signed_out_says_so(page: Page) -> None:
    """With a link that comes back to the page."""
    sign_in_browser(page)
    page.context.clear_cookies()
    assert page.evaluate(ASK, ["/area/echo", {}]) == "signed_out"
    link = page.get_by_role("status").get_by_role("link", name="Erneut anmelden")
    expect(link).to_have_attribute("href", "/sign-in?next=%2Farea%2F")


def test_a_script_without_a_server_says_so(page: Page) -> None:
    """The message stays until it is closed."""
    sign_in_browser(page)
    page.context.route("**/area/echo", lambda route: route.abort())
    assert page.evaluate(ASK, ["/area/echo", {}]) == "offline"
    message = page.get_by_text("Andock ist nicht erreichbar.")
    expect(message).to_be_visible()
    page.get_by_role("button", name="Schließen").click()
    expect(message).to_be_hidden()


def test_polling_rests_while_nobody_looks(page: Page) -> None:
    """And goes on when the page is seen again; it ends when it is told to."""
    sign_in_browser(page)
    counted = page.evaluate(
        """async () => {
          const { poll } = await import("/static/js/poll.js");
          const wait = (ms) => new Promise((done) => setTimeout(done, ms));
          let hidden = false, asked = 0;
          Object.defineProperty(document, "hidden", { get: () => hidden });
          const turn = (value) => {
            hidden = value;
            document.dispatchEvent(new Event("visibilitychange"));
          };
          const polling = poll(async () => { asked += 1; }, 0.05);
          await wait(300);
          turn(true);
          await wait(100);
          const seen = asked;
          await wait(300);
          const unseen = asked - seen;
          turn(false);
          await wait(200);
          const again = asked - seen;
          polling.stop();
          await wait(100);
          const end = asked;
          await wait(200);
          return { seen, unseen, again, after: asked - end };
        }"""
    )
    assert counted["seen"] >= 2
    assert counted["unseen"] == 0
    assert counted["again"] >= 1
    assert counted["after"] == 0


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        *((1280, "light"), (400, "dark")),
        *(pytest.param(*one, marks=pytest.mark.more) for one in ((1280, "dark"), (400, "light"))),
    ],
)
def test_nothing_keeps_anybody_out(browser: Browser, site: str, width: int, scheme: str) -> None:
    """axe finds no fault in sign-in, its refusal, the frame with its menu, and error pages."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto("/sign-in")
    assert faults(page) == []
    page.get_by_label("E-Mail-Adresse").fill("anna@musterfirma.test")
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("alert").wait_for()
    assert faults(page) == []
    sign_in_browser(page)
    page.get_by_role("button", name="Profil: Anna Krüger").click()
    assert faults(page) == []
    page.goto("/nowhere")
    assert faults(page) == []
    context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the window."""
    found = [
        f"{each['id']}: {[node['html'] for node in each['nodes']]}"
        for each in Axe().run(page).response["violations"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wider than the window"] if too_wide else [])]
