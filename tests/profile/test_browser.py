"""Profile and shell in a real browser: keys, sheets, schemes, paper, undo."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.core import Core
from andock_core.storage import Member, Scope
from andock_sdk import Appointment, Slot
from tests.profile.conftest import PIXEL
from tests.web.conftest import PASSWORD, People

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def signed_in(page: Page, core: Core, people: People) -> Page:
    """Anna's calendar with an appointment today and a private block."""
    today = now().date().isoformat()
    with core.storage.write(Scope(people.home, people.anna)) as session:
        entries = Entries(session, core.vault, people.home, people.anna, Window.around(now()))
        offer, dentist = (
            Appointment(
                subject=subject,
                when=Slot(
                    start=f"{today}T{hour}:00:00",
                    end=f"{today}T{hour + 1}:00:00",
                    start_zone="Europe/Berlin",
                    end_zone="Europe/Berlin",
                ),
            )
            for subject, hour in (("Offer", 10), ("Dentist", 13))
        )
        entries.create(offer, visibility="appointment", origin="andock")
        entries.create(dentist, visibility="block", origin="remote")
    page.goto("/sign-in")
    page.get_by_label("E-Mail-Adresse").fill("anna@musterfirma.test")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/calendar/")
    expect(face(page, "Offer")).to_be_visible()
    return page


def face(page: Page, text: str) -> Locator:
    return page.locator(".ec-event:not(.ec-ghost)", has_text=text)


