"""The control page: by JSON for scripts, by forms for people, for nobody without its token."""

import http.client
import json
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.control import ControlServer
from andock_sandbox.control.words import language_of
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client, envelope

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
PAGE = "/mailbox/anna@musterfirma.test"


@dataclass
class Visitor:
    """A person's browser without the browser: keeps the cookie, sends the forms' secret."""

    control: ControlServer
    language: str = "en"
    cookie: str = ""

    def __call__(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """(status, headers, text) of one request."""
        context = ssl.create_default_context(cafile=str(self.control.sandbox_server.ca_file))
        connection = http.client.HTTPSConnection(
            "localhost", self.control.port, timeout=10, context=context
        )
        sent = {"Cookie": self.cookie, "Accept-Language": self.language, **headers}
        connection.request(method, path, body.encode(), sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def enter(self) -> None:
        """Open the page by the address with the token."""
        status, headers, _ = self("GET", f"/?token={self.control.token}")
        assert (status, headers["Location"]) == (303, "/")
        self.cookie = headers["Set-Cookie"].partition(";")[0]

    def submit(self, action: str, **fields: str) -> tuple[int, str]:
        """Send a form as the page has it; (status, page that follows)."""
        _, _, page = self("GET", "/")
        found = re.search(r'name="secret" value="(\w+)"', page)
        assert found is not None
        form = urlencode({"secret": found[1], **fields})
        kind = "application/x-www-form-urlencoded"
        status, headers, text = self("POST", f"/do/{action}", form, **{"Content-Type": kind})
        if status == 303:
            return status, unescape(self("GET", headers["Location"])[2])
        return status, unescape(text)

    def script(self, action: str, **fields: Any) -> tuple[int, Any]:
        """An action by JSON; (status, answer)."""
        headers = {
            "Authorization": f"Bearer {self.control.token}",
            "Content-Type": "application/json",
        }
        status, _, text = self("POST", f"/do/{action}", json.dumps(fields), **headers)
        return status, json.loads(text)


@pytest.fixture
def control(server: SandboxServer) -> Iterator[ControlServer]:
    """The control page of the server."""
    with ControlServer(server) as made:
        yield made


@pytest.fixture
def visitor(control: ControlServer) -> Visitor:
    """Somebody who has been let in."""
    made = Visitor(control)
    made.enter()
    return made


def test_nothing_is_shown_or_done_without_the_token(control: ControlServer, box: Sandbox) -> None:
    """Neither by a page nor by a script; a wrong one is told."""
    stranger = Visitor(control)
    for path in ("/", "/state.json", PAGE, f"{PAGE}.json"):
        status, headers, text = stranger("GET", path)
        assert (status, "anna" in text) == (401, False)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert stranger("POST", "/do/plan-fault", "kind=503")[0] == 401
    assert "That is not the access word" in stranger("POST", "/enter", "token=guess")[2]
    assert not box.faults.waiting


@pytest.mark.parametrize("path", [PAGE, PAGE.replace("@", "%40")])
def test_an_address_with_the_token_opens_any_page(control: ControlServer, path: str) -> None:
    """The cookie is set, the token leaves the address; nothing leads to another host."""
    visitor = Visitor(control)
    status, headers, _ = visitor("GET", f"{path}?token={control.token}")
    assert (status, headers["Location"]) == (303, PAGE)
    assert "HttpOnly" in headers["Set-Cookie"]
    visitor.cookie = headers["Set-Cookie"].partition(";")[0]
    assert visitor("GET", headers["Location"])[0] == 200
    away = visitor("GET", f"//elsewhere.test/?token={control.token}")
    assert away[1]["Location"] == "/elsewhere.test/"


def test_a_fault_planned_by_a_script_happens_once(visitor: Visitor) -> None:
    """Unless the script says how often."""
    assert visitor.script("plan-fault", kind="503")[1]["times"] == 1
    assert visitor.script("plan-fault", kind="503", times=3)[1]["times"] == 3


def test_a_form_of_a_foreign_page_is_refused(visitor: Visitor, box: Sandbox) -> None:
    """The cookie alone is not enough; nor is JSON without the token in its header."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor("POST", "/do/plan-fault", "kind=503", **form)[0] == 403
    as_json = {"Content-Type": "application/json"}
    assert visitor("POST", "/do/plan-fault", "{}", **as_json)[0] == 403
    assert not box.faults.waiting


def test_a_script_plans_and_clears_faults(visitor: Visitor, client: Client) -> None:
    """The same words as from Python."""
    status, made = visitor.script(
        "plan-fault", operation="FindItem", kind="ErrorServerBusy", times=None, backoff_ms=700
    )
    assert (status, made["times"]) == (200, None)
    reply = client.find("")
    assert reply.text("//t:Value[@Name='BackOffMilliseconds']") == "700"
    assert visitor.script("clear-faults", num=made["num"]) == (200, {})
    assert client.find("").status == 200
    assert visitor.script("plan-fault", kind="earthquake") == (
        400,
        {"error": "no such fault: earthquake"},
    )
    state = json.loads(visitor("GET", "/state.json")[2])
    assert [one["email"] for one in state["mailboxes"]] == ["anna@musterfirma.test"]
    assert state["sign_ins"][-1]["ok"] is True


def test_a_script_gets_a_bearer_token(
    visitor: Visitor, client: Client, server: SandboxServer, anna: Mailbox
) -> None:
    """It signs in where passwords are no longer taken."""
    server.behave(auth=("bearer",))
    assert client.find("").status == 401
    _, made = visitor.script("issue-token", mailbox=anna.email, seconds=60)
    body = envelope("<m:GetServerTimeZones/>")
    assert client.request(body, Authorization=f"Bearer {made['token']}").status == 200
    assert visitor.script("issue-token", mailbox="x@elsewhere.test")[0] == 400


def test_a_person_plans_a_fault_and_takes_it_back(visitor: Visitor, client: Client) -> None:
    """By the form; it is listed until it has happened."""
    status, page = visitor.submit("plan-fault", kind="503", operation="*", mailbox="", times="")
    assert status == 303
    assert "503 · any · until taken back" in page
    assert client.find("").status == 503
    assert "None: every request is answered." in visitor.submit("clear-faults")[1]
    assert client.find("").status == 200


def test_the_servers_ways_are_changed(visitor: Visitor, client: Client) -> None:
    """While its certificate has expired the control page is reached all the same."""
    status, _ = visitor.submit("behave", certificate="expired", ntlm="1", extended_protection="1")
    assert status == 303
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        client.find("")
    status, now = visitor.script("behave", certificate="good", basic=True)
    assert (status, now["auth"], now["extended_protection"]) == (200, ["basic"], False)
    assert client.find("").status == 200
    assert visitor.submit("behave")[0] == 400


def test_sync_states_and_ids_are_forgotten(visitor: Visitor, client: Client, anna: Mailbox) -> None:
    """By their buttons."""
    old = anna.add_event(anna.calendar, "Termin", NINE, NINE)
    state = client.sync().text("//m:SyncState")
    visitor.submit("lose-sync-state", mailbox=anna.email)
    assert client.sync(state=state).codes == ["ErrorInvalidSyncStateData"]
    visitor.submit("renumber-ids", mailbox=anna.email)
    assert client.get(old).codes == ["ErrorItemNotFound"]


def test_an_entry_is_made_changed_and_deleted_by_hand(visitor: Visitor, anna: Mailbox) -> None:
    """Times are the mailbox's own; Berlin is an hour ahead of UTC in November."""
    fields = {"mailbox": anna.email, "start": "2026-11-24T10:00", "end": "2026-11-24T11:00"}
    status, page = visitor.submit("add-entry", subject="<b>Neu</b>", day="2026-11-24", **fields)
    assert status == 303
    assert "10:00 – 11:00" in page
    (made,) = anna.events()
    assert (made["subject"], made["start"]) == ("<b>Neu</b>", "2026-11-24T09:00:00Z")
    fields |= {"id": made["id"], "end": "2026-11-24T12:30", "private": "1"}
    visitor.submit("change-entry", subject="Anders", **fields)
    (changed,) = anna.events()
    assert (changed["subject"], changed["end"]) == ("Anders", "2026-11-24T11:30:00Z")
    assert changed["props"]["Sensitivity"] == "Private"
    status, page = visitor.submit("change-entry", **{**fields, "end": "2026-11-24T08:00"})
    assert status == 400
    assert "the end is before the start" in page
    visitor.submit("delete-entry", mailbox=anna.email, id=made["id"])
    assert anna.events() == []


def test_a_page_shows_what_outlook_would(visitor: Visitor, box: Sandbox, anna: Mailbox) -> None:
    """Occurrences one by one; one is deleted, the series stays; its mails lie in the outbox."""
    box.add_mailbox("ben@musterfirma.test", "x")
    anna.add_event(
        anna.calendar,
        "Jour fixe",
        NINE,
        NINE + timedelta(hours=1),
        recurrence="FREQ=DAILY;COUNT=3",
        attendees=[("Ben", "ben@musterfirma.test")],
        send="SendToAllAndSaveCopy",
    )
    page = visitor("GET", f"{PAGE}?day=2026-11-25")[2]
    assert page.count("10:00 – 11:00") == 3
    assert "Invitation" in page
    second = anna.between(NINE + timedelta(days=1), NINE + timedelta(days=1, hours=1))
    visitor.submit("delete-entry", mailbox=anna.email, id=second[0]["id"])
    assert len(anna.between(NINE, NINE + timedelta(days=5))) == 2
    visitor.language = "de-DE,de;q=0.9,en;q=0.5"
    assert "Woche ab 23.11.2026" in visitor("GET", f"{PAGE}?day=2026-11-25")[2]
    assert visitor("GET", "/mailbox/nobody@musterfirma.test")[0] == 404


def test_contacts_are_kept_by_hand(visitor: Visitor, anna: Mailbox) -> None:
    """A change leaves the other addresses and numbers alone."""
    book = anna.address_book
    made = book.add(
        book.default,
        surname="Koch",
        phones={"HomePhone": "1"},
        emails={"EmailAddress2": "b@x.test"},
    )
    visitor.submit("change-contact", mailbox=anna.email, id=made, surname="Berg", mobile="2")
    (held,) = book.all()
    assert held["props"]["PhoneNumbers"] == {"HomePhone": "1", "MobilePhone": "2"}
    assert held["props"]["EmailAddresses"]["EmailAddress2"]["Address"] == "b@x.test"
    visitor.submit("delete-contact", mailbox=anna.email, id=made)
    visitor.submit("add-contact", mailbox=anna.email, given="Ute", surname="Berg", email="u@x.test")
    assert [one["props"]["FileAs"] for one in book.all()] == ["Berg, Ute"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("fr, en;q=0.3, de;q=0.7", "de"),
        ("fr", "en"),
        ("de;q=x", "en"),
    ],
)
def test_the_language_follows_the_browser(header: str | None, language: str) -> None:
    """German or English."""
    assert language_of(header) == language


@pytest.mark.more
@pytest.mark.browser
@pytest.mark.parametrize("path", ["", PAGE[1:]])
def test_pages_are_accessible(
    browser: Browser, control: ControlServer, box: Sandbox, anna: Mailbox, path: str
) -> None:
    """axe finds nothing, in German and English, light and dark; nothing is cut off on a phone."""
    now = datetime.now(UTC)
    anna.add_event(anna.calendar, "Termin", now, now + timedelta(hours=1), sensitivity="Private")
    anna.address_book.add(anna.address_book.default, surname="Koch")
    box.fail_next(kind="drip", seconds=2)
    box.fail_next(kind="503", times=None)
    for locale, scheme, width in (("de", "light", 390), ("en", "dark", 1000)):
        context = browser.new_context(
            ignore_https_errors=True,
            locale=locale,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        page.goto(control.url_with_token)
        page.goto(control.url + path)
        for summary in page.locator("summary").all():
            summary.click()
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        context.close()
