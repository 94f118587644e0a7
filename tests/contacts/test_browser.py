"""The contacts in a real browser, by mouse and by keyboard."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from andock_core.contacts import sharing
from andock_core.core import Core
from andock_core.storage import Member, Scope
from tests.calendar.builders import Office
from tests.contacts.people import add, everything, person, picture

pytestmark = pytest.mark.browser
PHONE = {"width": 500, "height": 900}


@pytest.fixture
def book(page: Page, firm: Office) -> Page:
    """Anna's list with some people, and one of Ben's."""
    for given, surname in (("Mara", "Lindt"), ("Omar", "Sahin"), ("Nina", "Lund")):
        email = f"{given.lower()}@example.com"
        add(firm, firm.anna, person(given, surname, email=email, mobile="+49 151 23456"))
    add(firm, firm.anna, everything())
    shared = add(firm, firm.ben, person("Boris", "Shared", company="Hafen GmbH"))
    with firm.storage.write(firm.ben.scope) as session:
        sharing.share(session, "ben", shared, ["anna"])
    page.goto("/contacts/")
    return page


def test_the_first_contact_is_made_by_keyboard(page: Page) -> None:
    page.goto("/contacts/")
    expect(page.get_by_text("Noch keine Kontakte")).to_be_visible()
    page.get_by_role("link", name="Neuer Kontakt").press("Enter")
    expect(page.get_by_label("Vorname", exact=False).first).to_be_focused()
    page.keyboard.type("Mara")
    page.keyboard.press("Tab")
    page.keyboard.type("Lindt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mara Lindt")).to_be_visible()
    expect(page.get_by_text("Mara Lindt ist gespeichert.")).to_be_visible()


def test_the_search_finds_while_one_types(book: Page) -> None:
    search = book.get_by_role("searchbox", name="Kontakte durchsuchen")
    search.press_sequentially("sahin", delay=20)
    expect(book.get_by_role("link", name="Mara Lindt")).to_have_count(0)
    expect(book.get_by_role("link", name="Omar Sahin")).to_be_visible()
    expect(book.locator("#contacts-says")).to_have_text("1 Kontakt")
    expect(book).to_have_url(re.compile(r"q=sahin"))
    search.fill("nobody at all")
    expect(book.get_by_text("Niemand gefunden", exact=True)).to_be_visible()


def test_arrow_keys_walk_through_the_list(book: Page) -> None:
    book.get_by_role("searchbox").focus()
    book.keyboard.press("ArrowDown")
    expect(book.get_by_role("link", name="Mara Lindt")).to_be_focused()
    book.keyboard.press("ArrowDown")
    expect(book.get_by_role("link", name="Nina Lund")).to_be_focused()
    book.keyboard.press("Home")
    book.keyboard.press("ArrowUp")
    expect(book.get_by_role("searchbox")).to_be_focused()
    book.keyboard.press("ArrowDown")
    book.keyboard.press("Enter")
    expect(book.get_by_role("heading", name="Mara Lindt")).to_be_visible()


def test_a_delete_is_taken_back_from_the_toast(book: Page) -> None:
    book.get_by_role("link", name="Mara Lindt").click()
    book.get_by_role("button", name="Löschen").click()
    expect(book.locator("#toasts")).to_contain_text("Mara Lindt ist gelöscht.")
    expect(book.get_by_role("link", name="Mara Lindt")).to_have_count(0)
    book.locator("#toasts").get_by_role("button", name="Rückgängig").click()
    expect(book.get_by_role("heading", name="Mara Lindt")).to_be_visible()
    expect(book.get_by_text("Der Kontakt ist wieder da.")).to_be_visible()


def test_numbers_and_a_photo_are_added(book: Page, tmp_path: Path) -> None:
    image = tmp_path / "me.jpg"
    image.write_bytes(picture("JPEG", (900, 700)))
    book.get_by_role("link", name="Omar Sahin").click()
    book.get_by_role("link", name="Bearbeiten").click()
    book.get_by_role("button", name="Nummer hinzufügen").click()
    book.keyboard.type("030 99")
    book.get_by_role("button", name="E-Mail-Adresse hinzufügen").click()
    book.keyboard.type("second@example.com")
    book.get_by_role("button", name="Diese Nummer entfernen").first.click()
    book.get_by_label("Foto").set_input_files(image)
    book.get_by_role("button", name="Speichern", exact=True).click()
    expect(book.get_by_role("heading", name="Omar Sahin")).to_be_visible()
    expect(book.get_by_role("link", name="030 99")).to_have_attribute("href", "tel:03099")
    expect(book.get_by_role("link", name="second@example.com")).to_be_visible()
    expect(book.get_by_text("+49 151 23456")).to_have_count(0)
    shown = book.get_by_role("img", name="Foto von Omar Sahin")
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480


def test_what_is_wrong_has_the_focus(book: Page) -> None:
    book.goto("/contacts/new")
    book.get_by_label("Vorname").first.fill("Mara")
    book.get_by_label("E-Mail (", exact=False).first.fill("nonsense")
    book.keyboard.press("Enter")
    expect(book.get_by_text("Das ist keine E-Mail-Adresse.", exact=False)).to_be_visible()
    expect(book.locator("#email1")).to_be_focused()


def test_a_contact_is_shared_one_by_one(book: Page, core: Core) -> None:
    book.get_by_role("link", name="Mara Lindt").click()
    book.get_by_role("checkbox", name="Ben Lorenz").check()
    book.get_by_role("button", name="Freigabe speichern").click()
    expect(book.get_by_text("1 Person kann ihn lesen")).to_be_visible()


def test_another_s_contact_is_marked_and_only_read(book: Page) -> None:
    expect(book.get_by_text("von Ben Lorenz")).to_be_visible()
    book.get_by_role("link", name="Boris Shared").click()
    expect(book.get_by_text("Kontakt von Ben Lorenz, nur zum Lesen")).to_be_visible()
    expect(book.get_by_role("link", name="Bearbeiten")).to_have_count(0)
    expect(book.get_by_role("button", name="Löschen")).to_have_count(0)


def test_cards_are_looked_at_and_imported(book: Page, tmp_path: Path) -> None:
    file = tmp_path / "people.vcf"
    cards = ["FN:New One\r\nEND:VCARD\r\n", "FN:Mara\r\nEMAIL:mara@example.com\r\nEND:VCARD\r\n"]
    file.write_text("".join(f"BEGIN:VCARD\r\n{card}" for card in (*cards, "FN:Cut")))
    book.get_by_role("button", name="Import und Export").click()
    book.get_by_role("link", name="vCards importieren…").click()
    book.get_by_label("Datei").set_input_files(file)
    book.get_by_role("button", name="Ansehen").click()
    expect(book.get_by_role("heading", name="Das würde kommen")).to_be_visible()
    expect(book.get_by_text("Cut", exact=False).first).to_be_visible()
    book.get_by_role("button", name="Importieren", exact=True).click()
    expect(book.get_by_text("1 Kontakt wurde importiert.")).to_be_visible()
    expect(book.get_by_role("link", name="New One")).to_be_visible()


def test_a_file_too_large_is_told_before_it_travels(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "large.vcf"
    file.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    page.goto("/contacts/import")
    page.get_by_label("Datei").set_input_files(file)
    expect(page.locator("#file-error")).to_be_visible()
    page.get_by_role("button", name="Ansehen").click()
    expect(page.locator("#file-error")).to_be_visible()


def test_more_of_a_long_list_comes_in_place(page: Page, firm: Office) -> None:
    for number in range(130):
        add(firm, firm.anna, person("Given", f"Name{number:03}"))
    page.goto("/contacts/")
    page.get_by_role("link", name="Mehr zeigen").click()
    expect(page.get_by_role("link", name="Given Name060")).to_be_focused()
    page.get_by_role("link", name="Mehr zeigen").click()
    expect(page.get_by_role("link", name="Given Name129")).to_be_visible()
    expect(page.locator(".people-group")).to_have_count(1)
    expect(page.get_by_role("link", name="Mehr zeigen")).to_have_count(0)


def test_without_scripts_everything_works(
    browser: Browser, site: str, book: Page, firm: Office
) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    cookies = [
        {"name": c["name"], "value": c["value"], "url": site} for c in book.context.cookies()
    ]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto("/contacts/")
    plain.get_by_role("searchbox").fill("lindt")
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="Mara Lindt").click()
    plain.get_by_role("button", name="Löschen").click()
    plain.get_by_role("button", name="Rückgängig").click()
    expect(plain.get_by_text("Der Kontakt ist wieder da.")).to_be_visible()
    context.close()


@pytest.mark.more
@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing(
    book: Page, core: Core, firm: Office, language: str, tmp_path: Path
) -> None:
    with core.storage.write(Scope("t1")) as session:
        session.get_one(Member, "anna").language = language
    evil = person("\u202eevil", "W" * 200, company="<b>" + "long " * 40)
    strange = add(firm, firm.anna, evil)
    own = add(firm, firm.anna, everything())
    file = tmp_path / "people.vcf"
    file.write_text("BEGIN:VCARD\r\nFN:New One\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Cut")
    for scheme in ("light", "dark"):
        for address in ("", "?q=nobody", own, strange, "new", f"{own}/edit", "import"):
            book.emulate_media(color_scheme=scheme)
            book.goto(f"/contacts/{address}")
            look_closely(book, f"{language} {scheme} {address}")
        book.locator("#file").set_input_files(file)
        book.locator("form[data-largest] button[type=submit]").click()
        look_closely(book, f"{language} {scheme} look")


def look_closely(page: Page, what: str) -> None:
    """Nothing for axe to say, and nothing that is wider than a phone."""
    page.set_viewport_size({"width": 1280, "height": 860})
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 500, f"{what}: {wide}"