def pressed(page: Page, view: str) -> None:
    button = page.get_by_role("button", name=view, exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")


def test_keys_go_to_the_places(signed_in: Page) -> None:
    """g and then the letter; and back."""
    for key, path in (("k", "contacts"), ("t", "tasks"), ("a", "calls"), ("c", "calendar")):
        signed_in.keyboard.type(f"g{key}")
        signed_in.wait_for_url(f"**/{path}/**")
        signed_in.wait_for_load_state("networkidle")


def test_keys_in_the_calendar(signed_in: Page) -> None:
    """Views, the way through time, something new."""
    for key, view in (("d", "Tag"), ("m", "Monat"), ("l", "Liste"), ("w", "Woche")):
        signed_in.keyboard.press(key)
        pressed(signed_in, view)
    signed_in.keyboard.press("j")
    expect(face(signed_in, "Offer")).to_be_hidden()
    signed_in.keyboard.press("k")
    expect(face(signed_in, "Offer")).to_be_visible()
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("t")
    expect(face(signed_in, "Offer")).to_be_visible()
    signed_in.keyboard.press("n")
    expect(signed_in.get_by_role("dialog", name="Neuer Termin")).to_be_visible()


def test_keys_do_nothing_while_somebody_types(signed_in: Page) -> None:
    """Letters are letters in a field, and a dialog keeps its page as it is."""
    signed_in.keyboard.press("n")
    title = signed_in.get_by_label("Titel")
    expect(title).to_be_focused()
    signed_in.keyboard.type("dwmlg?")
    expect(title).to_have_value("dwmlg?")
    pressed(signed_in, "Woche")
    signed_in.keyboard.press("Control+d")
    pressed(signed_in, "Woche")


def test_the_help_opens_by_key_and_by_menu(signed_in: Page) -> None:
    help_sheet = signed_in.get_by_role("dialog", name="Tastenkürzel")
    signed_in.keyboard.press("?")
    expect(help_sheet).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(help_sheet).to_be_hidden()
    signed_in.get_by_role("button", name="Profil: Anna Krüger").click()
    signed_in.get_by_role("button", name="Tastenkürzel").click()
    expect(help_sheet).to_be_visible()


def test_switched_off_keys_do_nothing(signed_in: Page, core: Core, people: People) -> None:
    """WCAG 2.1.4."""
    with core.storage.write(Scope(people.home)) as session:
        session.get_one(Member, people.anna).shortcuts = False
    signed_in.reload()
    expect(face(signed_in, "Offer")).to_be_visible()
    for key in ("d", "n", "?"):
        signed_in.keyboard.press(key)
    pressed(signed_in, "Woche")
    expect(signed_in.locator("dialog[open]")).to_have_count(0)


def test_a_delete_is_undone_from_its_message(signed_in: Page) -> None:
    face(signed_in, "Offer").click(button="right")
    signed_in.get_by_role("menuitem", name="Löschen…").click()
    signed_in.get_by_role("button", name="Löschen", exact=True).click()
    expect(face(signed_in, "Offer")).to_be_hidden()
    signed_in.get_by_role("button", name="Rückgängig").click()
    expect(face(signed_in, "Offer")).to_be_visible()
    expect(signed_in.locator("#toasts")).to_contain_text("Der Termin ist wieder da.")


def test_on_a_phone_the_places_lie_at_the_bottom(signed_in: Page) -> None:
    """Within reach of the thumb, each at least as large as a fingertip."""
    signed_in.set_viewport_size(PHONE)
    signed_in.reload()
    box = signed_in.get_by_role("navigation", name="Bereiche").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == PHONE["height"]
    for name in ("Kalender", "Kontakte", "Aufgaben", "Anrufe"):
        place = signed_in.get_by_role("link", name=name, exact=True).bounding_box()
        assert place is not None
        assert place["height"] >= 44
        assert place["width"] >= 44
    assert signed_in.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_on_a_phone_the_right_column_is_a_sheet(signed_in: Page) -> None:
    """Opened and closed as often as one likes; what it holds is there once."""
    signed_in.set_viewport_size(PHONE)
    box = signed_in.get_by_role("checkbox", name="Ben Lorenz")
    expect(box).to_be_hidden()
    for _ in range(2):
        signed_in.get_by_role("button", name="Verbindungen und andere").click()
        expect(box).to_be_visible()
        signed_in.keyboard.press("Escape")
        expect(box).to_be_hidden()
    signed_in.set_viewport_size({"width": 1280, "height": 860})
    expect(box).to_be_visible()


def test_the_chosen_scheme_beats_the_system(signed_in: Page, core: Core, people: People) -> None:
    def ground() -> str:
        return str(signed_in.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    light = ground()
    signed_in.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    with core.storage.write(Scope(people.home)) as session:
        session.get_one(Member, people.anna).scheme = "light"
    signed_in.reload()
    assert ground() == light


def test_paper_holds_the_whole_day_and_nothing_else(signed_in: Page) -> None:
    """No chrome, one page across; one's own private block with its title."""
    signed_in.set_viewport_size({"width": 1047, "height": 718})
    signed_in.emulate_media(media="print")
    signed_in.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(face(signed_in, "Dentist")).to_be_visible()
    for hidden in (".top", ".cal-side", ".cal-end", ".cal-nav"):
        expect(signed_in.locator(hidden)).to_be_hidden()
    assert signed_in.evaluate("document.documentElement.scrollHeight") <= 718
    signed_in.evaluate("window.dispatchEvent(new Event('afterprint'))")
    signed_in.emulate_media(media="screen")
    expect(signed_in.locator(".cal-side")).to_be_visible()


def test_a_picture_is_made_small_before_it_is_sent(
    signed_in: Page, core: Core, people: People, tmp_path: Path
) -> None:
    """As a JPEG without what the camera wrote into the file; the top bar shows it at once."""
    signed_in.goto("/profile/")
    chosen = tmp_path / "me.png"
    chosen.write_bytes(PIXEL)
    with signed_in.expect_file_chooser() as chooser:
        signed_in.get_by_role("button", name="Bild auswählen…").click()
    chooser.value.set_files(chosen)
    expect(signed_in.get_by_text("Ihr Bild ist gespeichert.")).to_be_visible()
    shown = signed_in.locator(".profile-menu .avatar img")
    expect(shown).to_be_visible()
    assert shown.evaluate("it => it.naturalWidth") == 320
    with core.storage.read(Scope(people.home)) as session:
        assert session.get_one(Member, people.anna).picture_type == "image/jpeg"
