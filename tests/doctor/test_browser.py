"""From a failed test to a good one, in a real browser, once per language: the member asks, IT
proposes and vouches, the admin approves."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from andock_core.storage import Member, Scope
from tests.doctor.clinic import EMAIL, PASSWORD, Clinic
from tests.marketplace.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.more]
WORDS = {
    "de": {
        "user": "Benutzername",
        "password": "Passwort",
        "test": "Test",
        "unknown": "Wir kennen den Aussteller des Zertifikats nicht.",
        "diagnosis": "Diagnose öffnen",
        "examine": "Untersuchen",
        "under_way": "Wir untersuchen die Verbindung",
        "fingerprint": "Fingerabdruck (SHA-256)",
        "ask": "Um Freigabe bitten",
        "asked": "ist gefragt",
        "link": "Link für meine IT",
        "fresh": "Link für Ihre IT",
        "right": "Dieses Zertifikat ist das richtige",
        "note": "Ein Wort an das Mitglied",
        "send": "Vorschlag senden",
        "thanks": "Ihr Vorschlag liegt jetzt beim Mitglied.",
        "approve": "Für diesen Server freigeben",
        "approved": "Genehmigt",
        "use": "Diesen Server nutzen",
        "works": "Die Verbindung steht",
        "well": "Alles ist in Ordnung.",
    },
    "en": {
        "user": "User name",
        "password": "Password",
        "test": "Test",
        "unknown": "We don't know who issued the server's certificate.",
        "diagnosis": "Open the diagnosis",
        "examine": "Examine",
        "under_way": "We are examining the connection",
        "fingerprint": "Fingerprint (SHA-256)",
        "ask": "Ask for approval",
        "asked": "has been asked",
        "link": "Link for my IT",
        "fresh": "Link for your IT",
        "right": "This certificate is the right one",
        "note": "A word to the member",
        "send": "Send the proposal",
        "thanks": "Your proposal is with the member now.",
        "approve": "Approve for this server",
        "approved": "Approved",
        "use": "Use this server",
        "works": "The connection works",
        "well": "All is well.",
    },
}
Enter = Callable[..., Page]


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of all three."""
    found: str = request.param
    return found


@pytest.fixture
def enter(clinic: Clinic, app: Flask, browser: Browser, language: str) -> Iterator[Enter]:
    """Somebody's browser at the site; nobody's when there is no scope."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site = f"http://127.0.0.1:{server.port}"
    object.__setattr__(clinic.core.settings, "base_url", site)
    with ExitStack() as stack:

        def made(who: Scope | None = None) -> Page:
            context: BrowserContext = stack.enter_context(browser.new_context(base_url=site))
            context.add_cookies([{"name": "andock_language", "value": language, "url": site}])
            if who is not None:
                with clinic.core.storage.write(who) as session:
                    session.get_one(Member, who.member_id).language = language
                kept = Visitor(app, who, language).client.get_cookie("andock_session")
                assert kept is not None
                context.add_cookies([{"name": kept.key, "value": kept.value, "url": site}])
            return context.new_page()

        yield made
    server.shutdown()
    thread.join()
    server.server_close()


def test_from_an_unknown_certificate_to_a_good_test(
    clinic: Clinic, enter: Enter, language: str
) -> None:
    """The password is typed twice, and is seen by nobody but the server that was approved."""
    say = WORDS[language]
    connection_id = clinic.add()
    anna, it, ben = enter(clinic.anna), enter(), enter(clinic.ben)

    anna.goto(f"/connections/{connection_id}/access")
    fill(anna, say, f"localhost:{clinic.server.port}")
    anna.get_by_role("button", name=say["test"], exact=True).last.click()
    clinic.world.work()
    expect(anna.get_by_text(say["unknown"]).last).to_be_visible()
    expect(anna.get_by_text(say["fingerprint"]).last).to_be_visible()

    anna.get_by_role("link", name=say["diagnosis"]).click()
    anna.get_by_role("button", name=say["examine"], exact=True).click()
    expect(anna.get_by_text(say["under_way"]).last).to_be_visible()
    clinic.world.work()
    expect(anna.get_by_text(say["unknown"]).last).to_be_visible()
    anna.get_by_role("button", name=say["link"]).click()
    link = anna.get_by_label(say["fresh"]).input_value()

    it.goto(link)
    it.get_by_label(re.compile("^Server")).fill(f"localhost:{clinic.server.port}")
    it.get_by_label(re.compile(say["right"])).check()
    it.get_by_label(re.compile(say["note"])).fill("Tom, IT")
    it.get_by_role("button", name=say["send"]).click()
    expect(it.get_by_text(say["thanks"]).last).to_be_visible()

    anna.goto(f"/connections/{connection_id}/access")
    expect(anna.get_by_text("Tom, IT").last).to_be_visible()
    anna.get_by_role("button", name=say["ask"]).click()
    expect(anna.get_by_text(say["asked"]).last).to_be_visible()

    ben.goto("/admin/certificates")
    ben.get_by_role("button", name=say["approve"]).click()
    expect(ben.get_by_text(say["approved"], exact=True).last).to_be_visible()

    assert clinic.box.sign_ins == []
    anna.get_by_role("link", name=say["use"]).click()
    anna.get_by_label(say["password"], exact=True).fill(PASSWORD)
    anna.get_by_role("button", name=say["test"], exact=True).last.click()
    clinic.world.work()
    expect(anna.get_by_role("heading", name=say["works"])).to_be_visible()

    anna.goto(f"/connections/{connection_id}/doctor")
    anna.get_by_role("button", name=re.compile(say["examine"], re.IGNORECASE)).first.click()
    expect(anna.get_by_text(say["under_way"]).last).to_be_visible()
    clinic.world.work()
    expect(anna.get_by_text(say["well"]).last).to_be_visible()


def fill(page: Page, say: dict[str, str], server: str) -> None:
    """The form of the access."""
    page.get_by_label(say["user"], exact=True).fill(EMAIL)
    page.get_by_label(say["password"], exact=True).fill(PASSWORD)
    page.get_by_label(re.compile("^Server")).fill(server)
