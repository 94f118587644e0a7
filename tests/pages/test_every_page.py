"""Every page that the application has, with something in it, looked at by axe in both languages:
in German by daylight on a wide screen, in English in the dark on a phone."""

import io
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from andock_core import notices
from andock_core.accounts import links as account_links
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.connections import service, status
from andock_core.contacts.store import Contacts
from andock_core.doctor import links
from andock_core.doctor.reading import report_of
from andock_core.egress.certificates import read
from andock_core.governance import deciding, requests
from andock_core.governance.rules import Rule
from andock_core.planning.calls import Calls
from andock_core.planning.tasks import Tasks
from andock_core.storage import Connection, Member
from andock_core.trust import service as trust
from andock_core.trust.service import Shown
from andock_sandbox import tls
from andock_sdk import Appointment, Contact, Slot
from tests.connections.world import World
from tests.journal.scene import filled
from tests.marketplace.conftest import catalog, world
from tests.marketplace.visitor import Visitor
from tests.moving.house import choosing, switched
from tests.pages.site import all_of_it, pages
from tests.support.memory_plugin import SLUG

__all__ = ["catalog", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
LOOKS: dict[str, dict[str, Any]] = {
    "de": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "en": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True},
}
FURTHER = ("/connections/<moved_id>/move",)
"""Pages that share an address with others."""
_END = "-----END CERTIFICATE-----\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nina Falk\r\nN:Falk;Nina;;;\r\nEND:VCARD\r\n"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def app(world: World) -> Flask:
    """All areas over the world of connections, and the developers' page."""
    world.core.settings = replace(world.core.settings, developer=True)
    return all_of_it(world.core)


@pytest.fixture
def addresses(world: World, app: Flask, tmp_path: Path) -> dict[str, str]:
    """What stands for each placeholder in a page's address; all of it Anna's."""
    who = (world.anna.tenant_id, world.anna.member_id)
    with world.core.storage.write(world.anna) as session:
        contact = Contacts(session, *who).create(Contact(display_name="Omar Neumann")).id
        task = Tasks(session, *who).create("Write the offer", due_day=now().date().isoformat()).id
        call = Calls(session, *who).create("Omar Neumann", number="+49 40 123", start_at=now()).id
        entries = Entries(session, world.core.vault, *who, Window.around(now()))
        start = f"{now():%Y-%m-%dT%H}"
        slot = Slot(start=f"{start}:00:00", end=f"{start}:50:00", start_zone="UTC", end_zone="UTC")
        entries.create(
            Appointment(when=slot, subject="Offer"), visibility="appointment", origin="andock"
        )
        block = Appointment(when=slot, subject="Dentist")
        entries.create(block, visibility="block", origin="remote")
    scene = filled(world)
    return {
        "contact_id": contact,
        "task_id": task,
        "call_id": call,
        "import_id": _import(app, world),
        "connection_id": scene.connection_id,
        "run_id": scene.run_id,
        "line_id": scene.line_id,
        "secret": _examined(world, scene.connection_id, tmp_path),
        "slug": SLUG,
        **_links(world),
        **_moving(world),
        "/connections/<connection_id>/new-access": _governed(world),
    }


def _moving(world: World) -> dict[str, str]:
    """The pages of a move that waits for Anna's agreement, and of one that was made."""
    base = f"/connections/{choosing(world)}/move"
    pages = ("choice", "preview")
    waiting = {f"/connections/<connection_id>/move/{n}": f"{base}/{n}" for n in pages}
    return {**waiting, "moved_id": switched(world)}


def _links(world: World) -> dict[str, str]:
    """An invitation and a link for a password, and the member who is looked after."""
    storage, scope = world.core.storage, world.anna
    return {
        "invitation": account_links.invite(storage, scope, "nina@musterfirma.test").secret,
        "reset": account_links.password_link(storage, scope, world.ben.member_id).secret,
        "member_id": world.ben.member_id,
    }


def _examined(world: World, connection_id: str, home: Path) -> str:
    """An examination that has ended, certificates in every state, and the secret of a link to a
    report. Anna is an admin now, to see all pages."""
    with world.core.storage.write(world.anna) as session:
        session.get_one(Member, world.anna.member_id).role = "admin"
    service.start_doctor(world.core, world.anna, connection_id)
    world.work()
    files = tls.ensure(home / "tls", ("mail.firma.test",))
    der = ssl.PEM_cert_to_DER_cert(files.certificate.read_text().partition("-----END")[0] + _END)
    for port, approve in ((443, None), (8443, True), (9443, False)):
        shown = Shown("mail.firma.test", port, "certificate.unknown_issuer", read(der))
        trust.ask(world.core, world.anna, shown)
        if approve is not None:
            asked = next(c for c in trust.known(world.core, world.anna) if c.port == port)
            trust.decide(world.core, world.anna, asked.id, approve=approve, word="Said so")
    trust.upload(world.core, world.anna, files.ca.read_bytes(), "firma.test")
    attempt = status.latest(world.core, world.anna, connection_id, "doctor")
    assert attempt is not None
    report = report_of(world.core, SLUG, attempt, with_names=False)
    failed = {"certificate": read(der), "error": "certificate.unknown_issuer"}
    links.create(world.core, world.anna, connection_id, report)
    return links.create(world.core, world.anna, connection_id, report.model_copy(update=failed))


def _governed(world: World) -> str:
    """Decisions about an integration, a request for another, a notice; and the page of a connection
    that asks for new access."""
    core, anna = world.core, world.anna
    asking = service.add(core, anna, SLUG)
    with core.storage.write(anna) as session:
        session.get_one(Connection, asking).consented = []
    deciding.decide(core, anna, "careful", Rule("request", "on", {anna.member_id: "request"}))
    requests.ask(core, anna, "careful", "For the whole team")
    requests.ask(core, world.ben, "careful", "")
    (_, second) = requests.listed(core, anna)
    requests.answer(core, anna, second.id, approve=False, word="Not yet")
    with core.storage.write(anna) as session:
        facts = {"integration": SLUG, "word": "Go"}
        notices.tell(session, anna.tenant_id, anna.member_id, "request.approved", **facts)
    return f"/connections/{asking}/new-access"


def _import(app: Flask, world: World) -> str:
    """An import that waits for a yes."""
    visitor = Visitor(app, world.anna)
    form = {"file": (io.BytesIO(CARD), "cards.vcf")}
    return visitor.post("/contacts/import", form).location.rpartition("/")[2]


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.more)])
def page(
    request: pytest.FixtureRequest, browser: Browser, app: Flask, world: World
) -> Iterator[Page]:
    """Anna's browser in one language."""
    with world.core.storage.write(world.anna) as session:
        session.get_one(Member, world.anna.member_id).language = request.param
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(base_url=site, **LOOKS[request.param])
    kept = Visitor(app, world.anna).client.get_cookie("andock_session")
    assert kept is not None
    context.add_cookies([{"name": "andock_session", "value": kept.value, "url": site}])
    yield context.new_page()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


BLOCKED = """Array.from(document.querySelectorAll("form[method=get]"))
    .filter((form) => !form.noValidate && !form.checkValidity()).map((form) => form.action)"""
"""Filters that the browser would not let through before something is filled in."""


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, addresses: dict[str, str]) -> None:
    """Neither a barrier, a filter that cannot be used, nor a page that is wider than its window."""
    wrong = []
    for path in (*sorted(rule for _, rule in pages()), *FURTHER):
        path = addresses.get(path, path)
        for name, value in addresses.items():
            path = path.replace(f"<{name}>", value)
        answer = page.goto(path)
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
            continue
        found = Axe().run(page)
        wrong += [
            f"{path}: {each['id']} at {each['nodes'][0]['target']}"
            for each in found.response["violations"]
        ]
        wrong += [f"{path}: {each} cannot be sent as it stands" for each in page.evaluate(BLOCKED)]
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if width[0] > width[1]:
            wrong.append(f"{path}: {width[0]} px wide")
    assert wrong == [], "\n".join(wrong)
